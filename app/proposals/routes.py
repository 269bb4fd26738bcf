"""`/proposals`: changes that those who know ask for, and decisions about them."""

import re
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Response
from pydantic import Field
from sqlmodel import Session, col, select

from app.access.callers import Needs
from app.access.deciding import Action, Caller, may_see
from app.access.repeating import Attempt, IdempotencyKey
from app.database import SessionDep
from app.http.bodies import take_json
from app.http.contract import Parameters, answers
from app.http.links import base_url, site_of
from app.http.paging import Page, PageParameters, build_page
from app.http.problems import NotFound
from app.http.routing import Router
from app.proposals.bodies import DecisionRequest, ProposalRequest
from app.proposals.deciding import decide
from app.proposals.describing import describe_proposal, summarize_proposals
from app.proposals.listing import list_seen
from app.proposals.making import make_proposal
from app.proposals.schemas import ProposalShown, ProposalSummary
from app.records.models import Proposal, ProposalState

MAX_BODY = 48 * 1024
"""The largest document, which has 40 kB, and what is said about it."""
router = Router(tags=["proposals"])

ProposalId = Annotated[UUID, Path(alias="id", description="The `id` of a proposal.")]
Proposer = Annotated[Caller, Depends(Needs(Action.PROPOSE))]


TAG = re.compile(r'(?:W/)?"r([0-9]{1,10})(?:-[0-9a-z-]+)?"')
"""The ETag of a record: `"r17-…"`, or what of it counts, `"r17"`; some proxies make it weak."""
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=300,
        description='The ETag of the record, such as `"r17"`: 412 where another revision stands, even of other fields.',
    ),
]


class StateAsked(StrEnum):
    """The states that proposals are listed by; `open` includes the stale."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ProposalParameters(PageParameters):
    """The parameters of the list of proposals."""

    state: StateAsked = Field(StateAsked.OPEN, description="Only proposals in this state; `open` includes the stale.")


@router.post("/proposals", status_code=201, summary="Föreslå en ändring", dependencies=[Depends(take_json)])
@answers(fresh=None, body=MAX_BODY, cross_origin=False)
def create_proposal(
    parameters: Annotated[Parameters, Query()],
    caller: Proposer,
    proposal_request: ProposalRequest,
    request: Request,
    response: Response,
    name: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> ProposalShown:
    """Ask for a change of one record, made against a revision; with `publish`, those who may publish it at once.

    It is checked whole: 422 names every fault with its field. 409 says that somebody else has changed the same, and
    which revision stands. What a contributor or an operator changes without citing a source, they state themselves: a
    source is made of that. With a test key, the answer is 201 without an id, and nothing is stored.

    Föreslå en ändring av en post. Redaktörer kan publicera direkt med `publish`.
    """
    attempt = Attempt(name, f"POST /proposals {proposal_request.model_dump_json()}")
    tags = None if if_match in (None, "*") else _parse_tags(if_match or "")

    def describe(session: Session, proposal: Proposal) -> ProposalShown:
        return describe_proposal(session, site_of(request), proposal, is_stored=not caller.is_test)

    answer = make_proposal(request.app.state.engine, caller, lambda _: proposal_request, attempt, describe, tags)
    if not caller.is_test:
        response.headers["Location"] = f"{base_url(request)}/v1/proposals/{answer.id}"
    return answer


def _parse_tags(if_match: str) -> frozenset[int]:
    """The revisions that `If-Match` names; none where it names something else."""
    matches = (TAG.fullmatch(tag.strip()) for tag in if_match.split(","))
    return frozenset(int(tag[1]) for tag in matches if tag is not None)


@router.get("/proposals", summary="Föreslagna ändringar")
@answers(fresh=None, cross_origin=False)
def list_proposals(
    parameters: Annotated[ProposalParameters, Query()], caller: Proposer, session: SessionDep, request: Request
) -> Page[ProposalSummary]:
    """Proposals, the oldest first: for editors all within their scope, for others their own.

    Föreslagna ändringar, den äldsta först: redaktörer ser alla inom sin behörighet, andra sina egna.
    """
    rows = select(Proposal).where(col(Proposal.state) == ProposalState(parameters.state))
    rows = rows.order_by(col(Proposal.made_at), col(Proposal.id))
    proposals, total = list_seen(session, caller, rows, parameters.limit, parameters.offset)
    return build_page(request, summarize_proposals(session, site_of(request), proposals), total, parameters)


@router.get("/proposals/{id}", summary="En föreslagen ändring")
@answers(fresh=None, cross_origin=False)
def get_proposal(
    key: ProposalId, parameters: Annotated[Parameters, Query()], caller: Proposer, session: SessionDep, request: Request
) -> ProposalShown:
    """A proposal with its document, and how it differs from the record as it stands.

    En föreslagen ändring och hur den skiljer sig från posten i dag.
    """
    proposal = session.get(Proposal, key)
    if proposal is None or not may_see(session, caller, proposal):
        raise NotFound("There is no such proposal; /v1/proposals lists those that this key may see.")
    return describe_proposal(session, site_of(request), proposal)


@router.post("/proposals/{id}/decision", summary="Besluta om en föreslagen ändring", dependencies=[Depends(take_json)])
@answers(fresh=None, body=MAX_BODY, cross_origin=False)
def decide_proposal(
    key: ProposalId,
    parameters: Annotated[Parameters, Query()],
    caller: Proposer,
    decision_request: DecisionRequest,
    request: Request,
    name: IdempotencyKey = None,
) -> ProposalShown:
    """Accept, amend or reject a proposal, as editors may, or withdraw one's own.

    A change of what others have not touched since is put together with theirs; otherwise 409 names the fields and the
    revision that stands. Numbers of hotlines and the escalation are accepted by another one than who proposed them.

    Godkänn, justera eller avslå ett förslag, eller dra tillbaka ett eget.
    """
    attempt = Attempt(name, f"POST /proposals/{key}/decision {decision_request.model_dump_json()}")

    def describe(session: Session, proposal: Proposal) -> ProposalShown:
        return describe_proposal(session, site_of(request), proposal)

    return decide(request.app.state.engine, caller, key, decision_request, attempt, describe)
