"""From an opening-hours expression to the weekly schedules that HSDS knows, where it has such."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import State

from app.opening_hours.expressions import parse
from app.opening_hours.live import readable

BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKS = 52
ODD_DAYS = 5
"""How many of a year's Mondays may have other hours before Mondays have no usual ones: Christmas and the eves do."""

Spans = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours of every week. `byday`: `MO,TU`; clock times `HH:MM`, in Sweden; a day ends at 23:59, as HSDS has it."""

    byday: str
    opens_at: str
    closes_at: str


@dataclass(frozen=True, slots=True)
class UsualWeek:
    """The hours of a usual week, none if no hour of it is certain; `odd`: some days of the year have others."""

    weeks: tuple[Weekly, ...]
    odd: bool


@lru_cache(maxsize=1024)
def find_usual_week(expression: str, first: date) -> UsualWeek:
    """The hours that are certain in the 52 weeks from `first`, leaving public holidays out, which HSDS cannot tell.

    Hours that differ by season have no usual week: then there is none, rather than a wrong one.
    """
    days = _days(expression, first)
    weekdays: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    odd = "PH" in expression
    for weekday in range(7):
        counts = Counter(spans for day, spans in days.items() if day.weekday() == weekday)
        spans, often = counts.most_common(1)[0]
        if often < WEEKS - ODD_DAYS:
            return UsualWeek((), odd=True)
        odd = odd or often < WEEKS
        for span in spans:
            weekdays[span].append(weekday)
    weeks = (Weekly(",".join(BYDAY[day] for day in on), *span) for span, on in weekdays.items())
    return UsualWeek(tuple(weeks), odd)


def _days(expression: str, first: date) -> dict[date, Spans]:
    """What is certainly open on each day, each span cut at midnight."""
    start = datetime.combine(first, time())
    spans: dict[date, list[tuple[str, str]]] = {first + timedelta(days=number): [] for number in range(7 * WEEKS)}
    hours = parse(readable(expression), holidays=False)
    for since, until, state, _ in hours.intervals(start, start + timedelta(weeks=WEEKS)):
        if state == State.OPEN:
            for opens, closes in _cut(since, until):
                spans[opens.date()].append((f"{opens:%H:%M}", f"{closes:%H:%M}"))
    return {day: tuple(day_spans) for day, day_spans in spans.items()}


def _cut(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    while since < until:
        midnight = datetime.combine(since.date() + timedelta(days=1), time())
        yield since, until if until < midnight else midnight - timedelta(minutes=1)
        since = midnight
