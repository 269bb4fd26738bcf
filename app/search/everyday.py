"""The everyday words that people search with, and whom the directory has for them: `seed/everyday_words.toml`.

The list is read from the file that this version comes with and is not stored: it states no fact, it only says what
search puts first. Its shape is `app.records.shapes.EverydayWords`.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.search.words import find_compounds, find_stems, split_words
from app.settings import ROOT

EVERYDAY_WORDS = "everyday_words.toml"
_FILLERS = {
    "sv": "att av behöver bli blir blivit blev bor de dem den det dig din du där en er ett finns från för ha hade han "
    "har hon hur här i jag kan man med mig min mina mitt ni nu när någon något och om oss på sig ska som till vad var "
    "vem vi vill vår är",
    "en": "a am an and at be been by can do for from had has have i in is it m me my of on or s she the they to was we "
    "what where who with you",
}
FILLERS = frozenset(word for text in _FILLERS.values() for word in text.split())
"""Words that say nothing by themselves: a query of other words does without them."""


SHORTEST_END = 5
"""Letters of the shortest last part of a compound: shorter ones end words that have nothing to do with them."""

Stems = frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the list: the stems of each of its words, and the records that answer it."""

    stems: tuple[Stems, ...]
    records: tuple[str, ...]

    def find_words(self, query_words: dict[str, Stems]) -> set[str]:
        """The words of a query that are this phrase's; none where it lacks a part, or has nothing but fillers."""
        parts = [{word for word, forms in query_words.items() if forms & part} for part in self.stems]
        matching = set[str]().union(*parts)
        return matching if all(parts) and (matching - FILLERS or matching == set(query_words)) else set()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the list has for a query: the slugs of records, best first, and the words of the query that it explains."""

    records: Sequence[str]
    words: frozenset[str]


def find_answer(words: Sequence[str]) -> Answer | None:
    """What the list has for the words of a query; None where it has nothing.

    A phrase within a longer one that matches as well is left out. What several entries name comes first.
    """
    forms = {word: _forms(word, parts) for word, parts in zip(words, find_compounds(words), strict=True)}
    matches = [(matching, phrase) for phrase in read_phrases() if (matching := phrase.find_words(forms))]
    matches = [(matching, phrase) for matching, phrase in matches if not any(matching < other for other, _ in matches)]
    if not matches:
        return None
    lists = dict.fromkeys(phrase.records for _, phrase in matches)
    named = Counter(record for records in lists for record in records)
    covered = frozenset[str]().union(*(matching for matching, _ in matches))
    return Answer(sorted(named, key=lambda record: -named[record]), covered)


def _forms(word: str, compounds: Sequence[str]) -> Stems:
    """The stems of a word, of the compounds that it may be a part of, and of the word that it ends with.

    The last part of a compound says what it is: `panikångest` is a sort of `ångest`.
    """
    own = find_stems(word)
    ends = {end for end in _read_ends() if any(stem.endswith(end) for stem in own)}
    return own.union(ends, *map(find_stems, compounds))


def drop_fillers(words: Sequence[str]) -> list[str]:
    """The words of a query that say something; all, where none does."""
    return [word for word in words if word not in FILLERS] or list(words)


@cache
def read_phrases() -> list[Phrase]:
    """The phrases of the list that this version comes with."""
    content = tomllib.loads((ROOT / "seed" / EVERYDAY_WORDS).read_text("utf-8"))
    return [
        Phrase(tuple(find_stems(word) for word in split_words(text)), tuple(entry["records"]))
        for entry in content["words"]
        for text in (*entry["sv"], *entry["en"])
    ]


@cache
def _read_ends() -> Stems:
    """The stems of the list that may be the last part of a compound."""
    every = (stem for phrase in read_phrases() for part in phrase.stems for stem in part)
    return frozenset(stem for stem in every if len(stem) >= SHORTEST_END)
