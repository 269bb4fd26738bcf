"""Whether the words that are cited for a number or an address hold it."""

import re
from functools import lru_cache

import phonenumbers

from app.resources.contacts import SHORT_NUMBERS
from app.resources.models import Channel

NUMBERS = (Channel.PHONE, Channel.SMS)
IN_WORDS = (*NUMBERS, Channel.EMAIL)
"""Channels whose values stand in a source as words; a web address is often that of the source itself."""
SWEDEN = "+46"
_SHORTEST = 6
"""Digits of the shortest number in words, short numbers such as 112 apart."""
_NOT_DIALLED = re.compile(
    r"\d{4}-\d{2}-\d{2}|\b(?:19|20)\d{2}\s*[-–]\s*(?:19|20)\d{2}\b"  # dates and years
    r"|(?<!\d)\d{1,2}[.:]\d{2}(?:\s*[-–]\s*\d{1,2}[.:]\d{2})?(?!\d)"  # times of day
)
_WRITTEN = re.compile(r"\+?\(?\d(?:[\s()./–-]*\d)*")


@lru_cache(maxsize=4096)
def holds_value(channel: Channel, value: str, words: str) -> bool:
    """Whether words hold a number, however it is written, or an address."""
    if channel not in NUMBERS:
        return value.casefold() in words.casefold()
    if value in SHORT_NUMBERS:
        return value in map(_read_digits, _WRITTEN.findall(words))
    return _read_national(value) in _read_digits(words)


def holds_other_number(value: str, words: str) -> bool:
    """Whether words hold a number, and not this one. Dates, years and times of day are no numbers."""
    written = map(_read_digits, _WRITTEN.findall(_NOT_DIALLED.sub(";", words)))
    has_number = any(digits in SHORT_NUMBERS or len(digits) >= _SHORTEST for digits in written)
    return has_number and not holds_value(Channel.PHONE, value, words)


def _read_national(value: str) -> str:
    """The digits of a number that every way of writing it has: without country code and leading zero."""
    if value.startswith(SWEDEN):
        return value.removeprefix(SWEDEN)  # parsing takes longer than all the rest
    try:
        return str(phonenumbers.parse(value).national_number)
    except phonenumbers.NumberParseException:
        return _read_digits(value)


def _read_digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
