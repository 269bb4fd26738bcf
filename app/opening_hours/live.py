"""The state of one contact point at one moment, as the API shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.faults import report_fault
from app.opening_hours.expressions import OpeningHoursError, parse
from app.opening_hours.rules import STOCKHOLM, always_open, evaluate, eve, holiday
from app.texts import Language
from app.times import read_moment

FIRST, LAST = datetime(2000, 1, 1, tzinfo=STOCKHOLM), datetime(2077, 1, 1, tzinfo=STOCKHOLM)

UNREADABLE = "24/7 unknown"
"""Replaces hours that cannot be parsed."""


class State(StrEnum):
    """open and closed are certain; unknown: a source gives hours, but not for this moment; not_stated: none does."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    NOT_STATED = "not_stated"


def parse_moment(value: object) -> datetime:
    """A moment as `read_moment` reads it, from 2000 to 2076. Raises ValueError."""
    moment = read_moment(value)
    if not FIRST <= moment < LAST:
        raise ValueError("is outside 2000 to 2076, the years that this directory covers")
    return moment


YEARS = r"^(1999-12-31|20[0-6][0-9]-|207[0-6]-|2077-01-01)"
"""Regular expression for how moments from FIRST to LAST begin, whatever their offset."""

Moment = Annotated[
    datetime,
    BeforeValidator(parse_moment),
    Field(
        json_schema_extra={
            "type": "string",
            "format": "date-time",
            "pattern": YEARS,
            "example": "2026-06-19T10:00:00+02:00",
        }
    ),
]


def this_minute() -> datetime:
    """Now in UTC, cut to the minute: hours change on whole minutes, and answers stay the same within one."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


def this_day() -> datetime:
    """The last midnight in Stockholm, so that a cached answer stays the same all day."""
    return datetime.now(STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Other hours from one date to another, both included."""

    starts_on: date
    ends_on: date
    expression: str


@dataclass(frozen=True, slots=True)
class Live:
    """The state at a moment, exceptions included."""

    state: State
    comment: str | None
    next_change: datetime | None
    always_open: bool
    exceptional: bool


def live(expression: str | None, exceptions: Sequence[Exceptional], at: datetime) -> Live:
    """The state at `at` of a contact point with these hours, or with none."""
    if expression is None:
        return Live(State.NOT_STATED, None, None, always_open=False, exceptional=False)
    status = evaluate(stored_hours(expression, exceptions), at)
    today = at.astimezone(STOCKHOLM).date()
    return Live(
        State(status.state.value),
        status.comment,
        status.next_change,
        always_open=not exceptions and always_open(readable(expression)),
        exceptional=any(exception.starts_on <= today <= exception.ends_on for exception in exceptions),
    )


def lasting(now: Live) -> Live:
    """The state as a file may keep it: one that never changes stays, any other becomes unknown."""
    if now.next_change is None:
        return replace(now, exceptional=False)
    return Live(State.UNKNOWN, None, None, now.always_open, exceptional=False)


_SPANS = r"[0-9]{2}:[0-9]{2} ?- ?[0-9]{2}:[0-9]{2}(?:, ?[0-9]{2}:[0-9]{2} ?- ?[0-9]{2}:[0-9]{2})*"
_PLAIN_HOURS = re.compile(rf'(?:off|closed|open|unknown|{_SPANS}(?: (?:open|unknown))?)(?: "[^"]*")?', re.IGNORECASE)
PLAIN_HOURS = "off, unknown, open, or times such as 10:00-12:00,13:00-15:00; after them unknown, if that is not certain"
"""What `is_plain_hours` accepts, in words for an editor."""


def is_plain_hours(expression: str) -> bool:
    """Whether it is a single rule without days or dates, so that we can put dates in front of it."""
    return _PLAIN_HOURS.fullmatch(expression) is not None


def stored_hours(expression: str, exceptions: Sequence[Exceptional]) -> str:
    """The hours of a stored contact point, exceptions included, as an expression that can be parsed."""
    return readable(with_exceptions(readable(expression), [_to_plain_hours(exception) for exception in exceptions]))


def _to_plain_hours(exception: Exceptional) -> Exceptional:
    """The exception; with unknown hours where its expression cannot be parsed or is not plain hours."""
    if readable(exception.expression) == exception.expression:
        if is_plain_hours(exception.expression):
            return exception
        report_fault("an exception is not one rule of hours", exception.expression)
    return replace(exception, expression="unknown")


def readable(expression: str) -> str:
    """The stored expression, or UNREADABLE where it cannot be parsed: one bad record must not break a list."""
    try:
        parse(expression)
    except OpeningHoursError:
        report_fault("opening hours cannot be read", expression)
        return UNREADABLE
    return expression


def with_exceptions(expression: str, exceptions: Sequence[Exceptional]) -> str:
    """The expression followed by a rule for each exception, which replaces all other hours on its dates."""
    rules = [expression]
    for exception in exceptions:
        dates = f"{exception.starts_on:%Y %b %d}-{exception.ends_on:%Y %b %d}"
        rules += [f"{dates} off"] + ([f"{dates} {exception.expression}"] if exception.expression != "off" else [])
    return "; ".join(rules)


def holiday_name(at: datetime, language: Language) -> str | None:
    """The Swedish public holiday, or the eve on which much is closed, that a moment falls on."""
    day = at.astimezone(STOCKHOLM).date()
    name = holiday(day) or eve(day)
    return None if name is None else str(getattr(name, language, name.en))
