"""Links with which an operator confirms a record. Each works once, for one record, while the record has the mailbox."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from app.access.auditing import add_audit_entry
from app.database import begin_writing
from app.mailing.models import ConfirmationLink
from app.records.confirming import Confirmation, confirm_in
from app.records.documents import Document
from app.records.drafts import load_documents
from app.records.kinds import KINDS
from app.records.models import CurrentRecord
from app.records.publishing import keep_trying, writing
from app.records.verified import covered_part
from app.resources.models import Channel
from app.resources.reviewing import day_of
from app.verifying.models import Method, Scope

LIFE = timedelta(days=45)
"""A link is valid until after the next reminder."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The record that a link confirms, with its newest revision."""

    kind: str
    slug: str
    revision: int


def make_link(engine: Engine, record: UUID, mailbox: str, review_due: date, now: datetime) -> str:
    """Create a link for a record, to be sent to `mailbox`. Returns its token, of which only a digest is stored."""
    token = token_urlsafe(32)

    def attempt() -> None:
        with begin_writing(engine, "mail") as connection, Session(connection) as session:
            session.execute(delete(ConfirmationLink).where(col(ConfirmationLink.expires_at) < now))
            session.add(
                ConfirmationLink(
                    digest=_digest(token),
                    record=record,
                    mailbox=_digest(mailbox),
                    review_due=review_due,
                    expires_at=now + LIFE,
                    used_at=None,
                )
            )
            session.flush()

    keep_trying(attempt)
    return token


def remove_link(engine: Engine, token: str) -> None:
    """Delete a link whose mail was not sent."""

    def attempt() -> None:
        with begin_writing(engine, "mail") as connection:
            connection.execute(delete(ConfirmationLink).where(col(ConfirmationLink.digest) == _digest(token)))

    keep_trying(attempt)


def find_linked(session: Session, token: str, now: datetime) -> Linked | None:
    """The record of a link; None where the link does not exist, was used or has expired, or its record is gone.

    Also None where the record no longer has the mailbox: a former operator must not confirm it.
    """
    link = session.get(ConfirmationLink, _digest(token))
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    current = session.exec(select(CurrentRecord).where(col(CurrentRecord.id) == link.record)).first()
    if current is None or link.mailbox not in _digest_mailboxes(_load_document(session, current.revision)):
        return None
    return Linked(current.kind, current.slug, current.revision)


def _load_document(session: Session, revision: int) -> Document:
    return load_documents(session, [revision])[revision] or {}


def _digest_mailboxes(document: Document) -> set[str]:
    points = document.get("contact_points", [])
    return {_digest(point["value"]) for point in points if point["channel"] == Channel.EMAIL and "value" in point}


def confirm_linked(engine: Engine, token: str, revision: int, now: datetime) -> Linked | None:
    """Store that the operator confirmed the record of a link at `revision`, and mark the link as used.

    Returns None, and writes nothing, where the link is not valid or the record has changed since `revision`.
    """

    def attempt() -> Linked | None:
        with writing(engine) as session:
            linked = find_linked(session, token, now)
            if linked is None or linked.revision != revision:
                return None
            _confirm_all(session, linked, now)
            link = session.get(ConfirmationLink, _digest(token))
            assert link is not None
            of_record = col(ConfirmationLink.record) == link.record  # earlier reminders had links too
            session.execute(update(ConfirmationLink).where(of_record).values(used_at=now))
            return linked

    return keep_trying(attempt)


def _confirm_all(session: Session, linked: Linked, now: datetime) -> None:
    document = _load_document(session, linked.revision)
    name = document["name"]["sv"]
    scopes = [scope for scope in Scope if covered_part(document, scope)]
    confirmations = [Confirmation(scope, Method.OPERATOR, name, day_of(now)) for scope in scopes]
    confirm_in(session, linked.kind, linked.slug, confirmations, now)
    address = f"{KINDS[linked.kind].collection}/{linked.slug}"
    add_audit_entry(session, now, "record confirmed", address, actor=name, details={"scopes": scopes, "by": "link"})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
