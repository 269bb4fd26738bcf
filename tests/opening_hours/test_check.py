"""What an editor is told before an expression is published."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.opening_hours.rules import LintProblem, OpeningHoursError, check, evaluate
from tests.opening_hours.samples import SAMPLES
from tests.opening_hours.test_bounds import NOON

EVES = "Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
FAULTS = [
    ("", 0, "empty"),
    (" \u00a0", 0, "empty"),
    ("Mo-Fr 8-17", 6, "cannot be read from here: 8-17"),
    ("Mo-Fr 09.00-16.00", 6, "cannot be read from here: 09.00-16.00"),
    ("Må-Fr 09:00-16:00", 0, "cannot be read from here"),
    ('24/7 open "på svenska" x', 23, "cannot be read from here: x"),
    ("Mo-Fr 09:00-16:00;", 18, "ends too early"),
    ('Mo unknown "kontorstid', 11, "cannot be read from here"),
    ("2027-2025 Mo", 0, "Inverted year ranges"),
    ("Mo-Fr\u00a009:00-16:00", 5, "U+00A0"),
    ("Mo-Fr 09:00-16:00\n", 17, "U+000A"),
    ("\0", 0, "U+0000"),
    ('off "\ud800"', 5, "U+D800"),
    ('Mo-Fr "kontorstid"', 6, '"kontorstid" has no state'),
    ('Mo-Fr 09:00-16:00 "ring först"', 18, '"ring först" has no state'),
    ('24/7; Sa open "a"; Su "b"', 22, '"b" has no state'),
    ("Mo-Fr 09:00-16:00 || 24/7 unknown", 18, "|| falls back per day"),
    ("Mo-Fr 09:00+", 11, "+ leaves an end open"),
    ("Mo-Fr 09:00-16:00+", 17, "+ leaves an end open"),
    ("easter +1 day off", 7, "+ leaves an end open"),
    ("Mo-Fr 09:00-sunset", 12, "sunset hangs on the sun"),
    ("(sunrise-01:00)-12:00", 1, "sunrise hangs on the sun"),
    ("Mo-Fr 09:00-16:00; SH off", 19, "SH is not known"),
    (f"PH -1 day off; PH off; {EVES}", 0, "PH -1 day counts from"),
    ("Mo 12:00-48:00", 9, "48:00 at the end"),
    ("Mo 10:00-16:00/01:30", 9, "16:00/01:30 repeats"),
    (f"Mo-Fr 22:00-02:00; PH off; {EVES}", 6, "22:00-02:00 runs past midnight"),
    ("Mo-Th 20:00-26:30; Fr 20:00-22:00", 6, "20:00-26:30 runs past midnight"),
    ("Mo-Fr 08:00-12:00,22:00-04:00; Dec 24 off", 18, "22:00-04:00 runs past midnight"),
    ("Feb 30", 0, "Feb 30: Feb has 29 days"),
    ("24/7; Apr 31 off", 6, "Apr 31: Apr has 30 days"),
    ("Jun 20-31 off", 0, "Jun 20-31: Jun has 30 days"),
    ("May 1-Jun 31 Mo", 6, "Jun 31: Jun has 30 days"),
    ("2027 Feb 29 off", 0, "2027 Feb 29: Feb has 28 days"),
    ("Dec 24-6 off", 0, "Dec 24-6 runs backwards"),
]
FINE = [
    *SAMPLES,
    f"24/7; PH off; {EVES}",
    "Mo-Fr 09:00-16:00; PH off; Jun 19-25 Fr off; Dec 24-26 off; Dec 31 off",
    "Feb 29 off",
    "2028 Feb 29 10:00-12:00",
    "Dec 08:00-12:00",
    "Jan 31,Mar 31,Dec 24-26 off",
    "Mo-Fr 22:00-06:00",
    "Mo-Fr 10:00-12:00; Sa 22:00-02:00",
    "Mo-Fr 22:00-02:00, Sa 10:00-14:00",
    "Mo-Fr 22:00-24:00; Tu-Sa 00:00-02:00; Su off",
    "Mo-Fr 22:00-00:00; Su off",
    '24/7 open "a || b; SH, sunrise + Feb 30 Apr 31 PH -1 day 48:00"',
    'Mo 10:00-12:00 unknown "PH off utan aftnar"',
]


@pytest.mark.parametrize(("expression", "position", "reason"), FAULTS)
def test_a_fault_is_named_with_its_place_and_reason(expression: str, position: int, reason: str) -> None:
    problem = check(expression)[0]
    assert problem.position == position
    assert problem.reason.startswith(reason)


@pytest.mark.parametrize("expression", FINE)
def test_a_fine_expression_has_no_problems(expression: str) -> None:
    assert check(expression) == []


@pytest.mark.parametrize(
    ("rest", "missing"),
    [
        ("", ["midsommarafton", "julafton", "nyårsafton"]),
        ("; Dec 24 off; Dec 31 off", ["midsommarafton"]),
        ("; Jun 19-25 Fr off; Dec 31 off", ["julafton"]),
        ("; Jun 19-25 Fr off; Dec 24 off", ["nyårsafton"]),
        ("; Jun 19-25 Fr off; 2026 Dec 24 off; Dec 31 off", ["julafton"]),
        ("; Jun 21-25 Fr off; Dec 24 off; Dec 31 off", ["midsommarafton"]),
        ("; Jun 19-25 Fr 10:00-12:00; Dec 24 Mo-Fr off; Dec 31 unknown", []),
    ],
)
def test_an_eve_not_written_out_after_ph_is_named(rest: str, missing: list[str]) -> None:
    problems = check(f"Mo-Fr 09:00-16:00; PH off{rest}")
    named = [
        eve for eve in ("midsommarafton", "julafton", "nyårsafton") for problem in problems if eve in problem.reason
    ]
    assert named == missing
    assert all(problem.position == 19 for problem in problems)


def test_eves_written_before_ph_do_not_count() -> None:
    (problem,) = check(f"Mo-Fr 09:00-16:00; {EVES}; PH 10:00-12:00")
    assert problem.position == 61
    assert "Jun 19-25 Fr (midsommarafton), Dec 24 (julafton), Dec 31 (nyårsafton)" in problem.reason


def test_all_problems_are_named_in_reading_order() -> None:
    problems = check('Feb 30 10:00+; SH off; Mo "x" || off')
    assert [problem.position for problem in problems] == [0, 12, 15, 26, 30]


def test_too_long_an_expression_is_refused_with_its_length() -> None:
    assert check("Mo-Fr;" * 2000) == [LintProblem(8000, "longer than 8000 characters (12000)")]


@pytest.mark.parametrize(
    "expression",
    [
        "PH,Mo;" * 82 + "PH off",
        "00:00-12:00,12:00-24:00;" * 20 + "24/7",
        "Feb 29 Mo[5] 00:01-00:02;" * 18 + "PH off",
        "(" * 500,
        '"' * 500,
        "+" * 500,
        "Mo " + " " * 490 + "x",
        "Feb 30," * 70 + "Mo",
    ],
)
def test_hostile_input_does_not_hang(expression: str) -> None:
    began = time.monotonic()
    check(expression)
    with suppress(OpeningHoursError):
        evaluate(expression, NOON)
    assert time.monotonic() - began < 10  # minutes, where an expression is tried in all possible ways


@settings(deadline=None)
@given(st.text(max_size=600) | st.text('MoFr PHSudec0123456789:-;,|+"()[]/', max_size=200))
def test_no_text_at_all_makes_check_fail(expression: str) -> None:
    problems = check(expression)
    assert all(0 <= problem.position <= max(len(expression), 500) and problem.reason for problem in problems)
