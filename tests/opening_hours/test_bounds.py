"""What is asked of opening hours, and what is refused with a reason."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from app.opening_hours.rules import (
    STOCKHOLM,
    InvalidExpressionError,
    NaiveTimeError,
    OpeningHoursError,
    OutsideHolidayDataError,
    always_open,
    evaluate,
    intervals,
)
from tests.opening_hours import samples

NOON = datetime(2026, 6, 17, 12, tzinfo=STOCKHOLM)
ASKED: list[Callable[[datetime], object]] = [
    lambda at: evaluate(samples.ALWAYS, at),
    lambda at: intervals(samples.ALWAYS, at, NOON),
    lambda at: intervals(samples.ALWAYS, NOON, at),
]


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=-7)), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")], ids=str
)
def test_an_instant_has_one_answer_in_every_time_zone(zone: tzinfo) -> None:
    assert evaluate(samples.OFFICE_HOURS, NOON.astimezone(zone)) == evaluate(samples.OFFICE_HOURS, NOON)


def test_next_change_is_in_stockholm_time_whatever_zone_asked() -> None:
    change = evaluate(samples.OFFICE_HOURS, NOON.astimezone(UTC)).next_change
    assert change is not None
    assert change.isoformat() == "2026-06-17T18:00:00+02:00"


def test_a_second_before_closing_is_open_and_the_second_of_closing_is_closed() -> None:
    closing = datetime(2026, 6, 17, 16, tzinfo=STOCKHOLM)
    assert evaluate(samples.DAYTIME, closing - timedelta.resolution).state == "open"
    assert evaluate(samples.DAYTIME, closing).state == "closed"


@pytest.mark.parametrize("ask", ASKED)
def test_a_time_without_zone_is_refused(ask: Callable[[datetime], object]) -> None:
    with pytest.raises(NaiveTimeError, match="2026-06-17T12:00:00 has no time zone"):
        ask(NOON.replace(tzinfo=None))


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize(
    ("at", "year"),
    [
        ("1999-12-31T23:59:59+01:00", 1999),
        ("2000-01-01T00:00:00+02:00", 1999),
        ("2077-01-01T00:00:01+01:00", 2077),
        ("2076-12-31T23:30:00+00:00", 2077),
        ("0001-01-01T00:00:00+14:00", 1),
        ("9999-12-31T23:59:59-12:00", 9999),
        ("9999-12-31T23:59:59+00:00", 9999),
    ],
)
def test_a_year_without_holidays_is_refused(ask: Callable[[datetime], object], at: str, year: int) -> None:
    with pytest.raises(OutsideHolidayDataError, match=f"^{year} is outside 2000–2076"):
        ask(datetime.fromisoformat(at))


def test_the_first_and_the_last_moment_with_holidays_are_answered() -> None:
    assert evaluate(samples.OFFICE_HOURS, datetime(2000, 1, 1, tzinfo=STOCKHOLM)).state == "closed"
    assert evaluate(samples.OFFICE_HOURS, datetime(2076, 12, 31, 12, tzinfo=STOCKHOLM)).comment == "nyårsafton"
    *_, last = intervals(samples.ALWAYS, NOON, datetime(2077, 1, 1, tzinfo=STOCKHOLM))
    assert last.end.isoformat() == "2077-01-01T00:00:00+01:00"


def test_no_change_is_promised_beyond_the_holidays_that_are_known() -> None:
    assert evaluate(samples.OFFICE_HOURS, datetime(2076, 12, 31, 18, tzinfo=STOCKHOLM)).next_change is None


def test_a_span_that_ends_before_it_starts_has_no_intervals() -> None:
    assert list(intervals(samples.OFFICE_HOURS, NOON, NOON)) == []
    assert list(intervals(samples.OFFICE_HOURS, NOON, NOON - timedelta(days=300))) == []


@pytest.mark.parametrize("expression", ["", "   ", "Mo-Fr 8-17", "24/7\n", "x" * 10_000, "\0", '"\ud800"', "Mo;"])
def test_an_expression_that_cannot_be_read_is_refused_and_never_open(expression: str) -> None:
    with pytest.raises(InvalidExpressionError, match=r"^at character"):
        evaluate(expression, NOON)
    with pytest.raises(InvalidExpressionError):
        always_open(expression)


def test_every_refusal_is_a_value_error() -> None:
    assert issubclass(OpeningHoursError, ValueError)
    assert {error.__base__ for error in (InvalidExpressionError, NaiveTimeError, OutsideHolidayDataError)} == {
        OpeningHoursError
    }


@pytest.mark.parametrize(
    ("expression", "always"),
    [
        ("24/7", True),
        ("Mo-Su 00:00-24:00", True),
        ('24/7; Sa open "jour"', True),
        ("24/7; PH off", False),
        ('24/7 unknown "ring"', False),
        (samples.OFFICE_HOURS, False),
        (samples.LEAP_DAY, False),
    ],
)
def test_always_open_is_open_at_every_instant_whatever_the_comment(expression: str, always: bool) -> None:
    assert always_open(expression) is always


def test_the_rules_need_neither_web_nor_database() -> None:
    loaded = "import sys, app.opening_hours.rules; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not {"fastapi", "sqlmodel", "sqlalchemy"} & set(modules)
