"""What is a kind's own, as facts on the page of a resource: names and values in words."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from app.resources.kind import profile_of
from app.resources.schemas import ResourceShown
from app.texts import Language
from app.times import date_in_words

Words = dict[str, Any]
"""The words of the pages in one language; `facts` has those of the kind among them."""


class Fact(NamedTuple):
    """The key of its name in `facts`, and its value in words; None: nobody states it."""

    name: str
    value: str | None
    is_address: bool = False
    """Whether it is a web address, which stands last."""


Facts = Callable[[Any, Words, Language], Iterator[Fact]]
"""From a resource of a kind to its own facts."""


def plain_facts(resource: ResourceShown, words: Words, language: Language) -> Iterator[Fact]:
    """The fields that `kind.toml` names in `facts`, each as it is."""
    for name in profile_of(resource.kind).facts:
        yield Fact(name, _in_words(getattr(resource, name), words["facts"], language))


def _in_words(value: object, words: dict[str, str], language: Language) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    return date_in_words(value, language) if isinstance(value, date) else str(value)


def name_days(days: int | None, words: dict[str, str]) -> str | None:
    """`1 day`, `2 days`."""
    return None if days is None else words["day"] if days == 1 else words["days"].format(days)


def quote(ours: str | None, theirs: str | None, words: dict[str, str]) -> str | None:
    """Our words, and the source's own."""
    quoted = None if theirs is None else words["quoted"].format(theirs)
    return f"{ours} ({quoted})" if ours and quoted else ours or quoted
