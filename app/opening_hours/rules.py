"""Turns OSM opening_hours expressions into states. Pure functions: none reads the clock.

The engine is given naive Stockholm wall-clock times only, and the zone arithmetic is done here, because the engine's
own is wrong in the nights when the clocks change. The timeline is cut where Stockholm's offset from UTC changes; within
each part, wall clock and instant differ by a constant, so that state and next change cannot contradict each other. In
the repeated hour the wall clock runs 02:00–03:00 twice, and hours ending at 02:30 end twice; the skipped hour has no
instants.

Answers cover 2000–2076, the years whose public holidays the engine knows. Expressions that the engine misreads must be
kept out by `check`; these functions do not look for them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

from opening_hours import OpeningHours, State

from app.opening_hours.expressions import InvalidExpressionError, OpeningHoursError, parse
from app.opening_hours.holidays import FIRST_YEAR, LAST_YEAR, HolidayName, OutsideHolidayDataError, eve, holiday
from app.opening_hours.lint import LintProblem, check
from app.times import STOCKHOLM

__all__ = [
    "STOCKHOLM",
    "HolidayName",
    "Interval",
    "InvalidExpressionError",
    "LintProblem",
    "NaiveTimeError",
    "OpeningHoursError",
    "OpeningState",
    "OpeningStatus",
    "OutsideHolidayDataError",
    "always_open",
    "check",
    "evaluate",
    "eve",
    "holiday",
    "intervals",
]


_START = datetime(FIRST_YEAR, 1, 1, tzinfo=STOCKHOLM).astimezone(UTC)
_END = datetime(LAST_YEAR + 1, 1, 1, tzinfo=STOCKHOLM).astimezone(UTC)
_MINUTE = timedelta(minutes=1)
_WEEK = timedelta(weeks=1)

_Span = tuple[datetime, datetime, State, str]
"""Start and end in UTC, the engine's state, and the comment or an empty text."""


class NaiveTimeError(OpeningHoursError):
    """A time without a time zone is not an instant."""


class OpeningState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


_STATES = {State.OPEN: OpeningState.OPEN, State.CLOSED: OpeningState.CLOSED, State.UNKNOWN: OpeningState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class OpeningStatus:
    """The state at an instant, with the comment of the rule in force.

    `next_change` is the first later instant with another state or comment, in Stockholm time; until then both hold.
    None: no change before 2077, where the answers end.
    """

    state: OpeningState
    comment: str | None
    next_change: datetime | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A span [start, end) of one state and comment, in Stockholm time.

    Python subtracts and compares two times of one zone by their wall clock: convert to UTC for how long it lasts.
    """

    start: datetime
    end: datetime
    state: OpeningState
    comment: str | None


def evaluate(expression: str, at: datetime) -> OpeningStatus:
    """The state at an instant, given in any time zone. A wall-clock time that a zone skips is read as Python does.

    Raises InvalidExpressionError, NaiveTimeError and, outside 2000–2076, OutsideHolidayDataError.
    """
    return _evaluate_at(expression, _instant(at))


@lru_cache(maxsize=1024)
def _evaluate_at(expression: str, start: datetime) -> OpeningStatus:
    # By the instant in UTC: Python takes the two times of the repeated hour for the same.
    end = start + _MINUTE if _never_changes(expression) else _END
    _, change, state, comment = next(_spans(parse(expression), start, end))
    return OpeningStatus(_STATES[state], comment or None, None if change == end else change.astimezone(STOCKHOLM))


def intervals(expression: str, start: datetime, end: datetime) -> Iterator[Interval]:
    """The spans that cover [start, end) without gap or overlap, adjacent ones differing. Empty if start ≥ end.

    Raises as `evaluate` does, at once; `end` may be as late as midnight at the end of 2076.
    """
    spans = _spans(parse(expression), _instant(start), _instant(end, last=_END))
    return (
        Interval(since.astimezone(STOCKHOLM), until.astimezone(STOCKHOLM), _STATES[state], comment or None)
        for since, until, state, comment in spans
    )


@lru_cache(maxsize=1024)
def always_open(expression: str) -> bool:
    """Whether it is open at every instant, whatever the comment. Raises InvalidExpressionError."""
    return all(state == State.OPEN for _, _, state, _ in parse(expression).intervals(_wall(_START), _wall(_END)))


@lru_cache(maxsize=1024)
def _never_changes(expression: str) -> bool:
    """Whether one state and comment hold from 2000 to 2076. Cached, because the engine goes through every day."""
    spans = parse(expression).intervals(_wall(_START), _wall(_END))
    next(spans)
    return next(spans, None) is None


def _instant(at: datetime, last: datetime = _END - datetime.resolution) -> datetime:
    """`at` in UTC, where comparisons are safe. Raises NaiveTimeError or OutsideHolidayDataError."""
    if at.utcoffset() is None:
        raise NaiveTimeError(f"{at.isoformat()} has no time zone")
    try:
        instant = at.astimezone(UTC)
        year = instant.astimezone(STOCKHOLM).year
    except OverflowError:  # within a day of the first or last time a datetime can hold
        raise OutsideHolidayDataError(at.year) from None
    if not _START <= instant <= last:
        raise OutsideHolidayDataError(year)
    return instant


def _spans(hours: OpeningHours, start: datetime, end: datetime) -> Iterator[_Span]:
    """The spans that cover [start, end), all in UTC."""
    for (state, comment), same in groupby(_pieces(hours, start, end), key=itemgetter(2, 3)):
        pieces = list(same)
        yield pieces[0][0], pieces[-1][1], state, comment


def _pieces(hours: OpeningHours, start: datetime, end: datetime) -> Iterator[_Span]:
    """The spans of `_spans`, also cut where only the offset changes."""
    changes = _offset_changes()
    cuts = changes[bisect_right(changes, start) : bisect_left(changes, end)]
    for since, until in pairwise((start, *cuts, end)):
        wall = _wall(since)
        for first, last, state, comment in hours.intervals(wall, wall + (until - since)):
            yield since + (first - wall), since + (last - wall), state, comment


@cache
def _offset_changes() -> tuple[datetime, ...]:
    """The instants from 2000 to 2076 at which Stockholm's offset from UTC changes, from the time zone database."""
    weeks = (_START + number * _WEEK for number in range((_END - _START) // _WEEK + 1))
    return tuple(_first_change(week) for week, following in pairwise(weeks) if _offset(week) != _offset(following))


def _first_change(since: datetime) -> datetime:
    """The minute in the week from `since` at which the offset changes: once, as summer time is longer than a week."""
    before = _offset(since)
    minutes = bisect_left(range(_WEEK // _MINUTE), True, key=lambda minute: _offset(since + minute * _MINUTE) != before)
    return since + minutes * _MINUTE


def _offset(instant: datetime) -> timedelta | None:
    return instant.astimezone(STOCKHOLM).utcoffset()


def _wall(instant: datetime) -> datetime:
    """The wall-clock time in Stockholm, naive."""
    return instant.astimezone(STOCKHOLM).replace(tzinfo=None)
