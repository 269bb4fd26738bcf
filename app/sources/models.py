"""Sources, and citations of them."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel

import app.stored_values  # noqa: F401  # takes care of the columns of tables made after it


class Source(SQLModel, table=True):
    """A document or page that states facts. `updated` is null where it gives no date; never the import date."""

    id: UUID = Field(primary_key=True)
    slug: str = Field(unique=True)
    title: str
    publisher: str
    url: str | None
    published: date | None
    updated: date | None
    retrieved: date
    sha256: str | None
    position: int


class Citation(SQLModel, table=True):
    """Source S states field F of a record.

    `subject_id`: the UUIDv5 of any citable record (resource, organization, area, term, step). Ids never collide between
    kinds, so that one table serves them all. A record is written and removed together with its citations.
    """

    id: UUID = Field(primary_key=True)
    subject_id: UUID = Field(foreign_key="currentrecord.id", ondelete="CASCADE", index=True)
    field: str
    source_id: UUID = Field(foreign_key="source.id", index=True)
    locator: str | None
    evidence: str
    position: int
