"""Keeping the search index in step with the records: what belongs to a record is patched, nothing is renumbered."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, insert, inspect, select, tuple_
from sqlmodel import Session

from app.search.contents import BATCH, load_tokens
from app.search.models import SearchPosting, SearchTrigram
from app.search.ranks import CHUNK, packed, patched
from app.search.spelling import SHORTEST, trigrams
from app.search.words import INDEXED

FLUSH = 16_384
"""Entries that are gathered before they are written; their numbers take some 4 bytes for each token."""

Chunk = tuple[str, int]
"""A token and the number of a chunk of its entries."""

_POSTING: Any = inspect(SearchPosting).local_table
_TRIGRAM: Any = inspect(SearchTrigram).local_table
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_CHUNKS = tuple_(_POSTING.c.token, _POSTING.c.chunk).in_(_KEYS)
_THESE = _TRIGRAM.c.trigram.in_(_KEYS)
_STANDING = select(_POSTING.c.token).where(_POSTING.c.token.in_(_KEYS)).distinct()


class IndexPatch:
    """Tokens that entries lose and get, gathered and then written together; what is got back costs nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lost = defaultdict[str, "array[int]"](lambda: array("I"))
        self._got = defaultdict[str, "array[int]"](lambda: array("I"))
        self._entries = 0

    def remove(self, ids: Sequence[UUID]) -> None:
        """Take away the tokens that these resources and organizations have in the store now."""
        for number, found in load_tokens(self._session, ids):
            for token in found:
                self._lost[token].append(number)

    def add(self, ids: Sequence[UUID]) -> None:
        """Give these resources and organizations the tokens that they have in the store now."""
        for number, found in load_tokens(self._session, ids):
            for token in found:
                self._got[token].append(number)
            self._entries += 1
            if self._entries % FLUSH == 0:
                self.flush()

    def mark(self) -> None:
        """Say by which rules the index is made; done once, where it is made whole."""
        self._session.execute(insert(SearchPosting), [{"token": INDEXED, "chunk": 0, "numbers": packed([])}])

    def flush(self) -> None:
        """Write what was gathered."""
        changes = dict[Chunk, tuple[set[int], set[int]]]()
        for token in self._lost.keys() | self._got.keys():
            lost, got = set(self._lost.get(token, ())), set(self._got.get(token, ()))
            for chosen, numbers in ((0, lost - got), (1, got - lost)):
                for number in numbers:
                    changes.setdefault((token, number // CHUNK), (set(), set()))[chosen].add(number % CHUNK)
        self._lost.clear()
        self._got.clear()
        _write_postings(self._session, changes)


def _write_postings(session: Session, changes: dict[Chunk, tuple[set[int], set[int]]]) -> None:
    """Take entries out of postings and put others in."""
    keys = sorted(changes)
    appeared, vanished = set[str](), set[str]()
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        rows = session.connection().execute(select(*_POSTING.c).where(_CHUNKS), {"keys": part})
        known = {(token, chunk): numbers for token, chunk, numbers in rows}
        wanted = {key: patched(known.get(key), *changes[key]) for key in part}
        new = [
            {"token": token, "chunk": chunk, "numbers": numbers}
            for (token, chunk), numbers in wanted.items()
            if numbers is not None
        ]
        _replace(session, _POSTING, _CHUNKS, list(known), new)
        appeared |= {token for token, chunk in part if (token, chunk) not in known}
        vanished |= {token for token, chunk in known if wanted[token, chunk] is None}
    _update_words(session, appeared, vanished)


def _update_words(session: Session, appeared: set[str], vanished: set[str]) -> None:
    """Keep the words by their trigrams: those of tokens that some entry has."""
    words = {token[2:] for token in appeared | vanished if _is_word(token)}
    forms = [f"{mark}{word}" for word in words for mark in ("n~", "n^", "t~", "t^")]
    standing = set[str]()
    for first in range(0, len(forms), BATCH):
        found = session.connection().scalars(_STANDING, {"keys": forms[first : first + BATCH]})
        standing |= {token[2:] for token in found}
    changes = defaultdict[str, tuple[set[str], set[str]]](lambda: (set(), set()))
    for word in words:
        for trigram in trigrams(word):
            changes[trigram][word in standing].add(word)
    _write_trigrams(session, changes)


def _write_trigrams(session: Session, changes: dict[str, tuple[set[str], set[str]]]) -> None:
    keys = sorted(changes)
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        rows = session.connection().execute(select(*_TRIGRAM.c).where(_THESE), {"keys": part})
        known: dict[str, str] = dict(rows.all())
        wanted = {key: _spelled(known.get(key, ""), *changes[key]) for key in part}
        stale = [key for key, words in known.items() if words != wanted[key]]
        new = [{"trigram": key, "words": words} for key, words in wanted.items() if words and words != known.get(key)]
        _replace(session, _TRIGRAM, _THESE, stale, new)


def _spelled(known: str, lost: set[str], got: set[str]) -> str:
    """The words of a trigram, in their order, without those that it loses and with those that it gets."""
    kept = (word for word in known.split(" ") if word and word not in lost and word not in got)
    return " ".join(sorted([*kept, *got]))


def _replace(
    session: Session, table: Any, these: ColumnElement[bool], stale: Sequence[Any], new: list[dict[str, Any]]
) -> None:
    """Delete the rows with these keys, and insert others."""
    if stale:
        session.connection().execute(delete(table).where(these), {"keys": stale})
    if new:
        session.connection().execute(insert(table), new)


def _is_word(token: str) -> bool:
    """Whether a token is a word that a misspelled one may mean. Not a number: a nearby one is another."""
    return token[1] in "~^" and len(token) >= SHORTEST + 2 and token[2:].isalpha()
