"""Confirms that a person has checked a record, and takes that back: without a revision or an entry in the change log.

It makes an edition, by which caches, exports and the mirror are renewed (docs/decisions/0015).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from app.records.documents import Document
from app.records.drafts import load_current, load_documents
from app.records.faults import Conflict, InvalidRecords, RecordFault
from app.records.kinds import KINDS
from app.records.publishing import begin_edition, keep_trying, writing
from app.records.quoted import find_unquoted
from app.records.verified import (
    CONFIRMABLE,
    Standing,
    covered_part,
    digest_covered,
    rewrite_verified,
    write_verified,
)
from app.resources.reviewing import day_of
from app.sources.models import Source
from app.verifying.models import Method, Scope, Task, TaskKind, Verification, Withdrawal


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person has checked, how and when. `source`: the slug of the source that was read."""

    scope: Scope
    method: Method
    role: str
    verified_on: date
    source: str | None = None


def confirm(engine: Engine, kind: str, slug: str, confirmation: Confirmation, now: datetime) -> int:
    """Store that a record was checked. Returns the number of the edition. Raises Conflict or InvalidRecords."""

    def attempt() -> int:
        with writing(engine) as session:
            return confirm_in(session, kind, slug, [confirmation], now)

    return keep_trying(attempt)


def confirm_in(session: Session, kind: str, slug: str, confirmations: Sequence[Confirmation], now: datetime) -> int:
    """The same, of as many parts as were checked at once, within a transaction that holds the lock; the caller commits.

    However many there are, they make one edition.
    """
    record = _load_record(session, kind, slug)
    for confirmation in confirmations:
        session.add(_make_event(session, record, slug, confirmation, now))
    session.flush()
    write_verified(session, [record])
    _close_review(session, record.id, now)
    return begin_edition(session, now)


def withdraw_in(session: Session, kind: str, slug: str, withdrawal: Withdrawal) -> int:
    """Take back one check of a record, within a transaction that holds the lock; the caller commits.

    The record's dates are then those of its other checks. Returns the number of the edition. Raises Conflict where it
    was taken back before.
    """
    record = _load_record(session, kind, slug)
    if session.get(Withdrawal, withdrawal.verification) is not None:
        raise Conflict(kind, slug, "the check was taken back already", None)
    session.add(withdrawal)
    session.flush()
    rewrite_verified(session, record)
    return begin_edition(session, withdrawal.made_at)


def _make_event(
    session: Session, record: Standing, slug: str, confirmation: Confirmation, now: datetime
) -> Verification:
    """The row of a confirmation. Raises InvalidRecords."""
    source = _find_source(session, confirmation.source)
    if faults := [
        RecordFault(record.kind, slug, *fault) for fault in _find_faults(record.document, confirmation, source, now)
    ]:
        raise InvalidRecords(faults)
    return Verification(
        id=uuid4(),
        record=record.id,
        scope=confirmation.scope,
        method=confirmation.method,
        source=source,
        role=confirmation.role,
        verified_on=confirmation.verified_on,
        covers=digest_covered(record.document, confirmation.scope),
        made_at=now,
    )


def _close_review(session: Session, record: UUID, now: datetime) -> None:
    """Close the review task, if one is open. `verify` opens a new one where this check was not enough."""
    values = {"closed_at": now, "closing_reason": "A person has checked it."}
    review = col(Task.record) == record, col(Task.kind) == TaskKind.REVIEW_OVERDUE, col(Task.closed_at).is_(None)
    session.connection().execute(update(Task).where(*review).values(values))


def _load_record(session: Session, kind: str, slug: str) -> Standing:
    family = KINDS[kind].family
    if family not in CONFIRMABLE:
        raise InvalidRecords(
            [RecordFault(kind, slug, "", "is not confirmed by itself, but with the records that refer to it")]
        )
    current = load_current(session, [(family, slug)]).get((family, slug))
    if current is None or current.kind != kind:
        raise Conflict(kind, slug, "no such record stands", None)
    document = load_documents(session, [current.revision])[current.revision] or {}
    return Standing(current.id, family, current.kind, document)


def _find_faults(
    document: Document, confirmation: Confirmation, source: UUID | None, now: datetime
) -> Iterator[tuple[str, str]]:
    """The faults of a confirmation, each with its field and reason."""
    if not covered_part(document, confirmation.scope):
        missing = "number or address" if confirmation.scope is Scope.CONTACT else "opening hours"
        yield "scope", f"the record has no {missing} that could be confirmed"
    if confirmation.verified_on > day_of(now):
        yield "on", f"{confirmation.verified_on} has not come yet"
    if confirmation.source is not None and source is None:
        yield "source", f"{confirmation.source!r} is no source; GET /v1/sources lists them"
    if confirmation.source is None and confirmation.method is Method.READ:
        yield "source", "is needed: the id of the source that was read"
    if confirmation.source is not None and source is not None and confirmation.method is Method.READ:
        yield from find_unquoted(document, confirmation.scope, confirmation.source)


def _find_source(session: Session, slug: str | None) -> UUID | None:
    return None if slug is None else session.exec(select(Source.id).where(col(Source.slug) == slug)).first()
