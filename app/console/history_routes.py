"""The history of a record, and taking a change back: an earlier revision is published again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from app.access.deciding import Action
from app.console.changing import NO_REASON_YET, describe_change, lead_to_change, review_change, send_form
from app.console.citing import load_titles
from app.console.differences import Change, compare, name_values
from app.console.faults import explain_error, explain_faults
from app.console.record_routes import Address
from app.console.records import RecordView, load_base, load_view
from app.console.rendering import HTML, Plain, render
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError
from app.http.routing import Router
from app.records.documents import decode
from app.records.models import Origin, Revision

MOST = 50
router = Router(include_in_schema=False)
Number = Annotated[int, Path(alias="number", ge=1, lt=1 << 31)]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision of a record. `can_stand_again`: it has a document, and is not the one that stands.

    `can_be_undone`: it changed a document that stood before it.
    """

    number: int
    made_at: datetime
    actor: str
    origin: Origin
    reason: str
    change: Change
    can_stand_again: bool
    can_be_undone: bool


@router.get("/poster/{collection}/{id}/historik")
@answers(HTML, fresh=None, cross_origin=False)
def show_history(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """Who changed what, when and why; the newest first."""
    record = load_view(session, address)
    revisions = list_revisions(session, record)
    names = name_values(session, [difference for revision in revisions for difference in revision.change.differences])
    return render(request, "history.html", record=record, revisions=revisions, names=names)


def list_revisions(session: Session, record: RecordView) -> list[RevisionView]:
    """The newest revisions of a record, each with what it changed."""
    statement = select(Revision).where(col(Revision.record) == record.id).order_by(col(Revision.number).desc())
    rows = session.exec(statement.limit(MOST + 1)).all()
    documents = [decode(row.document) if row.document else {} for row in rows]
    return [
        RevisionView(
            row.number,
            row.made_at,
            row.actor,
            row.origin,
            row.reason,
            compare(before, after),
            bool(after) and row.number != record.revision,
            bool(after and before),
        )
        for row, after, before in zip(rows, documents, [*documents[1:], {}], strict=True)
    ][:MOST]


@router.get("/poster/{collection}/{id}/historik/{number}")
@answers(HTML, fresh=None, cross_origin=False)
def show_restore(
    address: Address,
    number: Number,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """What would change if an earlier revision were published again."""
    record = load_view(session, address)
    load_base(session, record, str(number))
    return _render_restore(request, visitor, session, record, number, [])


@router.post("/poster/{collection}/{id}/historik/{number}")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def restore(
    address: Address,
    number: Number,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PROPOSE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Publish an earlier revision again, as a new revision whose reason says so."""
    record = load_base(session, load_view(session, address), form.get("base", ""))
    session.close()
    try:
        proposal = send_form(request, visitor, record, form, revert_to=number)
    except ProblemError as error:
        faults = explain_error(error, record.document)
        return _render_restore(request, visitor, session, load_view(session, address), number, faults, error.status)
    return lead_to_change(request, proposal)


def _render_restore(
    request: Request,
    visitor: Visitor,
    session: Session,
    record: RecordView,
    number: int,
    faults: list[str],
    status: int = 200,
) -> Response:
    session.close()  # the review takes a connection of its own
    change = describe_change(record, NO_REASON_YET, revert_to=number)
    try:
        review = review_change(request, visitor, change)
    except ProblemError as error:  # it is the current one already, or names a record that is removed
        reasons = faults or explain_faults(error, record.document)
        return render(request, "problem.html", status=error.status, kind=error.slug, faults=reasons)
    return render(
        request,
        "restore.html",
        status=status,
        faults=faults,
        record=record,
        number=number,
        review=review,
        titles=load_titles(request.app.state.engine, review.document or {}),
        names=name_values(session, review.differences),
        name=uuid4().hex,
    )
