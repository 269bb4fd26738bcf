"""Sweden's public holidays, and the eves on which much is closed although no law says so.

Holidays: lag (1989:253) om allmänna helgdagar, without its Sundays; since 2005 with Nationaldagen for Annandag pingst.
Swedish names as in the almanac. The rules are our own because the package `holidays`, which covers the whole world,
takes 15 MB; the tests compare the rules with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.opening_hours.expressions import OpeningHoursError

FIRST_YEAR, LAST_YEAR = 2000, 2076
"""The first and the last year whose public holidays are known."""


class OutsideHolidayDataError(OpeningHoursError):
    """The public holidays of the year are not known, so that any state would be a guess."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} is outside {FIRST_YEAR}–{LAST_YEAR}, the years with known public holidays")
        self.year = year


@dataclass(frozen=True, slots=True)
class HolidayName:
    sv: str
    en: str


def holiday(day: date) -> HolidayName | None:
    """The public holiday by law on this day; where two coincide, both names. Raises OutsideHolidayDataError."""
    return _holidays(day.year).get(day)


def eve(day: date) -> HolidayName | None:
    """Midsommarafton, julafton or nyårsafton, if this day is one. Raises OutsideHolidayDataError."""
    return eves(day.year).get(day)


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def eves(year: int) -> Mapping[date, HolidayName]:
    """The three eves of a year. Raises OutsideHolidayDataError."""
    _refuse_unknown(year)
    return {
        midsummer(year) - timedelta(1): HolidayName("Midsommarafton", "Midsummer's Eve"),
        date(year, 12, 24): HolidayName("Julafton", "Christmas Eve"),
        date(year, 12, 31): HolidayName("Nyårsafton", "New Year's Eve"),
    }


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def _holidays(year: int) -> Mapping[date, HolidayName]:
    _refuse_unknown(year)
    names: dict[date, HolidayName] = {}
    for day, name in (*_fixed(year), *_movable(year)):
        other = names.get(day)
        names[day] = HolidayName(f"{other.sv} och {name.sv}", f"{other.en} and {name.en}") if other else name
    return names


def _refuse_unknown(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideHolidayDataError(year)


def _fixed(year: int) -> Iterator[tuple[date, HolidayName]]:
    yield date(year, 1, 1), HolidayName("Nyårsdagen", "New Year's Day")
    yield date(year, 1, 6), HolidayName("Trettondedag jul", "Epiphany")
    yield date(year, 5, 1), HolidayName("Första maj", "May Day")
    if year >= 2005:
        yield date(year, 6, 6), HolidayName("Nationaldagen", "National Day of Sweden")
    yield date(year, 12, 25), HolidayName("Juldagen", "Christmas Day")
    yield date(year, 12, 26), HolidayName("Annandag jul", "Boxing Day")


def _movable(year: int) -> Iterator[tuple[date, HolidayName]]:
    sunday = easter(year)
    yield sunday - timedelta(2), HolidayName("Långfredagen", "Good Friday")
    yield sunday, HolidayName("Påskdagen", "Easter Sunday")
    yield sunday + timedelta(1), HolidayName("Annandag påsk", "Easter Monday")
    yield sunday + timedelta(39), HolidayName("Kristi himmelsfärdsdag", "Ascension Day")
    yield sunday + timedelta(49), HolidayName("Pingstdagen", "Whit Sunday")
    if year < 2005:
        yield sunday + timedelta(50), HolidayName("Annandag pingst", "Whit Monday")
    yield midsummer(year), HolidayName("Midsommardagen", "Midsummer's Day")
    yield _saturday(date(year, 10, 31)), HolidayName("Alla helgons dag", "All Saints' Day")


def midsummer(year: int) -> date:
    """Midsommardagen."""
    return _saturday(date(year, 6, 20))


def _saturday(earliest: date) -> date:
    return earliest + timedelta((5 - earliest.weekday()) % 7)


def easter(year: int) -> date:
    """Påskdagen."""
    # The first Sunday after the first full moon of spring: Gauss's rule, with its numbers for 1900–2099.
    moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    late = sunday == 6 and (moon == 29 or (moon == 28 and year % 19 > 10))
    return date(year, 3, 22) + timedelta(moon + sunday - (7 if late else 0))
