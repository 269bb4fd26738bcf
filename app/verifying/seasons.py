"""The feasts before which hotlines are asked for their hours: Christmas, Easter and Midsummer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.opening_hours.holidays import LAST_YEAR, easter, midsummer
from app.resources.models import Basis

AHEAD = timedelta(days=42)
"""So long before Good Friday and Midsummer's Eve it is asked; before Christmas from 1 November."""


@dataclass(frozen=True, slots=True)
class Season:
    """Days from `first` to `last` on which many lines keep other hours. `named`: how a rule of an expression names some
    of them. It is asked from `asked_from` to the last day."""

    name: str
    first: date
    last: date
    asked_from: date
    named: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class StatedHours:
    """The hours of one way to reach a hotline, and the days from and to which exceptions are stated."""

    expression: str | None
    basis: Basis | None
    exceptions: Sequence[tuple[date, date]] = ()


def seasons_on(day: date) -> list[Season]:
    """The seasons that are to be asked about on a day."""
    years = (day.year - 1, day.year) if day.year <= LAST_YEAR else ()
    return [one for year in years for one in _seasons(year) if one.asked_from <= day <= one.last]


def _seasons(year: int) -> Iterator[Season]:
    friday, saturday = easter(year) - timedelta(2), midsummer(year)
    eve = saturday - timedelta(1)
    yield Season("easter", friday, friday + timedelta(3), friday - AHEAD, re.compile(r"\bPH\b|\beaster\b"))
    yield Season("midsummer", eve, saturday, eve - AHEAD, re.compile(r"\bPH\b|\bJun\b"))
    yield Season(
        "christmas", date(year, 12, 24), date(year + 1, 1, 6), date(year, 11, 1), re.compile(r"\bPH\b|\bDec\b|\bJan\b")
    )


def leaves_open(season: Season, points: Iterable[StatedHours]) -> bool:
    """Whether none of these hours says anything of the season: neither by a rule of a source, nor by an exception."""
    return not any(_mentions(season, point) for point in points)


def _mentions(season: Season, point: StatedHours) -> bool:
    if any(first <= season.last and last >= season.first for first, last in point.exceptions):
        return True
    if point.expression is None or point.basis is not Basis.STATED:
        return False  # what we inferred is nobody's word
    return point.expression.startswith("24/7") or season.named.search(point.expression) is not None
