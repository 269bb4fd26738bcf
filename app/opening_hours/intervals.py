"""`/opening-hours/{id}/intervals`: the spans of a window of time, as JSON and for calendars."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.calendars import CALENDAR, LASTING
from app.http.contract import JSON, Cost, Parameters, answers
from app.http.links import Links, link
from app.http.problems import invalid
from app.http.routing import Router
from app.opening_hours import queries
from app.opening_hours.calendar import expression_of, hours_calendar
from app.opening_hours.comments import comment_in
from app.opening_hours.live import LAST, Moment, State
from app.opening_hours.reading import build_entries
from app.opening_hours.rules import STOCKHOLM, intervals
from app.opening_hours.schemas import OpeningHoursEntry, PointNamed, ResourceNamed
from app.resources import contacts
from app.resources.listing import Asking, AskingDep, Id, answer_single
from app.resources.models import Basis, ContactPoint, Resource
from app.resources.reading import Reading
from app.resources.schemas import ExceptionShown, LocalInstant, Named
from app.sources.schemas import CitationShown
from app.texts import Language

router = Router(tags=["opening-hours"])

USUAL, LONGEST = timedelta(days=7), timedelta(days=366)
LONGEST_CALENDAR = timedelta(days=184)
"""Half a year: an event of a calendar takes ten times as long to write as an interval."""

Window = tuple[datetime, datetime]
EntryRow = tuple[OpeningHoursEntry, ContactPoint, Resource]


class IntervalParameters(Parameters):
    """The window of time."""

    start: Moment | None = Field(
        None, alias="from", description="First moment, RFC 3339 with offset, 2000 to 2076. Left out: now."
    )
    end: Moment | None = Field(
        None,
        alias="to",
        description="The moment after the last, at most 366 days later, in a calendar 184. Left out: seven days "
        "after `from`, in a calendar 92.",
    )


class IntervalShown(BaseModel):
    """A span [start, end) of one state and comment."""

    start: LocalInstant
    end: LocalInstant
    state: State
    comment: str | None = Field(
        description="The comment of the rule in force, such as `kontorstid`, in the language of the answer."
    )


class Intervals(BaseModel):
    """The states of a contact point over a window of time, without gap or overlap."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="The resource's id and the contact point's, with a dot between.")
    resource: ResourceNamed
    contact_point: PointNamed
    start: LocalInstant = Field(alias="from")
    end: LocalInstant = Field(alias="to")
    time_zone: str = Field(description="IANA time zone of the hours.")
    intervals: list[IntervalShown] = Field(description="In order; the first and last are cut to the window.")
    expression: str | None = Field(description="OSM opening_hours expression; null where no source gives hours.")
    basis: Basis | None = Field(description="Whether the expression is `stated` by a source or `inferred` from it.")
    stated: str | None = Field(description="The source's own few words about the hours, in Swedish.")
    exceptions: list[ExceptionShown] = Field(description="Dates with other hours; the intervals include them.")
    audiences: list[Named] = Field(description="Whom the resource is for.")
    citations: list[CitationShown] = Field(description="Who states the hours; empty where no source gives any.")
    links: Links = Field(alias="_links")


SHARED = (Intervals.model_fields.keys() & OpeningHoursEntry.model_fields.keys()) - {"links"}


@router.get("/opening-hours/{id}/intervals", summary="Öppettider som tidsspann", response_model=Intervals)
@answers(JSON, CALENDAR, fresh=60, cost=Cost.DEAR)
def list_intervals(
    slug: Id, parameters: Annotated[IntervalParameters, Query()], asking: AskingDep
) -> Intervals | Response:
    """The states of a contact point over at most 366 days, in a calendar 184, public holidays and exceptions included.

    `unknown`: somebody may answer, but no source says so for certain. `not_stated`: no source gives hours, and the
    whole window is one interval. `Accept: text/calendar` returns a calendar; see `intervals.ics`.

    Öppettiderna som tidsspann, högst ett år (i kalendern ett halvt), med helgdagar och undantag inräknade.
    """
    if asking.format == CALENDAR:
        return _calendar(asking, slug, parameters)
    window = window_of(parameters, asking.at, USUAL, LONGEST)
    entry, _, _ = _load_entry(asking, slug)
    return Intervals.model_construct(
        **{name: getattr(entry, name) for name in SHARED},
        links=_links(asking, entry),
        start=window[0].astimezone(STOCKHOLM),
        end=window[1].astimezone(STOCKHOLM),
        intervals=list(_intervals(entry, window, asking.language)),
    )


@router.get("/opening-hours/{id}/intervals.ics", summary="Öppettider för kalendern", response_class=Response)
@answers(CALENDAR, fresh=60, cost=Cost.DEAR)
def get_intervals_calendar(slug: Id, parameters: Annotated[IntervalParameters, Query()], asking: AskingDep) -> Response:
    """The intervals as a calendar (iCalendar, RFC 5545): one event for each span that is open or may be staffed.

    Made for subscribing: it covers 92 days ahead and asks to be fetched again every twelve hours. A span that may be
    staffed is a tentative event and says so; where no source gives hours there is no event. Spans are not cut by the
    window, and an event has the same UID each time it is fetched.

    Öppettiderna som kalender. Det som kan vara bemannat är preliminärt.
    """
    return _calendar(asking, slug, parameters)


def window_of(parameters: IntervalParameters, now: datetime, usual: timedelta, longest: timedelta) -> Window:
    """The window that was asked for; `usual` is its length where no end is given.

    Raises InvalidParameter for a window that ends before it begins, or is longer than `longest`.
    """
    start = parameters.start or now
    end = parameters.end or min(start.astimezone(UTC) + usual, LAST)
    length = end.astimezone(UTC) - start.astimezone(UTC)
    if length <= timedelta():
        raise invalid("to", "is not after `from`, which is now where it is left out")
    if length > longest:
        raise invalid("to", f"is more than {longest.days} days after `from`")
    return start, end


def _load_entry(asking: Asking, slug: str) -> EntryRow:
    resource, _, point = slug.partition(".")
    return answer_single(asking, queries.entry(resource, point), _with_rows, "opening-hours", slug)


def _with_rows(reading: Reading, rows: Sequence[queries.Row]) -> list[EntryRow]:
    return [
        (entry, point, resource) for entry, (point, resource) in zip(build_entries(reading, rows), rows, strict=True)
    ]


def _intervals(entry: OpeningHoursEntry, window: Window, language: Language) -> Iterator[IntervalShown]:
    expression = expression_of(entry)
    if expression is None:
        start, end = (moment.astimezone(STOCKHOLM) for moment in window)
        yield IntervalShown(start=start, end=end, state=State.NOT_STATED, comment=None)
        return
    for span in intervals(expression, *window):
        comment = comment_in(language, span.comment)
        yield IntervalShown(start=span.start, end=span.end, state=State(span.state.value), comment=comment)


def _links(asking: Asking, entry: OpeningHoursEntry) -> Links:
    return {
        "self": entry.links["related"].model_copy(update={"rel": "self"}),
        "up": entry.links["self"].model_copy(update={"rel": "up"}),
        "alternate": link(asking, f"/v1/opening-hours/{entry.id}/intervals.ics", "alternate"),
    }


def _calendar(asking: Asking, slug: str, parameters: IntervalParameters) -> Response:
    window = window_of(parameters, asking.at, LASTING, LONGEST_CALENDAR)
    entry, point, resource = _load_entry(asking, slug)
    display = contacts.format_value(point.channel, point.value)
    body = hours_calendar(asking, entry, display, resource.updated_at, window)
    headers = {
        "Content-Disposition": f'inline; filename="{entry.id}.ics"',
        "Link": f'<{entry.links["related"].href}>; rel="alternate"; type="{JSON}"',
    }
    return Response(body, media_type=CALENDAR, headers=headers)
