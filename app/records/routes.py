"""`/records`: what editors write, and how it came to say so."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, func, select
from sqlmodel import col

from app.http.contract import Parameters, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters
from app.http.problems import NotFound
from app.http.routing import Router
from app.records.documents import decode
from app.records.kinds import BY_COLLECTION, KINDS
from app.records.merging import changed_fields
from app.records.models import CurrentRecord, Origin, Proposal, ProposalState, Redaction, Revision
from app.records.verified import CONFIRMABLE
from app.resources.listing import AskingDep, Id, listing
from app.resources.reading import Reading, review_of
from app.resources.reviewing import Review
from app.resources.schemas import Instant

router = Router(tags=["records"])

Collection = Annotated[str, Path(description="The collection that the record is in, such as `hotlines`.")]
Number = Annotated[int, Path(ge=1, lt=1 << 31, description="The number of a revision of this record.")]
Row = tuple[Revision, Redaction | None]
Before = tuple[Revision | None, Redaction | None]


class RedactionNotice(BaseModel):
    """Who blanked the document of a revision, when and why."""

    actor: str = Field(description="A role or an organization.")
    reason: str
    made_at: Instant


class RevisionSummary(BaseModel):
    """One published state of a record: who made it, when, why and from where."""

    model_config = ConfigDict(populate_by_name=True)

    number: int = Field(description="Numbers grow over the whole directory.")
    kind: str
    id: str = Field(description="The record's id in this revision.")
    made_at: Instant
    actor: str = Field(description="A role or an organization, never a person.")
    origin: Origin = Field(description="seed: the seed files; command: `stodkatalog change`.")
    reason: str
    edition: int = Field(description="The edition of the directory that this revision came with.")
    base: int | None = Field(description="The revision that the change was made against; null for a new record.")
    removes: bool = Field(description="`true`: this revision removed the record.")
    changed_fields: list[str] | None = Field(
        description="The fields that differ from the revision before, such as `contact_points.telefon.value`; null "
        "where one of the two is redacted."
    )
    redaction: RedactionNotice | None = Field(description="Null unless the document was blanked.")
    links: Links = Field(alias="_links")


class RevisionWithDocument(RevisionSummary):
    """A revision with its document."""

    document: dict[str, Any] | None = Field(
        description="As the record's entry in the seed files, without what is not set; null where the revision removed "
        "the record or is redacted."
    )


class RecordShown(RevisionWithDocument):
    """A record: its newest revision, whether a person has checked it, and how many proposals are open."""

    review: Review | None = Field(
        description="Whether a person has checked it lately enough; null for records that are checked with others."
    )
    open_proposals: int | None = Field(
        description="How many changes somebody asks for that are not decided; null in what is to be kept."
    )


def find_revisions(record: UUID) -> Select[*Row]:
    """The revisions of a record, the newest first."""
    return (
        select(Revision, Redaction)
        .outerjoin(Redaction, col(Redaction.revision) == col(Revision.number))
        .where(col(Revision.record) == record)
        .order_by(col(Revision.number).desc())
    )


def _find_record(reading: Reading, collection: str, slug: str) -> UUID:
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


def _summarize_revisions(reading: Reading, rows: Sequence[Row]) -> list[RevisionSummary]:
    """Consecutive revisions of one record, the newest first: the one before each is the next in the list."""
    pairs: list[Row] = [(row[0], row[1]) for row in rows]
    if not pairs:
        return []
    befores: list[Before] = [*pairs[1:], _load_before(reading, pairs[-1][0])]
    return [
        RevisionSummary.model_construct(**_describe_revision(reading, row, before))
        for row, before in zip(pairs, befores, strict=True)
    ]


def _review(reading: Reading, revision: Revision) -> Review | None:
    model = CONFIRMABLE.get(revision.family)
    if model is None:
        return None
    row: Any = reading.session.get(model, revision.record)
    return None if row is None else review_of(reading, row.verified_at, row.review_due)


def _count_proposals(reading: Reading, record: UUID) -> int | None:
    """How many are open. An answer that tells it is kept for a minute: a proposal makes no edition."""
    if reading.lasting:
        return None
    reading.aging.note(reading.at + timedelta(minutes=1))
    is_open = col(Proposal.record) == record, col(Proposal.state) == ProposalState.OPEN
    return reading.session.scalar(select(func.count()).select_from(Proposal).where(*is_open)) or 0


def _describe_document(reading: Reading, row: Row) -> RevisionWithDocument:
    revision, redaction = row
    blank = revision.document is None or redaction is not None
    document = None if blank else decode(revision.document or "")
    return RevisionWithDocument.model_construct(
        **_describe_revision(reading, row, _load_before(reading, revision)), document=document
    )


@router.get("/records/{collection}/{id}", summary="En post som redaktionen skriver den")
@answers(fresh=300)
def get_record(
    collection: Collection, slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep
) -> RecordShown:
    """The newest revision of a record with its document, which other addresses show in a language and with names.

    Of a record that is removed, the removal. The ETag begins with the revision, such as `"r17-…"`; a proposal that is
    made against it may send it back in `If-Match`.

    Postens senaste version, så som den är skriven, med vem som ändrade, när och varför.
    """
    revision, redaction = asking.session.execute(find_revisions(_find_record(asking, collection, slug)).limit(1)).one()
    asking.context.revision = f"r{revision.number}"
    described = _describe_document(asking, (revision, redaction))
    return RecordShown.model_construct(
        **dict(described), review=_review(asking, revision), open_proposals=_count_proposals(asking, revision.record)
    )


@router.get("/records/{collection}/{id}/revisions", summary="En posts historik")
@answers(fresh=300)
def list_revisions(
    collection: Collection, slug: Id, wanted: Annotated[PageParameters, Query()], asking: AskingDep
) -> Page[RevisionSummary]:
    """All revisions of a record, the newest first: who, when, why, from where, and which fields.

    A revision whose document was blanked says by whom and why in `redaction`.

    Postens alla versioner, den senaste först: vem, när, varför och vilka fält.
    """
    return listing(asking, find_revisions(_find_record(asking, collection, slug)), wanted, _summarize_revisions)


@router.get("/records/{collection}/{id}/revisions/{number}", summary="En version av en post")
@answers(fresh=300)
def get_revision(
    collection: Collection, slug: Id, number: Number, wanted: Annotated[Parameters, Query()], asking: AskingDep
) -> RevisionWithDocument:
    """One revision of a record with its document.

    En version av en post, så som den var skriven.
    """
    statement = find_revisions(_find_record(asking, collection, slug)).where(col(Revision.number) == number)
    row = asking.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(f"Revision {number} is none of this record; its /revisions lists those that are.")
    return _describe_document(asking, (row[0], row[1]))
