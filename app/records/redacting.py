"""Blanks the document of an old revision: the only change to history that is allowed, and itself recorded.

Proposals that led to the revision, or were made against it, hold its content as well: their documents go with it.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, insert, or_, select, update
from sqlmodel import Session, col

from app.records.documents import encode
from app.records.models import Proposal, ProposalState, Redaction, Revision, UpstreamRecord
from app.records.publishing import begin_edition, keep_trying, writing

BLANK = encode({})
"""The document of a redacted revision. Null would say that the revision removed its record."""


UNSYNCHRONIZED = {"synchronize_session": False}


class CannotRedact(Exception):
    """The revision may not be redacted; the message says why and what to do."""


def redact(engine: Engine, number: int, by: str, reason: str, now: datetime) -> str:
    """Blank the document of a revision. Returns a line about it. Raises CannotRedact.

    `by`: a role or an organization, never a person. Makes an edition, because cached answers may show the document.
    """

    def attempt() -> str:
        with writing(engine) as session:
            return _redact_in(session, number, by, reason, now)

    return keep_trying(attempt)


def _redact_in(session: Session, number: int, by: str, reason: str, now: datetime) -> str:
    revision = session.get(Revision, number)
    if revision is None:
        raise CannotRedact(f"There is no revision {number}")
    if fault := _find_fault(session, revision):
        raise CannotRedact(f"Revision {number} of {revision.kind} {revision.slug} {fault}")
    redaction = {"revision": number, "actor": by, "reason": reason, "made_at": now}
    session.execute(insert(Redaction), [redaction])  # before the update: the triggers look for it
    blank = update(Revision).where(col(Revision.number) == number).values(document=BLANK)
    session.execute(blank, execution_options=UNSYNCHRONIZED)
    copies = _is_copy(number), col(Proposal.document).is_not(None)  # null: it asked for the record's removal
    session.execute(update(Proposal).where(*copies).values(document=BLANK), execution_options=UNSYNCHRONIZED)
    edition = begin_edition(session, now)
    return f"Edition {edition}: revision {number} of {revision.kind} {revision.slug} is redacted"


def _find_fault(session: Session, revision: Revision) -> str | None:
    """Why this revision may not be redacted; None if it may."""
    if session.get(Redaction, revision.number) is not None:
        return "is redacted already"
    if revision.document is None:
        return "removed the record: there is no document to redact"
    newest = select(func.max(col(Revision.number))).where(col(Revision.record) == revision.record)
    if session.scalar(newest) == revision.number:
        return "is the newest: publish a change that leaves the content out, and redact this one afterwards"
    is_open = col(Proposal.state) == ProposalState.OPEN
    if waiting := session.scalar(select(func.count()).select_from(Proposal).where(_is_copy(revision.number), is_open)):
        return f"has {waiting} open proposals that were made against it: decide about them first"
    upstream = select(col(UpstreamRecord.record)).where(col(UpstreamRecord.revision) == revision.number)
    if session.scalar(upstream) is not None:
        return "is what the seed files say: change them, run `stodkatalog seed`, and redact afterwards"
    return None


def _is_copy(number: int) -> ColumnElement[bool]:
    """Whether a proposal holds what a revision says: it was made against it, or led to it."""
    return or_(col(Proposal.base) == number, col(Proposal.revision) == number)
