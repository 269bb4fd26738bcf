"""Proposals: those that wait, one with its difference, and decisions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session, col, select

from app.access.deciding import Action, is_own, may_see
from app.console.amending import list_amendable, load_amendment
from app.console.citing import load_titles
from app.console.deciding import send_decision
from app.console.differences import compare_decided, name_values
from app.console.faults import explain_error
from app.console.previews import has_page, render_proposal_preview
from app.console.records import name_records
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.links import site_of
from app.http.problems import NotFound, ProblemError
from app.http.routing import Router
from app.proposals.describing import describe_proposal, summarize_proposals
from app.proposals.listing import list_seen
from app.records.models import Proposal, ProposalState

MOST = 100
router = Router(include_in_schema=False)
ProposalId = Annotated[UUID, Path(alias="id")]


class ProposalParameters(Plain):
    """What the list of proposals takes."""

    klara: str = Field("", max_length=2)


class ShownParameters(Plain):
    """What the page of a proposal takes."""

    klart: str = Field("", max_length=20)


@router.get("/forslag")
@answers(HTML, fresh=None, cross_origin=False)
def list_proposals(
    parameters: Annotated[ProposalParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.READ_ALL_PROPOSALS))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The proposals that wait, the oldest first; or those that are decided, the newest first."""
    is_open = col(Proposal.state) == ProposalState.OPEN
    rows = select(Proposal).where(~is_open if parameters.klara else is_open)
    order = col(Proposal.decided_at).desc() if parameters.klara else col(Proposal.made_at)
    proposals, _ = list_seen(session, visitor.caller, rows.order_by(order, col(Proposal.id)), MOST)
    summaries = summarize_proposals(session, site_of(request), proposals)
    own = {proposal.id for proposal in proposals if not parameters.klara and is_own(visitor.caller, proposal)}
    groups = [[summary for summary in summaries if (summary.id in own) is is_wanted] for is_wanted in (False, True)]
    titles = name_records(session, summaries)
    return render(request, "proposals.html", groups=groups, titles=titles, decided=bool(parameters.klara))


@router.get("/forslag/{id}")
@answers(HTML, fresh=None, cross_origin=False)
def show_proposal(
    key: ProposalId,
    parameters: Annotated[ShownParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.READ_ALL_PROPOSALS))],
    session: SessionDep,
    request: Request,
) -> Response:
    """A proposal: who asks for what and why, and how it differs from the record as it stands."""
    return _render_proposal(request, visitor, session, key, done=parameters.klart)


@router.post("/forslag/{id}")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def decide_proposal(
    key: ProposalId,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.DECIDE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Accept, reject or withdraw a proposal."""
    try:
        visitor.require_current_form()
        send_decision(request, visitor, key, {"decision": form.get("beslut"), "reason": form.get("skal", "")})
    except ProblemError as error:
        faults = explain_error(error)
        return _render_proposal(request, visitor, session, key, form=form, status=error.status, faults=faults)
    return lead_to(request, f"/forslag/{key}")


@router.post("/forslag/{id}/visa")
@answers(HTML, fresh=None, body=4096, cross_origin=False)
def preview_proposal(
    key: ProposalId,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.READ_ALL_PROPOSALS))],
    request: Request,
) -> Response:
    """What a proposal would make of the pages of its record."""
    return render_proposal_preview(request, visitor, key)


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
    is_stale, is_waiting = view.state == ProposalState.STALE, view.decision is None and not view.removes
    amendable = list[tuple[str, str]]()
    if is_waiting and not (is_stale and view.present_revision is None):
        fields = [difference.field for difference in view.differences if difference.proposed is not None]
        amendable = list_amendable(load_amendment(session, visitor.caller, key), [*fields, *view.conflicts])
    names = name_values(session, [*view.differences, *(change.differences if change else ())])
    session.close()  # the titles are read with a connection of their own
    return render(
        request,
        "proposal.html",
        proposal=view,
        document=document,
        change=change,
        names=names,
        title=title,
        amendable=amendable,
        has_preview=is_waiting and not is_stale and has_page(view.record),
        is_own=is_own(visitor.caller, proposal),
        titles=load_titles(request.app.state.engine, document),
        values={} if form is None else dict(form),
        **{"done": "", **notes},
    )
