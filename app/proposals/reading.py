"""From what is sent to the change that it means, checked whole against the directory."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.access.deciding import Caller
from app.access.scopes import Touched
from app.proposals.bodies import ProposalRequest
from app.proposals.statements import cite_statement
from app.records.documents import Document, apply_patch, decode, parse_document, to_document
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.faults import Conflict, InvalidRecords, RecordFault
from app.records.kinds import BY_COLLECTION, KINDS, RESOURCE, RecordKind, slug_of
from app.records.merging import differing_values, merge
from app.records.models import CurrentRecord, Proposal, Revision
from app.records.publishing import check_changes
from app.resources.reviewing import day_of


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change that is in order by itself. `slug`: today's. `before`: the document as it stands.

    `merged`: the document put together with what others have changed since `base`.
    """

    kind: str
    slug: str
    current: CurrentRecord | None
    base: int | None
    before: Document | None
    document: Document | None
    source: Document | None
    merged: Document | None

    @property
    def touched(self) -> Touched:
        """For the decision whether somebody may."""
        return Touched(self.kind, None if self.current is None else self.current.id, [self.before, self.merged])

    @property
    def record_change(self) -> RecordChange:
        """The change of the record itself."""
        return RecordChange(self.kind, self.slug, self.document, self.base)


def read_request(session: Session, caller: Caller, request: ProposalRequest, *, states: bool) -> ProposedChange:
    """What a request wants. Raises Conflict or InvalidRecords.

    `states`: what is changed without naming a source, the caller states.
    """
    kind, slug = _split(request.record)
    current = load_current(session, [(kind.family, slug)]).get((kind.family, slug))
    if current is not None and current.kind != kind.name:
        raise Conflict(kind.name, slug, f"the id belongs to a {current.kind}", current.revision)
    if current is None and request.base_revision is not None:
        raise Conflict(kind.name, slug, "no such record stands", None)
    if current is not None and request.base_revision is None:
        raise Conflict(kind.name, slug, "stands already", current.revision)
    base = _load_of_record(session, current, request.base_revision, "base_revision")
    document = _read_document(session, current, request, base)
    source = None
    if document is not None and states:
        document, source = cite_statement(kind.name, base, document, caller.name, day_of(caller.at))
    if document is not None:
        document = read_document(kind.name, slug, document, is_new=current is None)
    before = None if current is None else load_documents(session, [current.revision])[current.revision]
    merged = _merge(base, before, document)
    return ProposedChange(kind.name, slug, current, request.base_revision, before, document, source, merged)


def read_document(kind: str, slug: str, document: Document, *, is_new: bool) -> Document:
    """A document in its own form. Raises InvalidRecords, also where a new record has another id than its address."""
    record = parse_document(kind, slug, document)
    if is_new and slug_of(record) != slug:
        field = "id" if hasattr(record, "id") else "code"
        raise InvalidRecords(
            [RecordFault(kind, slug, field, f"is not {slug}, which the address of the new record says")]
        )
    return to_document(record)


def _read_document(
    session: Session, current: CurrentRecord | None, request: ProposalRequest, base: Document
) -> Document | None:
    if request.remove:
        return None
    if request.revert_to is not None:
        return _load_of_record(session, current, request.revert_to, "revert_to")
    if request.undo is not None and current is not None:
        return _undo(session, current, request.undo, base)
    return apply_patch(base, request.patch) if request.patch is not None else request.document


def _undo(session: Session, current: CurrentRecord, number: int, base: Document) -> Document:
    """The base without what a revision of the record changed. Raises Conflict where that was changed again."""
    before, after = load_change(session, current, number)
    undone = merge(after, base, before)
    if undone.conflicts:
        reason = f"what revision {number} changed was changed again: {', '.join(undone.conflicts)}"
        raise Conflict(current.kind, current.slug, reason, None, undone.conflicts, "was changed again since")
    return undone.document


def load_change(session: Session, current: CurrentRecord, number: int) -> tuple[Document, Document]:
    """The documents before and after one of a record's revisions. Raises InvalidRecords where one is missing."""
    after = _load_of_record(session, current, number, "undo")
    earlier = col(Revision.record) == current.id, col(Revision.number) < number
    last = session.exec(select(func.max(Revision.number)).where(*earlier)).one()
    if last is None:
        reason = f"{number} made the record; there is nothing before it to go back to"
        raise InvalidRecords([RecordFault(current.kind, current.slug, "undo", reason)])
    return _load_of_record(session, current, last, "undo"), after


def _load_of_record(session: Session, current: CurrentRecord | None, number: int | None, field: str) -> Document:
    """The document of one of a record's revisions; empty for a new record. Raises InvalidRecords."""
    if current is None or number is None:
        return {}
    statement = select(Revision.number).where(col(Revision.record) == current.id, col(Revision.number) == number)
    document = load_documents(session, [number])[number] if session.exec(statement).first() else None
    if not document:
        reason = f"{number} is no revision of this record with a document; its /revisions lists them"
        raise InvalidRecords([RecordFault(current.kind, current.slug, field, reason)])
    return document


def check_proposed_change(session: Session, change: ProposedChange) -> list[RecordChange]:
    """The changes to publish: the record and, before it, the source that is made with it.

    Raises Conflict or InvalidRecords, also where nothing would change.
    """
    require_free_slug(session, change)
    changes = [*new_sources(session, change.source), change.record_change]
    _, drafts, _ = check_changes(session, changes)
    if not any(draft.kind == change.kind for draft in drafts):
        raise InvalidRecords([RecordFault(change.kind, change.slug, "", "would not change")])
    return changes


def require_free_slug(session: Session, change: ProposedChange) -> None:
    """Raise InvalidRecords where who looks for a hotline that had another id before would find something else."""
    current, document = change.current, change.document
    if document is None or KINDS[change.kind].family != RESOURCE or change.kind == "hotline":
        return
    slug = document["id"]
    if current is not None and current.slug == slug:
        return
    hotlines = col(Revision.family) == RESOURCE, col(Revision.slug) == slug, col(Revision.kind) == "hotline"
    if session.exec(select(Revision.number).where(*hotlines)).first() is not None:
        raise InvalidRecords(
            [RecordFault(change.kind, slug, "id", "was the id of a hotline; only a hotline may have it")]
        )


def new_sources(session: Session, source: Document | None) -> Sequence[RecordChange]:
    """The change that makes a source, unless it stands. Raises InvalidRecords where it is another's."""
    if source is None:
        return []
    key = "source", str(source["id"])
    current = load_current(session, [key]).get(key)
    if current is None:
        return [RecordChange("source", source["id"], source)]
    stands = load_documents(session, [current.revision])[current.revision] or {}
    if stands.get("publisher") != source["publisher"]:
        raise InvalidRecords(
            [RecordFault("source", source["id"], "publisher", "is another's statement of the same day")]
        )
    return []


def read_proposal(session: Session, proposal: Proposal, document: Document | None, base: int | None) -> ProposedChange:
    """What a proposal wants of the record as it stands now, under whichever id."""
    current = None if proposal.record is None else session.get(CurrentRecord, proposal.record)
    if current is None and proposal.record is not None:
        raise Conflict(proposal.kind, proposal.slug, "no such record stands", None)
    if base is not None and base != proposal.base:
        _load_of_record(session, current, base, "base_revision")
    before = None if current is None else load_documents(session, [current.revision])[current.revision]
    slug = proposal.slug if current is None else current.slug
    source = None if proposal.source is None else decode(proposal.source)
    base_document = None if base is None else load_documents(session, [base]).get(base)
    merged = _merge(base_document, before, document)
    return ProposedChange(proposal.kind, slug, current, base, before, document, source, merged)


def withdraw_statement(proposed: Document, amended: Document, source: Document, standing: Document) -> Document:
    """The amended document without the proposer's statement as the source of what the amender changed.

    What the same source is cited for as the record stands stays so.
    """
    cited = {
        field for entry in standing.get("citations", ()) if entry["source"] == source["id"] for field in entry["fields"]
    }
    stays = cited - {field for field, _, _ in differing_values(standing, amended)}
    changed = {field for field, _, _ in differing_values(proposed, amended)} - stays
    citations = list[Document]()
    for citation in amended.get("citations", ()):
        is_stated = citation["source"] == source["id"]
        if fields := [field for field in citation["fields"] if not (is_stated and field in changed)]:
            citations.append({**citation, "fields": fields})
    return {**amended, "citations": citations}


def _merge(base: Document | None, before: Document | None, document: Document | None) -> Document | None:
    """What would stand; where others have changed the same, publishing refuses it."""
    return merge(base, before, document).document if base and before and document else document


def find_standing(session: Session, address: str) -> tuple[RecordKind, CurrentRecord]:
    """The record at an address such as `hotlines/linjen`. Raises Conflict or InvalidRecords."""
    kind, slug = _split(address)
    current = load_current(session, [(kind.family, slug)]).get((kind.family, slug))
    if current is None or current.kind != kind.name:
        raise Conflict(kind.name, slug, "no such record stands", None)
    return kind, current


def _split(address: str) -> tuple[RecordKind, str]:
    collection, _, slug = address.partition("/")
    if collection not in BY_COLLECTION:
        raise InvalidRecords([RecordFault(collection, slug, "record", f"is none of {', '.join(BY_COLLECTION)}")])
    return BY_COLLECTION[collection], slug
