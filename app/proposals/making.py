"""Making a proposal, and publishing what is proposed, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app.access.auditing import add_audit_entry
from app.access.deciding import (
    Action,
    Caller,
    has_role,
    may_see,
    require_role,
    require_scope,
    require_second_person,
)
from app.access.repeating import Attempt, find_subject, remember
from app.http.problems import NotFound, PreconditionFailed, TooManyRequests
from app.proposals.bodies import ProposalRequest
from app.proposals.reading import (
    ProposedChange,
    check_proposed_change,
    new_sources,
    read_request,
    require_free_slug,
)
from app.proposals.refusing import refusing
from app.proposals.reviewing import raise_review
from app.records.documents import encode
from app.records.drafts import load_current
from app.records.kinds import KINDS
from app.records.models import Proposal, ProposalState
from app.records.publishing import keep_trying, publish_in, writing
from app.records.revising import Author

MOST_OPEN = 200
"""Open proposals that one party may have."""
PATIENCE = 4.0
"""Seconds for which a caller waits while others write."""
Answer = TypeVar("Answer")
ReadRequest = Callable[[Session], ProposalRequest]
"""What is asked, which may depend on the record as it stands."""
Describe = Callable[[Session, Proposal], Answer]
"""What the answer tells of a proposal, read in the same transaction."""


def make_proposal(
    engine: Engine,
    caller: Caller,
    read_request_in: ReadRequest,
    attempt: Attempt,
    describe: Describe[Answer],
    tags: frozenset[int] | None = None,
    action: Action = Action.PUBLISH,
) -> Answer:
    """Keep a proposal, and publish it where the request asks for that. Raises a ProblemError.

    With a test key everything is checked and nothing stored. `tags`: the revisions one of which must stand.
    `action`: what publishing it is.
    """

    def act() -> Answer:
        with refusing(), Session(engine, expire_on_commit=False) as session:
            prepared = None  # what is not in order is refused before it makes others wait for the lock
            if find_subject(session, caller, attempt) is None:
                prepared = _prepare(session, caller, read_request_in(session), tags, action)
                if caller.is_test and not prepared.request.publish:  # nothing is stored: no other writer is waited for
                    _refuse_flood(session, caller)
                    return describe(session, _draft_proposal(caller, prepared))
        with refusing(), writing(engine) as session:
            subject = find_subject(session, caller, attempt)
            if subject is not None:
                proposal = find_proposal(session, caller, UUID(subject))
            else:
                if prepared is None or not _stands(session, prepared.change):
                    prepared = _prepare(session, caller, read_request_in(session), tags, action)
                proposal = _make(session, caller, prepared)
                remember(session, caller, attempt, str(proposal.id))
            answer = describe(session, proposal)
            if caller.is_test:
                session.connection().rollback()
            return answer

    return keep_trying(act, PATIENCE)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A request and what it wants, checked whole. `action`: what publishing it is."""

    request: ProposalRequest
    change: ProposedChange
    action: Action


def _prepare(
    session: Session, caller: Caller, request: ProposalRequest, tags: frozenset[int] | None, action: Action
) -> _Prepared:
    """Read and check a request against the record as it stands. Writes nothing."""
    states = action is Action.PUBLISH_HOURS or not has_role(caller, Action.PUBLISH)
    change = read_request(session, caller, request, states=states)
    require_scope(session, caller, change.touched)
    if tags is not None and (change.current is None or change.current.revision not in tags):
        standing_tag = "none" if change.current is None else f'"r{change.current.revision}"'
        raise PreconditionFailed(f"The revision that stands has the tag {standing_tag}, which If-Match does not name.")
    check_proposed_change(session, change)
    if request.publish:
        require_role(caller, action)
        require_second_person(session, caller, caller.name, change.touched)
    return _Prepared(request, change, action)


def _stands(session: Session, change: ProposedChange) -> bool:
    """Whether the record is still as it was when the request was read."""
    key = KINDS[change.kind].family, change.slug
    current = load_current(session, [key]).get(key)
    before = None if change.current is None else change.current.revision
    return (None if current is None else current.revision) == before


def _make(session: Session, caller: Caller, prepared: _Prepared) -> Proposal:
    request, change = prepared.request, prepared.change
    if not request.publish:
        _refuse_flood(session, caller)
    proposal = _draft_proposal(caller, prepared)
    session.add(proposal)
    _write_down(session, caller, "proposal made", proposal)
    if request.publish:
        publish_change(session, caller, proposal, change, name_author(caller, proposal))
        close_proposal(session, caller, proposal, ProposalState.ACCEPTED, request.reason)
        if prepared.action is Action.PUBLISH_HOURS and change.current is not None:
            raise_review(session, caller, change.current.id, request.reason)
    session.flush()
    return proposal


def _draft_proposal(caller: Caller, prepared: _Prepared) -> Proposal:
    request, change = prepared.request, prepared.change
    return Proposal(
        id=uuid4(),
        record=None if change.current is None else change.current.id,
        family=KINDS[change.kind].family,
        kind=change.kind,
        slug=change.slug,
        base=change.base,
        document=None if change.document is None else encode(change.document),
        conflicts="",
        actor=caller.name,
        origin=caller.origin,
        reason=request.reason,
        state=ProposalState.OPEN,
        made_at=caller.at,
        source=None if change.source is None else encode(change.source),
    )


def _refuse_flood(session: Session, caller: Caller) -> None:
    is_open = col(Proposal.state) == ProposalState.OPEN, col(Proposal.actor) == caller.name
    if (session.scalar(select(func.count()).select_from(Proposal).where(*is_open)) or 0) >= MOST_OPEN:
        detail = f"{MOST_OPEN} of your proposals are open. Wait until some are decided, or withdraw some."
        raise TooManyRequests(detail, headers={"Retry-After": "3600"})


def find_proposal(session: Session, caller: Caller, key: UUID) -> Proposal:
    """A proposal that the caller may see. Raises NotFound, which tells nothing of those of others."""
    proposal = session.get(Proposal, key)
    if proposal is None or not may_see(session, caller, proposal):
        raise NotFound("There is no such proposal; /v1/proposals lists those that this key may see.")
    return proposal


def name_author(caller: Caller, proposal: Proposal) -> Author:
    """Whose a change is that is published as it was proposed."""
    by = "" if proposal.actor == caller.name else f" (accepted by {caller.name})"
    return Author(proposal.actor, proposal.origin, f"{proposal.reason}{by}")


def publish_change(
    session: Session, caller: Caller, proposal: Proposal, change: ProposedChange, author: Author
) -> None:
    """Publish a change; where it is behind, what others have not touched since is put together with theirs."""
    require_free_slug(session, change)
    changes = [*new_sources(session, change.source), change.record_change]
    publication = publish_in(session, changes, author, caller.at)
    proposal.revision = next(
        (number for (kind, _), number in publication.revisions.items() if kind == proposal.kind), None
    )


def close_proposal(session: Session, caller: Caller, proposal: Proposal, state: ProposalState, reason: str) -> None:
    """Write down what was decided about a proposal, by whom and why."""
    proposal.state, proposal.decided_by, proposal.decided_at = state, caller.name, caller.at
    proposal.decision_reason = reason
    _write_down(session, caller, f"proposal {state}", proposal)
    session.flush()


def _write_down(session: Session, caller: Caller, action: str, proposal: Proposal) -> None:
    details = {"record": f"{KINDS[proposal.kind].collection}/{proposal.slug}", "revision": proposal.revision}
    subject = f"proposal {proposal.id}"
    add_audit_entry(session, caller.at, action, subject, actor=caller.name, key=caller.key, details=details)
