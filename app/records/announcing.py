"""Writes the change log: what a publication did to resources and organizations."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from app.changes.models import Change, What
from app.records.documents import Document
from app.records.drafts import BATCH, Draft, load_documents
from app.records.models import CurrentRecord
from app.records.rules import REFERRERS
from app.records.writing import table_of
from app.status import OFFERED, Status

ANNOUNCED = ("resource", "organization")
"""Families whose changes are in the change log."""
AREA_FIELDS = ("name_sv", "name_en", "basis", "reason_sv", "reason_en")
SOURCE_FIELDS = ("title", "publisher", "url", "published", "updated", "retrieved")
REPEATED = {
    "organization": ("name",),
    "audience": ("name",),
    "topic": ("name",),
    "resource": ("name",),
    "area": AREA_FIELDS,
    "source": SOURCE_FIELDS,
}
"""By family: the fields that also appear in the answers of records that refer to a record."""

_CHANGE = table_of(Change)
_ADD = insert(_CHANGE).values(sequence=select(func.coalesce(func.max(_CHANGE.c.sequence), 0) + 1).scalar_subquery())


def announce_changes(session: Session, drafts: Sequence[Draft], edition: int, now: datetime) -> None:
    """Add these drafts to the change log, removals first and records that repeat their fields last.

    The projected tables must be up to date.
    """
    announced = {draft.id: happening for draft in drafts if (happening := _what_happens(draft)) is not None}
    rows = [_row(draft, announced[draft.id]) for draft in drafts if draft.id in announced]
    rows += _rows_of_dependants(session, sorted(_find_dependants(session, drafts) - announced.keys()))
    rows.sort(key=lambda row: row["what"] is not What.REMOVED)
    if rows:
        session.connection().execute(_ADD, [{**row, "edition": edition, "changed_at": now} for row in rows])


def _what_happens(draft: Draft) -> What | None:
    """The change that a draft makes for followers; None where the content stays."""
    if draft.family not in ANNOUNCED:
        return None
    if draft.document is None:
        return What.REMOVED
    if draft.before is None or draft.current is None:
        return What.ADDED
    if draft.is_renamed:
        return What.RENAMED
    if draft.before == draft.document:
        return None
    over = _status(draft.before) in OFFERED and _status(draft.document) not in OFFERED
    return What.ENDED if over else What.CHANGED


def _find_dependants(session: Session, drafts: Sequence[Draft]) -> set[UUID]:
    """The records whose answers repeat a field that these drafts change."""
    repeated = [(draft.family, draft.id) for draft in drafts if _changes_what_is_repeated(draft)]
    dependants = set[UUID]()
    for first in range(0, len(repeated), BATCH):
        part = repeated[first : first + BATCH]
        for family, column, owner in REFERRERS:
            if ids := [key for name, key in part if name == family]:
                dependants.update(session.scalars(select(col(owner)).where(col(column).in_(ids))))
    return dependants


def _changes_what_is_repeated(draft: Draft) -> bool:
    before, after = draft.before, draft.document
    if before is None or after is None:
        return False
    return any(before.get(field) != after.get(field) for field in REPEATED.get(draft.family, ()))


def _rows_of_dependants(session: Session, ids: Sequence[UUID]) -> Iterator[dict[str, object]]:
    for first in range(0, len(ids), BATCH):
        part = col(CurrentRecord.id).in_(ids[first : first + BATCH]), col(CurrentRecord.family).in_(ANNOUNCED)
        records = session.scalars(select(CurrentRecord).where(*part).order_by(col(CurrentRecord.slug))).all()
        documents = load_documents(session, [record.revision for record in records])
        for record in records:
            yield _row_of(record.kind, record.slug, documents[record.revision] or {}, What.CHANGED)


def _row(draft: Draft, what: What) -> dict[str, object]:
    former = draft.current.slug if what is What.RENAMED and draft.current else None
    return _row_of(draft.kind, draft.slug, draft.document or draft.before or {}, what, former)


def _row_of(kind: str, slug: str, document: Document, what: What, former: str | None = None) -> dict[str, object]:
    return {
        "what": what,
        "kind": kind,
        "slug": slug,
        "former_slug": former,
        "status": _status(document),
        "name_sv": document["name"]["sv"],
        "name_en": document["name"]["en"],
    }


def _status(document: Document) -> Status:
    return Status(document.get("status", Status.CURRENT))  # organizations leave out what is the default
