"""Events for calendars."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from app.calendars import write_calendar
from app.events.schemas import Event
from app.http.views import View
from app.identity import identify
from app.page_paths import resource_page
from app.resources.models import Basis
from app.status import Status
from app.texts import Text

if TYPE_CHECKING:
    from icalendar import STATUS
    from icalendar import Event as Entry

NAME = Text(sv="Evenemang i Stödkatalogen", en="Events in Stödkatalogen")
ABOUT = Text(
    sv="Konferenser, temadagar och kampanjer som inte är över. Akut fara: ring 112.",
    en="Conferences, theme days and campaigns that are not over. Immediate danger: call 112.",
)
SOURCE = Text(sv="Källor: {}.", en="Sources: {}.")
DAY = timedelta(days=1)


def make_events_calendar(view: View, events: Sequence[Event]) -> bytes:
    """These events as a calendar (iCalendar, RFC 5545); where there are none it is empty, and valid."""
    language = view.language
    uid = str(identify("calendar", "events"))
    return write_calendar(uid, NAME[language], ABOUT[language], language, (_entry(view, event) for event in events))


def _entry(view: View, event: Event) -> "Entry":
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
        url=view.base_url + resource_page(event.language, event.id),
    )


def _about(event: Event) -> Sequence[str]:
    sources = dict.fromkeys(f"{citation.source.publisher}, {citation.source.title}" for citation in event.citations)
    cited = [SOURCE[event.language].format("; ".join(sources))] if sources else []
    return [text for text in (event.summary, event.description, *cited) if text]


def _status(event: Event) -> "STATUS":
    from icalendar import STATUS  # noqa: PLC0415  # see app.calendars

    if event.status is Status.ENDED:
        return STATUS.CANCELLED
    return STATUS.TENTATIVE if event.date_basis is Basis.INFERRED else STATUS.CONFIRMED
