"""The one normalisation of search: the same tokens at write and at query time, on every database.

A token is a mark and a word. The mark says where the word stands (`n` name, `t` text) and in which form: `=` as
written, `~` without diacritics, `^` its stem. The databases only look tokens up; what is alike is decided here.
Two more marks, `s=` and `k=`, tell an entry's status and kind.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import snowballstemmer

from app.folding import fold

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\+?\d(?:[ \u00a0‐‑–-]{0,3}\d){4,}")
MAX_WORDS = 12
MAX_WORD = 60
MIN_PREFIX = 2

_SWEDISH, _ENGLISH = snowballstemmer.stemmer("swedish"), snowballstemmer.stemmer("english")
_DEFINITE = ("arn", "eln", "ern", "orn")
"""Ends of definite forms that the Swedish stemmer leaves: koordinatorn, människohandeln."""


def words(text: str) -> list[str]:
    """The words of a text, in lower case, at most 60 characters each."""
    composed = unicodedata.normalize("NFC", text.casefold())
    return [word[:MAX_WORD] for word in WORD.findall("".join(map(_letter_everywhere, composed)))]


@lru_cache(maxsize=10_000)
def _letter_everywhere(char: str) -> str:
    # SQLite's own table of letters is older than Python's: what it would take for a space must be one here too.
    return char if char.isascii() or unicodedata.ucd_3_2_0.category(char) != "Cn" else " "


def bare(word: str) -> str:
    """A word without diacritics; the brackets and spaces that some characters unfold into go as well."""
    return "".join(WORD.findall(fold(word)))[:MAX_WORD]


def joined(text: str) -> str:
    """The text with each phone number as one word, however it is grouped: `+46 20-390 000` → `020390000`."""
    return NUMBER.sub(lambda found: f" {_digits(found[0])} ", text)


def _digits(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return f"0{digits[2:]}" if number.startswith("+46") else digits


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """The Swedish and the English stem of a word, without diacritics: a query does not say its language."""
    return frozenset({bare(_root(word)), bare(_ENGLISH.stemWord(word))})


def _root(word: str) -> str:
    # Once is not enough: koordinatorer → koordinator, but koordinator → koordinat.
    bare = word[:-1] if len(word) > 5 and word.endswith(_DEFINITE) else word
    stem: str = _SWEDISH.stemWord(bare)
    return word if stem == word else _root(stem)


def tokens(names: Iterable[str], texts: Iterable[str]) -> str:
    """The tokens of a record, separated by spaces."""
    found = {
        f"{mark}{form}"
        for mark, said in (("n", names), ("t", texts))
        for text in said
        for word in (*words(text), *words(joined(text)))
        for form in _forms(word)
    }
    return " ".join(sorted(found))


def _forms(word: str) -> Iterator[str]:
    yield f"={word}"
    yield f"~{bare(word)}"
    for stem in stems(word):
        yield f"^{stem}"


def status_token(status: str) -> str:
    """The token of all entries with this status."""
    return f"s={status}"


def kind_token(kind: str) -> str:
    """The token of all entries of this kind."""
    return f"k={kind.replace('_', '')}"


Alternatives = list[str]
"""Tokens any of which will do; one ending in `*` stands for all that begin so."""

Tier = list[Alternatives]
"""What will do for each word of a query."""


def asked_words(query: str) -> list[str]:
    """The different words of a query; those beyond the twelfth are left out."""
    return list(dict.fromkeys(words(joined(query))))[:MAX_WORDS]


def tiers(asked: Sequence[list[Alternatives]]) -> list[Tier]:
    """What a query asks for, strictest first, from the levels of its words.

    A record's place is the first tier that it meets: names as written, names in any form, names that begin so, then
    the same in texts. A later tier admits all that the earlier do. A query without a word has no tier.
    """
    if not asked:
        return []
    return [[[token for level in word[: last + 1] for token in level] for word in asked] for last in range(5)]


def levels(word: str) -> list[Alternatives]:
    """The tokens that will do for a word, strictest first."""
    folded, roots = bare(word), sorted(stems(word))
    begins = len(folded) >= MIN_PREFIX
    return [
        [f"n={word}"],
        [f"n~{folded}", *(f"n^{root}" for root in roots)],
        [f"n~{folded}*"] if begins else [],
        [f"t~{folded}", *(f"t^{root}" for root in roots)],
        [f"t~{folded}*"] if begins else [],
    ]
