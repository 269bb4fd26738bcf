"""A decision about a proposal, made the same way as over HTTP."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from app.access.repeating import Attempt
from app.console.changing import read_body
from app.console.visitors import Visitor
from app.http.links import site_of
from app.proposals.bodies import DecisionRequest
from app.proposals.deciding import decide
from app.proposals.describing import describe_proposal
from app.proposals.schemas import ProposalShown
from app.records.models import Proposal


def send_decision(request: Request, visitor: Visitor, key: UUID, values: Mapping[str, object]) -> ProposalShown:
    """Decide about a proposal. Raises a ProblemError."""
    decision = read_body(DecisionRequest, values)

    def describe(session: Session, proposal: Proposal) -> ProposalShown:
        return describe_proposal(session, site_of(request), proposal)

    return decide(request.app.state.engine, visitor.caller, key, decision, Attempt(None, ""), describe)
