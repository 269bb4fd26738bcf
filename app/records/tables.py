"""Writes and deletes the rows that records are projected to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Select, Table, bindparam, delete, select
from sqlmodel import Session, SQLModel

from app.areas.models import Area, AreaName
from app.kinds import DECLARATIONS
from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.records.drafts import BATCH
from app.records.kinds import KINDS
from app.records.shapes import ResourceRecord
from app.records.writing import Row, delete_rows, insert_rows, table_of, update_rows
from app.referrals.models import EscalationStep
from app.resources.models import (
    ContactPoint,
    ContactPointLanguage,
    OpeningException,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceSuccessor,
    ResourceTerm,
    ResourceText,
)
from app.sources.models import Citation, Source
from app.vocabularies.models import Term

Key = tuple[Any, ...]
"""The values of a row's primary key."""

MAIN: Mapping[str, type[SQLModel]] = {
    "source": Source,
    "area": Area,
    "audience": Term,
    "topic": Term,
    "organization": Organization,
    "resource": Resource,
    "step": EscalationStep,
}
"""By family: the table that has one row for each record."""


class Part(NamedTuple):
    """A table of parts of records: the column that names the record, and the fields that its rows are made of."""

    model: type[SQLModel]
    column: str
    fields: Set[str]


_CITED = Part(Citation, "subject_id", {"citations"})
PARTS: Mapping[str, Sequence[Part]] = {
    "source": (),
    "area": (
        Part(AreaName, "area_id", {"name_sv", "name_en", "places"}),
        Part(Citation, "subject_id", {"parent", "source", "locator", "evidence"}),
    ),
    "audience": (_CITED,),
    "topic": (_CITED,),
    "organization": (
        Part(OrganizationText, "organization_id", {"name", "description"}),
        Part(OrganizationTie, "organization_id", {"ties"}),
        _CITED,
    ),
    "resource": (
        Part(OpeningException, "contact_point_id", {"contact_points"}),
        Part(ContactPointLanguage, "contact_point_id", {"contact_points"}),
        Part(ContactPoint, "resource_id", {"contact_points"}),
        Part(ResourceText, "resource_id", {"name", "summary", "description"}),
        Part(ResourceOrganization, "resource_id", {"organizations"}),
        Part(ResourceArea, "resource_id", {"areas"}),
        Part(ResourceTerm, "resource_id", {"audiences", "topics"}),
        Part(ResourceSuccessor, "resource_id", {"superseded_by"}),
        _CITED,
    ),
    "step": (_CITED,),
}
"""By family: the tables whose rows are parts of a record; parts of parts come first."""

DETAILS: Mapping[str, Part] = {
    kind: Part(
        declaration.details, "resource_id", declaration.record.model_fields.keys() - ResourceRecord.model_fields.keys()
    )
    for kind, declaration in DECLARATIONS.items()
    if declaration.details is not None
}
"""By kind: the table with what only resources of this kind have."""

PROJECTION: frozenset[type[SQLModel]] = frozenset(
    {*MAIN.values(), *(part.model for parts in (*PARTS.values(), DETAILS.values()) for part in parts)}
)
"""Tables that are made from the revisions."""


def parts_of(kind: str) -> Sequence[Part]:
    """The tables of the parts of such a record; parts of parts come first."""
    details = [DETAILS[kind]] if kind in DETAILS else []
    return (*PARTS[KINDS[kind].family], *details)


def delete_parts(session: Session, kind: str, ids: Sequence[UUID]) -> None:
    """Delete all parts of these records, but not their main rows."""
    for first in range(0, len(ids), BATCH):
        for model, column, _ in parts_of(kind):
            session.connection().execute(
                delete(table_of(model)).where(_belong(model, column)), {"ids": ids[first : first + BATCH]}
            )


def delete_records(session: Session, family: str, ids: Sequence[UUID]) -> None:
    """Delete the main rows of records whose parts are deleted; children before their parents."""
    table: Any = MAIN[family]
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        if hasattr(table, "path"):
            paths = session.execute(select(table.id, table.path).where(table.id.in_(part))).all()
            for key, _ in sorted(paths, key=lambda row: row[1], reverse=True):
                session.execute(delete(table).where(table.id == key))
        else:
            session.execute(delete(table).where(table.id.in_(part)))


def insert_new(session: Session, rows: Iterable[SQLModel]) -> None:
    """Insert rows; what others refer to comes first."""
    by_table = defaultdict[Table, list[Row]](list)
    for row in rows:
        by_table[table_of(type(row))].append(row.model_dump())
    for table in SQLModel.metadata.sorted_tables if len(by_table) > 1 else by_table:
        insert_rows(session, table, by_table.get(table, []))


def update_own(session: Session, rows: Iterable[SQLModel]) -> None:
    """Update the main rows of existing records."""
    for row in rows:
        update_rows(session, table_of(type(row)), [row.model_dump()])


def write_parts(session: Session, tables: Sequence[Part], ids: Sequence[UUID], rows: Iterable[SQLModel]) -> None:
    """Replace the rows of existing records in these tables by these. Only rows that differ are written."""
    new_rows = defaultdict[Table, dict[Key, Row]](dict)
    for row in rows:
        table = table_of(type(row))
        values = row.model_dump()
        new_rows[table][key_of(table, values)] = values
    parts = [(table_of(model), _stored(model, column)) for model, column, _ in tables]
    new, changed = dict[Table, list[Row]](), dict[Table, list[Row]]()
    for table, statement in parts:
        stored = _load(session, table, statement, ids)
        other = {key for key, row in new_rows[table].items() if row != stored.get(key)}
        # A value that no other row may have is first taken from the row that had it.
        stays = set() if any(column.unique for column in table.columns) else other & stored.keys()
        delete_rows(
            session, table, [row for key, row in stored.items() if key not in stays and row != new_rows[table].get(key)]
        )
        new[table] = [new_rows[table][key] for key in other - stays]
        changed[table] = [new_rows[table][key] for key in stays]
    for table, _ in reversed(parts):
        insert_rows(session, table, new[table])
        update_rows(session, table, changed[table])


def load_rows(session: Session, kind: str, ids: Sequence[UUID]) -> dict[tuple[Table, Key], tuple[UUID, Row]]:
    """All rows of these records, by table and key, each with the id of its record."""
    rows_by_key = dict[tuple[Table, Key], tuple[UUID, Row]]()
    points = dict[UUID, UUID]()
    for model, column, _ in (Part(MAIN[KINDS[kind].family], "id", set()), *reversed(parts_of(kind))):
        table = table_of(model)
        for key, row in _load(session, table, _stored(model, column), ids).items():
            if table is _POINT:
                points[row["id"]] = row[column]
            owner = points[row[column]] if column == "contact_point_id" else row[column]
            rows_by_key[table, key] = owner, row
    return rows_by_key


def _load(session: Session, table: Table, statement: Select[Any], ids: Sequence[UUID]) -> dict[Key, Row]:
    stored = dict[Key, Row]()
    for first in range(0, len(ids), BATCH):
        rows = session.connection().execute(statement, {"ids": ids[first : first + BATCH]}).mappings()
        stored |= {key_of(table, row): dict(row) for row in rows}
    return stored


@cache
def _stored(model: type[SQLModel], column: str) -> Select[Any]:
    """The rows of a table that are parts of some records."""
    return select(table_of(model)).where(_belong(model, column))


def _belong(model: type[SQLModel], column: str) -> Any:
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    owner = table_of(model).c[column]
    points = select(_POINT.c.id).where(_POINT.c.resource_id.in_(ids))
    return owner.in_(points if column == "contact_point_id" else ids)


def key_of(table: Table, row: Mapping[Any, Any]) -> Key:
    """The values of a row's primary key."""
    return tuple(row[column.name] for column in table.primary_key)


_POINT = table_of(ContactPoint)
