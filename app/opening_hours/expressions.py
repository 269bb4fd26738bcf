"""Parses OSM opening_hours expressions.

Specification: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

import re
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # its stub forgets ParserError

LONGEST = 8000
"""The most characters of an expression: enough for sixty days with hours of their own, and parsed in milliseconds. The
usual hours that an editor writes have at most 500 (`app.records.shapes`)."""

_COLUMN = re.compile(r"--> 1:(\d+)")


class OpeningHoursError(ValueError):
    """The state cannot be determined; the message says why."""


class InvalidExpressionError(OpeningHoursError):
    """The expression cannot be read, from `position` (characters, counted from 0) on."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"at character {position}: {reason}")
        self.position = position
        self.reason = reason


@lru_cache(maxsize=1024)
def parse(expression: str, *, holidays: bool = True) -> OpeningHours:
    """The parsed expression, which takes naive Stockholm wall-clock times. Without `holidays`, `PH` matches no day.

    Raises InvalidExpressionError.
    """
    _check_characters(expression)
    try:
        return OpeningHours(
            expression, country="SE" if holidays else None, auto_country=False, auto_timezone=False
        )  # no timezone: the engine's own zone arithmetic is wrong in DST nights
    except ParserError as error:
        raise _explain(expression, str(error)) from None


def _check_characters(expression: str) -> None:
    if len(expression) > LONGEST:
        raise InvalidExpressionError(LONGEST, f"longer than {LONGEST} characters ({len(expression)})")
    if not expression.strip():
        raise InvalidExpressionError(0, "empty")  # the engine reads a blank as 24/7
    for position, character in enumerate(expression):
        if not character.isprintable():
            raise InvalidExpressionError(position, f"U+{ord(character):04X} is not a printable character")


def _explain(expression: str, message: str) -> InvalidExpressionError:
    """Our own message: the engine's names grammar rules ("expected EOI"), and only its column is of use."""
    column = _COLUMN.search(message)
    if column is None:
        return InvalidExpressionError(0, message.removeprefix("Failed to parse expression: "))
    rest = expression[int(column[1]) - 1 :].lstrip()
    reason = f"cannot be read from here: {rest[:20]}" if rest else "ends too early"
    return InvalidExpressionError(len(expression) - len(rest), reason)
