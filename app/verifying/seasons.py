"""The holiday seasons before which hotlines are asked for their hours: Christmas, Easter and Midsummer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.opening_hours.holidays import LAST_YEAR, easter, midsummer
from app.resources.models import Basis

AHEAD = timedelta(days=42)
"""How long before Good Friday and Midsummer's Eve the question is raised; for Christmas it is from 1 November."""


@dataclass(frozen=True, slots=True)
class Season:
    """Days from `first` to `last` on which many lines have other hours. `named`: matches a rule of an expression that
    names some of these days. A task is open from `asked_from` to `last`."""

    name: str
    first: date
    last: date
    asked_from: date
    named: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class StatedHours:
    """The hours of one contact point of a hotline, and the first and last days of its exceptions."""

    expression: str | None
    basis: Basis | None
    exceptions: Sequence[tuple[date, date]] = ()


def seasons_on(day: date) -> list[Season]:
    """The seasons whose hours are asked for on a day."""
    years = (day.year - 1, day.year) if day.year <= LAST_YEAR else ()
    return [season for year in years for season in _seasons(year) if season.asked_from <= day <= season.last]


def _seasons(year: int) -> Iterator[Season]:
    friday, saturday = easter(year) - timedelta(2), midsummer(year)
    eve = saturday - timedelta(1)
    yield Season("easter", friday, friday + timedelta(3), friday - AHEAD, re.compile(r"\bPH\b|\beaster\b"))
    yield Season("midsummer", eve, saturday, eve - AHEAD, re.compile(r"\bPH\b|\bJun\b"))
    yield Season(
        "christmas", date(year, 12, 24), date(year + 1, 1, 6), date(year, 11, 1), re.compile(r"\bPH\b|\bDec\b|\bJan\b")
    )


def leaves_open(season: Season, points: Iterable[StatedHours]) -> bool:
    """Whether none of these hours covers the season, neither by a rule that a source states nor by an exception."""
    return not any(_mentions(season, point) for point in points)


def _mentions(season: Season, point: StatedHours) -> bool:
    if any(first <= season.last and last >= season.first for first, last in point.exceptions):
        return True
    if point.expression is None or point.basis is not Basis.STATED:
        return False  # no source states inferred hours
    return point.expression.startswith("24/7") or season.named.search(point.expression) is not None
