"""Spans for calendars: none is cut at the limits of the requested days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from app.opening_hours.live import FIRST, LAST, readable
from app.opening_hours.rules import STOCKHOLM, Interval, OpeningState, intervals

_DAY = timedelta(days=1)
_MARGIN = 2 * _DAY
"""Read on both sides of the requested days: a span longer than that is split at midnights anyway."""


LONGEST_CACHED = 62
"""The longest window that is cached, in days. A year of a line with many spans takes 120 kB, and callers choose the
windows."""


def staffed(expression: str, first: date, last: date) -> tuple[Interval, ...]:
    """The spans, open or unknown, that touch the days from `first` to `last` (both included), in order.

    A span of more than 24 hours is split at midnights. So each span begins and ends at the same moments whichever days
    are requested, and its start identifies it.
    """
    return (_recall if (last - first).days < LONGEST_CACHED else _compute)(expression, first, last)


def _compute(expression: str, first: date, last: date) -> tuple[Interval, ...]:
    since, until = _midnight(first), _midnight(last + _DAY)
    start, end = max(FIRST, _midnight(first - _MARGIN)), min(LAST, _midnight(last + _MARGIN))
    return tuple(
        part
        for span in intervals(readable(expression), start, end)
        if span.state is not OpeningState.CLOSED
        for part in _split(span)
        if part.end > since and part.start < until
    )


_recall = lru_cache(maxsize=64)(_compute)


def midnight_ends(span: Interval) -> bool:
    """Whether a span ends with its day, at 24:00."""
    return span.end == _midnight(span.end.date()) and span.end.date() > span.start.date()


def _split(span: Interval) -> Iterator[Interval]:
    if span.end.astimezone(UTC) - span.start.astimezone(UTC) <= _DAY:
        yield span
        return
    days = (span.end.date() - span.start.date()).days
    midnights = (_midnight(span.start.date() + number * _DAY) for number in range(1, days + 1))
    cuts = [cut for cut in midnights if cut < span.end]
    for start, end in pairwise((span.start, *cuts, span.end)):
        yield Interval(start, end, span.state, span.comment)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)
