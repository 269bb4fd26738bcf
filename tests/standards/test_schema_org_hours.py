"""Hours in schema.org's words, read back as one who imports them would, are the engine's."""

from datetime import date, datetime, timedelta

import pytest

from app.opening_hours.rules import OpeningState, holiday, intervals
from app.opening_hours.spans import staffed
from app.standards.schema_org_hours import DAYS, Hours, find_week
from app.times import STOCKHOLM
from tests.opening_hours.samples import DAYTIME, HOLIDAY_HOURS, LUNCH, OFFICE_HOURS, SAMPLES, seeded

DAY = timedelta(days=1)
YEARS = (date(2026, 11, 21), date(2027, 6, 1), date(2028, 2, 29))
Span = tuple[datetime, datetime]


def is_certain(expression: str) -> bool:
    spans = staffed(expression, YEARS[0], YEARS[-1] + 366 * DAY)
    return all(span.state is OpeningState.OPEN for span in spans)


EVERY = sorted({*SAMPLES, *seeded()})
CERTAIN = [expression for expression in EVERY if is_certain(expression)]


def read_back(found: Hours, day: date) -> set[Span]:
    """The spans that begin on a day, by the specification's own rules: what is dated outranks the week."""
    dated = [one for one in found.special if one["validFrom"] <= day.isoformat() <= one["validThrough"]]
    weekly = [
        one
        for one in found.weekly
        if DAYS[day.weekday()] in one["dayOfWeek"] and one["validFrom"] <= day.isoformat() <= one["validThrough"]
    ]
    return {span for one in dated or weekly if (span := _span(day, one["opens"], one["closes"]))}


def _span(day: date, opens: str, closes: str) -> Span | None:
    if (opens, closes) == ("00:00", "00:00"):
        return None
    start, end = (datetime.fromisoformat(f"{day}T{clock}") for clock in (opens, closes))
    if closes == "23:59":
        return start, end + timedelta(minutes=1)
    return start, end if end > start else end + DAY


def engine(expression: str, day: date) -> set[Span]:
    """The same, of the engine, by the clock on the wall: who reads by it cannot tell what it shows twice."""
    began = [one for one in staffed(expression, day, day) if one.start.date() == day]
    return {(one.start.replace(tzinfo=None, fold=0), one.end.replace(tzinfo=None, fold=0)) for one in began}


@pytest.mark.parametrize("first", YEARS, ids=str)
@pytest.mark.parametrize("expression", CERTAIN)
def test_what_is_read_back_is_open_when_the_engine_is_every_day_of_a_year(expression: str, first: date) -> None:
    found = find_week(expression, first)
    assert found is not None
    for number in range(365):
        day = first + number * DAY
        assert read_back(found, day) == engine(expression, day), day


def test_the_dates_that_differ_from_the_week_are_the_holidays_and_the_eves() -> None:
    found = find_week(DAYTIME, YEARS[0])
    assert found is not None
    (week,) = found.weekly
    assert [name.rpartition("/")[2] for name in week["dayOfWeek"]] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    ]  # fmt: skip
    assert (week["opens"], week["closes"]) == ("09:00", "16:00")
    assert {(one["opens"], one["closes"]) for one in found.special} == {("00:00", "00:00")}
    weekdays = {date.fromisoformat(one["validFrom"]) for one in found.special}
    year = [YEARS[0] + number * DAY for number in range(365)]
    eves = {date(2026, 12, 24), date(2026, 12, 31), date(2027, 6, 25)}
    assert weekdays == {day for day in year if day.weekday() < 5 and (holiday(day) or day in eves)}


def test_shorter_hours_on_a_holiday_are_dated() -> None:
    found = find_week(HOLIDAY_HOURS, YEARS[0])
    assert found is not None
    told = {one["validFrom"]: (one["opens"], one["closes"]) for one in found.special}
    assert told["2026-12-25"] == ("12:00", "16:00")
    assert told["2026-12-24"] == ("00:00", "00:00")
    assert told["2026-12-31"] == ("10:00", "15:00")


@pytest.mark.parametrize("expression", [OFFICE_HOURS, LUNCH])
def test_hours_of_which_some_are_unknown_are_left_out(expression: str) -> None:
    assert find_week(expression, YEARS[0]) is None


def test_at_the_end_of_what_is_known_the_year_is_shorter() -> None:
    found = find_week("24/7", date(2076, 12, 30))
    assert found is not None
    assert [(one["validFrom"], one["validThrough"]) for one in found.weekly] == [("2076-12-30", "2076-12-31")]


def test_every_seeded_expression_is_certain_or_left_out() -> None:
    for expression in seeded():
        known = all(
            one.state is not OpeningState.UNKNOWN
            for one in intervals(
                expression, datetime(2026, 11, 21, tzinfo=STOCKHOLM), datetime(2027, 11, 21, tzinfo=STOCKHOLM)
            )
        )
        assert (find_week(expression, YEARS[0]) is not None) == known
