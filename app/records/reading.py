"""From revisions to what the API shows of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import col

from app.http.links import link
from app.http.problems import NotFound
from app.records.documents import decode
from app.records.kinds import BY_COLLECTION, KINDS
from app.records.merging import changed_fields
from app.records.models import CurrentRecord, Proposal, ProposalState, Redaction, Revision
from app.records.schemas import RedactionNotice, RevisionSummary, RevisionWithDocument
from app.records.verified import CONFIRMABLE
from app.resources.reading import Reading, tell_review
from app.resources.reviewing import Review

Row = tuple[Revision, Redaction | None]


Before = tuple[Revision | None, Redaction | None]


def find_revisions(record: UUID) -> Select[*Row]:
    """The revisions of a record, the newest first."""
    return (
        select(Revision, Redaction)
        .outerjoin(Redaction, col(Redaction.revision) == col(Revision.number))
        .where(col(Revision.record) == record)
        .order_by(col(Revision.number).desc())
    )


def find_record(reading: Reading, collection: str, slug: str) -> UUID:
    """The id of the record that has this slug, or else had it last. Raises NotFound."""
    if collection not in BY_COLLECTION:
        raise NotFound(f"There is no collection {collection[:80]!r}. Those that are: {', '.join(BY_COLLECTION)}.")
    kind = BY_COLLECTION[collection]
    current = select(col(CurrentRecord.id)).where(
        col(CurrentRecord.family) == kind.family, col(CurrentRecord.slug) == slug, col(CurrentRecord.kind) == kind.name
    )
    last = select(col(Revision.record)).where(
        col(Revision.family) == kind.family, col(Revision.slug) == slug, col(Revision.kind) == kind.name
    )
    record = reading.session.scalar(current) or reading.session.scalar(
        last.order_by(col(Revision.number).desc()).limit(1)
    )
    if record is not None:
        return record
    raise NotFound(f"There is and was no record with the id {slug[:80]!r} in {collection}.")


def _load_before(reading: Reading, revision: Revision) -> Before:
    """The revision of the same record before this one, with its redaction."""
    statement = find_revisions(revision.record).where(col(Revision.number) < revision.number).limit(1)
    row = reading.session.execute(statement).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


def _describe_revision(reading: Reading, row: Row, row_before: Before) -> dict[str, Any]:
    """What is shown of a revision, but for its document."""
    (revision, redaction), (before, before_redaction) = row, row_before
    collection = f"/v1/records/{KINDS[revision.kind].collection}/{revision.slug}"
    unknown = redaction is not None or before_redaction is not None
    old = decode(before.document) if before is not None and before.document else {}
    new = decode(revision.document) if revision.document else {}
    return {
        **revision.model_dump(include={"number", "kind", "made_at", "actor", "origin", "reason", "edition", "base"}),
        "id": revision.slug,
        "removes": revision.document is None,
        "changed_fields": None if unknown else changed_fields(old, new) if new else [],
        "redaction": redaction and RedactionNotice.model_validate(redaction, from_attributes=True),
        "links": {
            "self": link(reading, f"{collection}/revisions/{revision.number}"),
            "collection": link(reading, f"{collection}/revisions", "collection"),
        },
    }


def summarize_revisions(reading: Reading, rows: Sequence[Row]) -> list[RevisionSummary]:
    """Consecutive revisions of one record, the newest first: the one before each is the next in the list."""
    pairs: list[Row] = [(row[0], row[1]) for row in rows]
    if not pairs:
        return []
    befores: list[Before] = [*pairs[1:], _load_before(reading, pairs[-1][0])]
    return [
        RevisionSummary.model_construct(**_describe_revision(reading, row, before))
        for row, before in zip(pairs, befores, strict=True)
    ]


def load_review(reading: Reading, revision: Revision) -> Review | None:
    model = CONFIRMABLE.get(revision.family)
    if model is None:
        return None
    row: Any = reading.session.get(model, revision.record)
    return None if row is None else tell_review(reading, row.verified_at, row.review_due)


def count_proposals(reading: Reading, record: UUID) -> int | None:
    """How many are open. An answer that tells it is kept for a minute: a proposal makes no edition."""
    if reading.lasting:
        return None
    reading.aging.note(reading.at + timedelta(minutes=1))
    is_open = col(Proposal.record) == record, col(Proposal.state) == ProposalState.OPEN
    return reading.session.scalar(select(func.count()).select_from(Proposal).where(*is_open)) or 0


def describe_document(reading: Reading, row: Row) -> RevisionWithDocument:
    revision, redaction = row
    blank = revision.document is None or redaction is not None
    document = None if blank else decode(revision.document or "")
    return RevisionWithDocument.model_construct(
        **_describe_revision(reading, row, _load_before(reading, revision)), document=document
    )
