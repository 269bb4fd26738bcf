"""The form of a field, looked at before it is published."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session

from app.access.deciding import Action
from app.console.changing import describe_change, lead_to_change, review_change, send_change
from app.console.citing import Cite, list_cites, load_choices, load_cites, load_titles, name_sources, read_cites
from app.console.differences import name_values
from app.console.faults import explain_error
from app.console.filling import count_rows, edit_document, fill_inputs, list_new_exceptions
from app.console.gathering import changes_nothing, gather_faults
from app.console.hours import list_fortnights, list_long_spans
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
from app.proposals.schemas import ProposalShown
from app.records.documents import Document
from app.records.models import Revision
from app.resources.reviewing import day_of

router = Router(include_in_schema=False)
NOT_REPEATED = ("csrf", "steg", "namn", "publicera")
"""Fields of a form that the page with the difference has of its own."""


class EditParameters(Plain):
    """What the form of a field takes."""

    falt: str = Field("", max_length=150)


SAME_NUMBER = "Det är samma nummer, skrivet på ett annat sätt. Inget behöver göras."
SAME_VALUE = "Det står redan så i katalogen. Inget behöver göras."


@router.get("/poster/{collection}/{id}/andra")
@answers(HTML, fresh=None, cross_origin=False)
def show_edit(
    address: Address,
    parameters: Annotated[EditParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))],
    session: SessionDep,
    request: Request,
) -> Response:
    """The form of a field, and of its citations."""
    record = load_view(session, address)
    part = find_part(record.kind, record.document, parameters.falt)
    waiting = sort_by_field(session, load_waiting(session, site_of(request), visitor.caller, record))
    return _render_edit(request, session, record, part, waiting=waiting.get(part.path, []))


@router.post("/poster/{collection}/{id}/andra")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def send_edit(
    address: Address,
    parameters: Annotated[Plain, Query()],
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
        change = describe_change(record, form, document=document)
        if form.get("steg") == "visa":
            return render_preview(request, visitor, change)
        if form.get("steg") != "skicka":
            review = review_change(request, visitor, change)
            return _render_review(request, visitor, session, record, part, form, review)
        proposal = send_change(request, visitor, change, form.get("namn"))
    except ProblemError as error:
        return _render_refused(request, visitor, session, record, part, form, error)
    return lead_to_change(request, proposal)


def _render_refused(
    request: Request,
    visitor: Visitor,
    session: Session,
    record: RecordView,
    part: Part,
    form: Form,
    error: ProblemError,
) -> Response:
    """The form as it was sent, with what is wrong. Where others were faster, what they wrote stands above it."""
    if changes_nothing(error):
        is_rewritten = part.name == "value" and form.get("varde") != fill_inputs(part, record.document).get("varde")
        nothing = SAME_NUMBER if is_rewritten else SAME_VALUE
        return _render_edit(request, session, record, part, form, status=error.status, nothing=nothing)

    def make(cites: list[Cite] | None) -> Document:
        standing = list_cites(record.document, part.path) if cites is None else cites
        return edit_document(part, record.document, form, standing)

    error = gather_faults(request, visitor, record, form, error, make)
    faults = explain_error(error, record.document)
    present = changed = None
    if isinstance(error, StaleRevision):
        record = load_view(session, record.address)
        part = find_part(record.kind, record.document, part.path)
        (present,) = view_fields(session, record, [part.path])
        changed = session.get(Revision, record.revision)
    notes = {"faults": faults, "present": present, "changed": changed}
    return _render_edit(request, session, record, part, form, status=error.status, **notes)


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
        rows=count_rows(values),
        record=record,
        part=part,
        inputs=[] if part.is_exceptions else list_inputs(part),
        values=values,
        cites=name_sources(cites, sources),
        sources=sources,
        **{"present": None, "changed": None, "nothing": "", "waiting": [], **notes},
    )


def _render_review(
    request: Request,
    visitor: Visitor,
    session: Session,
    record: RecordView,
    part: Part,
    form: Form,
    review: ProposalShown,
) -> Response:
    document, today = review.document or {}, day_of(visitor.caller.at)
    waiting = sort_by_field(session, load_waiting(session, site_of(request), visitor.caller, record))
    names = name_values(session, review.differences)
    session.close()  # the titles are read with a connection of their own
    entered = list_new_exceptions(part, record.document, document)
    points: list[Document] = document.get("contact_points", [])
    point = next((candidate for candidate in points if candidate["id"] == part.point), {})
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
        titles=load_titles(request.app.state.engine, record.document, document),
        names=names,
        waiting=waiting.get(part.path, []),
        warnings=list_warnings(part, record.document, document, today),
        fortnights=[(point["label"]["sv"], list_fortnights(point, entered, today))] if is_timed else [],
        long_spans=list_long_spans(entered),
        fields=[(name, value) for name, value in form.multi_items() if name not in NOT_REPEATED],
        name=uuid4().hex,
        has_preview=has_page(record.address),
    )
