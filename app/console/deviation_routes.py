"""The form of other hours on some days for all contact points of a record, looked at before they are published."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.access.deciding import Action
from app.console.changing import describe_change, lead_to_change, review_change, send_change
from app.console.citing import load_choices, load_cites, load_titles, name_sources, read_cites
from app.console.deviating import add_exceptions, list_timed_points
from app.console.edit_routes import NOT_REPEATED
from app.console.faults import explain_error
from app.console.filling import read_exceptions
from app.console.hours import list_days
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
from app.records.documents import Document
from app.resources.reviewing import day_of

ROWS = 3
"""Rows of a form that nobody has filled in yet: Christmas, the turn of the year, and one more."""
router = Router(include_in_schema=False)


@router.get("/poster/{collection}/{id}/avvikelser")
@answers(HTML, fresh=None, cross_origin=False)
def show_deviations(
    address: Address,
    wanted: Annotated[Plain, Query()],
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
    wanted: Annotated[Plain, Query()],
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
        document = add_exceptions(record.document, form.getlist("kontaktvag"), read_exceptions(form), cites)
        asked = describe_change(record, form, document=document)
        if form.get("steg") == "visa":
            return render_preview(request, visitor, asked)
        if form.get("steg") != "skicka":
            return _render_review(request, visitor, record, form, document, review_change(request, visitor, asked))
        made = send_change(request, visitor, asked, form.get("namn"))
    except ProblemError as error:
        if isinstance(error, StaleRevision):  # sent again, they are added to what others have written meanwhile
            record = load_view(session, address)
        faults = explain_error(error, record.document)
        return _render_form(request, session, record, form, status=error.status, faults=faults)
    return lead_to_change(request, made)


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
        rows=max(ROWS, 1 + sum(name.startswith("forsta.") for name in form or ())),
        cites=name_sources([] if form is None else read_cites(form), sources),
        sources=sources,
        **notes,
    )


def _render_review(
    request: Request, visitor: Visitor, record: RecordView, form: Form, document: Document, review: object
) -> Response:
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
        fortnights=[(point["label"]["sv"], list_days(point, day_of(visitor.caller.at))) for point in chosen],
        fields=[(name, value) for name, value in form.multi_items() if name not in NOT_REPEATED],
        name=uuid4().hex,
        has_preview=has_page(record.address),
    )
