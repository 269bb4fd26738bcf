"""Writing and deleting the rows that records are projected to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, inspect, select, update
from sqlmodel import Session, SQLModel, col

from app.areas.models import Area, AreaName
from app.coordinators.models import CoordinatorDetails
from app.courses.models import CourseDetails
from app.events.models import EventDetails
from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.programs.models import ProgramDetails
from app.publications.models import PublicationDetails
from app.records.drafts import BATCH
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

_POINTS = select(col(ContactPoint.id))
PARTS: Mapping[str, Sequence[tuple[type[SQLModel], str]]] = {
    "source": (),
    "area": ((AreaName, "area_id"), (Citation, "subject_id")),
    "audience": ((Citation, "subject_id"),),
    "topic": ((Citation, "subject_id"),),
    "organization": (
        (OrganizationText, "organization_id"),
        (OrganizationTie, "organization_id"),
        (Citation, "subject_id"),
    ),
    "resource": (
        (OpeningException, "contact_point_id"),
        (ContactPointLanguage, "contact_point_id"),
        (ContactPoint, "resource_id"),
        (ResourceText, "resource_id"),
        (ResourceOrganization, "resource_id"),
        (ResourceArea, "resource_id"),
        (ResourceTerm, "resource_id"),
        (ResourceSuccessor, "resource_id"),
        (CoordinatorDetails, "resource_id"),
        (CourseDetails, "resource_id"),
        (EventDetails, "resource_id"),
        (ProgramDetails, "resource_id"),
        (PublicationDetails, "resource_id"),
        (Citation, "subject_id"),
    ),
    "step": ((Citation, "subject_id"),),
}
"""By family: the tables whose rows are parts of a record, with the column that names it; parts of parts come first."""

PROJECTION: frozenset[type[SQLModel]] = frozenset(
    {*MAIN.values(), *(table for parts in PARTS.values() for table, _ in parts)}
)
"""Tables that are made from the revisions."""


def delete_parts(session: Session, family: str, ids: Sequence[UUID]) -> None:
    """Delete all rows that belong to these records, but not their own."""
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        for table, column in PARTS[family]:
            owner = getattr(table, column)
            points = _POINTS.where(col(ContactPoint.resource_id).in_(part))
            session.execute(delete(table).where(owner.in_(points if column == "contact_point_id" else part)))


def delete_records(session: Session, family: str, ids: Sequence[UUID]) -> None:
    """Delete records of which no part is left; those within others first."""
    table: Any = MAIN[family]
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        if hasattr(table, "path"):
            paths = session.execute(select(table.id, table.path).where(table.id.in_(part))).all()
            for key, _ in sorted(paths, key=lambda row: row[1], reverse=True):
                session.execute(delete(table).where(table.id == key))
        else:
            session.execute(delete(table).where(table.id.in_(part)))


def write_rows(session: Session, rows: Iterable[SQLModel], known: frozenset[UUID]) -> None:
    """Insert rows, and update the own rows of records that are `known`; what others refer to comes first."""
    by_table = defaultdict[type[SQLModel], list[SQLModel]](list)
    for row in rows:
        by_table[type(row)].append(row)
    tables = {inspect(model).local_table: model for model in by_table}
    for table in SQLModel.metadata.sorted_tables:
        if (model := tables.get(table)) is None:
            continue
        own = model in MAIN.values()
        new = [row.model_dump() for row in by_table[model] if not (own and _id(row) in known)]
        if new:
            session.execute(insert(model), new)
        if changed := [row.model_dump() for row in by_table[model] if own and _id(row) in known]:
            _update(session, table, changed)


def _update(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns if column.name != "id"]
    statement = update(table).where(table.c.id == bindparam("key"))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    given = [{"key": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
    session.connection().execute(statement.values(values), given)


def _id(row: SQLModel) -> UUID:
    key: UUID = row.id  # type: ignore[attr-defined]  # every main table has one
    return key
