"""Suggests areas for a place that is not known: the nearest areas, and hints about the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlmodel import Session

from app.areas.localities import SOURCE, load_localities
from app.areas.models import Area, AreaKind
from app.areas.naming import area_keys, sound, spellings, stored_keys
from app.areas.queries import areas, named
from app.folding import fold
from app.http.problems import Fault, InvalidParameter

POSTCODE = re.compile(r"\b(?:SE?[ -]?)?\d{3} ?\d{2}\b", re.ASCII | re.IGNORECASE)
MOST = 5
NAMES = {
    AreaKind.COUNTRY: "country",
    AreaKind.COORDINATION_REGION: "coordination region",
    AreaKind.COUNTY: "county",
    AreaKind.MUNICIPALITY: "municipality",
}
_COMMON = frozenset(
    [
        "norra",
        "sodra",
        "ostra",
        "vastra",
        "lilla",
        "stora",
        "nya",
        "gamla",
        "kommun",
        "stad",
        "lan",
        "county",
        "region",
        "of",
        "i",
    ]
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An area that may be meant. `locality`: the town or village because of which it is suggested."""

    area: Area
    locality: str | None = None

    @property
    def name(self) -> str:
        """The name that matched: the locality's or the area's own."""
        return self.locality or self.area.name_sv

    @property
    def label(self) -> str:
        """`Halmstad (1380)`."""
        return f"{self.area.name_sv} ({self.area.code})"


class UnknownArea(InvalidParameter):
    """A text that is not the code or name of an area, or is that of several."""

    source = SOURCE
    """The source of the localities."""

    def __init__(self, kind: AreaKind, text: str, suggestions: Sequence[Suggestion], other: AreaKind | None) -> None:
        self.suggestions = suggestions
        self.other = other
        """The kind of another area with this name; None where there is none."""
        self.is_postcode = kind is AreaKind.MUNICIPALITY and POSTCODE.search(text) is not None
        sentence = f"{text[:60]!r} is not the code or name of a {NAMES[kind]}. {' '.join(self._hints())}".strip()
        fault = Fault(parameter=kind.value, detail=sentence, allowed=[suggestion.label for suggestion in suggestions])
        nearest = f" {', '.join(fault.allowed or ())}." if suggestions else ""
        super().__init__(f"{kind.value}: {sentence}{nearest}", [fault])

    @property
    def localities(self) -> dict[str, list[str]]:
        """The suggested localities, each with the names of its municipalities."""
        named: dict[str, list[str]] = {}
        for suggestion in self.suggestions:
            if suggestion.locality is not None:
                named.setdefault(suggestion.locality, []).append(suggestion.area.name_sv)
        return named

    def _hints(self) -> Iterator[str]:
        if self.is_postcode:
            yield "Postcodes are not known here: give the name of the municipality or its code of four digits."
        if self.other is not None:
            yield f"It is a {NAMES[self.other]}."
        for locality, within in self.localities.items():
            yield f"{locality} is in {' or in '.join(within)}, according to {SOURCE}."
        if self.suggestions:
            yield "Did you mean one of these?"


def unknown_area(session: Session, kind: AreaKind, text: str, alike: Sequence[Area]) -> UnknownArea:
    """The error for a text that names no area of this kind, or several that are `alike`."""
    suggestions: dict[str, Suggestion] = {}
    for suggestion in map(Suggestion, alike) if alike else _nearest(session, kind, text[:60]):
        suggestions.setdefault(suggestion.area.code, suggestion)
    other = None if alike else _other_kind(session, kind, text)
    return UnknownArea(kind, text, list(suggestions.values())[:MOST], other)


def _other_kind(session: Session, kind: AreaKind, text: str) -> AreaKind | None:
    others = (AreaKind.MUNICIPALITY, AreaKind.COUNTY, AreaKind.COORDINATION_REGION)
    return next(
        (
            other
            for other in others
            if other is not kind and session.scalars(named(other, area_keys(other, text))).all()
        ),
        None,
    )


def _nearest(session: Session, kind: AreaKind, text: str) -> Iterator[Suggestion]:
    """The areas that a text may mean, likeliest first; none for numbers, as a similar number is another place."""
    candidates = session.scalars(areas(kind)).all()
    name = POSTCODE.sub(" ", text) if kind is AreaKind.MUNICIPALITY else text
    # A spreadsheet drops the zero of 0180.
    yield from (Suggestion(area) for area in candidates if area.code == f"0{text}")
    spelled_names = [spelling for spelling in spellings(kind, name) if not spelling.isdigit()]
    names = list(_names(kind, candidates))
    yield from _by_name(spelled_names, names) or (_by_sound(spelled_names, names) if spelled_names else ())


def _names(kind: AreaKind, candidates: Sequence[Area]) -> Iterator[tuple[str, Suggestion]]:
    for area in candidates:
        keys = stored_keys(kind, area.name_sv) | stored_keys(kind, area.name_en)
        yield from ((key.replace("-", " "), Suggestion(area)) for key in sorted(keys))
    if kind is AreaKind.MUNICIPALITY:
        by_code = {area.code: area for area in candidates}
        for locality in load_localities():
            if (area_of := by_code.get(locality.municipality_code)) is not None:
                yield fold(locality.name).replace("-", " "), Suggestion(area_of, locality.name)


def _by_name(spelled_names: Sequence[str], names: Sequence[tuple[str, Suggestion]]) -> list[Suggestion]:
    """Suggestions with this name, with or without a genitive `s`; then those that share words, most words first."""
    spelled = {*spelled_names, *(text.removesuffix("s") for text in spelled_names)}
    whole, words = set(map(fold, spelled)), {word for text in spelled_names for word in _words(fold(text))}
    exact = [suggestion for key, suggestion in names if key in whole]
    exact.sort(key=lambda suggestion: suggestion.name.casefold() not in spelled)
    shared = sorted(((len(words & _words(key)), suggestion) for key, suggestion in names), key=lambda pair: -pair[0])
    return [*exact, *(suggestion for number, suggestion in shared if number)]


def _by_sound(spelled_names: Sequence[str], names: Sequence[tuple[str, Suggestion]]) -> Iterator[Suggestion]:
    """Suggestions that sound alike; towns and villages only when very close, as there are many of them."""
    everything, areas_only = dict[str, list[Suggestion]](), dict[str, list[Suggestion]]()
    for key, suggestion in names:
        everything.setdefault(sound(key), []).append(suggestion)
        if suggestion.locality is None:
            areas_only.setdefault(sound(key), []).append(suggestion)
    for suggestions_by_sound, cutoff in ((everything, 0.8), (areas_only, 0.6)):
        for text in dict.fromkeys((spelled_names[-1], spelled_names[0])):  # the bare name first
            for match in get_close_matches(sound(text), suggestions_by_sound, n=MOST, cutoff=cutoff):
                yield from suggestions_by_sound[match]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text) if word not in _COMMON}
