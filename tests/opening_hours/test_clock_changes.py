"""The nights the clocks change, minute by minute, against what the clock on the wall says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from app.opening_hours.rules import STOCKHOLM, OpeningState, always_open, evaluate, intervals
from tests.opening_hours import samples

MINUTE = timedelta(minutes=1)
NIGHTS = ("2025-03-30", "2025-10-26", "2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31")
ON_THE_WALL: dict[str, Callable[[datetime], bool]] = {
    samples.ALWAYS: lambda wall: True,
    samples.SUNDAY_BLINK: lambda wall: wall.weekday() == 6 and time(2, 15) <= wall.time() < time(2, 45),
    samples.SMALL_HOURS: lambda wall: wall.time() < time(2, 30),
    samples.NIGHTS: lambda wall: wall.hour >= 22 or wall.hour < 6,
    "Mo-Su 02:00-03:00": lambda wall: wall.hour == 2,
    "Mo-Su 01:30-03:30": lambda wall: time(1, 30) <= wall.time() < time(3, 30),
    "Mo-Su 03:00-24:00": lambda wall: wall.hour >= 3,
}


@pytest.mark.parametrize("expression", ON_THE_WALL)
@pytest.mark.parametrize("night", NIGHTS)
def test_every_minute_of_a_night_the_clocks_change_is_as_the_wall_clock_says(night: str, expression: str) -> None:
    minutes = list(_minutes(night))
    is_open = [ON_THE_WALL[expression](minute.astimezone(STOCKHOLM)) for minute in minutes]
    for number, minute in enumerate(minutes):
        status = evaluate(expression, minute)
        assert status.state == (OpeningState.OPEN if is_open[number] else OpeningState.CLOSED), minute
        later = (other for other in range(number, len(minutes)) if is_open[other] != is_open[number])
        change = next(later, None)
        if change is not None:
            assert status.next_change is not None
            assert status.next_change.astimezone(UTC) == minutes[change], minute


@pytest.mark.parametrize("night", NIGHTS)
def test_the_last_minute_before_the_clocks_change_is_open(night: str) -> None:
    change = datetime.fromisoformat(f"{night}T01:00Z")
    assert evaluate(samples.ALWAYS, change - MINUTE).state == OpeningState.OPEN
    assert evaluate(samples.ALWAYS, change).state == OpeningState.OPEN


def test_a_night_lasts_seven_hours_in_march_and_nine_in_october() -> None:
    def hours_open(first: str, last: str) -> float:
        spans = intervals(samples.NIGHTS, datetime.fromisoformat(first), datetime.fromisoformat(last))
        lasted = [span.end.astimezone(UTC) - span.start.astimezone(UTC) for span in spans if span.state == "open"]
        return sum(lasted, timedelta()) / timedelta(hours=1)

    assert hours_open("2026-03-28T12:00+01:00", "2026-03-29T12:00+02:00") == 7
    assert hours_open("2026-10-24T12:00+02:00", "2026-10-25T12:00+01:00") == 9
    assert hours_open("2026-10-17T12:00+02:00", "2026-10-18T12:00+02:00") == 8


def test_hours_that_fill_the_day_are_one_span_over_the_night_the_clocks_change() -> None:
    start, end = datetime.fromisoformat("2026-10-24T00:00+02:00"), datetime.fromisoformat("2026-10-27T00:00+01:00")
    (span,) = intervals("Mo-Su 00:00-24:00", start, end)
    assert (span.start.isoformat(), span.end.isoformat()) == ("2026-10-24T00:00:00+02:00", "2026-10-27T00:00:00+01:00")
    assert always_open("Mo-Su 00:00-24:00")


def _minutes(night: str) -> Iterator[datetime]:
    """From 20:00 to 10:00 UTC around the change, which is at 01:00 UTC."""
    start = datetime.fromisoformat(f"{night}T01:00Z") - timedelta(hours=5)
    return (start + number * MINUTE for number in range(14 * 60))
