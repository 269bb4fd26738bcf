"""Projects records into the tables that are read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from app.areas.models import Area, AreaKind
from app.records.documents import Document
from app.records.drafts import BATCH, Draft
from app.records.models import CurrentRecord
from app.records.references import Reference, References
from app.records.revising import delete_standing
from app.records.rows import path_of, project
from app.records.shapes import AreaRow, TermRecord
from app.records.tables import (
    MAIN,
    Part,
    delete_parts,
    delete_records,
    insert_new,
    parts_of,
    update_own,
    write_parts,
)
from app.records.verified import Standing, write_verified
from app.vocabularies.models import Term

INHERITED = ("basis", "reason_sv", "reason_en")
"""Columns that a municipality takes over from its county."""


def project_drafts(
    session: Session, drafts: Sequence[Draft], standing: Mapping[UUID, CurrentRecord], ids: Mapping[Reference, UUID]
) -> None:
    """Write, rewrite and delete the rows of these records, whose revisions must be written.

    `standing`: the records after the drafts. `ids`: the ids of all that they refer to.
    """
    for kind, removed in _by_kind(draft for draft in drafts if draft.document is None).items():
        delete_parts(session, kind, [draft.id for draft in removed])
    present = [draft for draft in drafts if draft.document is not None]
    references = References(ids, _paths(session, present, ids))

    def rows(draft: Draft, parts: Sequence[Part] | None = None) -> Iterator[SQLModel]:
        tables = None if parts is None else {part.model for part in parts}
        return project(draft.record, standing[draft.id], references, tables) if draft.record is not None else iter(())

    new = [draft for draft in present if draft.current is None]
    changed = [draft for draft in present if draft.current is not None]
    for part in _batches(new):  # the main rows first: parts of any record may refer to any other
        insert_new(session, (next(rows(draft)) for draft in part))
    for kind, some in _by_kind(changed).items():
        tables = _find_changed_parts(kind, some, drafts)
        projected = [rows(draft, tables) for draft in some]
        update_own(session, map(next, projected))  # the first row of each; the parts are left
        write_parts(session, tables, [draft.id for draft in some], chain(*projected))
    for part in _batches(new):
        insert_new(session, chain(*(islice(rows(draft), 1, None) for draft in part)))
    for part in _batches(present):
        write_verified(
            session, [Standing(draft.id, draft.family, draft.kind, draft.document) for draft in part if draft.document]
        )
    if areas := [draft.id for draft in present if draft.family == "area"]:
        _inherit_bases(session, areas)
    for family in reversed([*MAIN]):
        gone = [draft.id for draft in drafts if draft.family == family and draft.document is None]
        delete_records(session, family, gone)
    delete_standing(session, drafts)


def _find_changed_parts(kind: str, changed: Sequence[Draft], drafts: Sequence[Draft]) -> Sequence[Part]:
    """The tables whose rows of these records may differ from those that are stored.

    Those made of fields that change; all of them where a slug that a record names may have passed to another record.
    """
    if any(draft.is_renamed or draft.document is None for draft in drafts):
        return parts_of(kind)
    fields = {field for draft in changed for field in _name_changed_fields(draft.before or {}, draft.document or {})}
    return [part for part in parts_of(kind) if part.fields & fields]


def _name_changed_fields(before: Document, after: Document) -> Iterator[str]:
    return (name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _by_kind(drafts: Iterable[Draft]) -> dict[str, list[Draft]]:
    kinds = defaultdict[str, list[Draft]](list)
    for draft in drafts:
        kinds[draft.kind].append(draft)
    return kinds


def _batches(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    return (drafts[first : first + BATCH] for first in range(0, len(drafts), BATCH))


def _inherit_bases(session: Session, areas: Sequence[UUID]) -> None:
    """Copy basis and reasons of counties to their municipalities."""
    county = aliased(Area)
    above = col(county.id) == col(Area.parent_id)
    values = {name: select(getattr(county, name)).where(above).scalar_subquery() for name in INHERITED}
    for first in range(0, len(areas), BATCH):
        part = areas[first : first + BATCH]
        within = col(Area.kind) == AreaKind.MUNICIPALITY, or_(col(Area.id).in_(part), col(Area.parent_id).in_(part))
        session.execute(update(Area).where(*within).values(values), execution_options={"synchronize_session": False})


def _paths(session: Session, drafts: Sequence[Draft], ids: Mapping[Reference, UUID]) -> dict[Reference, str]:
    """The paths of the areas and terms among these drafts and of their parents. Updates paths below moved ones."""
    paths = dict[Reference, str]()
    for draft in drafts:
        if not isinstance(draft.record, AreaRow | TermRecord):
            continue
        table = Area if draft.family == "area" else Term
        parent = draft.record.parent
        if parent and (draft.family, parent) not in paths:
            above = ids[draft.family, parent]
            paths[draft.family, parent] = session.scalar(select(col(table.path)).where(col(table.id) == above)) or ""
        path = paths[draft.family, draft.slug] = path_of(draft.record, draft.family, paths)
        before = session.scalar(select(col(table.path)).where(col(table.id) == draft.id)) if draft.current else None
        if before is not None and before != path:
            below = update(table).where(col(table.path).startswith(before, autoescape=True), col(table.id) != draft.id)
            if table is Term:
                below = below.where(col(Term.vocabulary) == draft.family)
            session.execute(below.values(path=path + func.substr(col(table.path), len(before) + 1)))
    return paths
