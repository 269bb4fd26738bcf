"""The one normalisation of search: the same tokens at write and at query time, on every database.

A token is a mark and a word. The mark says where the word stands (`n` name, `t` text) and in which form: `=` as
written (names only), `~` without diacritics, `^` its stem. `~` and `*` are around the beginning of words. The store
only looks tokens up; what is alike is decided here. Two more marks, `s=` and `k=`, tell an entry's status and kind.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from Stemmer import Stemmer

from app.folding import fold

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\+?\d(?:[ \u00a0‐‑–-]{0,3}\d){4,}")
MAX_WORDS = 12
MAX_WORD = 60
MIN_PREFIX = 2
KEPT_PREFIXES = range(MIN_PREFIX, 5)
"""Lengths of the beginnings that are tokens of their own: very many tokens may begin so."""

_SWEDISH, _ENGLISH = Stemmer("swedish", 0), Stemmer("english", 0)  # no cache: queries would fill it
_DEFINITE = ("arn", "eln", "ern", "orn")
"""Ends of definite forms that the Swedish stemmer leaves: koordinatorn, människohandeln."""


def words(text: str) -> list[str]:
    """The words of a text, in lower case, at most 60 characters each."""
    return [word[:MAX_WORD] for word in WORD.findall(unicodedata.normalize("NFC", text.casefold()))]


def bare(word: str) -> str:
    """A word without diacritics; the brackets and spaces that some characters unfold into go as well."""
    return "".join(WORD.findall(fold(word)))[:MAX_WORD]


def joined(text: str) -> str:
    """The text with each phone number as one word, however it is grouped: `+46 20-390 000` → `020390000`."""
    return NUMBER.sub(lambda found: f" {_digits(found[0])} ", text)


def _digits(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return f"0{digits[2:]}" if number.startswith("+46") else digits


def stems(word: str) -> frozenset[str]:
    """The Swedish and the English stem of a word, without diacritics: a query does not say its language."""
    return frozenset({bare(_root(word)), bare(_ENGLISH.stemWord(word))})


def _root(word: str) -> str:
    # Once is not enough: koordinatorer → koordinator, but koordinator → koordinat.
    bare = word[:-1] if len(word) > 5 and word.endswith(_DEFINITE) else word
    stem: str = _SWEDISH.stemWord(bare)
    return word if stem == word else _root(stem)


def tokens(names: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The tokens of a record."""
    named, said = set[str](), set[str]()
    for found, parts in ((named, names), (said, texts)):
        for text in parts:
            found.update(words(text), words(joined(text)))
    return {
        *(f"n={word}" for word in named),
        *(f"n{form}" for word in named for form in _forms(word)),
        *(f"t{form}" for word in said for form in _forms(word)),
    }


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, ...]:
    """The forms of a word that are found without its diacritics, and its kept beginnings."""
    folded = bare(word)
    beginnings = (f"~{folded[:length]}*" for length in KEPT_PREFIXES if length <= len(folded))
    return (f"~{folded}", *beginnings, *(f"^{stem}" for stem in stems(word)))


def is_kept(token: str) -> bool:
    """Whether a token that is asked for is kept as such; a long beginning is not."""
    return not token.endswith("*") or len(token) - len("n~*") in KEPT_PREFIXES


def status_token(status: str) -> str:
    """The token of all entries with this status."""
    return f"s={status}"


def kind_token(kind: str) -> str:
    """The token of all entries of this kind."""
    return f"k={kind.replace('_', '')}"


Alternatives = list[str]
"""Tokens any of which will do; one ending in `*` stands for all that begin so."""


def asked_words(query: str) -> list[str]:
    """The different words of a query; those beyond the twelfth are left out."""
    return list(dict.fromkeys(words(joined(query))))[:MAX_WORDS]


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
