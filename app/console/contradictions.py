"""Numbers that the words cited for them do not hold."""

import phonenumbers

from app.console.citing import list_cites
from app.console.filling import NUMBERS
from app.console.records import read_value
from app.records.documents import Document
from app.resources.contacts import SHORT_NUMBERS


def list_contradictions(document: Document, path: str) -> list[str]:
    """The words cited for a number that hold other digits than it; none where a field is no number."""
    owner, _, name = path.rpartition(".")
    value = read_value(document, path)
    if name != "value" or value is None or read_value(document, f"{owner}.channel") not in NUMBERS:
        return []
    number = _read_national(value)
    words = [cite.evidence for cite in list_cites(document, path)]
    return [one for one in words if (digits := _read_digits(one)) and number not in digits]


def _read_national(value: str) -> str:
    """The digits of a number that every way of writing it has: without country code and leading zero."""
    if value in SHORT_NUMBERS:
        return value
    try:
        return str(phonenumbers.parse(value).national_number)
    except phonenumbers.NumberParseException:
        return _read_digits(value)


def _read_digits(text: str) -> str:
    return "".join(one for one in text if one.isdecimal())
