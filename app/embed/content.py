"""What an embed shows: entries with their numbers, and the hours of the coming days as spans.

A state goes stale in every cache between us and the reader. So an embed gets the spans, and whoever shows it works out
the state at the moment of reading.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, Field

from app.embed.numbers import Number
from app.opening_hours.comments import comment_in
from app.opening_hours.live import LAST, Exceptional, State, stored_hours
from app.opening_hours.rules import intervals
from app.resources.schemas import ContactPointShown, OpeningHoursShown
from app.sources.schemas import CitationShown
from app.texts import Language, Text
from app.times import STOCKHOLM

DAYS = timedelta(days=15)
"""How far the spans reach: longer than a cache may serve a feed (a week, on errors)."""


READ = Text(sv="läst", en="read on")


class Span(NamedTuple):
    """[start, end) in seconds since 1970, with the state and what the rule in force says."""

    start: int
    end: int
    state: State
    comment: str | None


class Point(BaseModel):
    """One way to reach an entry."""

    label: str
    display: str | None = Field(description="As it is read; null where no source gives it.")
    uri: str | None = Field(description="`tel:`, `sms:`, `mailto:`, `http:` or `https:`; null where there is none.")
    stated: str | None = Field(description="The source's own few words about the hours.")
    always: bool = Field(description="Open at every hour of every day.")
    spans: list[Span] | None = Field(description="From `since` to `until` without a gap; null: no source gives hours.")


class From(BaseModel):
    """The source of an entry's hours, number or name."""

    name: str
    url: str | None
    date: str = Field(
        description="The date that the source gives; where it gives none, `läst` and the day it was read."
    )


class Entry(BaseModel):
    """One resource, or one step of a referral."""

    name: str
    text: str
    facts: list[str] = Field(description="Short facts, such as `90 minuter`.")
    points: list[Point]
    source: From | None
    url: str = Field(description="The page with all its sources and dates.")


class Emergency(BaseModel):
    """The emergency number, which stands above the entries."""

    text: str
    display: str
    uri: str


class Content(BaseModel):
    """What an embed shows. `since` and `until` are seconds since 1970: outside of them every state is unknown."""

    lang: Language
    since: int
    until: int
    emergency: list[Emergency]
    entries: list[Entry]
    notices: list[str]

    @property
    def tells_states(self) -> bool:
        """Whether an entry has a state, which holds for one moment only."""
        return any(point.spans is not None for entry in self.entries for point in entry.points)


class Window(NamedTuple):
    """The days whose hours are published."""

    start: datetime
    end: datetime


def window(at: datetime) -> Window:
    """From midnight in Stockholm, so that the feed stays the same all day."""
    start = at.astimezone(STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(start, min(start + DAYS, LAST))


def content(
    language: Language, days: Window, numbers: Sequence[Number], entries: list[Entry], notices: Sequence[str] = ()
) -> Content:
    """The emergency number above some entries."""
    return Content(
        lang=language,
        since=int(days.start.timestamp()),
        until=int(days.end.timestamp()),
        emergency=[
            Emergency(text=number.text, display=number.display, uri=number.uri)
            for number in numbers
            if number.urgency == numbers[0].urgency
        ],
        entries=entries,
        notices=list(notices),
    )


def point(contact_point: ContactPointShown, days: Window, language: Language, label: str | None = None) -> Point:
    """A contact point with its spans."""
    hours = contact_point.opening_hours
    return Point(
        label=label or contact_point.label,
        display=contact_point.display,
        uri=contact_point.uri,
        stated=hours.stated if hours else None,
        always=hours.always_open if hours else False,
        spans=spans(hours, days, language) if hours else None,
    )


def spans(hours: OpeningHoursShown, days: Window, language: Language) -> list[Span] | None:
    """The coming days' spans, exceptions included; None where no source gives hours."""
    if hours.expression is None:
        return None
    exceptions = [
        Exceptional(exception.starts_on, exception.ends_on, exception.expression) for exception in hours.exceptions
    ]
    return [
        Span(
            int(interval.start.timestamp()),
            int(interval.end.timestamp()),
            State(interval.state.value),
            comment_in(language, interval.comment),
        )
        for interval in intervals(stored_hours(hours.expression, exceptions), days.start, days.end)
    ]


def source(citations: Sequence[CitationShown], language: Language) -> From | None:
    """The source of the hours, else of the number, else of the name."""
    for field in ("contact_points.", "name", ""):
        for citation in citations:
            if citation.field.startswith(field):
                origin = citation.source
                day = origin.updated or origin.published
                date = day.isoformat() if day else f"{READ[language]} {origin.retrieved.isoformat()}"
                url = origin.url if origin.url and origin.url.startswith(("https://", "http://")) else None
                return From(name=origin.publisher, url=url, date=date)
    return None
