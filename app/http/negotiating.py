"""Chooses the best of our formats, languages and encodings for an Accept header (RFC 9110 §12)."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

from app.texts import Language

Choice = tuple[str, float]
"""What a header names, in lower case and without parameters, and its quality from 0 (refused) to 1."""

MOST_CHOICES = 50
UNMENTIONED = 0.0001
"""Below every quality that a header can give: what it does not mention is its last choice, but not refused."""
LONGEST_HEADER = 300
"""Longer headers are read each time and not remembered, so that hostile ones do not fill the memory."""
_QUALITY = re.compile(r"0?\.\d+|0\.?|1(?:\.0*)?")

More = TypeVarTuple("More")
Best = TypeVar("Best")


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


def remember_short(choose: Callable[[bytes, *More], Best]) -> Callable[[bytes, *More], Best]:
    """Remember what was chosen for a header, unless it is long."""
    remembered = lru_cache(maxsize=1024)(choose)

    @wraps(choose)
    def choose_once(header: bytes, *more: *More) -> Best:
        return (remembered if len(header) <= LONGEST_HEADER else choose)(header, *more)

    return choose_once


@remember_short
def choose_format(accept: bytes, formats: tuple[str, ...]) -> str | None:
    """The first of our formats with the highest quality in Accept; None where all are refused. Empty: any will do."""
    choices = parse_choices(accept.decode("latin-1"))
    if not choices:
        return formats[0]
    rated = {ours: rate(choices, ours.__eq__, f"{ours.partition('/')[0]}/*".__eq__, "*/*".__eq__) for ours in formats}
    best = max(formats, key=rated.__getitem__)  # of equals, the first
    return best if rated[best] > 0 else None


@remember_short
def choose_language(accept_language: bytes) -> Language:
    """The best of Accept-Language that we can answer in: of equals, the first named.

    Without any that we have: Swedish, unless it is refused and English is not.
    """
    choices = parse_choices(accept_language.decode("latin-1"))
    tags = [tag.partition("-")[0] for tag, _ in choices]
    ranges = [(tag, quality) for tag, (_, quality) in zip(tags, choices, strict=True)]

    def order(language: Language) -> tuple[float, int]:
        named = tags.index(language) if language in tags else len(tags)
        return rate(ranges, language.__eq__, "*".__eq__, otherwise=UNMENTIONED), -named

    return max(Language, key=order)


@remember_short
def choose_coding(accept_encoding: bytes) -> str:
    """`br`, `gzip` or `` (as it is): what we have with the highest quality in Accept-Encoding."""
    choices = parse_choices(accept_encoding.decode("latin-1"))
    rated = {
        "br": rate(choices, "br".__eq__, "*".__eq__),
        "gzip": rate(choices, ("gzip", "x-gzip").__contains__, "*".__eq__),
        "": rate(choices, "identity".__eq__, "*".__eq__, otherwise=UNMENTIONED),
    }
    best = max(rated, key=rated.__getitem__)
    return best if rated[best] > 0 else ""
