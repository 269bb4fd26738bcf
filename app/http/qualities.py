"""Quality values of the Accept headers (RFC 9110 §12.4.2), read in one place for formats, languages and encodings."""

import re
from collections.abc import Callable, Sequence

Choice = tuple[str, float]
"""What a header names, in lower case and without parameters, and its quality from 0 (refused) to 1."""

MOST_CHOICES = 50
UNMENTIONED = 0.0001
"""Below every quality that can be written: what a header does not mention is worse than what it wants, not refused."""
_QUALITY = re.compile(r"0?\.\d+|0\.?|1(?:\.0*)?")


def parse_choices(header: str) -> list[Choice]:
    """The choices of an Accept header in its order, at most 50. A quality that cannot be read counts as refused."""
    return [_choice(part) for part in header.lower().split(",")[:MOST_CHOICES] if part.strip()]


def _choice(part: str) -> Choice:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            value = value.strip()
            return name, float(value) if _QUALITY.fullmatch(value) else 0.0
    return name, 1.0


def rate(choices: Sequence[Choice], *matches: Callable[[str], bool], otherwise: float = 0.0) -> float:
    """The highest quality among the choices that the first fitting test matches: the most specific test comes first."""
    for match in matches:
        qualities = [quality for name, quality in choices if match(name)]
        if qualities:
            return max(qualities)
    return otherwise
