"""State, next change and intervals never contradict each other, whatever the expression and the instant."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.opening_hours.rules import always_open, evaluate, intervals
from tests.opening_hours.samples import SAMPLES

MINUTE = timedelta(minutes=1)
DAYS = ("Mo-Fr", "Sa", "Su", "Fr-Mo", "PH", "PH,Su", "Dec 24", "Dec 31", "Jun 19-25 Fr", "Feb 29", "Mar 29", "easter",
        "Oct 25-31 Su", "Mo[1]", "Sa[-1]", "week 1-53/2 Mo", "Nov-Feb", "2026 Jul 1-2027 Jun 30")  # fmt: skip
TIMES = ("", "07:00-18:00", "22:00-06:00", "00:00-24:00", "02:15-02:45", "01:00-02:30", "02:00-03:00", "20:00-26:30",
         "08:00-12:00,13:00-16:00", "12:00-36:00")  # fmt: skip
STATES = ("", "off", "unknown", 'unknown "kontorstid"', 'open "telefon"', 'off "stängt"')

rules = st.builds(lambda *parts: " ".join(filter(None, parts)), *map(st.sampled_from, (DAYS, TIMES, STATES)))
expressions = st.sampled_from(SAMPLES) | st.lists(rules, min_size=1, max_size=4).map("; ".join)
changes_of_the_clock = st.sampled_from(
    [datetime.fromisoformat(f"{day}T01:00Z") for day in ("2025-03-30", "2025-10-26", "2026-03-29", "2026-10-25")]
)
near_a_change = st.builds(
    lambda change, minutes: change + minutes * MINUTE, changes_of_the_clock, st.integers(-400, 400)
)
ever = st.datetimes(datetime(2000, 1, 2), datetime(2076, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
instants = near_a_change | ever


@settings(deadline=None)
@given(expressions, instants, st.data())
def test_the_state_holds_until_the_next_change_and_not_longer(
    expression: str, at: datetime, data: st.DataObject
) -> None:
    status = evaluate(expression, at)
    change = status.next_change.astimezone(UTC) if status.next_change else at + timedelta(days=2)
    assert change > at
    between = data.draw(st.datetimes(_naive(at), _naive(change - timedelta.resolution), timezones=st.just(UTC)))
    assert evaluate(expression, between) == status
    if status.next_change:
        assert _said(expression, change) != _said(expression, at)
        assert evaluate(expression, change - timedelta.resolution) == status


@settings(deadline=None)
@given(expressions, instants, st.integers(1, 40 * 24 * 60))
def test_intervals_cover_their_time_and_agree_with_the_state(expression: str, start: datetime, minutes: int) -> None:
    end = min(start + minutes * MINUTE, datetime(2076, 12, 31, 23, tzinfo=UTC))
    spans = list(intervals(expression, start, end))
    edges = [(span.start.astimezone(UTC), span.end.astimezone(UTC)) for span in spans]
    assert (edges[0][0], edges[-1][1]) == (start, end)
    assert all(first[1] == second[0] for first, second in pairwise(edges))
    assert all((one.state, one.comment) != (other.state, other.comment) for one, other in pairwise(spans))
    for span, (since, until) in zip(spans, edges, strict=True):
        status = evaluate(expression, since)
        assert (status.state, status.comment) == (span.state, span.comment)
        if until != end:
            assert status.next_change == span.end


@settings(deadline=None)
@given(expressions, instants)
def test_what_is_always_open_is_open(expression: str, at: datetime) -> None:
    if always_open(expression):
        assert evaluate(expression, at).state == "open"


def _said(expression: str, at: datetime) -> tuple[str, str | None]:
    status = evaluate(expression, at)
    return status.state, status.comment


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
