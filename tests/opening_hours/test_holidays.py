"""The 13 public holidays by law, and the three eves that are none."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from holidays import DE_FACTO, PUBLIC, country_holidays

from app.opening_hours.expressions import parse
from app.opening_hours.rules import HolidayName, OutsideHolidayDataError, eve, holiday

ALMANAC_2026 = {
    "2026-01-01": ("Nyårsdagen", "New Year's Day"),
    "2026-01-06": ("Trettondedag jul", "Epiphany"),
    "2026-04-03": ("Långfredagen", "Good Friday"),
    "2026-04-05": ("Påskdagen", "Easter Sunday"),
    "2026-04-06": ("Annandag påsk", "Easter Monday"),
    "2026-05-01": ("Första maj", "May Day"),
    "2026-05-14": ("Kristi himmelsfärdsdag", "Ascension Day"),
    "2026-05-24": ("Pingstdagen", "Whit Sunday"),
    "2026-06-06": ("Nationaldagen", "National Day of Sweden"),
    "2026-06-20": ("Midsommardagen", "Midsummer's Day"),
    "2026-10-31": ("Alla helgons dag", "All Saints' Day"),
    "2026-12-25": ("Juldagen", "Christmas Day"),
    "2026-12-26": ("Annandag jul", "Boxing Day"),
}
EVES_2026 = {
    "2026-06-19": ("Midsommarafton", "Midsummer's Eve"),
    "2026-12-24": ("Julafton", "Christmas Eve"),
    "2026-12-31": ("Nyårsafton", "New Year's Eve"),
}


def test_the_law_has_13_holidays_and_their_names_are_the_almanacs() -> None:
    named = {day.isoformat(): (name.sv, name.en) for day in _days(2026) if (name := holiday(day))}
    assert named == ALMANAC_2026


def test_the_three_eves_are_no_public_holidays() -> None:
    named = {day.isoformat(): (name.sv, name.en) for day in _days(2026) if (name := eve(day))}
    assert named == EVES_2026
    assert not named.keys() & ALMANAC_2026.keys()


def test_two_holidays_on_one_day_have_both_names() -> None:
    assert holiday(date(2008, 5, 1)) == HolidayName(
        "Första maj och Kristi himmelsfärdsdag", "May Day and Ascension Day"
    )


def test_nationaldagen_is_a_holiday_since_2005_and_annandag_pingst_until_then() -> None:
    assert holiday(date(2004, 6, 6)) is None
    assert holiday(date(2004, 5, 31)) == HolidayName("Annandag pingst", "Whit Monday")
    assert holiday(date(2005, 6, 6)) == HolidayName("Nationaldagen", "National Day of Sweden")
    assert holiday(date(2005, 5, 16)) is None


def test_every_day_is_called_what_the_package_of_all_holidays_calls_it() -> None:
    for year in range(2000, 2077):
        for category, ours in ((PUBLIC, holiday), (DE_FACTO, eve)):
            theirs = country_holidays("SE", years=year, expand=False, categories=(category,), language="sv")
            named = {day: name.sv for day in _days(year) if (name := ours(day))}
            assert named == {day: " och ".join(theirs.get_list(day)) for day in theirs}, year


def test_the_engines_public_holidays_are_those_of_the_law_and_the_eves() -> None:
    engine = parse("PH")
    for year in range(2000, 2077):
        for day in _days(year):
            assert engine.is_open(datetime.combine(day, time(12))) == bool(holiday(day) or eve(day)), day


@pytest.mark.parametrize("year", [1999, 2077])
def test_a_year_without_data_is_an_error_and_not_a_year_without_holidays(year: int) -> None:
    with pytest.raises(OutsideHolidayDataError, match=f"{year} is outside 2000–2076"):
        holiday(date(year, 12, 25))


def _days(year: int) -> list[date]:
    first = datetime(year, 1, 1, tzinfo=UTC)
    return [(first + timedelta(number)).date() for number in range(366) if (first + timedelta(number)).year == year]
