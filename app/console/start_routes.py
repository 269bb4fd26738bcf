"""The start page, and the pages of tasks with what can be done about them."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from app.access.deciding import Action
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.tasks import group_tasks, load_task
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.console.words import explain_faults
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError, invalid
from app.proposals.operating import ConfirmationRequest, confirm_own
from app.verifying.closing import close_task
from app.verifying.models import Method, Scope

router = APIRouter()
TaskId = Annotated[UUID, Path(alias="id")]
ENDINGS = {
    "changed": "Uppgiften är rättad.",
    "right": "Uppgiften är kontrollerad och stämmer.",
    "not_ours": "Rapporten gäller något som inte är vår uppgift.",
}
"""How a report ends."""


@router.get("/")
@answers(HTML, fresh=None, cross_origin=False)
def show_start(
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """What there is to do, by urgency."""
    return render(request, "start.html", groups=group_tasks(session))


@router.get("/uppgifter/{id}")
@answers(HTML, fresh=None, cross_origin=False)
def show_task(
    key: TaskId,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """A task: our value, what each source says, and what can be done."""
    return render(request, "task.html", view=load_task(session, key), mailto=mailto)


@router.post("/uppgifter/{id}/stammer")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def confirm_task(
    key: TaskId,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.CONFIRM_OTHERS))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Write down that what the record says was checked; a report about it ends with that."""
    view = load_task(session, key)
    session.close()  # what is read after this is as it stands then
    engine = request.app.state.engine
    try:
        confirm_own(engine, visitor.caller, form.get("record", ""), read_confirmation(form))
        if view.is_report and view.task.closed_at is None:
            close_task(engine, visitor.caller, key, ENDINGS["right"])
    except ProblemError as error:
        view = load_task(session, key)
        faults = explain_faults(error) or [str(error)]
        return render(request, "task.html", status=error.status, view=view, mailto=mailto, faults=faults)
    return lead_to(request, "/" if view.is_report else f"/uppgifter/{key}")


@router.post("/uppgifter/{id}/avsluta")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def end_task(
    key: TaskId,
    wanted: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending())],
    form: FormDep,
    request: Request,
) -> Response:
    """End a report: it was changed, or it is not ours."""
    ending = ENDINGS.get(form.get("slut", ""))
    if ending is None:
        raise invalid("slut", "is none of those", list(ENDINGS))
    note = form.get("anteckning", "")[:400]
    close_task(request.app.state.engine, visitor.caller, key, f"{ending} {note}".strip())
    return lead_to(request, "/")


def read_confirmation(form: FormDep) -> ConfirmationRequest:
    """What was checked, and how. Raises InvalidParameter."""
    scope, method = form.get("omfattning", ""), form.get("hur", "")
    if scope not in tuple(Scope) or method not in tuple(Method):
        raise invalid("hur", "Välj vad du har kontrollerat och hur.")
    source = form.get("kalla") or None if method == Method.READ else None
    return ConfirmationRequest(scope=Scope(scope), method=Method(method), verified_on=None, source=source)


def mailto(address: str, subject: str) -> str:
    """A link that begins an e-mail."""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"
