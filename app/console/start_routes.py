"""The start page, and the pages of tasks with what can be done about them."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session

from app.access.deciding import Action
from app.console.closed_reports import list_closed_reports
from app.console.confirming import list_doubts
from app.console.faults import explain_error
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.tasks import TaskView, group_tasks, is_unchanged, load_task
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.console.waiting import load_waiting, sort_by_field
from app.database import SessionDep
from app.http.contract import answers
from app.http.links import site_of
from app.http.problems import ProblemError, invalid
from app.http.routing import Router
from app.proposals.operating import ConfirmationRequest, confirm_own
from app.verifying.closing import close_task, close_task_in
from app.verifying.models import Method, Scope

router = Router(include_in_schema=False)
TaskId = Annotated[UUID, Path(alias="id")]
ENDINGS = {
    "changed": "Uppgiften är rättad.",
    "right": "Uppgiften är kontrollerad och stämmer.",
    "read": "Uppgiften står så i källan.",
    "not_ours": "Rapporten gäller något som ligger utanför katalogen.",
}
"""How a report ends."""
UNCHANGED = (
    "Posten har inte ändrats sedan rapporten kom. Rätta uppgiften först, eller välj ett annat resultat. "
    "Om din ändring väntar på att någon annan godkänner den avslutar du rapporten efteråt."
)
LONGEST_NOTE, LONGEST_SOURCE = 400, 200


class PageParameters(Plain):
    """What a list in pages takes."""

    sida: int = Field(0, ge=0, lt=1 << 20)


class TaskParameters(Plain):
    """What the page of a task takes."""

    klart: str = Field("", max_length=20)


@router.get("/")
@answers(HTML, fresh=None, cross_origin=False)
def show_start(
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """What there is to do, by urgency."""
    return render(request, "start.html", groups=group_tasks(session, visitor.caller))


@router.get("/rapporter")
@answers(HTML, fresh=None, cross_origin=False)
def show_closed_reports(
    parameters: Annotated[PageParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """The reports that are closed, and how each ended."""
    reports, has_older = list_closed_reports(session, visitor.caller, parameters.sida)
    return render(request, "closed_reports.html", reports=reports, has_older=has_older, page=parameters.sida)


@router.get("/arenden/{id}")
@answers(HTML, fresh=None, cross_origin=False)
def show_task(
    key: TaskId,
    parameters: Annotated[TaskParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """A task: our value, what each source says, and what can be done."""
    view = load_task(session, key, visitor.caller)
    return _render_task(request, visitor, session, view, done=parameters.klart)


@router.post("/arenden/{id}/stammer")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def confirm_task(
    key: TaskId,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.CONFIRM_OTHERS, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Write down that what the record says was checked; a report about it ends with that."""
    view = load_task(session, key, visitor.caller)
    session.close()  # what is read after this is as it stands then

    def finish(writing: Session) -> None:
        if view.is_report:
            close_task_in(writing, visitor.caller, key, ENDINGS["read" if form["hur"] == Method.READ else "right"])

    try:
        visitor.require_current_form()
        address, confirmation = _read_address(form, view), read_confirmation(form)
        engine, seen = request.app.state.engine, read_revision(form)
        confirm_own(engine, visitor.caller, address, confirmation, seen=seen, finish=finish)
    except ProblemError as error:
        view = load_task(session, key, visitor.caller)
        faults = explain_error(error, view.record.document if view.record else None)
        return _render_task(request, visitor, session, view, faults=faults, status=error.status)
    return lead_to(request, f"/arenden/{key}{'?klart=avslutad' if view.is_report else ''}")


@router.post("/arenden/{id}/avsluta")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def end_task(
    key: TaskId,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """End a report: its record was changed since, it was right, or it is not ours."""
    view = load_task(session, key, visitor.caller)
    try:
        visitor.require_current_form()
        ending = _read_ending(form)
        if form.get("slut") == "changed" and view.is_report and is_unchanged(session, view.task):
            raise invalid("record", UNCHANGED)
        session.close()  # closing takes a connection of its own
        close_task(request.app.state.engine, visitor.caller, key, ending)
    except ProblemError as error:
        view = load_task(session, key, visitor.caller)
        return _render_task(request, visitor, session, view, faults=explain_error(error), status=error.status)
    return lead_to(request, f"/arenden/{key}?klart=avslutad")


def _render_task(
    request: Request, visitor: Visitor, session: Session, view: TaskView, *, done: str = "", **notes: Any
) -> Response:
    """The page. `notes`: the status, and what is wrong with what was sent."""
    record = view.record
    waiting = load_waiting(session, site_of(request), visitor.caller, record) if record else []
    return render(
        request,
        "task.html",
        view=view,
        mailto=mailto,
        waiting=sort_by_field(session, waiting),
        doubts=list_doubts(session, visitor.caller, record, waiting) if record else [],
        done=done,
        **notes,
    )


def _read_ending(form: FormDep) -> str:
    """How a report or task ends, in words. Raises InvalidParameter."""
    ending, note = ENDINGS.get(form.get("slut", "")), form.get("anteckning", "")
    if ending is None:
        raise invalid("slut", "Välj ett av alternativen.")
    if len(note) > LONGEST_NOTE:
        raise invalid("anteckning", f"Skriv högst {LONGEST_NOTE} tecken. Texten har {len(note)}.")
    return f"{ending} {note}".strip()


def _read_address(form: FormDep, view: TaskView) -> str:
    """The record that was checked: one that the task is about. Raises InvalidParameter."""
    address = form.get("record", "")
    if address not in view.addresses:
        raise invalid("record", "Ärendet gäller inte den posten.")
    return address


def read_revision(form: FormDep) -> int:
    """The revision that was on the page; 0, which none has, where the form does not say so."""
    number = form.get("revision", "")
    return int(number) if number.isdecimal() and len(number) < 10 else 0


def read_confirmation(form: FormDep) -> ConfirmationRequest:
    """What was checked, and how. Raises InvalidParameter."""
    scope, method = form.get("omfattning", ""), form.get("hur", "")
    if scope not in tuple(Scope) or method not in tuple(Method):
        raise invalid("hur", "Välj vad du har kontrollerat och hur.")
    source = form.get("kalla") or None if method == Method.READ else None
    if source is not None and len(source) > LONGEST_SOURCE:
        raise invalid("hur", "Välj en av källorna.")
    return ConfirmationRequest(scope=Scope(scope), method=Method(method), verified_on=None, source=source)


def mailto(address: str, subject: str) -> str:
    """A link that begins an e-mail."""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"
