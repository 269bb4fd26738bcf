"""Numbers that the words cited for them do not hold."""

from typing import NamedTuple

from app.console.citing import list_cites
from app.console.records import read_value
from app.records.documents import Document
from app.resources.models import Channel
from app.resources.quoting import NUMBERS, holds_other_number, holds_value


class Contradiction(NamedTuple):
    """Words that are cited for a number and do not hold it. `has_other`: they hold another number."""

    words: str
    has_other: bool


def list_contradictions(document: Document, path: str) -> list[Contradiction]:
    """The words cited for a number that hold another, and where none hold the number, those without any number.

    None where a field is no number.
    """
    owner, _, name = path.rpartition(".")
    value, channel = read_value(document, path), read_value(document, f"{owner}.channel")
    if name != "value" or value is None or channel not in NUMBERS:
        return []
    cited = dict.fromkeys(cite.evidence for cite in list_cites(document, path))
    is_held = any(holds_value(Channel(channel), value, words) for words in cited)
    judged = [Contradiction(words, holds_other_number(value, words)) for words in cited]
    return [contradiction for contradiction in judged if contradiction.has_other or not is_held]
