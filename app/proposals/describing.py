"""From proposals to what is told of them, compared with the records as they stand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.access.deciding import load_named, needs_two
from app.access.scopes import Touched
from app.http.links import link
from app.http.views import Site
from app.proposals.schemas import DecisionShown, Difference, ProposalShown, ProposalSummary
from app.records.documents import Document, decode
from app.records.drafts import load_documents
from app.records.kinds import KINDS
from app.records.merging import changed_fields, differing_values, merge
from app.records.models import CurrentRecord, Proposal, ProposalState


def summarize_proposals(session: Session, site: Site, proposals: Sequence[Proposal]) -> list[ProposalSummary]:
    """What lists tell of proposals: three queries, however many there are."""
    standing = _load_standing(session, proposals)
    documents = _load_documents(session, proposals, standing)
    named = load_named(session)
    return [
        ProposalSummary.model_construct(**_describe(site, proposal, standing.get(proposal.record), documents, named))
        for proposal in proposals
    ]


def describe_proposal(session: Session, site: Site, proposal: Proposal, *, is_stored: bool = True) -> ProposalShown:
    """All that is told of one proposal."""
    standing = _load_standing(session, [proposal])
    documents = _load_documents(session, [proposal], standing)
    current = standing.get(proposal.record)
    present: Document = (documents.get(current.revision) if current else None) or {}
    proposed = None if proposal.document is None else decode(proposal.document)
    is_redacted = proposed == {}
    base = (documents.get(proposal.base) if proposal.base is not None else None) or {}
    is_behind = proposal.state is ProposalState.OPEN and bool(base and present and proposed)
    outcome = merge(base, proposed or {}, present).document if is_behind else proposed or {}  # others' changes stay
    differences = [] if is_redacted else differing_values(present, outcome)
    summary = _describe(site, proposal, current, documents, load_named(session))
    return ProposalShown.model_construct(
        **{**summary, "id": proposal.id if is_stored else None},
        document=proposed,
        source=None if proposal.source is None else decode(proposal.source),
        differences=[Difference(field=field, present=old, proposed=new) for field, old, new in differences],
    )


def _load_standing(session: Session, proposals: Sequence[Proposal]) -> dict[UUID | None, CurrentRecord]:
    ids = {proposal.record for proposal in proposals if proposal.record is not None}
    return {record.id: record for record in session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(ids)))}


def _load_documents(
    session: Session, proposals: Sequence[Proposal], standing: dict[UUID | None, CurrentRecord]
) -> dict[int, Document | None]:
    bases = {proposal.base for proposal in proposals if proposal.base is not None}
    return load_documents(session, sorted({*bases, *(record.revision for record in standing.values())}))


def _describe(
    site: Site,
    proposal: Proposal,
    current: CurrentRecord | None,
    documents: dict[int, Document | None],
    named: frozenset[UUID],
) -> dict[str, Any]:
    base = (documents.get(proposal.base) if proposal.base is not None else None) or {}
    present = (documents.get(current.revision) if current else None) or {}
    proposed = {} if proposal.document is None else decode(proposal.document)
    is_open = proposal.state is ProposalState.OPEN
    merged = merge(base, present, proposed) if is_open and base else None
    conflicts = proposal.conflicts.split() or (merged.conflicts if merged else [])
    is_overtaken = current is None or bool(merged and merged.conflicts)
    is_stale = is_open and proposal.base is not None and is_overtaken
    after = merged.document if merged and present and proposed else proposed  # as publishing would decide it
    touched = Touched(proposal.kind, proposal.record, [present or None, after or None])
    slug, collection = current.slug if current else proposal.slug, KINDS[proposal.kind].collection
    return {
        **proposal.model_dump(include={"id", "actor", "origin", "reason", "made_at"}),
        "record": f"{collection}/{slug}",
        "state": ProposalState.STALE if is_stale else proposal.state,
        "base_revision": proposal.base,
        "present_revision": current.revision if current else None,
        "changed_fields": changed_fields(base, proposed) if proposed else [],
        "conflicts": conflicts,
        "removes": proposal.document is None,
        "needs_two": is_open and needs_two(touched, named),
        "decision": _describe_decision(proposal),
        "links": {
            "self": link(site, f"/v1/proposals/{proposal.id}"),
            "collection": link(site, "/v1/proposals", "collection"),
            "related": link(site, f"/v1/records/{collection}/{slug}", "related"),
        },
    }


def _describe_decision(proposal: Proposal) -> DecisionShown | None:
    if proposal.decided_at is None or proposal.decided_by is None:
        return None
    return DecisionShown(
        actor=proposal.decided_by,
        reason=proposal.decision_reason or "",
        made_at=proposal.decided_at,
        revision=proposal.revision,
    )
