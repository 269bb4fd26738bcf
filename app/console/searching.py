"""Which records hold what an editor searches for: words of the name, or a part of a number or an address."""

import re
from collections.abc import Iterator

from app.console.records import RecordView
from app.folding import fold
from app.resources.contacts import format_value
from app.resources.models import Channel

_NUMBER = re.compile(r"[0-9 ()+/.-]*[0-9][0-9 ()+/.-]*")


def is_match(record: RecordView, asked: str) -> bool:
    """Whether the name or a way of contact holds the text; of a number only its digits count, as dialled or as read."""
    ways = list(_list_ways(record))
    if any(fold(asked) in fold(text) for text in (record.title, *ways)):
        return True
    digits = _keep_digits(asked).removeprefix("00") if _NUMBER.fullmatch(fold(asked)) else ""
    return bool(digits) and any(digits in _keep_digits(text) for text in ways)


def _list_ways(record: RecordView) -> Iterator[str]:
    """The values of the contact points, each as it is stored and as it is read."""
    for point in record.document.get("contact_points", ()):
        value = point.get("value")
        if value is not None:
            yield value
            yield format_value(Channel(point["channel"]), value) or value


def _keep_digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
