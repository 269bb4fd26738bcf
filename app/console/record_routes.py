"""Records: the list of them, one with all its fields, and what is edited of it, looked at before it is published."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session, col, select

from app.access.deciding import Action
from app.console.changing import describe_change, lead_to_change, review_change, send_change
from app.console.citing import list_cites, load_cites, read_cites
from app.console.faults import explain_faults
from app.console.filling import edit_document, fill_inputs
from app.console.hours import list_days
from app.console.parts import Part, find_part, list_inputs
from app.console.records import RecordView, list_missing, list_paths, load_base, load_view, load_views, view_fields
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.searching import is_match
from app.console.start_routes import read_confirmation, read_revision
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.console.words import COLLECTION_NAMES
from app.database import SessionDep
from app.folding import fold
from app.http.contract import answers
from app.http.problems import ProblemError
from app.http.routing import Router
from app.proposals.operating import confirm_own
from app.records.documents import Document
from app.records.kinds import BY_COLLECTION, KINDS
from app.records.models import CurrentRecord
from app.records.verified import CONFIRMABLE
from app.resources.reviewing import day_of
from app.sources.models import Source

MAX_BODY = 48 * 1024
MOST = 200
router = Router(include_in_schema=False)


async def read_address(collection: Annotated[str, Path()], slug: Annotated[str, Path(alias="id")]) -> str:
    """The address of a record, such as `hotlines/linjen`."""
    return f"{collection}/{slug}"


Address = Annotated[str, Depends(read_address)]


class ListParameters(Plain):
    """What the list of records takes."""

    q: str = Field("", max_length=100)
    samling: str = Field("hotlines", max_length=40)
    klart: str = Field("", max_length=20)


class RecordParameters(Plain):
    """What the page of a record takes."""

    klart: str = Field("", max_length=20)


class EditParameters(Plain):
    """What the form of a field takes."""

    falt: str = Field("", max_length=150)


@router.get("/poster")
@answers(HTML, fresh=None, cross_origin=False)
def list_records(
    wanted: Annotated[ListParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """The records of one collection, or those of it that hold what is searched for."""
    collection = wanted.samling if wanted.samling in COLLECTION_NAMES else "hotlines"
    statement = select(CurrentRecord.id).where(col(CurrentRecord.kind) == BY_COLLECTION[collection].name)
    views = load_views(session, session.exec(statement.order_by(col(CurrentRecord.position))).all()).values()
    chosen = sorted((one for one in views if is_match(one, wanted.q)), key=lambda one: fold(one.title))
    return render(
        request,
        "records.html",
        records=chosen[:MOST],
        total=len(chosen),
        collection=collection,
        q=wanted.q,
        done=wanted.klart,
    )


@router.get("/poster/{collection}/{id}")
@answers(HTML, fresh=None, cross_origin=False)
def show_record(
    address: Address,
    wanted: Annotated[RecordParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """All that a record says, each field with its sources and the way to change it."""
    return _render_record(request, session, load_view(session, address), done=wanted.klart)


@router.post("/poster/{collection}/{id}/bekrafta")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def confirm_record(
    address: Address,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.CONFIRM_OTHERS))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Write down that a record was checked."""
    record = load_view(session, address)
    session.close()  # what is read after this is as it stands then
    try:
        asked, seen = read_confirmation(form), read_revision(form)
        confirm_own(request.app.state.engine, visitor.caller, record.address, asked, seen=seen)
    except ProblemError as error:
        record = load_view(session, address)
        faults = explain_faults(error, record.document) or [str(error)]
        return _render_record(request, session, record, status=error.status, faults=faults)
    return lead_to(request, f"/poster/{record.address}?klart=kontrollerad")


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
    return _render_edit(request, session, record, part)


@router.post("/poster/{collection}/{id}/andra")
@answers(HTML, fresh=None, body=MAX_BODY, cross_origin=False)
def send_edit(
    address: Address,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PROPOSE))],
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
        document = edit_document(part, record.document, form, load_cites(request.app.state.engine, form))
        asked = describe_change(record, form, document=document)
        if form.get("steg") != "skicka":
            review = review_change(request, visitor, asked)
            return _render_review(request, record, part, form, document, review, visitor.caller.at)
        made = send_change(request, visitor, asked, form.get("namn"))
    except ProblemError as error:
        faults = explain_faults(error, record.document) or [str(error)]
        return _render_edit(request, session, record, part, form, status=error.status, faults=faults)
    return lead_to_change(request, made)


def _render_record(
    request: Request,
    session: Session,
    record: RecordView,
    *,
    status: int = 200,
    faults: list[str] | None = None,
    done: str = "",
) -> Response:
    fields = view_fields(session, record, list_paths(record.document))
    cited = {one.source.id: one.source.title for field in fields for one in field.citations}
    return render(
        request,
        "record.html",
        status=status,
        faults=faults or [],
        record=record,
        fields=fields,
        missing=list_missing(record),
        has_points="contact_points" in KINDS[record.kind].shape.model_fields,
        cited=list(cited.items()),
        confirmable=BY_COLLECTION[record.address.partition("/")[0]].family in CONFIRMABLE,
        done=done,
    )


def _render_edit(
    request: Request,
    session: Session,
    record: RecordView,
    part: Part,
    form: Form | None = None,
    *,
    status: int = 200,
    faults: list[str] | None = None,
) -> Response:
    """The form; as it was sent, where it was."""
    values = fill_inputs(part, record.document) if form is None else dict(form)
    sources = session.exec(select(Source.slug, Source.title).order_by(col(Source.title))).all()
    cites = list_cites(record.document, part.path) if form is None else read_cites(form)
    return render(
        request,
        "edit.html",
        rows=1 + sum(name.startswith("forsta.") for name in values),
        status=status,
        faults=faults or [],
        record=record,
        part=part,
        inputs=[] if part.is_exceptions else list_inputs(part),
        values=values,
        cites=cites,
        sources=sources,
    )


def _render_review(
    request: Request, record: RecordView, part: Part, form: Form, document: Document, review: object, now: datetime
) -> Response:
    points: list[Document] = document.get("contact_points", [])
    point = next((one for one in points if one["id"] == part.point), {})
    is_timed = part.is_hours or part.is_exceptions
    left_out = ("csrf", "steg", "namn", "publicera")
    return render(
        request,
        "review.html",
        path=f"/poster/{record.address}/andra",
        title_of_record=record.title,
        document=document,
        review=review,
        before=list_cites(record.document, part.path),
        after=list_cites(document, part.path),
        days=list_days(point, day_of(now)) if is_timed else [],
        fields=[(name, value) for name, value in form.multi_items() if name not in left_out],
        name=uuid4().hex,
    )
