"""Every half-hour of 2025–2027, against opening_hours.js: other authors, another language, another list of holidays."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from app.opening_hours.rules import STOCKHOLM, check, intervals
from tests import npm
from tests.opening_hours.samples import SAMPLES, seeded

YEARS = [datetime(year, 1, 1, tzinfo=STOCKHOLM) for year in (2025, 2028)]
HALF_HOUR = timedelta(minutes=30)
EXPRESSIONS = list(dict.fromkeys([*SAMPLES, *seeded()]))

Said = tuple[str, str | None]
"""State and comment."""
Answers = dict[str, list[tuple[str, str, bool, str | None]]]
"""Per expression the spans that are open or (true) may be: wall-clock start and end, and the comment."""


@pytest.fixture(scope="module")
def answers() -> Answers:
    """What second_engine.cjs says of all expressions, in one run of node."""
    start, end = (f"{year:%Y-%m-%dT%H:%M}Z" for year in YEARS)
    question = json.dumps({"expressions": EXPRESSIONS, "start": start, "end": end})
    run = npm.run("node", Path(__file__).with_name("second_engine.cjs"), text=question)
    assert run.returncode == 0, run.stderr
    read: Answers = json.loads(run.stdout)
    return read


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_second_engine_says_the_same_at_every_half_hour(expression: str, answers: Answers) -> None:
    on_the_wall = dict(_their_half_hours(answers[expression]))
    compared = [
        (instant, said, on_the_wall.get(find_wall_clock(instant), ("closed", None)))
        for instant, said in _our_half_hours(expression)
    ]
    assert len(compared) == 3 * 365 * 48
    assert [(instant, ours, theirs) for instant, ours, theirs in compared if ours != theirs] == []


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions_in_use_have_no_problems(expression: str) -> None:
    assert check(expression) == []


@cache
def find_wall_clock(instant: datetime) -> datetime:
    """What clocks in Sweden show, called UTC."""
    return instant.astimezone(STOCKHOLM).replace(tzinfo=UTC)


def _our_half_hours(expression: str) -> Iterator[tuple[datetime, Said]]:
    """Every half-hour, in UTC; without comments on what is closed, as the second engine's spans have none."""
    instant = YEARS[0].astimezone(UTC)
    for span in intervals(expression, *YEARS):
        while instant < span.end.astimezone(UTC):
            yield instant, (span.state, None if span.state == "closed" else span.comment)
            instant += HALF_HOUR


def _their_half_hours(spans: list[tuple[str, str, bool, str | None]]) -> Iterator[tuple[datetime, Said]]:
    """The half-hours that are open or may be, as wall-clock times called UTC."""
    first = YEARS[0].replace(tzinfo=UTC)
    for start, end, unknown, comment in spans:
        moment = first - (first - datetime.fromisoformat(start)) // HALF_HOUR * HALF_HOUR  # not before the start
        while moment < datetime.fromisoformat(end):
            yield moment, ("unknown" if unknown else "open", comment)
            moment += HALF_HOUR
