"""The one normalisation of search: the same tokens at write and at query time, on every database.

A token is a mark and a word. The mark says where the word stands (`n` name, `t` text) and in which form: `=` as
written (names only), `~` without diacritics, `^` its stem. `~` and `*` are around the beginning of words. The store
only looks tokens up; what is alike is decided here. Two more marks, `s=` and `k=`, tell an entry's status and kind.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from Stemmer import Stemmer

from app.folding import fold
from app.search.kind_names import kinds_by_word

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"(?i:\b(?:tel|sms)[:.]\s*)?\+?\d(?:[\s‐‑‒–—−:/.()-]{0,4}\d){4,}")
"""A number of five digits or more, however it is grouped: `+46 (0)20-39 00 00`, `2021:23`."""
YEAR = re.compile(r"(?:19|20)\d\d")
QUALIFIERS = frozenset(["kommun", "kommunen", "stad", "municipality", "city", "län", "länet", "lan", "county"])
"""What may stand beside the name of a municipality or a county and says no more than the name."""
MAX_WORDS = 12
MAX_WORD = 60
MIN_PREFIX = 2
KEPT_PREFIXES = range(MIN_PREFIX, 5)
"""Lengths of the beginnings that are tokens of their own: very many tokens may begin so."""

_SWEDISH, _ENGLISH = Stemmer("swedish", 0), Stemmer("english", 0)  # no cache: queries would fill it
_DEFINITE = ("arn", "eln", "ern", "orn")
"""Ends of definite forms that the Swedish stemmer leaves: koordinatorn, människohandeln."""


def split_words(text: str) -> list[str]:
    """The words of a text, in lower case, at most 60 characters each."""
    return [word[:MAX_WORD] for word in WORD.findall(unicodedata.normalize("NFC", text.casefold()))]


def remove_diacritics(word: str) -> str:
    """A word without diacritics; the brackets and spaces that some characters unfold into go as well."""
    return "".join(WORD.findall(fold(word)))[:MAX_WORD]


def join_numbers(text: str) -> str:
    """The text with each long number as one word, however it is grouped: `+46 (0)20-390 000` → `020390000`."""
    return NUMBER.sub(lambda match: f" {_digits(match[0])} ", text)


def _digits(number: str) -> str:
    """The digits of a number; a Swedish phone number as it is dialled in Sweden."""
    digits = "".join(str(unicodedata.digit(char)) for char in number if char.isdigit())
    for country in ("46", "0046"):
        if digits.startswith(country) and (country == "0046" or "+46" in number):
            return f"0{digits.removeprefix(country).removeprefix('0')}"
    return digits


def split_numbers(query: str) -> dict[str, list[str]]:
    """What may be several numbers, a year first, by the one number that it is asked for as: `2018 2019`."""
    written = [(_digits(match[0]), split_words(match[0])) for match in NUMBER.finditer(query)]
    return {number: parts for number, parts in written if len(parts) > 1 and YEAR.fullmatch(parts[0])}


def find_stems(word: str) -> frozenset[str]:
    """The Swedish and the English stem of a word, without diacritics: a query does not say its language."""
    return frozenset({remove_diacritics(_root(word)), remove_diacritics(_ENGLISH.stemWord(word))})


def _root(word: str) -> str:
    # Once is not enough: koordinatorer → koordinator, but koordinator → koordinat.
    bare = word[:-1] if len(word) > 5 and word.endswith(_DEFINITE) else word
    stem: str = _SWEDISH.stemWord(bare)
    return word if stem == word else _root(stem)


def make_tokens(names: Iterable[str], texts: Iterable[str], places: Iterable[str] = ()) -> set[str]:
    """The tokens of a record; `places` are the names of the municipalities and counties that it serves."""
    named, text_words = set[str](), set[str]()
    for words, parts in ((named, names), (text_words, texts)):
        for text in parts:
            words.update(split_words(text), split_words(join_numbers(text)))
    return {
        *(f"n={word}" for word in named),
        *(f"n{form}" for word in named for form in _forms(word)),
        *(f"t{form}" for word in text_words for form in _forms(word)),
        *(
            f"p{form}"
            for place in places
            for word in split_words(place)
            for form in (f"={word}", f"~{remove_diacritics(word)}")
        ),
    }


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, ...]:
    """The forms of a word that are found without its diacritics, and its kept beginnings."""
    folded = remove_diacritics(word)
    beginnings = (f"~{folded[:length]}*" for length in KEPT_PREFIXES if length <= len(folded))
    return (f"~{folded}", *beginnings, *(f"^{stem}" for stem in find_stems(word)))


def is_kept(token: str) -> bool:
    """Whether a token that is asked for is kept as such; a long beginning is not."""
    return not token.endswith("*") or len(token) - len("n~*") in KEPT_PREFIXES


def status_token(status: str) -> str:
    """The token of all entries with this status."""
    return f"s={status}"


def kind_token(kind: str) -> str:
    """The token of all entries of this kind."""
    return f"k={kind.replace('_', '')}"


INDEXED = "v=3"
"""A token that every index has; another number where the tokens of records change, so that stores make theirs anew."""

Alternatives = list[str]
"""Tokens any of which will do; one ending in `*` stands for all that begin so."""


def read_query(query: str) -> list[str]:
    """The different words of a query; those beyond the twelfth are left out."""
    return list(dict.fromkeys(split_words(join_numbers(query))))[:MAX_WORDS]


def place_token(name: str) -> str:
    """The token of all entries that serve a municipality or a county with this word in its name."""
    return f"p~{remove_diacritics(name)}"


def find_compounds(words: Sequence[str]) -> list[list[str]]:
    """For each word the compounds that it may be a part of, written apart: `stöd telefonen` is `stödtelefonen`."""
    parts: list[list[str]] = [[] for _ in words]
    for length, link in ((2, ""), (2, "s"), (3, "")):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if all(word.isalpha() for word in run):
                for place in range(start, start + length):
                    parts[place].append(link.join(run)[:MAX_WORD])
    return parts


def list_levels(word: str, compounds: Sequence[str] = ()) -> list[Alternatives]:
    """The tokens that will do for a word, strictest first; any of the compounds that it is a part of does as well."""
    folded = remove_diacritics(word)
    begins = len(folded) >= MIN_PREFIX
    whole = (word, *compounds)
    return [
        [kind_token(kind) for kind in map(find_kind, whole) if kind],
        [f"n={form}" for form in (*whole, f"{word}s")],
        [f"p={word}"],
        [token for form in whole for token in _found_as("n", form)],
        [place_token(word)],
        [f"n~{folded}*"] if begins else [],
        [token for form in whole for token in _found_as("t", form)],
        [f"t~{folded}*"] if begins else [],
    ]


def _found_as(mark: str, word: str) -> list[str]:
    return [f"{mark}~{remove_diacritics(word)}", *(f"{mark}^{root}" for root in sorted(find_stems(word)))]


def find_kind(word: str) -> str | None:
    """The kind that a word names, in any of its forms."""
    by_stem = _kinds_by_stem()
    return next((by_stem[stem] for stem in sorted(find_stems(word)) if stem in by_stem), None)


@cache
def _kinds_by_stem() -> dict[str, str]:
    return {stem: kind for word, kind in kinds_by_word().items() for stem in find_stems(word)}
