"""Resolves what a person types to an area, or to an error that suggests the nearest areas."""

from sqlmodel import Session

from app.areas.models import Area, AreaKind
from app.areas.naming import area_keys, spellings
from app.areas.queries import named
from app.areas.suggesting import unknown_area


def find_area(session: Session, kind: AreaKind, text: str) -> Area:
    """The area with this code or name. Raises UnknownArea, naming the nearest, where there is none or several."""
    matches = session.scalars(named(kind, {text.strip(), *area_keys(kind, text)})).all()
    # Habo and Håbo have the same folded name: the exact spelling decides.
    spelled = spellings(kind, text)
    exact = [area for area in matches if area.name_sv.casefold().replace("-", " ") in spelled]
    for candidates in (exact, matches):
        if len(candidates) == 1:
            return candidates[0]
    raise unknown_area(session, kind, text, matches)
