"""Records that were added, changed, ended, renamed or removed, and the edition of the directory that did so."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.status import Status
from app.stored_values import UtcDateTime, choice

ORGANIZATION: Literal["organization"] = "organization"
"""The `kind` of a change to an organization; other changes have a kind of resource."""


class What(StrEnum):
    """What happened to a record. ended: no longer in force (outdated or ended), but can still be fetched; renamed: it
    has another id now, and perhaps other content."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"
    RENAMED = "renamed"


class Edition(SQLModel, table=True):
    """The state of the store after a publication. A publication that changes nothing makes no edition."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    made_at: datetime = Field(sa_type=UtcDateTime)


class Change(SQLModel, table=True):
    """What an edition did to one resource or organization. Rows are only ever added; `sequence` is their order.

    Names and status are those after the edition, or the last ones of a removed record, of which nothing else is kept.
    `fields`: the names of the changed fields, each between two spaces (` summary contact_points.value `), so that a
    name can be looked for; None in rows from before the column.
    """

    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    edition: int = Field(foreign_key="edition.number", index=True)
    changed_at: datetime = Field(sa_type=UtcDateTime, index=True)
    what: What = Field(sa_type=choice(What))
    kind: str
    slug: str
    former_slug: str | None
    status: Status = Field(sa_type=choice(Status))
    name_sv: str
    name_en: str
    fields: str | None = Field(default=None, sa_type=Text)
