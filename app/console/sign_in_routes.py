"""Signing in by a link, signing out, and the style of the console."""

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from app.access.deciding import Action
from app.console.rendering import FOLDER, HEADERS, HTML, Plain, lead_to, render
from app.console.sessions import begin_session, end_session, find_link_key
from app.console.visitors import FormDep, NowDep, Sending, Visitor, keep_token, read_token, require_own_origin
from app.database import SessionDep
from app.http.allowances import Allowances
from app.http.contract import answers
from app.http.routing import Router

router = Router(include_in_schema=False)


class LinkParameters(Plain):
    """What a link to sign in with holds."""

    kod: str = Field("", max_length=100)
    klart: str = Field("", max_length=20)


@router.get("/logga-in")
@answers(HTML, fresh=None, cross_origin=False)
def show_sign_in(
    parameters: Annotated[LinkParameters, Query()], now: NowDep, session: SessionDep, request: Request
) -> Response:
    """For whom the link signs in, and a button: what only looks it up, such as a mail filter, does not use it up."""
    key = find_link_key(session, parameters.kod, now) if parameters.kod else None
    if parameters.kod and key is None:
        return _refuse(request)
    return render(request, "sign_in.html", code=parameters.kod, key=key, refused=None, done=parameters.klart)


@router.post("/logga-in")
@answers(HTML, fresh=None, body=4096, cross_origin=False)
def sign_in(parameters: Annotated[Plain, Query()], form: FormDep, now: NowDep, request: Request) -> Response:
    """Begin a session, a new one each time."""
    require_own_origin(request)
    allowances: Allowances = request.app.state.sign_in_allowances
    allowances.take(request.scope)
    token = begin_session(request.app.state.engine, form.get("kod", ""), read_token(request), now)
    if token is None:
        return _refuse(request)
    response = lead_to(request, "/")
    keep_token(request, response, token)
    return response


def _refuse(request: Request) -> Response:
    return render(request, "sign_in.html", status=403, code="", refused="link")


@router.post("/logga-ut")
@answers(HTML, fresh=None, body=4096, cross_origin=False)
def sign_out(
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.READ_TASKS))],
    request: Request,
) -> Response:
    """End the session."""
    end_session(request.app.state.engine, read_token(request), visitor.caller.at)
    response = lead_to(request, "/logga-in?klart=utloggad")
    keep_token(request, response, None)
    return response


@router.get("/redaktion.css")
@answers("text/css", fresh=None, cross_origin=False)
def get_style(parameters: Annotated[Plain, Query()]) -> Response:
    """The style of the console, in addition to that of the pages."""
    return Response((FOLDER / "redaktion.css").read_bytes(), media_type="text/css", headers=HEADERS)
