"""The change log: what a publication did to resources and organizations, for followers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from app.changes.models import Change, What
from app.records.documents import Document, digest_of
from app.records.drafts import Draft
from app.status import OFFERED, Status

ANNOUNCED = ("resource", "organization")
"""Families whose changes followers are told of."""


def announce_changes(session: Session, drafts: Sequence[Draft], edition: int, now: datetime) -> None:
    """Add what these drafts do to the change log, the removed first."""
    last = session.scalar(select(func.max(col(Change.sequence)))) or 0
    rows = [_row(draft, what) for draft in drafts if (what := _what_happens(draft)) is not None]
    rows.sort(key=lambda row: row["what"] is not What.REMOVED)
    if rows:
        given = {"edition": edition, "changed_at": now}
        session.execute(insert(Change), [{**row, **given, "sequence": last + nth} for nth, row in enumerate(rows, 1)])


def _what_happens(draft: Draft) -> What | None:
    """What followers are told of a draft; None where the record says what it said."""
    if draft.family not in ANNOUNCED:
        return None
    if draft.document is None:
        return What.REMOVED
    if draft.before is None or draft.current is None:
        return What.ADDED
    if draft.is_renamed:
        return What.RENAMED
    if digest_of(draft.before) == digest_of(draft.document):
        return None
    over = _status(draft.before) in OFFERED and _status(draft.document) not in OFFERED
    return What.ENDED if over else What.CHANGED


def _row(draft: Draft, what: What) -> dict[str, object]:
    document = draft.document or draft.before or {}
    return {
        "what": what,
        "kind": draft.kind,
        "slug": draft.slug,
        "former_slug": draft.current.slug if what is What.RENAMED and draft.current else None,
        "status": _status(document),
        "name_sv": document["name"]["sv"],
        "name_en": document["name"]["en"],
    }


def _status(document: Document) -> Status:
    return Status(document.get("status", Status.CURRENT))  # organizations leave out what is the default
