"""How a contact point's value is dialled, followed and read."""

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

import phonenumbers

from app.resources.models import Channel

SHORT_NUMBERS = {
    "112": "112",
    "11414": "114 14",
    "1177": "1177",
    "116000": "116 000",
    "116006": "116 006",
    "116016": "116 016",
    "116111": "116 111",
}
"""Swedish short numbers and how they are read; they have no international form."""

_WEB_ADDRESS = re.compile(r"https?://[^\s\"'`<>\\\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_EMAIL_ADDRESS = re.compile(
    r"(?!.{255})(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@"
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""A plain address: what mail programs would read in another way (lists, comments, encoded words) is none."""


@lru_cache(maxsize=4096)
def format_value(channel: Channel, value: str | None) -> str | None:
    """The value as a Swede reads it: `+4620390000` → `020-39 00 00`."""
    if value is None or channel not in (Channel.PHONE, Channel.SMS):
        return value
    if value in SHORT_NUMBERS:
        return SHORT_NUMBERS[value]
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value  # what seeding would refuse: shown as it stands, and no fault of the page
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 46 else form.INTERNATIONAL)


def make_uri(channel: Channel, value: str | None) -> str | None:
    """What a link dials or opens; None for a visit, and where no value is known."""
    if value is None:
        return None
    match channel:
        case Channel.PHONE:
            return f"tel:{value}"
        case Channel.SMS:
            return f"sms:{value}"
        case Channel.EMAIL:
            return f"mailto:{quote(value, safe='@')}"
        case Channel.WEB | Channel.CHAT:
            return value if value.startswith(("https://", "http://")) else None
        case Channel.VISIT:
            return None


def find_fault(channel: Channel, value: str) -> str | None:
    """What is wrong with a value, or None."""
    match channel:
        case Channel.PHONE | Channel.SMS:
            return (
                None
                if value in SHORT_NUMBERS or _is_number(value)
                else (f"{value!r} is neither a valid number in E.164 (+46…) nor one of {', '.join(SHORT_NUMBERS)}")
            )
        case Channel.EMAIL:
            return None if _EMAIL_ADDRESS.fullmatch(value) else f"{value!r} is no e-mail address"
        case Channel.WEB | Channel.CHAT:
            return find_web_address_fault(value)
        case Channel.VISIT:
            return None


def find_web_address_fault(value: str) -> str | None:
    """What is wrong with a web address, or None."""
    try:
        parts = urlsplit(value)
        is_address = bool(_WEB_ADDRESS.fullmatch(value) and parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an IPv6 address between them, a port that is no number
        is_address = False
    reason = "is no web address: https:// or http://, a host, and no space, quotation mark or control character"
    return None if is_address else f"{value!r} {reason}"


def _is_number(value: str) -> bool:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return False
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.is_valid_number(number) and e164 == value
