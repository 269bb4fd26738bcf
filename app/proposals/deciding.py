"""Deciding about a proposal, in one transaction: accept, amend, reject or withdraw it."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.deciding import (
    Action,
    Caller,
    is_own,
    load_named,
    require_role,
    require_scope,
    require_second_person,
    vital_part,
)
from app.access.repeating import Attempt, find_subject, remember
from app.http.problems import Forbidden, StaleRevision
from app.proposals.bodies import Decision, DecisionRequest
from app.proposals.making import (
    PATIENCE,
    Answer,
    Describe,
    close_proposal,
    find_proposal,
    name_author,
    publish_change,
)
from app.proposals.reading import ProposedChange, read_document, read_proposal, withdraw_statement
from app.proposals.refusing import refusing
from app.records.documents import Document, apply_patch, decode
from app.records.drafts import load_documents
from app.records.faults import Conflict
from app.records.merging import merge
from app.records.models import Proposal, ProposalState
from app.records.publishing import keep_trying, writing
from app.records.revising import Author


def decide(
    engine: Engine, caller: Caller, key: UUID, request: DecisionRequest, attempt: Attempt, describe: Describe[Answer]
) -> Answer:
    """Decide about a proposal. Raises a ProblemError. With a test key everything is checked and nothing stored."""

    def act() -> Answer:
        with refusing(), writing(engine) as session:
            proposal = find_proposal(session, caller, key)
            if find_subject(session, caller, attempt) is None:
                _decide(session, caller, proposal, request)
                remember(session, caller, attempt, str(proposal.id))
            answer = describe(session, proposal)
            if caller.is_test:
                session.connection().rollback()
            return answer

    return keep_trying(act, PATIENCE)


def _decide(session: Session, caller: Caller, proposal: Proposal, request: DecisionRequest) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise StaleRevision(f"The proposal is {proposal.state} already, by {proposal.decided_by}.")
    if request.decision is Decision.WITHDRAW:
        if not is_own(caller, proposal):
            raise Forbidden("A proposal is withdrawn by who made it; others reject it.")
        close_proposal(session, caller, proposal, ProposalState.WITHDRAWN, request.reason)
        return
    require_role(caller, Action.DECIDE)
    change = _read_decided(session, proposal, request)
    require_scope(session, caller, change.touched)
    if request.decision is Decision.REJECT:
        close_proposal(session, caller, proposal, ProposalState.REJECTED, request.reason)
        return
    require_second_person(session, caller, proposal.actor, change.touched)
    if request.decision is Decision.AMEND:
        _refuse_other_vital_part(session, proposal, change)
        author = Author(caller.name, caller.origin, f"{request.reason} (amended from what {proposal.actor} proposed)")
    else:
        author = name_author(caller, proposal)
    publish_change(session, caller, proposal, change, author)
    close_proposal(session, caller, proposal, ProposalState.ACCEPTED, request.reason)


def _read_decided(session: Session, proposal: Proposal, request: DecisionRequest) -> ProposedChange:
    """What would stand after a decision. Of a record that is gone only a rejection can be read."""
    document = None if proposal.document is None else decode(proposal.document)
    base = request.base_revision or proposal.base
    if request.patch is not None:
        document = apply_patch(document or {}, request.patch)
    if request.document is not None:
        document = request.document
    if request.decision is Decision.AMEND and document is not None:
        document = read_document(proposal.kind, proposal.slug, document, is_new=proposal.record is None)
        if proposal.source is not None:
            standing = read_proposal(session, proposal, document, base).before or {}
            proposed, source = decode(proposal.document or "{}"), decode(proposal.source)
            document = withdraw_statement(proposed, document, source, standing)
    if request.decision is Decision.REJECT:
        with suppress(Conflict):
            return read_proposal(session, proposal, document, base)
        return ProposedChange(proposal.kind, proposal.slug, None, base, None, document, None, document)
    return read_proposal(session, proposal, document, base)


def _refuse_other_vital_part(session: Session, proposal: Proposal, change: ProposedChange) -> None:
    proposed: Document | None = None if proposal.document is None else decode(proposal.document)
    as_proposed = read_proposal(session, proposal, proposed, proposal.base).merged
    as_insisted = _insist(session, proposal, proposed, change.before)
    named = load_named(session)
    before, after = (vital_part(change.touched, document, named) for document in change.touched.documents)
    if after not in (before, *(vital_part(change.touched, document, named) for document in (as_proposed, as_insisted))):
        raise Forbidden("What two must look at is accepted as proposed, or rejected; propose another number yourself.")


def _insist(
    session: Session, proposal: Proposal, proposed: Document | None, standing: Document | None
) -> Document | None:
    """What stands with all that is proposed, also where somebody else has changed the same since."""
    base = None if proposal.base is None else load_documents(session, [proposal.base])[proposal.base]
    return merge(base, proposed, standing).document if base and proposed and standing else proposed
