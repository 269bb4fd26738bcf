"""Sweden's public holidays, and the eves on which much is closed although no law says so.

Holidays: lag (1989:253) om allmänna helgdagar, without its Sundays; since 2005 with Nationaldagen for Annandag pingst.
Days from the package `holidays`, Swedish names as in the almanac.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import DE_FACTO, PUBLIC, country_holidays

from app.opening_hours.expressions import OpeningHoursError

FIRST_YEAR, LAST_YEAR = 2000, 2076
"""The years whose holidays `PH` of an expression knows."""

_ENGLISH = {
    "Nyårsdagen": "New Year's Day",
    "Trettondedag jul": "Epiphany",
    "Långfredagen": "Good Friday",
    "Påskdagen": "Easter Sunday",
    "Annandag påsk": "Easter Monday",
    "Första maj": "May Day",
    "Kristi himmelsfärdsdag": "Ascension Day",
    "Pingstdagen": "Whit Sunday",
    "Annandag pingst": "Whit Monday",
    "Nationaldagen": "National Day of Sweden",
    "Midsommarafton": "Midsummer's Eve",
    "Midsommardagen": "Midsummer's Day",
    "Alla helgons dag": "All Saints' Day",
    "Julafton": "Christmas Eve",
    "Juldagen": "Christmas Day",
    "Annandag jul": "Boxing Day",
    "Nyårsafton": "New Year's Eve",
}


class OutsideHolidayDataError(OpeningHoursError):
    """A year whose public holidays are not known, so that a state would be a guess."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} is outside {FIRST_YEAR}–{LAST_YEAR}, the years with known public holidays")
        self.year = year


@dataclass(frozen=True, slots=True)
class HolidayName:
    sv: str
    en: str


def holiday(day: date) -> HolidayName | None:
    """The public holiday by law on this day; two of them on one day have both names. Raises OutsideHolidayDataError."""
    return _days(day.year, PUBLIC).get(day)


def eve(day: date) -> HolidayName | None:
    """Midsommarafton, julafton or nyårsafton, if this day is one. Raises OutsideHolidayDataError."""
    return eves(day.year).get(day)


def eves(year: int) -> Mapping[date, HolidayName]:
    """The three eves of a year. Raises OutsideHolidayDataError."""
    return _days(year, DE_FACTO)


@lru_cache(maxsize=2 * (LAST_YEAR - FIRST_YEAR + 1))
def _days(year: int, category: str) -> Mapping[date, HolidayName]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideHolidayDataError(year)
    named = country_holidays("SE", years=year, expand=False, categories=(category,), language="sv")
    return {day: _name(named.get_list(day)) for day in named}


def _name(swedish: list[str]) -> HolidayName:
    return HolidayName(" och ".join(swedish), " and ".join(_ENGLISH[name] for name in swedish))
