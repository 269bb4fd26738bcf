"""Which days hotlines are asked about, from when, and whose hours say something of them."""

from datetime import date

import pytest

from app.resources.models import Basis
from app.verifying.seasons import StatedHours, leaves_open, seasons_on


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2026-10-31", []),
        ("2026-11-01", ["christmas"]),
        ("2027-01-06", ["christmas"]),
        ("2027-01-07", []),
        ("2027-02-12", ["easter"]),  # Good Friday is 26 March
        ("2027-03-29", ["easter"]),
        ("2027-03-30", []),
        ("2027-05-14", ["midsummer"]),
        ("2027-06-26", ["midsummer"]),
        ("2027-06-27", []),
    ],
)
def test_it_is_asked_from_november_and_six_weeks_before_easter_and_midsummer(day: str, names: list[str]) -> None:
    assert [season.name for season in seasons_on(date.fromisoformat(day))] == names


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        (StatedHours("24/7", Basis.STATED), False),
        (StatedHours("Mo-Fr 09:00-16:00; PH off", Basis.STATED), False),
        (StatedHours("Mo-Fr 09:00-16:00; Dec 24 off", Basis.STATED), False),
        (StatedHours("Mo-Fr 09:00-16:00", Basis.STATED, [(date(2026, 12, 24), date(2026, 12, 26))]), False),
        (StatedHours("Mo-Fr 09:00-16:00", Basis.STATED, [(date(2026, 6, 19), date(2026, 6, 19))]), True),
        (StatedHours("Mo-Fr 09:00-16:00", Basis.STATED), True),
        (StatedHours("Mo-Fr 09:00-16:00 unknown; PH off", Basis.INFERRED), True),
        (StatedHours(None, None), True),
    ],
)
def test_only_a_source_or_an_exception_says_something_of_christmas(hours: StatedHours, is_open: bool) -> None:
    (season,) = seasons_on(date(2026, 11, 28))
    assert leaves_open(season, [hours]) is is_open
