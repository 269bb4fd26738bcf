"""Who said what, and when."""

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

    `subject_id` is the UUIDv5 of any citable record (resource, organization, area, term, step); ids never collide
    between kinds, so one table and one query serve them all. Seeding writes and removes a record with its citations.
    """

    id: UUID = Field(primary_key=True)
    subject_id: UUID = Field(foreign_key="currentrecord.id", ondelete="CASCADE", index=True)
    field: str
    source_id: UUID = Field(foreign_key="source.id", index=True)
    locator: str | None
    evidence: str
    position: int
