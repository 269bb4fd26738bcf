"""The form with which an editor amends one field of a proposal, and so ends what has become stale."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session

from app.access.deciding import Action
from app.console.amending import Amendment, load_amendment, load_sources
from app.console.citing import list_cites, load_cites, name_sources, read_cites
from app.console.deciding import send_decision
from app.console.faults import explain_error
from app.console.filling import count_rows, edit_document, fill_inputs
from app.console.parts import Part, find_part, list_inputs
from app.console.records import view_fields
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.console.words import name_field
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError, StaleRevision
from app.http.routing import Router
from app.proposals.bodies import Decision

MAX_BODY = 48 * 1024
router = Router(include_in_schema=False)
ProposalId = Annotated[UUID, Path(alias="id")]


class AmendParameters(Plain):
    """What the form to amend a field takes."""

    falt: str = Field("", max_length=150)


@router.get("/forslag/{id}/justera")
@answers(HTML, fresh=None, cross_origin=False)
def show_amend(
    key: ProposalId,
    parameters: Annotated[AmendParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.DECIDE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The form of a field, with what the proposal says of it and, where that has changed since, what stands."""
    amendment = load_amendment(session, visitor.caller, key)
    part = find_part(amendment.proposal.kind, amendment.document, parameters.falt)
    return _render_amend(request, session, amendment, part)


@router.post("/forslag/{id}/justera")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def amend_proposal(
    key: ProposalId,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.DECIDE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Publish a proposal with another value of one field, as one's own."""
    amendment = load_amendment(session, visitor.caller, key, form.get("base", ""))
    part = find_part(amendment.proposal.kind, amendment.document, form.get("falt", ""))
    session.close()  # deciding takes a connection of its own, and what is read after this is as it stands then
    try:
        visitor.require_current_form()
        cites = load_cites(request.app.state.engine, form, amendment.source)
        decision = {
            "decision": Decision.AMEND,
            "reason": form.get("skal", ""),
            "document": edit_document(part, amendment.document, form, cites),
            "base_revision": None if amendment.record is None else amendment.record.revision,
        }
        send_decision(request, visitor, key, decision)
    except ProblemError as error:
        faults = explain_error(error, amendment.filled)
        base = "" if isinstance(error, StaleRevision) else form.get("base", "")
        amendment = load_amendment(session, visitor.caller, key, base)
        return _render_amend(request, session, amendment, part, form, status=error.status, faults=faults)
    return lead_to(request, f"/forslag/{key}")


def _render_amend(
    request: Request,
    session: Session,
    amendment: Amendment,
    part: Part,
    form: Form | None = None,
    *,
    status: int = 200,
    faults: list[str] | None = None,
) -> Response:
    record, document = amendment.record, amendment.filled
    values = fill_inputs(part, document) if form is None else dict(form)
    sources = load_sources(session, amendment)
    is_overtaken = record is not None and part.path in amendment.conflicts
    others = [path for path in amendment.conflicts if path != part.path]
    return render(
        request,
        "amend.html",
        status=status,
        faults=faults or [],
        proposal=amendment.proposal,
        document=document,
        base="" if record is None else record.revision,
        present=view_fields(session, record, [part.path])[0] if record is not None and is_overtaken else None,
        others=[name_field(path, document) for path in others],
        part=part,
        rows=count_rows(values),
        inputs=[] if part.is_exceptions else list_inputs(part),
        values=values,
        cites=name_sources(list_cites(document, part.path) if form is None else read_cites(form), sources),
        sources=sources,
    )
