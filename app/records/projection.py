"""Making the tables that are read say what the records say."""

from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from app.areas.models import Area, AreaKind
from app.records.drafts import BATCH, Draft
from app.records.models import CurrentRecord
from app.records.references import Reference, references
from app.records.revising import delete_standing
from app.records.rows import Place, References, path_of, project
from app.records.rules import load_ids
from app.records.shapes import AreaRow, TermRecord
from app.records.tables import MAIN, delete_parts, delete_records, write_rows
from app.vocabularies.models import Term

INHERITED = ("basis", "reason_sv", "reason_en")
"""Columns in which a municipality says what its county says."""


def project_drafts(session: Session, drafts: Sequence[Draft]) -> None:
    """Write, rewrite and delete the rows of these records. Their revisions are written."""
    stood = frozenset(draft.id for draft in drafts if draft.current is not None)
    for family in MAIN:
        delete_parts(session, family, [draft.id for draft in drafts if draft.family == family and draft.id in stood])
    kept = [draft for draft in drafts if draft.document is not None]
    paths = _paths(session, kept)
    for part in range(0, len(kept), BATCH):  # the records' own rows first: parts of any may refer to any
        _write(session, kept[part : part + BATCH], paths, stood, 0, 1)
    for part in range(0, len(kept), BATCH):
        _write(session, kept[part : part + BATCH], paths, stood, 1, None)
    _inherit_bases(session, [draft.id for draft in kept if draft.family == "area"])
    for family in reversed([*MAIN]):
        gone = [draft.id for draft in drafts if draft.family == family and draft.document is None]
        delete_records(session, family, gone)
    delete_standing(session, drafts)


def _write(
    session: Session,
    drafts: Sequence[Draft],
    paths: dict[Reference, str],
    stood: frozenset[UUID],
    start: int,
    stop: int | None,
) -> None:
    """Write some of the rows of these records, from `start` to `stop`."""
    found = {found for draft in drafts if draft.document for _, found in references(draft.kind, draft.document)}
    known = References(load_ids(session, found), paths)
    statement = select(CurrentRecord).where(col(CurrentRecord.id).in_([draft.id for draft in drafts]))
    places = {record.id: _place(record) for record in session.scalars(statement)}

    def rows() -> Iterator[SQLModel]:
        for draft in drafts:
            if draft.record is not None:
                yield from islice(project(draft.record, places[draft.id], known), start, stop)

    write_rows(session, rows(), stood)


def _inherit_bases(session: Session, areas: Sequence[UUID]) -> None:
    """A municipality belongs to its coordination region as its county does: stated, or inferred for the same reason."""
    county = aliased(Area)
    above = col(county.id) == col(Area.parent_id)
    values = {name: select(getattr(county, name)).where(above).scalar_subquery() for name in INHERITED}
    for first in range(0, len(areas), BATCH):
        part = areas[first : first + BATCH]
        within = col(Area.kind) == AreaKind.MUNICIPALITY, or_(col(Area.id).in_(part), col(Area.parent_id).in_(part))
        session.execute(update(Area).where(*within).values(values), execution_options={"synchronize_session": False})


def _place(record: CurrentRecord) -> Place:
    return Place(
        id=record.id,
        identity=record.identity,
        family=record.family,
        kind=record.kind,
        position=record.position,
        updated_at=record.updated_at,
        digest=record.digest,
    )


def _paths(session: Session, drafts: Sequence[Draft]) -> dict[Reference, str]:
    """The paths of the areas and terms among these and of those above them; what lies below a moved one moves along."""
    paths = dict[Reference, str]()
    for draft in drafts:
        if not isinstance(draft.record, AreaRow | TermRecord):
            continue
        table = Area if draft.family == "area" else Term
        parent = draft.record.parent
        if parent and (draft.family, parent) not in paths:
            above = load_ids(session, [(draft.family, parent)])[draft.family, parent]
            paths[draft.family, parent] = session.scalar(select(col(table.path)).where(col(table.id) == above)) or ""
        path = paths[draft.family, draft.slug] = path_of(draft.record, draft.family, paths)
        before = session.scalar(select(col(table.path)).where(col(table.id) == draft.id)) if draft.current else None
        if before is not None and before != path:
            below = update(table).where(col(table.path).startswith(before, autoescape=True), col(table.id) != draft.id)
            if table is Term:
                below = below.where(col(Term.vocabulary) == draft.family)
            session.execute(below.values(path=path + func.substr(col(table.path), len(before) + 1)))
    return paths
