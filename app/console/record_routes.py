"""Records: the list of them, and one with all its fields, which is confirmed there."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session, col, select

from app.access.deciding import Action
from app.console.confirming import list_doubts, list_sources
from app.console.deviating import list_timed_points
from app.console.faults import explain_error
from app.console.grouping import group_fields
from app.console.records import RecordView, list_paths, load_view, load_views, view_fields
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.searching import is_match, suggest_records
from app.console.start_routes import read_confirmation, read_revision
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.console.waiting import load_waiting, sort_by_field
from app.console.words import COLLECTION_NAMES
from app.database import SessionDep
from app.folding import fold
from app.http.contract import answers
from app.http.links import site_of
from app.http.problems import ProblemError
from app.http.routing import Router
from app.proposals.operating import confirm_own
from app.records.kinds import BY_COLLECTION, KINDS
from app.records.models import CurrentRecord
from app.records.verified import CONFIRMABLE

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


@router.get("/poster")
@answers(HTML, fresh=None, cross_origin=False)
def list_records(
    parameters: Annotated[ListParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """The records of one collection, or those of it that hold what is searched for."""
    collection = parameters.samling if parameters.samling in COLLECTION_NAMES else "hotlines"
    statement = select(CurrentRecord.id).where(col(CurrentRecord.kind) == BY_COLLECTION[collection].name)
    views = load_views(session, session.exec(statement.order_by(col(CurrentRecord.position))).all()).values()
    chosen = sorted((view for view in views if is_match(view, parameters.q)), key=lambda view: fold(view.title))
    return render(
        request,
        "records.html",
        records=chosen[:MOST],
        total=len(chosen),
        suggested=suggest_records(views, parameters.q) if parameters.q and not chosen else [],
        collection=collection,
        q=parameters.q,
        done=parameters.klart,
    )


@router.get("/poster/{collection}/{id}")
@answers(HTML, fresh=None, cross_origin=False)
def show_record(
    address: Address,
    parameters: Annotated[RecordParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """All that a record says, each field with its sources and the way to change it."""
    return _render_record(request, visitor, session, load_view(session, address), done=parameters.klart)


@router.post("/poster/{collection}/{id}/bekrafta")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def confirm_record(
    address: Address,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.CONFIRM_OTHERS, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Write down that a record was checked."""
    record = load_view(session, address)
    session.close()  # what is read after this is as it stands then
    try:
        visitor.require_current_form()
        confirmation, seen = read_confirmation(form), read_revision(form)
        confirm_own(request.app.state.engine, visitor.caller, record.address, confirmation, seen=seen)
    except ProblemError as error:
        record = load_view(session, address)
        faults = explain_error(error, record.document)
        return _render_record(request, visitor, session, record, status=error.status, faults=faults)
    return lead_to(request, f"/poster/{record.address}?klart=kontrollerad")


def _render_record(
    request: Request,
    visitor: Visitor,
    session: Session,
    record: RecordView,
    *,
    status: int = 200,
    faults: list[str] | None = None,
    done: str = "",
) -> Response:
    fields = view_fields(session, record, list_paths(record.document))
    waiting = load_waiting(session, site_of(request), visitor.caller, record)
    return render(
        request,
        "record.html",
        status=status,
        faults=faults or [],
        record=record,
        groups=group_fields(record, fields),
        is_timed=bool(list_timed_points(record.document)),
        waiting=waiting,
        waiting_by_field=sort_by_field(session, waiting),
        has_points="contact_points" in KINDS[record.kind].shape.model_fields,
        cited=list_sources(record, fields),
        doubts=list_doubts(session, visitor.caller, record, waiting),
        confirmable=BY_COLLECTION[record.address.partition("/")[0]].family in CONFIRMABLE,
        done=done,
    )
