"""`/events.ics`: the events that are not over yet, for calendars."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Query, Response
from pydantic import Field

from app.calendars import CALENDAR, calendar
from app.events import queries
from app.events.reading import build_events
from app.events.schemas import Event
from app.http.contract import answers
from app.http.paging import MAX_LIMIT
from app.http.routing import Router
from app.identity import identify
from app.page_paths import resource_page
from app.resources.filters import ResourceParameters, conditions
from app.resources.listing import Asking, AskingDep, listing
from app.resources.models import Basis
from app.status import Status
from app.texts import Text
from app.times import STOCKHOLM, midnight_after

if TYPE_CHECKING:
    from icalendar import STATUS
    from icalendar import Event as Entry

router = Router(tags=["events"])

NAME = Text(sv="Evenemang i Stödkatalogen", en="Events in Stödkatalogen")
ABOUT = Text(
    sv="Konferenser, temadagar och kampanjer som inte är över. Akut fara: ring 112.",
    en="Conferences, theme days and campaigns that are not over. Immediate danger: call 112.",
)
SOURCE = Text(sv="Källor: {}.", en="Sources: {}.")
DAY = timedelta(days=1)


class EventCalendarParameters(ResourceParameters):
    """Filters on upcoming events."""

    limit: int = Field(MAX_LIMIT, ge=1, le=MAX_LIMIT, description="How many to return, at most.")


@router.get("/events.ics", summary="Kommande evenemang för kalendern", response_class=Response)
@answers(CALENDAR, fresh=300)
def get_events_calendar(wanted: Annotated[EventCalendarParameters, Query()], asking: AskingDep) -> Response:
    """The events that are not over yet, as a calendar (iCalendar, RFC 5545); never one that is past.

    An event whose year had to be inferred is tentative. Where nothing is ahead the calendar is empty, and valid.

    Kommande evenemang som kalender; aldrig något som är över.
    """
    asking.aging.note(midnight_after(asking.at))  # what ends today is over tomorrow
    ahead = queries.not_over(asking.at.astimezone(STOCKHOLM).date())
    found = listing(
        asking, queries.events([*conditions(asking.session, wanted, asking.at), ahead]), wanted, build_events
    )
    language = asking.language
    uid = str(identify("calendar", "events"))
    body = calendar(uid, NAME[language], ABOUT[language], language, (_entry(asking, one) for one in found.items))
    return Response(body, media_type=CALENDAR, headers={"Content-Disposition": 'inline; filename="events.ics"'})


def _entry(asking: Asking, event: Event) -> "Entry":
    from icalendar import TRANSP  # noqa: PLC0415  # see app.calendars
    from icalendar import Event as Entry  # noqa: PLC0415  # heavy, and for calendars only

    assert event.starts_on is not None, "an event without a date is not ahead"
    return Entry.new(
        uid=identify("calendar", "event", event.id),
        stamp=event.updated_at,
        start=event.starts_on,
        end=(event.ends_on or event.starts_on) + DAY,
        summary=event.name,
        description="\n".join(_about(event)),
        location=", ".join(filter(None, (event.venue, event.street_address, event.locality))) or None,
        status=_status(event),
        transparency=TRANSP.TRANSPARENT,
        url=asking.base_url + resource_page(event.language, event.id),
    )


def _about(event: Event) -> Sequence[str]:
    sources = dict.fromkeys(f"{one.source.publisher}, {one.source.title}" for one in event.citations)
    cited = [SOURCE[event.language].format("; ".join(sources))] if sources else []
    return [text for text in (event.summary, event.description, *cited) if text]


def _status(event: Event) -> "STATUS":
    from icalendar import STATUS  # noqa: PLC0415  # see app.calendars

    if event.status is Status.ENDED:
        return STATUS.CANCELLED
    return STATUS.TENTATIVE if event.date_basis is Basis.INFERRED else STATUS.CONFIRMED
