"""Removing a record: looked at before, with a reason. Its history stays."""

from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from app.access.deciding import Action
from app.console.changing import NO_REASON_YET, describe_change, lead_to_change, review_change, send_form
from app.console.faults import explain_error, explain_faults
from app.console.record_routes import Address
from app.console.records import RecordView, load_base, load_view
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError
from app.http.routing import Router

router = Router(include_in_schema=False)


@router.get("/poster/{collection}/{id}/ta-bort")
@answers(HTML, fresh=None, cross_origin=False)
def show_removal(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """What is to be removed, and why."""
    record = load_view(session, address)
    session.close()
    return _render_removal(request, visitor, record, [])


@router.post("/poster/{collection}/{id}/ta-bort")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def remove_record(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PROPOSE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Remove a record as it was on the page; where others have changed it since, it stays."""
    record = load_base(session, load_view(session, address), form.get("base", ""))
    session.close()
    try:
        proposal = send_form(request, visitor, record, form, remove=True)
    except ProblemError as error:
        faults = explain_error(error, record.document)
        return _render_removal(request, visitor, load_view(session, address), faults, error.status)
    if proposal.state == "accepted":
        return lead_to(request, f"/poster?samling={record.address.partition('/')[0]}&klart=borttagen")
    return lead_to_change(request, proposal)


def _render_removal(
    request: Request, visitor: Visitor, record: RecordView, faults: list[str], status: int = 200
) -> Response:
    change = describe_change(record, NO_REASON_YET, remove=True)
    try:
        review = review_change(request, visitor, change)
    except ProblemError as error:  # others name it, or it lies outside of the scope
        reasons = faults or explain_faults(error, record.document)
        return render(request, "problem.html", status=error.status, kind=error.slug, faults=reasons)
    return render(request, "remove.html", status=status, faults=faults, record=record, review=review, name=uuid4().hex)
