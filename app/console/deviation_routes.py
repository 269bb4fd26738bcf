"""The form of other hours on some days for all contact points of a record, looked at before they are published."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.access.deciding import Action
from app.console.changing import describe_change, lead_to_change, review_change, send_change
from app.console.citing import Cite, load_choices, load_cites, load_titles, name_sources, read_cites
from app.console.deviating import add_exceptions, list_timed_points
from app.console.edit_routes import NOT_REPEATED
from app.console.faults import explain_error
from app.console.filling import count_rows, read_exceptions
from app.console.gathering import gather_faults
from app.console.hours import list_fortnights, list_long_spans
from app.console.parts import Part
from app.console.previews import has_page, render_preview
from app.console.record_routes import MAX_BODY, Address
from app.console.records import RecordView, load_base, load_view
from app.console.rendering import HTML, Plain, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import NotFound, ProblemError, StaleRevision
from app.http.routing import Router
from app.proposals.schemas import ProposalShown
from app.records.documents import Document
from app.resources.reviewing import day_of

ROWS = 3
"""Rows of a form that nobody has filled in yet: Christmas, the turn of the year, and one more."""
router = Router(include_in_schema=False)


@router.get("/poster/{collection}/{id}/avvikelser")
@answers(HTML, fresh=None, cross_origin=False)
def show_deviations(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The form, for all contact points that have hours."""
    return _render_form(request, session, load_view(session, address))


@router.post("/poster/{collection}/{id}/avvikelser")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def send_deviations(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PROPOSE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """First the difference that the form makes; then, sent from there, the change."""
    record = load_base(session, load_view(session, address), form.get("base", ""))
    session.close()
    if form.get("steg") == "tillbaka":
        return _render_form(request, session, record, form)
    try:
        visitor.require_current_form()
        cites = load_cites(request.app.state.engine, form)
        change = describe_change(record, form, document=_add_rows(record, form, cites))
        if form.get("steg") == "visa":
            return render_preview(request, visitor, change)
        if form.get("steg") != "skicka":
            return _render_review(request, visitor, record, form, review_change(request, visitor, change))
        proposal = send_change(request, visitor, change, form.get("namn"))
    except ProblemError as error:
        if isinstance(error, StaleRevision):  # sent again, they are added to what others have written meanwhile
            record = load_view(session, address)
        error = gather_faults(request, visitor, record, form, error, lambda cites: _add_rows(record, form, cites or []))
        faults = explain_error(error, record.document)
        return _render_form(request, session, record, form, status=error.status, faults=faults)
    return lead_to_change(request, proposal)


def _add_rows(record: RecordView, form: Form, cites: list[Cite]) -> Document:
    return add_exceptions(record.document, form.getlist("kontaktvag"), read_exceptions(form), cites)


def _render_form(
    request: Request, session: Session, record: RecordView, form: Form | None = None, **notes: Any
) -> Response:
    points = list_timed_points(record.document)
    if not points:
        raise NotFound("No contact point of this record has hours.")
    sources = load_choices(session)
    return render(
        request,
        "deviations.html",
        record=record,
        points=points,
        chosen=[point for point, _, _ in points] if form is None else form.getlist("kontaktvag"),
        part=Part(record.kind, f"contact_points.{points[0][0]}.exceptions"),
        inputs=[],
        rows=count_rows({} if form is None else form, ROWS),
        cites=name_sources([] if form is None else read_cites(form), sources),
        sources=sources,
        **notes,
    )


def _render_review(
    request: Request, visitor: Visitor, record: RecordView, form: Form, review: ProposalShown
) -> Response:
    document, today, entered = review.document or {}, day_of(visitor.caller.at), read_exceptions(form)
    chosen = [point for point in document["contact_points"] if point["id"] in form.getlist("kontaktvag")]
    return render(
        request,
        "review.html",
        path=f"/poster/{record.address}/avvikelser",
        title_of_record=record.title,
        document=document,
        review=review,
        before=[],
        after=read_cites(form),
        titles=load_titles(request.app.state.engine, document),
        fortnights=[(point["label"]["sv"], list_fortnights(point, entered, today)) for point in chosen],
        long_spans=list_long_spans(entered),
        waiting=[],
        fields=[(name, value) for name, value in form.multi_items() if name not in NOT_REPEATED],
        name=uuid4().hex,
        has_preview=has_page(record.address),
    )
