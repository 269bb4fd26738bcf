"""Keeping the search index in step with the records: what belongs to a record is patched, nothing is renumbered."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, inspect, select, tuple_, update
from sqlmodel import Session, col

from app.search.contents import BATCH, load_tokens
from app.search.models import SearchPosting, SearchTrigram
from app.search.ranks import CHUNK, every, joined, packed
from app.search.spelling import SHORTEST, trigrams
from app.search.words import INDEXED

FLUSH = 16_384
"""Entries that are gathered before they are written; their numbers take some 4 bytes for each token."""


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
        changes = dict[tuple[str, int], tuple[set[int], set[int]]]()
        for token in self._lost.keys() | self._got.keys():
            lost, got = set(self._lost.get(token, ())), set(self._got.get(token, ()))
            for chosen, numbers in ((0, lost - got), (1, got - lost)):
                for number in numbers:
                    changes.setdefault((token, number // CHUNK), (set(), set()))[chosen].add(number % CHUNK)
        self._lost.clear()
        self._got.clear()
        _write_postings(self._session, changes)


def _write_postings(session: Session, changes: dict[tuple[str, int], tuple[set[int], set[int]]]) -> None:
    """Take entries out of postings and put others in."""
    keys = sorted(changes)
    appeared, vanished = set[str](), set[str]()
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        known = _load_postings(session, part)
        new, changed, gone = list[dict[str, Any]](), list[dict[str, Any]](), list[tuple[str, int]]()
        for key in part:
            lost, got = changes[key]
            numbers = (set(every(joined([(0, known[key])]))) if key in known else set()) - lost | got
            if not numbers:
                gone += [key] if key in known else []
            elif key in known:
                changed.append({"of_token": key[0], "of_chunk": key[1], "new": packed(sorted(numbers))})
            else:
                new.append({"token": key[0], "chunk": key[1], "numbers": packed(sorted(numbers))})
        _store_postings(session, new, changed, gone)
        appeared |= {row["token"] for row in new}
        vanished |= {token for token, _ in gone}
    _update_words(session, appeared, vanished)


def _load_postings(session: Session, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
    statement = select(col(SearchPosting.token), col(SearchPosting.chunk), col(SearchPosting.numbers))
    found = session.execute(statement.where(tuple_(col(SearchPosting.token), col(SearchPosting.chunk)).in_(keys)))
    return {(token, chunk): numbers for token, chunk, numbers in found}


def _store_postings(
    session: Session, new: list[dict[str, Any]], changed: list[dict[str, Any]], gone: list[tuple[str, int]]
) -> None:
    table: Any = inspect(SearchPosting).local_table
    if new:
        session.execute(insert(SearchPosting), new)
    if changed:
        own = (table.c.token == bindparam("of_token")) & (table.c.chunk == bindparam("of_chunk"))
        session.connection().execute(update(table).where(own).values(numbers=bindparam("new")), changed)
    if gone:
        session.execute(
            delete(SearchPosting).where(tuple_(col(SearchPosting.token), col(SearchPosting.chunk)).in_(gone))
        )


def _update_words(session: Session, appeared: set[str], vanished: set[str]) -> None:
    """Keep the words by their trigrams: those of tokens that some entry has."""
    words = {token[2:] for token in appeared | vanished if _is_word(token)}
    forms = [f"{mark}{word}" for word in words for mark in ("n~", "n^", "t~", "t^")]
    standing = set[str]()
    for first in range(0, len(forms), BATCH):
        part = col(SearchPosting.token).in_(forms[first : first + BATCH])
        standing |= {token[2:] for token in session.scalars(select(col(SearchPosting.token)).where(part).distinct())}
    changes = defaultdict[str, tuple[set[str], set[str]]](lambda: (set(), set()))
    for word in words:
        for trigram in trigrams(word):
            changes[trigram][word in standing].add(word)
    _write_trigrams(session, changes)


def _write_trigrams(session: Session, changes: dict[str, tuple[set[str], set[str]]]) -> None:
    keys = sorted(changes)
    table: Any = inspect(SearchTrigram).local_table
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        rows = session.execute(
            select(col(SearchTrigram.trigram), col(SearchTrigram.words)).where(col(SearchTrigram.trigram).in_(part))
        )
        known = {trigram: set(words.split(" ")) for trigram, words in rows}
        wanted = {trigram: known.get(trigram, set()) - changes[trigram][0] | changes[trigram][1] for trigram in part}
        new = [
            {"trigram": key, "words": " ".join(sorted(words))}
            for key, words in wanted.items()
            if words and key not in known
        ]
        changed = [
            {"of_trigram": key, "new": " ".join(sorted(words))}
            for key, words in wanted.items()
            if words and key in known and words != known[key]
        ]
        if new:
            session.execute(insert(SearchTrigram), new)
        if changed:
            session.connection().execute(
                update(table).where(table.c.trigram == bindparam("of_trigram")).values(words=bindparam("new")), changed
            )
        if gone := [key for key, words in wanted.items() if not words and key in known]:
            session.execute(delete(SearchTrigram).where(col(SearchTrigram.trigram).in_(gone)))


def _is_word(token: str) -> bool:
    """Whether a token is a word that a misspelled one may mean. Not a number: a nearby one is another."""
    return token[1] in "~^" and len(token) >= SHORTEST + 2 and token[2:].isalpha()
