"""Opening hours in schema.org's words: a week, and the dates of the coming year that differ from it.

https://schema.org/OpeningHoursSpecification has no word for hours that nobody states for certain.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from app.opening_hours.live import LAST
from app.opening_hours.rules import Interval, OpeningState
from app.opening_hours.spans import midnight_ends, staffed

DAYS = tuple(
    f"https://schema.org/{day}"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
YEAR = timedelta(days=365)
CLOSED = (("00:00", "00:00"),)
"""How schema.org and those who read it write a day that is closed."""

Clock = tuple[str, str]
"""Opens and closes; closing before opening is on the day after, and 23:59 is midnight."""
Specification = dict[str, Any]


class Hours(NamedTuple):
    """The week, and the dates that differ from it."""

    weekly: list[Specification]
    special: list[Specification]


@lru_cache(maxsize=256)
def find_week(expression: str, first: date) -> Hours | None:
    """The hours of the 365 days from `first` on; None if any of them are unknown: half of them would be read as all.

    The result is shared: do not change it.
    """
    last = min(first + YEAR, LAST.date()) - timedelta(days=1)
    opened: defaultdict[date, set[Clock]] = defaultdict(set)
    for span in staffed(expression, first, last):
        if span.state is OpeningState.UNKNOWN:
            return None
        opened[span.start.date()].add(_clock(span))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    clocks = {day: tuple(sorted(opened[day])) for day in days}
    week = _week(clocks)
    return Hours(
        _weekly(week, first, last),
        [_special(day, clock) for day in days if clocks[day] != week[day.weekday()] for clock in clocks[day] or CLOSED],
    )


def _clock(span: Interval) -> Clock:
    return f"{span.start:%H:%M}", "23:59" if midnight_ends(span) else f"{span.end:%H:%M}"


def _week(clocks: dict[date, tuple[Clock, ...]]) -> list[tuple[Clock, ...]]:
    """The commonest hours of each weekday."""
    counted = [Counter[tuple[Clock, ...]]() for _ in DAYS]
    for day, day_clocks in clocks.items():
        counted[day.weekday()][day_clocks] += 1
    return [counter.most_common(1)[0][0] if counter else () for counter in counted]


def _weekly(week: list[tuple[Clock, ...]], first: date, last: date) -> list[Specification]:
    days: defaultdict[Clock, list[str]] = defaultdict(list)
    for name, clocks in zip(DAYS, week, strict=True):
        for clock in clocks:
            days[clock].append(name)
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, **_times(clock), **_valid(first, last)}
        for clock, names in days.items()
    ]


def _special(day: date, clock: Clock) -> Specification:
    return {"@type": "OpeningHoursSpecification", **_times(clock), **_valid(day, day)}


def _times(clock: Clock) -> Specification:
    return {"opens": clock[0], "closes": clock[1]}


def _valid(first: date, last: date) -> Specification:
    return {"validFrom": first.isoformat(), "validThrough": last.isoformat()}
