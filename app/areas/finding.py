"""From what a person types to an area, or to an error that names the nearest."""

from difflib import get_close_matches

from sqlmodel import Session

from app.areas.models import Area, AreaKind
from app.areas.queries import area, areas, named
from app.folding import fold, plain
from app.http.problems import invalid

ENDINGS = (" kommun", " municipality", " stad", " lan", " county")


def place_keys(text: str) -> set[str]:
    """The folded names that a text may mean: `Kristianstads kommun` → `kristianstads`, `kristianstad`."""
    key = fold(text).removeprefix("region ")
    for ending in ENDINGS:
        if key.endswith(ending):
            bare = key.removesuffix(ending)
            return {bare, bare.removesuffix("s")}
    return {key}


def find_area(session: Session, kind: AreaKind, text: str) -> Area:
    """The area with this code or name. Raises InvalidParameter, naming the nearest, where there is none or several."""
    found = session.scalars(area(kind, text)).all() or session.scalars(named(kind, place_keys(text))).all()
    # Habo and Håbo fold alike: the one that is spelled so is meant.
    spelled_so = [one for one in found if one.name_sv.casefold() == plain(text).casefold()]
    for candidates in (spelled_so, found):
        if len(candidates) == 1:
            return candidates[0]
    suggestions = nearest(session, kind, text)
    advice = "did you mean one of these?" if suggestions else "the lists under /v1 have them all"
    raise invalid(kind.value, f"{text[:60]!r} is not the code or name of one; {advice}", suggestions)


def nearest(session: Session, kind: AreaKind, text: str) -> list[str]:
    """Up to five areas whose code or name is close to a text, as `Halmstad (1380)`; a lost first 0 is the closest."""
    labels = {}
    for one in session.scalars(areas(kind)):
        label = f"{one.name_sv} ({one.code})"
        labels.update(dict.fromkeys([one.code, *place_keys(one.name_sv), *place_keys(one.name_en)], label))
    # A spreadsheet drops the zero of 0180.
    close = [f"0{text}"] if f"0{text}" in labels else []
    close += get_close_matches(min(place_keys(text[:60])), labels, n=8, cutoff=0.5)
    padded = [key for key in (f"0{text}",) if key in labels]
    return list(dict.fromkeys(labels[key] for key in (*padded, *close)))[:5]
