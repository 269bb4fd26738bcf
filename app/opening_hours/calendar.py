"""Opening hours as events in a calendar."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.calendars import to_calendar_moment, write_calendar
from app.http.views import View
from app.identity import identify
from app.opening_hours.comments import comment_in
from app.opening_hours.live import State, stored_hours
from app.opening_hours.rules import STOCKHOLM, Interval, OpeningState
from app.opening_hours.schemas import OpeningHoursEntry
from app.opening_hours.spans import staffed
from app.opening_hours.wording import STATES, describe_stated, exceptions_of
from app.page_paths import resource_page
from app.resources.schemas import OpeningHoursShown
from app.texts import Language, Text

if TYPE_CHECKING:
    from icalendar import Event

EMERGENCY = Text(sv="Akut fara: ring 112.", en="Immediate danger: call 112.")
SOURCE = Text(sv="Källa: {}.", en="Source: {}.")


def hours_calendar(
    view: View,
    entry: OpeningHoursEntry,
    display: str | None,
    changed: datetime,
    window: tuple[datetime, datetime],
) -> bytes:
    """An iCalendar file of the spans that touch the window [start, end); those that may be staffed are tentative.

    Spans are not cut where the window begins or ends. `changed` is when the record last changed.
    """
    lang = view.language
    about = _about(entry, display, lang)
    events = (_event(view, span, entry, about, changed) for span in _spans(entry, window))
    name = f"{entry.resource.name}, {entry.contact_point.name}"
    return write_calendar(str(identify("calendar", entry.id)), name, about, lang, events)


def expression_of(hours: OpeningHoursShown) -> str | None:
    """The expression with its exceptions written out; None where no source gives hours."""
    if hours.expression is None:
        return None
    return stored_hours(hours.expression, exceptions_of(hours))


def _spans(entry: OpeningHoursEntry, window: tuple[datetime, datetime]) -> Iterator[Interval]:
    expression = expression_of(entry)
    if expression is None:
        return
    start, end = (moment.astimezone(STOCKHOLM) for moment in window)
    last = (end.astimezone(UTC) - timedelta.resolution).astimezone(STOCKHOLM)
    for span in staffed(expression, start.date(), last.date()):
        if span.start.astimezone(UTC) < end and span.end.astimezone(UTC) > start:
            yield span


def _about(entry: OpeningHoursEntry, display: str | None, lang: Language) -> str:
    """The description of an event: 112 first."""
    sources = dict.fromkeys(f"{citation.source.publisher}, {citation.source.title}" for citation in entry.citations)
    number = f"{entry.contact_point.name}: {display}." if display else None
    cited = SOURCE[lang].format("; ".join(sources)) if sources else None
    lines = (EMERGENCY[lang], number, entry.freshness, describe_stated(entry, lang), entry.reason, cited)
    return "\n".join(line for line in lines if line)


def _event(view: View, span: Interval, entry: OpeningHoursEntry, about: str, changed: datetime) -> "Event":
    from icalendar import STATUS, TRANSP, Event  # noqa: PLC0415  # see app.calendars

    comment = comment_in(view.language, span.comment)
    state = STATES[State(span.state.value)][view.language] + (f": {comment}" if comment else "")
    return Event.new(
        uid=identify("calendar", entry.id, span.start.astimezone(UTC).isoformat()),
        stamp=changed,
        start=to_calendar_moment(span.start),
        end=to_calendar_moment(span.end),
        summary=f"{state} – {entry.resource.name}",
        description=about,
        status=STATUS.CONFIRMED if span.state is OpeningState.OPEN else STATUS.TENTATIVE,
        transparency=TRANSP.TRANSPARENT,
        url=view.base_url + resource_page(view.language, entry.resource.id),
    )
