"""Checks parents: no term lies within itself, and each area lies in one of the level above."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.areas.models import Area, AreaKind
from app.records.drafts import Draft
from app.records.faults import RecordFault
from app.records.shapes import AreaRow, TermRecord
from app.vocabularies.models import Term, Vocabulary

ABOVE = dict(zip(AreaKind, (None, *AreaKind), strict=False))
"""The level above each level of areas; none above the country."""


def check_area_levels(session: Session, drafts: Sequence[Draft]) -> Iterator[RecordFault]:
    """Faults of areas that do not lie in one of the level above."""
    parents = {draft.slug: draft.record.parent for draft in drafts if isinstance(draft.record, AreaRow)}
    if not parents:
        return
    levels = {draft.slug: AreaKind(draft.kind) for draft in drafts if draft.slug in parents and draft.family == "area"}
    codes = set(parents.values()) - levels.keys() - {""}
    stored = select(Area.code, Area.kind).where(col(Area.code).in_(codes))
    levels |= dict(session.execute(stored).all()) if codes else {}
    for slug, parent in parents.items():
        above = ABOVE[levels[slug]]
        is_missing = bool(parent) and parent not in levels  # reported by `rules`
        if levels.get(parent) != above and not is_missing:
            reason = "has none: nothing is above it" if above is None else f"{parent!r} is no {above}"
            yield RecordFault(levels[slug], slug, "parent", reason)


def check_term_cycles(session: Session, drafts: Sequence[Draft]) -> Iterator[RecordFault]:
    """Faults of terms that would lie within themselves or within a cycle of others."""
    for vocabulary in Vocabulary:
        drafted = {
            draft.slug: draft.record.parent
            for draft in drafts
            if isinstance(draft.record, TermRecord) and draft.family == vocabulary
        }
        if not drafted:
            continue
        parents = drafted | _load_parents(session, vocabulary, drafted)
        for slug in drafted:
            if _is_in_ring(slug, parents):
                yield RecordFault(
                    vocabulary, slug, "parent", f"{parents[slug]!r} lies within it, or in a ring of terms"
                )


def _load_parents(session: Session, vocabulary: Vocabulary, drafted: Mapping[str, str | None]) -> dict[str, str | None]:
    """The parents of stored terms, from those that the drafts name up to the roots."""
    above, loaded = aliased(Term), dict[str, str | None]()
    slugs = _named(drafted.values()) - drafted.keys()
    while slugs:
        statement = (
            select(Term.slug, above.slug)
            .outerjoin(above, col(above.id) == col(Term.parent_id))
            .where(col(Term.vocabulary) == vocabulary, col(Term.slug).in_(slugs))
        )
        parents = dict(session.execute(statement).all())
        loaded |= dict.fromkeys(slugs) | parents
        slugs = _named(parents.values()) - drafted.keys() - loaded.keys()
    return loaded


def _named(parents: Iterable[str | None]) -> set[str]:
    return {parent for parent in parents if parent is not None}


def _is_in_ring(slug: str, parents: Mapping[str, str | None]) -> bool:
    """Whether following the parents of a term never ends."""
    passed, here = set[str](), parents.get(slug)
    while here is not None and here != slug and here not in passed:
        passed.add(here)
        here = parents.get(here)
    return here is not None
