"""Keys, for admins; and the audit trail, for editors."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session

from app.access.deciding import Action
from app.access.keys import LONGEST_LIFE, KeyRefused, KeyRequest, add_key, list_keys, revoke_key
from app.access.models import AuditEntry, KeyRole
from app.console.accounts import is_account, list_waiting
from app.console.audit_search import AuditParameters, find_entries
from app.console.audit_views import describe_entries
from app.console.faults import explain_error, explain_key_fault
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.sessions import is_valid
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import Forbidden, InvalidParameter
from app.http.routing import Router
from app.records.faults import InvalidRecords

MOST = 100
router = Router(include_in_schema=False)


class KeyParameters(Plain):
    """What the page of keys takes: the name that its form is opened with, and the account that was let in."""

    namn: str = Field("", max_length=80)
    klart: str = Field("", max_length=80)


@router.get("/logg")
@answers(HTML, fresh=None, cross_origin=False)
def show_audit(
    parameters: Annotated[AuditParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.READ_AUDIT))],
    session: SessionDep,
    request: Request,
) -> Response:
    """Who did what, the newest first; all of it, or what was done to a record, by somebody or in some days."""
    faults, entries = list[str](), list[AuditEntry]()
    try:
        entries = list(session.exec(find_entries(session, parameters).limit(MOST)).all())
    except InvalidParameter as error:
        faults = explain_error(error)
    return render(
        request,
        "audit.html",
        status=422 if faults else 200,
        faults=faults,
        lines=describe_entries(session, entries),
        older=entries[-1].number if len(entries) == MOST else None,
        is_first=not parameters.fore,
        filters=parameters,
        query=parameters.write_query(),
    )


@router.get("/nycklar")
@answers(HTML, fresh=None, cross_origin=False)
def show_keys(
    parameters: Annotated[KeyParameters, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.MANAGE_KEYS))],
    session: SessionDep,
    request: Request,
) -> Response:
    """All keys and the accounts that wait for one, and the form of a new key."""
    admitted = parameters.klart if is_account(session, parameters.klart) else ""
    values = {"namn": parameters.namn, "roll": KeyRole.EDITOR.value if parameters.namn else ""}
    return _render_keys(request, visitor, session, values=values, admitted=admitted)


@router.post("/nycklar")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def create_key(
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.MANAGE_KEYS, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Make a key and show it, this once; that of an account is shown to nobody, as the account signs in by itself."""
    try:
        visitor.require_current_form()
        token, key = add_key(request.app.state.engine, _read_key_request(form), visitor.caller.at, visitor.caller)
    except Forbidden as error:
        return _render_keys(request, visitor, session, status=error.status, faults=[str(error)], values=dict(form))
    except (KeyRefused, InvalidRecords) as error:
        faults = explain_key_fault(error)
        return _render_keys(request, visitor, session, status=422, faults=faults, values=dict(form))
    if is_account(session, key.name):
        return lead_to(request, f"/nycklar?klart={quote(key.name)}")
    return render(request, "key.html", token=token, key=key)


@router.post("/nycklar/{id}/aterkalla")
@answers(HTML, fresh=None, body=4096, cross_origin=False)
def end_key(
    key_id: Annotated[str, Path(alias="id")],
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.MANAGE_KEYS))],
    session: SessionDep,
    request: Request,
) -> Response:
    """End a key, and the sessions that act for it."""
    try:
        revoke_key(request.app.state.engine, key_id, visitor.caller.at, visitor.caller)
    except KeyRefused as error:
        return _render_keys(request, visitor, session, status=422, faults=explain_key_fault(error))
    return lead_to(request, "/nycklar")


def _read_key_request(form: FormDep) -> KeyRequest:
    """The key that a form asks for. Raises KeyRefused."""
    role, days = form.get("roll", ""), form.get("dagar", "")
    if role not in tuple(KeyRole):
        raise KeyRefused("Välj en roll.")
    lasts = int(days) if days.isdecimal() and len(days) < 6 else 0
    return KeyRequest(form.get("namn", ""), KeyRole(role), form.get("omfattning") or None, lasts, "prov" in form)


def _render_keys(
    request: Request,
    visitor: Visitor,
    session: Session,
    *,
    status: int = 200,
    faults: list[str] | None = None,
    values: dict[str, str] | None = None,
    admitted: str = "",
) -> Response:
    now = visitor.caller.at
    keys = [(key, scope, is_valid(key, now)) for key, scope in list_keys(session)]
    return render(
        request,
        "keys.html",
        status=status,
        faults=faults or [],
        keys=keys,
        waiting=list_waiting(session),
        admitted=admitted,
        roles=list(KeyRole),
        values={"dagar": str(LONGEST_LIFE), **(values or {})},
        longest=LONGEST_LIFE,
    )
