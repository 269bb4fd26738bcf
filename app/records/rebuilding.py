"""Rebuilds the tables that are read from the revisions alone, and compares stores by fingerprints."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, delete, insert, inspect, select
from sqlmodel import Session, SQLModel, col

from app.access.models import AccessKey, AuditEntry, RepeatableRequest
from app.changes.models import Change, Edition
from app.console.models import ConsoleAccount, ConsoleSession, LoginLink
from app.identity import identify
from app.mailing.models import ConfirmationLink, Mail
from app.records.documents import parse_document
from app.records.drafts import BATCH, Draft, load_documents
from app.records.models import CurrentRecord, Proposal, Redaction, Revision, UpstreamRecord
from app.records.projection import project_drafts
from app.records.publishing import begin_edition, keep_trying, writing
from app.records.revising import standing_after
from app.records.rules import load_references
from app.records.tables import PROJECTION
from app.reports.models import ReplyAddress, Report
from app.search.indexing import IndexPatch
from app.search.models import SearchPosting, SearchTrigram
from app.verifying.models import Cadence, EvidenceCheck, SourceCheck, Task, Verification, Withdrawal
from app.webhooks.models import Webhook

REBUILT = frozenset({*PROJECTION, CurrentRecord, SearchPosting, SearchTrigram})
"""Tables that are derived from the revisions and the verifications."""
KEPT = frozenset(
    {Revision, UpstreamRecord, Proposal, Redaction, Edition, Change}
    | {SourceCheck, EvidenceCheck, Task, Verification, Withdrawal, Cadence}
    | {AccessKey, AuditEntry, RepeatableRequest, LoginLink, ConsoleSession, ConsoleAccount, Report, ReplyAddress}
    | {Mail, ConfirmationLink, Webhook}
)
"""Tables that rebuilding leaves alone."""
_TABLES = frozenset(inspect(model).local_table for model in REBUILT)


def rebuild(engine: Engine, now: datetime) -> list[str]:
    """Rebuild the derived tables in one transaction. Returns the names of those that changed."""

    def attempt() -> list[str]:
        with writing(engine) as session:
            return rebuild_in(session, now)

    return keep_trying(attempt)


def rebuild_in(session: Session, now: datetime) -> list[str]:
    """`rebuild` within a transaction that holds the lock; the caller commits."""
    before = fingerprint(session)
    _empty(session)
    standing = list(replay_revisions(session))
    for part in _batches(standing, BATCH):
        session.execute(insert(CurrentRecord), [record.model_dump() for record in part])
    drafts = list(_drafts(session, standing))
    references = load_references(session, drafts)
    project_drafts(session, drafts, {record.id: record for record in standing}, references)
    patch = IndexPatch(session)
    patch.add([record.id for record in standing])
    patch.flush()
    patch.mark()
    mended = [name for name, digest in fingerprint(session).items() if before[name] != digest]
    if mended:
        begin_edition(session, now)  # invalidates cached answers
    return mended


def fingerprint(session: Session) -> dict[str, str]:
    """A digest of each derived table, the same on every database with the same content."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table in _TABLES]
    return {table.name: _digest(session, table) for table in tables}


def describe_tables(connection: Connection) -> list[str]:
    """The columns of the derived tables that stand, each with its table and type."""
    names = {table.name for table in _TABLES}
    columns = inspect(connection).get_multi_columns()
    return sorted(
        f"{table}.{column['name']} {column['type']}"
        for (_, table), of_table in columns.items()
        if table in names
        for column in of_table
    )


def _digest(session: Session, table: Table) -> str:
    rows = session.connection().execute(table.select()).mappings()
    # Databases sort texts by different rules, so rows are sorted here.
    lines = sorted(repr(sorted((name, _plain(value)) for name, value in row.items())) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _empty(session: Session) -> None:
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table in _TABLES:
            session.execute(delete(table))


def replay_revisions(session: Session) -> Iterator[CurrentRecord]:
    """The records that exist after all revisions, in the order of their first ones."""
    standing: dict[UUID, CurrentRecord] = {}
    names = [name for name in Revision.model_fields if name != "document"]
    light = select(*(col(getattr(Revision, name)) for name in names), col(Revision.document).is_(None))
    for *values, removed in session.execute(light.order_by(col(Revision.number))):
        revision = Revision.model_construct(document=None, **dict(zip(names, values, strict=True)))
        if removed:
            standing.pop(revision.record, None)
            continue
        current = standing.get(revision.record)
        identity = current.identity if current else _identity(revision)
        standing[revision.record] = standing_after(revision, current, identity)
    yield from standing.values()


def _identity(first: Revision) -> str:
    """The name from which a record's id is derived: its first slug, with the revision's number if that was taken."""
    is_first = identify(first.family, first.slug) == first.record
    return first.slug if is_first else f"{first.slug}/{first.number}"


def _drafts(session: Session, standing: Sequence[CurrentRecord]) -> Iterator[Draft]:
    for part in _batches(standing, BATCH):
        documents = load_documents(session, [record.revision for record in part])
        for record in part:
            document = documents[record.revision]
            assert document is not None
            yield Draft(
                kind=record.kind,
                slug=record.slug,
                document=document,
                record=parse_document(record.kind, record.slug, document),
                id=record.id,
                identity=record.identity,
                position=record.position,
                base=None,
                current=None,
                before=None,
            )


def _batches(records: Sequence[CurrentRecord], size: int) -> Iterator[Sequence[CurrentRecord]]:
    return (records[first : first + size] for first in range(0, len(records), size))
