"""Rejects what an editor must not write: parsers of opening_hours disagree about it, or the engine misreads it."""

import re
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain

from opening_hours import OpeningHours

from app.opening_hours.expressions import InvalidExpressionError, parse
from app.opening_hours.holidays import FIRST_YEAR, LAST_YEAR, eves

_COMMENT = re.compile(r'"[^"]*"')
_STATES = ("open", "closed", "off", "unknown")
_REJECTED = {
    re.compile(r"\|\|"): "falls back per day, not per instant: write the hours of each rule out",
    re.compile(r"\+"): "leaves an end open or counts days, which readers take differently: write it out",
    re.compile(r"(?:sunrise|sunset|dawn|dusk)", re.IGNORECASE): "hangs on the sun: write a clock time",
    re.compile(r"SH"): "is not known: school holidays differ between municipalities: write the dates out",
    re.compile(r"PH *- *\d+ *days?"): "counts from a public holiday: write the dates out",
    re.compile(r"48:00"): "at the end of a span is read as days without end: write a rule for each day",
    re.compile(r"\d\d?:\d\d */ *[\d:]+"): "repeats within a span, which readers take differently: write the times out",
}
_SPAN = re.compile(r"(\d\d?):(\d\d) *- *(\d\d?):(\d\d)")
_DAYS = {"Jan": 31, "Feb": 29, "Mar": 31, "Apr": 30, "May": 31, "Jun": 30,
         "Jul": 31, "Aug": 31, "Sep": 30, "Oct": 31, "Nov": 30, "Dec": 31}  # fmt: skip
_DATE = re.compile(rf"(?:(?<![-/\d])(\d{{4}}) *)?({'|'.join(_DAYS)}) *(\d\d?)(?: *- *(\d\d?))?(?![\d:])", re.IGNORECASE)
_EVES = {"Midsommarafton": "Jun 19-25 Fr", "Julafton": "Dec 24", "Nyårsafton": "Dec 31"}


@dataclass(frozen=True, slots=True)
class LintProblem:
    """What is wrong, and where: `position` counts characters from 0."""

    position: int
    reason: str


def check(expression: str) -> list[LintProblem]:
    """Everything an editor must change before the expression can be trusted, in reading order; empty if it is fine.

    Never raises. An expression that cannot be parsed has that as its only problem. Text in comments is not checked.
    """
    try:
        parse(expression)
    except InvalidExpressionError as error:
        return [LintProblem(error.position, error.reason)]
    rules = _COMMENT.sub(lambda comment: " " * len(comment[0]), expression)
    problems = chain(
        _stateless_comments(expression, rules),
        _rejected(rules),
        _impossible_dates(rules),
        _past_midnight(rules),
        _missing_eves(expression, rules),
    )
    return sorted(problems, key=lambda problem: problem.position)


def _stateless_comments(expression: str, rules: str) -> Iterator[LintProblem]:
    """`Mo-Fr "kontorstid"` means open to our engine and unknown to others."""
    for comment in _COMMENT.finditer(expression):
        if not rules[: comment.start()].rstrip().lower().endswith(_STATES):
            yield LintProblem(comment.start(), f"{comment[0]} has no state before it: write unknown, open or off")


def _rejected(rules: str) -> Iterator[LintProblem]:
    for pattern, reason in _REJECTED.items():
        for part in pattern.finditer(rules):
            yield LintProblem(part.start(), f"{part[0]} {reason}")


def _past_midnight(rules: str) -> Iterator[LintProblem]:
    """`Mo-Fr 22:00-02:00; PH off` wrongly closes at midnight before a holiday and opens in the night after it."""
    last = rules.rfind(";")
    for span in _SPAN.finditer(rules, 0, max(last, 0)):
        opens, closes = (int(hours) * 60 + int(minutes) for hours, minutes in (span.group(1, 2), span.group(3, 4)))
        if closes > 24 * 60 or 0 < closes < opens:
            yield LintProblem(
                span.start(),
                f"{span[0]} runs past midnight, and a later rule takes over whole days from 00:00, so that the hours "
                f"after midnight are wrong beside its days: write {span[1]}:{span[2]}-24:00, and the hours after "
                "midnight as a rule of their own on the days after; then write out the nights beside each off",
            )


def _impossible_dates(rules: str) -> Iterator[LintProblem]:
    for part in _DATE.finditer(rules):
        year, month, first, last = part.groups(default="")
        month = month.capitalize()
        days = 28 if month == "Feb" and year and not isleap(int(year)) else _DAYS[month]
        if max(int(first), int(last or first)) > days:
            yield LintProblem(part.start(), f"{part[0]}: {month} has {days} days")
        elif last and int(last) < int(first):
            yield LintProblem(part.start(), f"{part[0]} runs backwards: name both months")


def _missing_eves(expression: str, rules: str) -> Iterator[LintProblem]:
    """Some holiday lists contain the eves and others do not: an eve needs a rule unless both give the same hours."""
    position = rules.rfind("PH")
    if position < 0:
        return
    if missing := _unwritten_eves(expression):
        forms = ", ".join(f"{form} ({name.lower()})" for name, form in _EVES.items() if name in missing)
        yield LintProblem(position, f"PH: write a rule for each eve after it: {forms}")


@lru_cache(maxsize=256)  # each publication checks all hours of a record, and most are unchanged
def _unwritten_eves(expression: str) -> frozenset[str]:
    """The Swedish names of the eves whose hours depend on whether they count as holidays."""
    listed, unlisted = parse(expression), parse(expression, holidays=False)
    return frozenset(
        name.sv
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for day, name in eves(year).items()
        if _hours_on(day, listed) != _hours_on(day, unlisted)
    )


def _hours_on(day: date, hours: OpeningHours) -> list[object]:
    midnight = datetime.combine(day, time())
    return list(hours.intervals(midnight, midnight + timedelta(days=1)))
