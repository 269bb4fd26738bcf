"""What somebody may have meant who named a place that is none: the nearest areas, and what we know of the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlmodel import Session

from app.areas.localities import SOURCE, localities
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
    """An area that may be meant; `locality` is the town or village that it is suggested for."""

    area: Area
    locality: str | None = None

    @property
    def name(self) -> str:
        """What it is suggested for: the locality's name or its own."""
        return self.locality or self.area.name_sv

    @property
    def label(self) -> str:
        """`Halmstad (1380)`."""
        return f"{self.area.name_sv} ({self.area.code})"


class UnknownArea(InvalidParameter):
    """A text that is not the code or name of an area, or of several."""

    source = SOURCE
    """Who says where the localities are."""

    def __init__(self, kind: AreaKind, text: str, suggestions: Sequence[Suggestion], other: AreaKind | None) -> None:
        self.suggestions = suggestions
        self.other = other
        """The kind of the area that has this name."""
        self.is_postcode = kind is AreaKind.MUNICIPALITY and POSTCODE.search(text) is not None
        sentence = f"{text[:60]!r} is not the code or name of a {NAMES[kind]}. {' '.join(self._hints())}".strip()
        fault = Fault(parameter=kind.value, detail=sentence, allowed=[one.label for one in suggestions])
        nearest = f" {', '.join(fault.allowed or ())}." if suggestions else ""
        super().__init__(f"{kind.value}: {sentence}{nearest}", [fault])

    @property
    def localities(self) -> dict[str, list[str]]:
        """The localities among what is suggested, each with the names of its municipalities."""
        named: dict[str, list[str]] = {}
        for one in self.suggestions:
            if one.locality is not None:
                named.setdefault(one.locality, []).append(one.area.name_sv)
        return named

    def _hints(self) -> Iterator[str]:
        if self.is_postcode:
            yield "Postcodes are not known here: give the name of the municipality or its code of four digits."
        if self.other is not None:
            yield f"It is a {NAMES[self.other]}."
        for locality, within in self.localities.items():
            yield f"{locality} is in {' or in '.join(within)}, says {SOURCE}."
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
    """The areas that a text may mean, likeliest first; nothing for numbers, as a nearby number is another place."""
    known = session.scalars(areas(kind)).all()
    name = POSTCODE.sub(" ", text) if kind is AreaKind.MUNICIPALITY else text
    # A spreadsheet drops the zero of 0180.
    yield from (Suggestion(area) for area in known if area.code == f"0{text}")
    asked = [spelled for spelled in spellings(kind, name) if not spelled.isdigit()]
    names = list(_names(kind, known))
    yield from _by_name(asked, names) or (_by_sound(asked, names) if asked else ())


def _names(kind: AreaKind, known: Sequence[Area]) -> Iterator[tuple[str, Suggestion]]:
    for area in known:
        keys = stored_keys(kind, area.name_sv) | stored_keys(kind, area.name_en)
        yield from ((key.replace("-", " "), Suggestion(area)) for key in sorted(keys))
    if kind is AreaKind.MUNICIPALITY:
        by_code = {area.code: area for area in known}
        for locality in localities():
            if (area_of := by_code.get(locality.municipality_code)) is not None:
                yield fold(locality.name).replace("-", " "), Suggestion(area_of, locality.name)


def _by_name(asked: Sequence[str], names: Sequence[tuple[str, Suggestion]]) -> list[Suggestion]:
    """What is called so; what is called so but for a genitive, or in a part of its name."""
    spelled = {*asked, *(text.removesuffix("s") for text in asked)}
    whole, words = set(map(fold, spelled)), {word for text in asked for word in _words(fold(text))}
    exact = sorted((one for key, one in names if key in whole), key=lambda one: one.name.casefold() not in spelled)
    shared = sorted(((len(words & _words(key)), one) for key, one in names), key=lambda pair: -pair[0])
    return [*exact, *(one for number, one in shared if number)]


def _by_sound(asked: Sequence[str], names: Sequence[tuple[str, Suggestion]]) -> Iterator[Suggestion]:
    """What sounds alike; a town or village only where it is very near, as there are many."""
    everything, areas_only = dict[str, list[Suggestion]](), dict[str, list[Suggestion]]()
    for key, suggestion in names:
        everything.setdefault(sound(key), []).append(suggestion)
        if suggestion.locality is None:
            areas_only.setdefault(sound(key), []).append(suggestion)
    for known, cutoff in ((everything, 0.8), (areas_only, 0.6)):
        for text in dict.fromkeys((asked[-1], asked[0])):  # the bare name first
            for match in get_close_matches(sound(text), known, n=MOST, cutoff=cutoff):
                yield from known[match]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text) if word not in _COMMON}
