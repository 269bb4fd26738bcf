"""Which records hold what an editor searches for: words of the name, or a part of a number or an address."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from app.console.records import RecordView
from app.folding import fold
from app.resources.contacts import format_value
from app.resources.models import Channel

MOST_SUGGESTED, NEARNESS = 3, 0.75
_NUMBER = re.compile(r"[0-9 ()+/.-]*[0-9][0-9 ()+/.-]*")


def is_match(record: RecordView, query: str) -> bool:
    """Whether the name or a way of contact holds the text; of a number only its digits count, as dialled or as read."""
    ways = list(_list_ways(record))
    if any(fold(query) in fold(text) for text in (record.title, *ways)):
        return True
    digits = _keep_digits(query).removeprefix("00") if _NUMBER.fullmatch(fold(query)) else ""
    return bool(digits) and any(digits in _keep_digits(text) for text in ways)


def suggest_records(records: Collection[RecordView], query: str) -> list[RecordView]:
    """The records whose names, or a word of them, are spelled nearly so; at most three."""
    by_word = {word: record for record in records for word in (fold(record.title), *fold(record.title).split())}
    near = get_close_matches(fold(query), by_word, MOST_SUGGESTED, NEARNESS)
    return list({by_word[word].id: by_word[word] for word in near}.values())


def _list_ways(record: RecordView) -> Iterator[str]:
    """The values of the contact points, each as it is stored and as it is read."""
    for point in record.document.get("contact_points", ()):
        value = point.get("value")
        if value is not None:
            yield value
            yield format_value(Channel(point["channel"]), value) or value


def _keep_digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
