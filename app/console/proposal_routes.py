"""Proposals: those that wait, one with its difference, and decisions."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session, col, select

from app.access.deciding import Action, is_own, may_see
from app.access.repeating import Attempt
from app.console.changing import read_body
from app.console.citing import list_cites, load_choices, load_cites, load_titles, name_sources, read_cites
from app.console.differences import compare_decided
from app.console.faults import explain_error
from app.console.filling import edit_document, fill_inputs
from app.console.parts import Part, find_part, list_inputs
from app.console.records import name_records, part_of
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.console.words import name_field
from app.database import SessionDep
from app.http.contract import answers
from app.http.links import site_of
from app.http.problems import NotFound, ProblemError, StaleRevision
from app.http.routing import Router
from app.proposals.bodies import Decision, DecisionRequest
from app.proposals.deciding import decide
from app.proposals.describing import describe_proposal, summarize_proposals
from app.proposals.listing import list_seen
from app.proposals.schemas import ProposalShown
from app.records.documents import Document, decode
from app.records.models import Proposal, ProposalState

MAX_BODY = 48 * 1024
MOST = 100
router = Router(include_in_schema=False)
ProposalId = Annotated[UUID, Path(alias="id")]


class ProposalParameters(Plain):
    """What the list of proposals takes."""

    klara: str = Field("", max_length=2)


class ShownParameters(Plain):
    """What the page of a proposal takes."""

    klart: str = Field("", max_length=20)


class AmendParameters(Plain):
    """What the form to amend a field takes."""

    falt: str = Field("", max_length=150)


@router.get("/forslag")
@answers(HTML, fresh=None, cross_origin=False)
def list_proposals(
    wanted: Annotated[ProposalParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.READ_ALL_PROPOSALS))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The proposals that wait, the oldest first; or those that are decided, the newest first."""
    is_open = col(Proposal.state) == ProposalState.OPEN
    rows = select(Proposal).where(~is_open if wanted.klara else is_open)
    order = col(Proposal.decided_at).desc() if wanted.klara else col(Proposal.made_at)
    proposals, _ = list_seen(session, visitor.caller, rows.order_by(order, col(Proposal.id)), MOST)
    summaries = summarize_proposals(session, site_of(request), proposals)
    own = {one.id for one in proposals if not wanted.klara and is_own(visitor.caller, one)}
    groups = [[one for one in summaries if (one.id in own) is is_wanted] for is_wanted in (False, True)]
    titles = name_records(session, summaries)
    return render(request, "proposals.html", groups=groups, titles=titles, decided=bool(wanted.klara))


@router.get("/forslag/{id}")
@answers(HTML, fresh=None, cross_origin=False)
def show_proposal(
    key: ProposalId,
    wanted: Annotated[ShownParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.READ_ALL_PROPOSALS))],
    session: SessionDep,
    request: Request,
) -> Response:
    """A proposal: who asks for what and why, and how it differs from the record as it stands."""
    return _render_proposal(request, visitor, session, key, done=wanted.klart)


@router.post("/forslag/{id}")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def decide_proposal(
    key: ProposalId,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.DECIDE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Accept, reject or withdraw a proposal."""
    try:
        visitor.require_current_form()
        _decide(request, visitor, key, {"decision": form.get("beslut"), "reason": form.get("skal", "")})
    except ProblemError as error:
        faults = explain_error(error)
        return _render_proposal(request, visitor, session, key, form=form, status=error.status, faults=faults)
    return lead_to(request, f"/forslag/{key}")


@router.get("/forslag/{id}/justera")
@answers(HTML, fresh=None, cross_origin=False)
def show_amend(
    key: ProposalId,
    wanted: Annotated[AmendParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.DECIDE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The form of a field, with what the proposal says of it."""
    proposal, document = _load(session, visitor, key)
    part = find_part(proposal.kind, document, wanted.falt)
    return _render_amend(request, session, proposal, part)


@router.post("/forslag/{id}/justera")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def amend_proposal(
    key: ProposalId,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.DECIDE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Publish a proposal with another value of one field, as one's own."""
    proposal, document = _load(session, visitor, key)
    part = find_part(proposal.kind, document, form.get("falt", ""))
    session.close()  # deciding takes a connection of its own, and what is read after this is as it stands then
    try:
        visitor.require_current_form()
        amended = edit_document(part, document, form, load_cites(request.app.state.engine, form))
        asked = {"decision": Decision.AMEND, "reason": form.get("skal", ""), "document": amended}
        _decide(request, visitor, key, asked)
    except ProblemError as error:
        proposal, _ = _load(session, visitor, key)
        faults = explain_error(error, document)
        return _render_amend(request, session, proposal, part, form, status=error.status, faults=faults)
    return lead_to(request, f"/forslag/{key}")


def _decide(request: Request, visitor: Visitor, key: UUID, asked: Mapping[str, object]) -> ProposalShown:
    decision = read_body(DecisionRequest, asked)

    def describe(session: Session, proposal: Proposal) -> ProposalShown:
        return describe_proposal(session, site_of(request), proposal)

    return decide(request.app.state.engine, visitor.caller, key, decision, Attempt(None, ""), describe)


def _load(session: Session, visitor: Visitor, key: UUID) -> tuple[Proposal, Document]:
    """A proposal that waits, and its document. Raises NotFound, or StaleRevision for one that is decided."""
    proposal = session.get(Proposal, key)
    if proposal is None or not may_see(session, visitor.caller, proposal) or proposal.document is None:
        raise NotFound("There is no such proposal.")
    if proposal.state is not ProposalState.OPEN:
        raise StaleRevision(f"The proposal is {proposal.state} already, by {proposal.decided_by}.")
    return proposal, decode(proposal.document)


def _render_proposal(
    request: Request,
    visitor: Visitor,
    session: Session,
    key: UUID,
    *,
    form: Form | None = None,
    **notes: Any,
) -> Response:
    """The page. `notes`: the status, and what the page says above the proposal."""
    proposal = session.get(Proposal, key)
    if proposal is None or not may_see(session, visitor.caller, proposal):
        raise NotFound("There is no such proposal.")
    view = describe_proposal(session, site_of(request), proposal)
    document = view.document or {}
    change = compare_decided(session, proposal) if view.decision else None
    title = name_records(session, [view])[view.record]
    session.close()  # the titles are read with a connection of their own
    fields = [(part_of(one.field), name_field(one.field, document)) for one in view.differences if one.proposed]
    return render(
        request,
        "proposal.html",
        proposal=view,
        document=document,
        amendable=[pair for pair in fields if _is_editable(proposal.kind, document, pair[0])],
        change=change,
        title=title,
        is_own=is_own(visitor.caller, proposal),
        titles=load_titles(request.app.state.engine, document),
        values={} if form is None else dict(form),
        **{"done": "", **notes},
    )


def _is_editable(kind: str, document: Document, path: str) -> bool:
    try:
        find_part(kind, document, path)
    except NotFound:
        return False
    return True


def _render_amend(
    request: Request,
    session: Session,
    proposal: Proposal,
    part: Part,
    form: Form | None = None,
    *,
    status: int = 200,
    faults: list[str] | None = None,
) -> Response:
    document = decode(proposal.document or "{}")
    values = fill_inputs(part, document) if form is None else dict(form)
    sources = load_choices(session)
    return render(
        request,
        "amend.html",
        status=status,
        faults=faults or [],
        proposal=proposal,
        document=document,
        part=part,
        rows=1 + sum(name.startswith("forsta.") for name in values),
        inputs=[] if part.is_exceptions else list_inputs(part),
        values=values,
        cites=name_sources(list_cites(document, part.path) if form is None else read_cites(form), sources),
        sources=sources,
    )
