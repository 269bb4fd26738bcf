"""The checks of a record, and taking back one that was a mistake."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session

from app.access.deciding import Action
from app.console.changing import read_body
from app.console.checks import list_checks
from app.console.faults import explain_error
from app.console.record_routes import Address
from app.console.records import load_view
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError
from app.http.routing import Router
from app.proposals.withdrawing import WithdrawalRequest, withdraw_check

router = Router(include_in_schema=False)
CheckId = Annotated[UUID, Path(alias="check")]


class CheckParameters(Plain):
    """What the page of checks takes."""

    klart: str = Field("", max_length=20)


@router.get("/poster/{collection}/{id}/kontroller")
@answers(HTML, fresh=None, cross_origin=False)
def show_checks(
    address: Address,
    parameters: Annotated[CheckParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn())],
    session: SessionDep,
    request: Request,
) -> Response:
    """Who checked the record, how and when; the newest first."""
    return _render_checks(request, visitor, session, address, done=parameters.klart)


@router.post("/poster/{collection}/{id}/kontroller/{check}")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def withdraw(
    address: Address,
    check: CheckId,
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.CONFIRM_OTHERS, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Take back a check; the dates of the record are then those of its other checks."""
    try:
        visitor.require_current_form()
        withdrawal = read_body(WithdrawalRequest, {"reason": form.get("skal", "")})
        withdraw_check(request.app.state.engine, visitor.caller, address, check, withdrawal)
    except ProblemError as error:
        notes = {"status": error.status, "faults": explain_error(error), "sent_to": check}
        return _render_checks(request, visitor, session, address, **notes)
    return lead_to(request, f"/poster/{address}/kontroller?klart=tillbakatagen")


def _render_checks(request: Request, visitor: Visitor, session: Session, address: str, **notes: Any) -> Response:
    """The page. `notes`: the status, what the page says above the checks, and the check that a form was about."""
    record = load_view(session, address)
    checks = list_checks(session, visitor.caller, record)
    return render(request, "checks.html", record=record, checks=checks, **{"sent_to": None, "done": "", **notes})
