"""Keeping the search index in step with the records: what belongs to a record is patched, nothing is renumbered."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sqlmodel import Session

from app.records.writing import Row
from app.search.contents import BATCH, load_tokens
from app.search.ranks import CHUNK, pack_ranks, patch_chunk
from app.search.spelling import SHORTEST, split_trigrams
from app.search.storing import (
    DELETE_POSTINGS,
    DELETE_TRIGRAMS,
    LOAD_POSTINGS,
    LOAD_TOKENS,
    LOAD_TRIGRAMS,
    PUT_POSTINGS,
    PUT_TRIGRAMS,
    load,
    write,
)
from app.search.words import INDEXED

FLUSH = 16_384
"""Entries that are gathered before they are written; their numbers take some 4 bytes for each token."""

Chunk = tuple[str, int]
"""A token and the number of a chunk of its entries."""


class IndexPatch:
    """Tokens that entries lose and get, gathered and then written together; what is got back costs nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lost = defaultdict[str, "array[int]"](partial(array, "I"))
        self._got = defaultdict[str, "array[int]"](partial(array, "I"))
        self._entries = 0

    def remove(self, ids: Sequence[UUID]) -> None:
        """Take away the tokens that these resources and organizations have in the store now."""
        for number, tokens in load_tokens(self._session, ids):
            for token in tokens:
                self._lost[token].append(number)

    def add(self, ids: Sequence[UUID]) -> None:
        """Give these resources and organizations the tokens that they have in the store now."""
        for number, tokens in load_tokens(self._session, ids):
            for token in tokens:
                self._got[token].append(number)
            self._entries += 1
            if self._entries % FLUSH == 0:
                self.flush()

    def mark(self) -> None:
        """Say by which rules the index is made; done once, where it is made whole."""
        write(self._session, PUT_POSTINGS, [_posting((INDEXED, 0), pack_ranks([]))])

    def flush(self) -> None:
        """Write what was gathered."""
        changes = dict[Chunk, tuple[set[int], set[int]]]()
        for token in self._lost.keys() | self._got.keys():
            before, after = self._lost.get(token), self._got.get(token)
            if before == after:
                continue
            lost, got = set(before or ()), set(after or ())
            for chosen, numbers in ((0, lost - got), (1, got - lost)):
                for number in numbers:
                    changes.setdefault((token, number // CHUNK), (set(), set()))[chosen].add(number % CHUNK)
        self._lost.clear()
        self._got.clear()
        _write_postings(self._session, changes)


def _write_postings(session: Session, changes: dict[Chunk, tuple[set[int], set[int]]]) -> None:
    """Take entries out of postings and put others in."""
    keys = sorted(changes, key=lambda key: (key[1], key[0]))  # by chunk: a publication of one record asks for one
    appeared, vanished = set[str](), set[str]()
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        before = _load_chunks(session, part)
        after = {key: patch_chunk(before.get(key), *changes[key]) for key in part}
        standing = {key: numbers for key, numbers in after.items() if numbers is not None}
        gone = before.keys() - standing.keys()
        write(session, PUT_POSTINGS, [_posting(key, numbers) for key, numbers in standing.items()])
        write(session, DELETE_POSTINGS, [{"token": token, "chunk": chunk} for token, chunk in gone])
        appeared |= {token for token, _ in standing.keys() - before.keys()}
        vanished |= {token for token, _ in gone}
    _update_words(session, appeared, vanished)


def _load_chunks(session: Session, keys: Sequence[Chunk]) -> dict[Chunk, bytes]:
    """The entries in each of these chunks that stands."""
    tokens, chunks = sorted({token for token, _ in keys}), sorted({chunk for _, chunk in keys})
    wanted_chunks, rows = set(keys), load(session, LOAD_POSTINGS, tokens=tokens, chunks=chunks)
    return {(token, chunk): numbers for token, chunk, numbers in rows if (token, chunk) in wanted_chunks}


def _posting(key: Chunk, numbers: bytes) -> Row:
    return {"token": key[0], "chunk": key[1], "numbers": numbers}


def _update_words(session: Session, appeared: set[str], vanished: set[str]) -> None:
    """Keep the words by their trigrams: those of tokens that some entry has."""
    words = {token[2:] for token in appeared | vanished if _is_word(token)}
    forms = [f"{mark}{word}" for word in words for mark in ("n~", "n^", "t~", "t^")]
    standing = set[str]()
    for first in range(0, len(forms), BATCH):
        standing |= {token[2:] for (token,) in load(session, LOAD_TOKENS, tokens=forms[first : first + BATCH])}
    changes = defaultdict[str, tuple[set[str], set[str]]](lambda: (set(), set()))
    for word in words:
        for trigram in split_trigrams(word):
            changes[trigram][word in standing].add(word)
    _write_trigrams(session, changes)


def _write_trigrams(session: Session, changes: dict[str, tuple[set[str], set[str]]]) -> None:
    keys = sorted(changes)
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        before: dict[str, str] = dict(load(session, LOAD_TRIGRAMS, trigrams=part))
        after = {key: _spelled(before.get(key, ""), *changes[key]) for key in part}
        new = [{"trigram": key, "words": words} for key, words in after.items() if words and words != before.get(key)]
        write(session, PUT_TRIGRAMS, new)
        write(session, DELETE_TRIGRAMS, [{"trigram": key} for key in before if not after[key]])


def _spelled(before: str, lost: set[str], got: set[str]) -> str:
    """The words of a trigram, in their order, without those that it loses and with those that it gets."""
    words = f" {before} " if before else " "
    for word in lost:
        words = words.replace(f" {word} ", " ")
    for word in got:
        if f" {word} " not in words:
            place = _find_place(words, word)
            words = f"{words[:place]} {word}{words[place:]}"
    return words.strip(" ")


def _find_place(words: str, word: str) -> int:
    """Where a word belongs among others in their order, with a space around each."""

    def read_next(place: int) -> str:
        start = words.index(" ", place) + 1
        return words[start : words.index(" ", start)]

    last = words.rfind(" ", 0, -1) + 1  # no word begins after it
    return words.index(" ", bisect_left(range(last), word, key=read_next))


def _is_word(token: str) -> bool:
    """Whether a token is a word that a misspelled one may mean. Not a number: a nearby one is another."""
    return token[1] in "~^" and len(token) >= SHORTEST + 2 and token[2:].isalpha()
