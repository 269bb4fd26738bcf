"""Taking back one change of a record alone: what was changed later stays."""

from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.access.deciding import Action
from app.console.changing import NO_REASON_YET, describe_change, lead_to_change, review_change, send_form
from app.console.citing import load_titles
from app.console.differences import name_values
from app.console.faults import explain_error, explain_faults
from app.console.gathering import changes_nothing
from app.console.history_routes import Number
from app.console.record_routes import Address
from app.console.records import RecordView, load_base, load_names, load_view, read_value
from app.console.rendering import HTML, Plain, render
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError, StaleRevision
from app.http.routing import Router
from app.proposals.reading import find_standing, load_change
from app.proposals.refusing import refusing
from app.records.models import Revision

router = Router(include_in_schema=False)
UNDONE = ["Inget av ändringen finns kvar i posten. Det finns inget att ta tillbaka."]


@router.get("/poster/{collection}/{id}/historik/{number}/ta-tillbaka")
@answers(HTML, fresh=None, cross_origin=False)
def show_undo(
    address: Address,
    number: Number,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """What would change if one change were taken back, or what stands in the way."""
    return _render_undo(request, visitor, session, load_view(session, address), number, [])


@router.post("/poster/{collection}/{id}/historik/{number}/ta-tillbaka")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def undo(
    address: Address,
    number: Number,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PROPOSE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Take one change back, as a new revision whose reason says so."""
    record = load_base(session, load_view(session, address), form.get("base", ""))
    session.close()
    try:
        proposal = send_form(request, visitor, record, form, undo=number)
    except ProblemError as error:
        faults = explain_error(error, record.document)
        return _render_undo(request, visitor, session, load_view(session, address), number, faults, error.status)
    return lead_to_change(request, proposal)


def _render_undo(
    request: Request,
    visitor: Visitor,
    session: Session,
    record: RecordView,
    number: int,
    faults: list[str],
    status: int = 200,
) -> Response:
    session.close()  # the review takes a connection of its own
    review, disputed = None, list[str]()
    try:
        review = review_change(request, visitor, describe_change(record, NO_REASON_YET, undo=number))
    except StaleRevision as error:
        status, disputed, faults = error.status, [fault.parameter for fault in error.errors], []
    except ProblemError as error:  # it made the record, is undone already, or names a record that is removed
        reasons = faults or (UNDONE if changes_nothing(error) else explain_faults(error, record.document))
        return render(request, "problem.html", status=error.status, kind=error.slug, faults=reasons)
    titles = load_titles(request.app.state.engine, review.document or {}) if review else {}
    conflicts = _load_conflicts(session, record, number, disputed)
    values = [(path, value) for path, *values in conflicts for value in values]
    return render(
        request,
        "undo.html",
        status=status,
        faults=faults,
        record=record,
        revision=session.get(Revision, number),
        review=review,
        conflicts=conflicts,
        titles=titles,
        names=name_values(session, review.differences) if review else load_names(session, values),
        name=uuid4().hex,
    )


def _load_conflicts(
    session: Session, record: RecordView, number: int, paths: list[str]
) -> list[tuple[str, object, object, object]]:
    """The fields that were changed again: each with its value before the change, after it, and now."""
    if not paths:
        return []
    with refusing():
        _, current = find_standing(session, record.address)
        before, after = load_change(session, current, number)
    return [(path, *(read_value(document, path) for document in (before, after, record.document))) for path in paths]
