"""The form of a field, looked at before it is published."""

from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session

from app.access.deciding import Action
from app.console.changing import describe_change, lead_to_change, review_change, send_change
from app.console.citing import list_cites, load_choices, load_cites, load_titles, name_sources, read_cites
from app.console.faults import explain_error
from app.console.filling import edit_document, fill_inputs
from app.console.hours import list_days
from app.console.parts import Part, find_part, list_inputs
from app.console.previews import has_page, render_preview
from app.console.record_routes import MAX_BODY, Address
from app.console.records import RecordView, load_base, load_view, view_fields
from app.console.rendering import HTML, Plain, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.console.waiting import load_waiting, sort_by_field
from app.console.warnings import list_warnings
from app.database import SessionDep
from app.http.contract import answers
from app.http.links import site_of
from app.http.problems import ProblemError, StaleRevision
from app.http.routing import Router
from app.records.documents import Document
from app.resources.reviewing import day_of

router = Router(include_in_schema=False)
NOT_REPEATED = ("csrf", "steg", "namn", "publicera")
"""Fields of a form that the page with the difference has of its own."""


class EditParameters(Plain):
    """What the form of a field takes."""

    falt: str = Field("", max_length=150)


@router.get("/poster/{collection}/{id}/andra")
@answers(HTML, fresh=None, cross_origin=False)
def show_edit(
    address: Address,
    wanted: Annotated[EditParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The form of a field, and of its citations."""
    record = load_view(session, address)
    part = find_part(record.kind, record.document, wanted.falt)
    waiting = sort_by_field(load_waiting(session, site_of(request), visitor.caller, record))
    return _render_edit(request, session, record, part, waiting=waiting.get(part.path, []))


@router.post("/poster/{collection}/{id}/andra")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def send_edit(
    address: Address,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PROPOSE, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """First the difference that the form makes; then, sent from there, the change."""
    record = load_base(session, load_view(session, address), form.get("base", ""))
    part = find_part(record.kind, record.document, form.get("falt", ""))
    session.close()
    if form.get("steg") == "tillbaka":
        return _render_edit(request, session, record, part, form)
    try:
        visitor.require_current_form()
        document = edit_document(part, record.document, form, load_cites(request.app.state.engine, form))
        asked = describe_change(record, form, document=document)
        if form.get("steg") == "visa":
            return render_preview(request, visitor, asked)
        if form.get("steg") != "skicka":
            review = review_change(request, visitor, asked)
            return _render_review(request, record, part, form, document, review, visitor.caller.at)
        made = send_change(request, visitor, asked, form.get("namn"))
    except ProblemError as error:
        return _render_refused(request, session, record, part, form, error)
    return lead_to_change(request, made)


def _render_refused(
    request: Request, session: Session, record: RecordView, part: Part, form: Form, error: ProblemError
) -> Response:
    """The form as it was sent, with what is wrong. Where others were faster, what they wrote stands above it."""
    faults = explain_error(error, record.document)
    present = None
    if isinstance(error, StaleRevision):
        record = load_view(session, record.address)
        part = find_part(record.kind, record.document, part.path)
        (present,) = view_fields(session, record, [part.path])
    return _render_edit(request, session, record, part, form, status=error.status, faults=faults, present=present)


def _render_edit(
    request: Request, session: Session, record: RecordView, part: Part, form: Form | None = None, **notes: Any
) -> Response:
    """The form; as it was sent, where it was. `notes`: the status, and what the page says above the form."""
    values = fill_inputs(part, record.document) if form is None else dict(form)
    sources = load_choices(session)
    cites = list_cites(record.document, part.path) if form is None else read_cites(form)
    return render(
        request,
        "edit.html",
        rows=1 + sum(name.startswith("forsta.") for name in values),
        record=record,
        part=part,
        inputs=[] if part.is_exceptions else list_inputs(part),
        values=values,
        cites=name_sources(cites, sources),
        sources=sources,
        **{"present": None, "waiting": [], **notes},
    )


def _render_review(
    request: Request, record: RecordView, part: Part, form: Form, document: Document, review: object, now: datetime
) -> Response:
    points: list[Document] = document.get("contact_points", [])
    point = next((one for one in points if one["id"] == part.point), {})
    is_timed = part.is_hours or part.is_exceptions
    return render(
        request,
        "review.html",
        path=f"/poster/{record.address}/andra",
        title_of_record=record.title,
        document=document,
        review=review,
        before=list_cites(record.document, part.path),
        after=list_cites(document, part.path),
        titles=load_titles(request.app.state.engine, document),
        warnings=list_warnings(part, record.document, document, day_of(now)),
        fortnights=[(point["label"]["sv"], list_days(point, day_of(now)))] if is_timed else [],
        fields=[(name, value) for name, value in form.multi_items() if name not in NOT_REPEATED],
        name=uuid4().hex,
        has_preview=has_page(record.address),
    )
