"""The forms for a new record and for a new contact point, looked at before they are published."""

from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.access.deciding import Action
from app.console.adding import add_point, list_part_inputs, list_point_parts, list_record_parts, make_record
from app.console.changing import ChangeBody, describe_change, lead_to_change, review_change, send_change
from app.console.citing import load_choices, load_cites, load_titles, name_sources, read_cites
from app.console.differences import name_values
from app.console.edit_routes import NOT_REPEATED
from app.console.faults import explain_error
from app.console.parts import Part
from app.console.previews import has_page, render_preview
from app.console.record_routes import MAX_BODY, Address
from app.console.records import RecordView, load_base, load_view
from app.console.rendering import HTML, Plain, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.console.words import COLLECTION_NAMES
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError, StaleRevision
from app.http.routing import Router
from app.records.documents import Document

router = Router(include_in_schema=False)
Collection = Annotated[str, Path()]
Writer = Annotated[Visitor, Depends(SignedIn(Action.PROPOSE))]
Sender = Annotated[Visitor, Depends(Sending(Action.PROPOSE, shows_again=True))]


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a form. `base`: the revision that is added to; None for a new record."""

    title: str
    path: str
    parts: list[Part]
    base: int | None = None


@router.get("/nypost/{collection}")
@answers(HTML, fresh=None, cross_origin=False)
def show_new_record(
    collection: Collection,
    parameters: Annotated[Plain, Query()],
    visitor: Writer,
    session: SessionDep,
    request: Request,
) -> Response:
    """The form of a new record."""
    return _render_form(request, session, _page_of_record(collection))


@router.post("/nypost/{collection}")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def add_record(
    collection: Collection,
    parameters: Annotated[Plain, Query()],
    visitor: Sender,
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """First what the form makes; then, sent from there, the record."""
    page = _page_of_record(collection)
    if form.get("steg") == "tillbaka":
        return _render_form(request, session, page, form)
    try:
        visitor.require_current_form()
        document = make_record(page.parts, form, load_cites(request.app.state.engine, form))
        change: ChangeBody = {
            "record": f"{collection}/{document['id']}",
            "document": document,
            "reason": form.get("skal", ""),
        }
        return _review_or_send(request, visitor, change, form, page.path, document)
    except ProblemError as error:
        faults = explain_error(error)
        return _render_form(request, session, page, form, faults, error.status)


@router.get("/poster/{collection}/{id}/ny-kontaktvag")
@answers(HTML, fresh=None, cross_origin=False)
def show_new_point(
    address: Address, parameters: Annotated[Plain, Query()], visitor: Writer, session: SessionDep, request: Request
) -> Response:
    """The form of a new contact point."""
    record = load_view(session, address)
    return _render_form(request, session, _page_of_point(record))


@router.post("/poster/{collection}/{id}/ny-kontaktvag")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def send_new_point(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Sender,
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """First what the form makes; then, sent from there, the change."""
    record = load_base(session, load_view(session, address), form.get("base", ""))
    page = _page_of_point(record)
    session.close()  # the change is made with a connection of its own
    if form.get("steg") == "tillbaka":
        return _render_form(request, session, page, form)
    try:
        visitor.require_current_form()
        document, _ = add_point(record.kind, record.document, form, load_cites(request.app.state.engine, form))
        change = describe_change(record, form, document=document)
        return _review_or_send(request, visitor, change, form, page.path, document)
    except ProblemError as error:
        if isinstance(error, StaleRevision):  # sent again, it is added to what others have written meanwhile
            page = _page_of_point(load_view(session, address))
        faults = explain_error(error)
        return _render_form(request, session, page, form, faults, error.status)


def _review_or_send(
    request: Request, visitor: Visitor, change: ChangeBody, form: Form, path: str, document: Document
) -> Response:
    if form.get("steg") == "visa":
        return render_preview(request, visitor, change)
    if form.get("steg") != "skicka":
        review = review_change(request, visitor, change)
        with Session(request.app.state.engine) as session:
            names = name_values(session, review.differences)
        return render(
            request,
            "review.html",
            path=path,
            title_of_record=str(change["record"]),
            document=document,
            review=review,
            names=names,
            before=[],
            after=read_cites(form),
            titles=load_titles(request.app.state.engine, document),
            fortnights=[],
            long_spans=[],
            waiting=[],
            fields=[(name, value) for name, value in form.multi_items() if name not in NOT_REPEATED],
            name=uuid4().hex,
            has_preview=has_page(str(change["record"])),
        )
    proposal = send_change(request, visitor, {**change, "publish": form.get("publicera") == "ja"}, form.get("namn"))
    return lead_to_change(request, proposal)


def _page_of_record(collection: str) -> Page:
    parts = list_record_parts(collection)
    return Page(f"Ny post: {COLLECTION_NAMES[collection]}", f"/nypost/{collection}", parts)


def _page_of_point(record: RecordView) -> Page:
    path = f"/poster/{record.address}/ny-kontaktvag"
    return Page("Ny kontaktväg", path, list_point_parts(record.kind, "ny"), record.revision)


def _render_form(
    request: Request,
    session: Session,
    page: Page,
    form: Form | None = None,
    faults: list[str] | None = None,
    status: int = 200,
) -> Response:
    sources = load_choices(session)
    return render(
        request,
        "add.html",
        status=status,
        faults=faults or [],
        path=page.path,
        heading=page.title,
        base=page.base,
        part=Part(page.parts[0].kind, "name"),  # what stands in the form has citations
        rows=0,
        inputs=list_part_inputs(page.parts),
        values={} if form is None else dict(form),
        cites=name_sources([] if form is None else read_cites(form), sources),
        sources=sources,
    )
