"""What runs of `verify` saw, what people confirmed, and what a person must look at; not derived from the revisions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.stored_values import UtcDateTime, choice


class SourceState(StrEnum):
    """What a run found of a source.

    changed: its text differs from before or lacks a fragment. moved: it redirects permanently to another address. gone:
    404, 410, or a page that says that it was not found. unreachable: nothing is known, as after a time-out.
    """

    SEEN = "seen"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"
    UNREACHABLE = "unreachable"


class SourceCheck(SQLModel, table=True):
    """One source in one run. Rows are only ever added.

    `address`: where redirects ended. `text_sha256`: of the folded text. `missing`: JSON list of the missing
    fragments; null where nothing is known. `etag` and `last_modified`: as the server sent them. No foreign key: the
    checks outlive a source that is removed, and rebuilding the directory leaves them alone.
    """

    source_id: UUID = Field(primary_key=True)
    checked_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    state: SourceState = Field(sa_type=choice(SourceState))
    detail: str | None = Field(sa_type=Text)
    address: str | None = Field(sa_type=Text)
    text_sha256: str | None
    missing: str | None = Field(sa_type=Text)
    etag: str | None = Field(sa_type=Text)
    last_modified: str | None = Field(sa_type=Text)


class EvidenceCheck(SQLModel, table=True):
    """A fragment that is cited from a source, as the runs so far found it.

    `checked_at`: when it was last searched for in a page that could be read. `misses`: how many checks in a row, at
    least three days apart, missed it; the last of these was at `counted_at`.
    """

    source_id: UUID = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime | None = Field(sa_type=UtcDateTime)
    missing_since: datetime | None = Field(sa_type=UtcDateTime)
    misses: int
    counted_at: datetime | None = Field(sa_type=UtcDateTime)


class Scope(StrEnum):
    """The part of a record that a person checked: contact points, hours, or all the rest."""

    CONTACT = "contact"
    HOURS = "hours"
    CONTENT = "content"


class Method(StrEnum):
    """How it was checked: the operator said so, by telephone, or by reading a source."""

    OPERATOR = "operator"
    PHONE = "phone"
    READ = "read"


class Verification(SQLModel, table=True):
    """A person checked a record on a day. Rows are only ever added.

    `role`: a role or an organization, never a person. `source`: what was read. `covers`: a digest of what was checked;
    it no longer matches, and the verification no longer counts, once that part of the record is changed.
    """

    id: UUID = Field(primary_key=True)
    record: UUID = Field(index=True)
    scope: Scope = Field(sa_type=choice(Scope))
    method: Method = Field(sa_type=choice(Method))
    source: UUID | None
    role: str
    verified_on: date
    covers: str
    made_at: datetime = Field(sa_type=UtcDateTime)


class Withdrawal(SQLModel, table=True):
    """A verification that was taken back: it counts no longer, and stays. Rows are only ever added.

    `actor`: a role or an organization, never a person.
    """

    verification: UUID = Field(primary_key=True, foreign_key="verification.id")
    actor: str
    reason: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)


class Cadence(SQLModel, table=True):
    """Days after a check until a record of this kind is due again; records of a kind without a row are never due."""

    kind: str = Field(primary_key=True)
    days: int


class TaskKind(StrEnum):
    """Why a person must look."""

    MISSING_CONTACT = "missing_contact"
    MISSING_EVIDENCE = "missing_evidence"
    SOURCE_GONE = "source_gone"
    SOURCES_FAILING = "sources_failing"
    REVIEW_OVERDUE = "review_overdue"
    HOURS_UNSTATED = "hours_unstated"
    REPORT = "report"
    OPERATOR_ACT = "operator_act"
    WEBHOOK_DISABLED = "webhook_disabled"
    BROKEN_RECORD = "broken_record"


RAISED_BY_PEOPLE = frozenset({TaskKind.REPORT, TaskKind.OPERATOR_ACT, TaskKind.WEBHOOK_DISABLED})
"""Kinds that a run of `verify` neither opens nor closes."""
FOUND_BY_MACHINES = frozenset(TaskKind) - RAISED_BY_PEOPLE


class Task(SQLModel, table=True):
    """Something that a person must look at; closed with a reason.

    `subject`: what it is about; at most one task of a subject is open, which the lock of a run ensures. `record`: the
    record concerned, or null. `details`: JSON, whose shape depends on the kind.
    """

    id: UUID = Field(primary_key=True)
    subject: str = Field(index=True)
    kind: TaskKind = Field(sa_type=choice(TaskKind))
    record: UUID | None = Field(index=True)
    details: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(sa_type=UtcDateTime)
    closing_reason: str | None = Field(sa_type=Text)
