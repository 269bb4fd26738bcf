"""Spans for calendars: whole, the same whichever days are asked for, and nothing but what the engine says."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.opening_hours.rules import STOCKHOLM, Interval, OpeningState, intervals
from app.opening_hours.spans import midnight_ends, staffed
from tests.opening_hours.samples import ALWAYS, NIGHTS, SAMPLES, seeded

DAY = timedelta(days=1)
WEEKS = (date(2026, 3, 26), date(2026, 10, 22), date(2026, 12, 22), date(2027, 6, 21), date(2028, 2, 26))
"""Around both clock changes, Christmas, midsummer and a leap day."""

every_expression = pytest.mark.parametrize("expression", sorted({*SAMPLES, *seeded()}))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)


def seconds(start: datetime, end: datetime) -> float:
    return (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()


def clipped(spans: list[Interval] | tuple[Interval, ...], first: date, last: date) -> dict[str, float]:
    """Seconds in each state between two midnights."""
    since, until = midnight(first).astimezone(UTC), midnight(last + DAY).astimezone(UTC)
    total = {state.value: 0.0 for state in OpeningState if state is not OpeningState.CLOSED}
    for span in spans:
        if span.state is not OpeningState.CLOSED:
            total[span.state] += seconds(max(span.start.astimezone(UTC), since), min(span.end.astimezone(UTC), until))
    return total


@every_expression
@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_the_spans_of_a_week_say_what_the_engine_says(expression: str, monday: date) -> None:
    sunday = monday + 6 * DAY
    engine = [
        one
        for one in intervals(expression, midnight(monday), midnight(sunday + DAY))
        if one.state is not OpeningState.CLOSED
    ]
    assert clipped(staffed(expression, monday, sunday), monday, sunday) == clipped(engine, monday, sunday)


@every_expression
@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_a_span_is_the_same_whichever_days_are_asked_for(expression: str, monday: date) -> None:
    week = staffed(expression, monday, monday + 6 * DAY)
    for number in range(7):
        day = monday + number * DAY
        assert set(staffed(expression, day, day)) == {
            span for span in week if span.start < midnight(day + DAY) and span.end > midnight(day)
        }


def test_a_night_is_one_span() -> None:
    (before, after) = staffed(NIGHTS, date(2026, 11, 23), date(2026, 11, 23))
    assert [(f"{one.start:%d %H:%M}", f"{one.end:%d %H:%M}") for one in (before, after)] == [
        ("22 22:00", "23 06:00"),
        ("23 22:00", "24 06:00"),
    ]
    assert not midnight_ends(before)


def test_what_is_always_open_is_a_span_for_each_day_also_when_the_day_has_23_or_25_hours() -> None:
    for first, hours in ((date(2026, 3, 28), [24, 23, 24]), (date(2026, 10, 24), [24, 25, 24])):
        spans = staffed(ALWAYS, first, first + 2 * DAY)
        assert [seconds(one.start, one.end) / 3600 for one in spans] == hours
        assert all(midnight_ends(one) for one in spans)


def test_the_first_and_the_last_day_with_known_holidays_have_spans() -> None:
    assert len(staffed(ALWAYS, date(2000, 1, 1), date(2000, 1, 1))) == 1
    assert len(staffed(ALWAYS, date(2076, 12, 31), date(2076, 12, 31))) == 1
