"""The primary tables: revisions, current records, what the seed files last said, and proposals."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.stored_values import UtcDateTime, choice


class Origin(StrEnum):
    """Where a change came from."""

    SEED = "seed"
    COMMAND = "command"
    API = "api"
    CONSOLE = "console"


class Revision(SQLModel, table=True):
    """One published state of a record's document. Rows are only ever added: triggers refuse anything else.

    `document` is JSON, the shape of the record's entry in `seed/`; null where this revision removed the record.
    `actor` is a role or an organization, never a person. `base` is the revision that the change was made against.
    """

    __table_args__ = (Index("ix_revision_history", "record", "number"), Index("ix_revision_slug", "family", "slug"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    record: UUID
    family: str
    kind: str
    slug: str
    document: str | None = Field(sa_type=Text)
    digest: str
    position: int
    actor: str
    origin: Origin = Field(sa_type=choice(Origin))
    reason: str = Field(sa_type=Text)
    edition: int = Field(foreign_key="edition.number", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    base: int | None


class CurrentRecord(SQLModel, table=True):
    """A current record: its newest revision, and its first, which is its number in the search index.

    Slugs are unique within a family (all resources, all areas …). `identity`: the name from which the ids of the record
    and its parts are derived; it is based on its first slug and never changes.
    """

    __table_args__ = (UniqueConstraint("family", "slug"),)

    id: UUID = Field(primary_key=True)
    identity: str
    family: str
    kind: str
    slug: str
    revision: int = Field(foreign_key="revision.number", unique=True)
    first_revision: int = Field(unique=True)
    position: int
    digest: str
    updated_at: datetime = Field(sa_type=UtcDateTime)


class UpstreamRecord(SQLModel, table=True):
    """What the seed files said about a record at the last seeding, as the base of the next merge.

    `revision`: the revision with the same document; where there is none, `document` holds it. Rows of the family `file`
    hold the digests of the files (`app.seeding.noticing`).
    """

    __table_args__ = (UniqueConstraint("family", "slug"),)

    record: UUID = Field(primary_key=True)
    family: str
    kind: str
    slug: str
    digest: str
    revision: int | None = Field(foreign_key="revision.number", index=True)
    document: str | None = Field(sa_type=Text)


class ProposalState(StrEnum):
    """The state of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


class Proposal(SQLModel, table=True):
    """A proposed change. `document` null: to remove the record. `record` null: to create one.

    `source`: the document of a source that is made with it, as where an organization states something itself. The last
    four: who decided, why, when, and the revision that was made.
    """

    id: UUID = Field(primary_key=True)
    record: UUID | None = Field(index=True)
    family: str
    kind: str
    slug: str
    base: int | None
    document: str | None = Field(sa_type=Text)
    conflicts: str = Field(sa_type=Text)
    actor: str
    origin: Origin = Field(sa_type=choice(Origin))
    reason: str = Field(sa_type=Text)
    state: ProposalState = Field(sa_type=choice(ProposalState), index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    source: str | None = Field(default=None, sa_type=Text)
    decided_by: str | None = None
    decision_reason: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int | None = None


class Redaction(SQLModel, table=True):
    """Permission to blank a revision's document, with who gave it and why; the only change a revision may see."""

    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    actor: str
    reason: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)
