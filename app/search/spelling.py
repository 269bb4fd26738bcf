"""Typing errors: the known words nearest to one that occurs in no record; the same on every database."""

from collections import Counter
from collections.abc import Iterable

from sqlmodel import Session, col, select

from app.search.models import SearchTrigram
from app.search.words import remove_diacritics

SHORTEST = 4
GUESSED, LONGEST_GUESSED = 5, 40
"""Letters of the shortest and of the longest word that is taken for a nearby one: most words of four letters are near
to others, and nobody asks for a word of more than forty."""
CANDIDATES = 60
MOST = 5


def split_trigrams(word: str) -> set[str]:
    """The runs of three letters in a word, its start and end marked."""
    padded = f"__{word}_"
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def index_words(tokens: Iterable[str]) -> dict[str, list[str]]:
    """The words of an index by their trigrams. Numbers are left out: a nearby number is another number."""
    words = {token[2:] for token in tokens if token[1] in "~^" and len(token) >= SHORTEST + 2 and token[2:].isalpha()}
    words_by_trigram: dict[str, list[str]] = {}
    for word in sorted(words):
        for trigram in split_trigrams(word):
            words_by_trigram.setdefault(trigram, []).append(word)
    return words_by_trigram


def find_alternatives(session: Session, word: str) -> list[list[str]]:
    """The words that may be meant by one that occurs in no record: a record has to have one word of each list.

    Known words that are nearest to it, or else two that it is put together of, one of them misspelled: `telefonjur` is
    telefon and jour. Nothing for numbers, short words and very long ones.
    """
    folded = remove_diacritics(word)
    if not GUESSED <= len(folded) <= LONGEST_GUESSED or not folded.isalpha():
        return []
    shared = _sharing(session, folded)
    if near := _nearest(folded, shared):
        return [near]
    for part in sorted(
        (candidate for candidate in shared if len(candidate) >= SHORTEST),
        key=lambda candidate: (-len(candidate), candidate),
    ):
        rest = folded.removeprefix(part) if folded.startswith(part) else folded.removesuffix(part)
        if rest != folded and len(rest) >= SHORTEST - 1 and (near := _nearest(rest, _sharing(session, rest))):
            return [[part], near]
    return []


def _sharing(session: Session, word: str) -> Counter[str]:
    """The known words that have trigrams of this one, and how many."""
    statement = select(SearchTrigram.words).where(col(SearchTrigram.trigram).in_(sorted(split_trigrams(word))))
    return Counter(known_word for posting in session.exec(statement) for known_word in posting.split(" "))


def _nearest(meant: str, shared: Counter[str]) -> list[str]:
    """The words at the smallest distance that an error or two can make, up to five."""
    likely = sorted(shared, key=lambda word: (-shared[word], abs(len(word) - len(meant)), word))[:CANDIDATES]
    rated = sorted((measure_distance(meant, word), -shared[word], word) for word in likely)
    allowed = 1 if len(meant) < 6 else 2
    best = [word for errors, _, word in rated if errors == rated[0][0] <= allowed]
    return best[:MOST]


def measure_distance(word: str, other: str) -> int:
    """How many letters to put in, leave out, change or swap with the next (optimal string alignment)."""
    before, last = list[int](), list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        this = [row]
        for column, match in enumerate(other, 1):
            best = min(last[column] + 1, this[-1] + 1, last[column - 1] + (letter != match))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == match:
                best = min(best, before[column - 2] + 1)
            this.append(best)
        before, last = last, this
    return last[-1]
