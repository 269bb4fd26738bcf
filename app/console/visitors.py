"""Who is signed in, by the session of the cookie, and whether a form comes from a page of ours."""

import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.datastructures import ImmutableMultiDict
from starlette.responses import Response

from app.access.deciding import Action, Caller, has_role, require_role
from app.access.keys import scope_of
from app.console.sessions import SESSION_LIFE, find_session_key
from app.http.allowances import Allowances
from app.http.bodies import UNREADABLE
from app.http.links import base_url
from app.http.problems import Fault, Forbidden, InvalidParameter, WrongContentType, invalid
from app.records.models import Origin

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 400
LONGEST_FIELD = 5000
"""Characters of a field, line ends as one; what single fields may hold is checked where they are read."""
COOKIE = "stodkatalog"
Form = ImmutableMultiDict[str, str]
OUTDATED = (
    "Du har loggat in på nytt sedan du öppnade formuläret. Det du skrev finns kvar, men inget har sparats. "
    "Läs igenom det och skicka det igen."
)


class NotSignedIn(Exception):
    """There is no session, or it has ended."""


class ForeignForm(Exception):
    """A form that was not filled in on a page of this session."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in. `csrf`: what each form of this session holds.

    `sent_outdated`: the form that was sent is of a session before this one; it may be shown again, and nothing else.
    """

    caller: Caller
    csrf: str
    sent_outdated: bool = False

    def may(self, action: Action) -> bool:
        """Whether the role allows it."""
        return has_role(self.caller, action)

    def require_current_form(self) -> None:
        """Raise Forbidden for a form of a session before this one."""
        if self.sent_outdated:
            raise Forbidden(OUTDATED, [Fault(parameter="record", detail=OUTDATED, allowed=None)])


class SignedIn:
    """A dependency: who is signed in, with a role that allows an action."""

    def __init__(self, action: Action = Action.READ_TASKS) -> None:
        self.action = action

    def __call__(self, request: Request) -> Visitor:
        """The visitor. Raises NotSignedIn, Forbidden or TooManyRequests."""
        return _identify(request, self.action)


async def read_clock() -> datetime:
    """The moment of the request."""
    return datetime.now(UTC)


NowDep = Annotated[datetime, Depends(read_clock)]


async def read_form(request: Request) -> Form:
    """The fields of a form, with line ends as `\\n`. Raises WrongContentType or InvalidParameter."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise WrongContentType(f"This address takes a body of {FORM}.")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise _refuse(f"Formuläret har fler än {MOST_FIELDS} fält. Inget har sparats.") from None
    form = ImmutableMultiDict([(name, value.replace("\r\n", "\n").strip()) for name, value in fields])
    request.state.form = form  # from here on, every answer about an error shows what was typed
    for pair in form.multi_items():
        if any(map(UNREADABLE.search, pair)):
            raise _refuse("Ett fält innehåller tecken som inte syns eller som ändrar textens riktning. Skriv om det.")
        if len(pair[1]) > LONGEST_FIELD:
            raise _refuse(f"Texten som börjar ”{pair[1][:40]}” har {len(pair[1])} tecken. Skriv högst {LONGEST_FIELD}.")
    return form


def list_rows(form: Form, name: str) -> list[str]:
    """The rows that have an input of this name, such as `0` and `1` of `forsta.0` and `forsta.1`."""
    return [key.removeprefix(f"{name}.") for key in form if key.startswith(f"{name}.")]


def _refuse(reason: str) -> InvalidParameter:
    return invalid("record", f"{reason} Gå tillbaka för att ändra.")


FormDep = Annotated[Form, Depends(read_form)]


class Sending:
    """A dependency of every route that takes a form: as `SignedIn`, and the form is one of ours.

    `shows_again`: a form from a page of ours, of a session that has ended, is handed on as well, so that nothing that
    was typed is lost. The route calls `require_current_form` before it does anything, and shows the form again.
    """

    def __init__(self, action: Action = Action.DECIDE, *, shows_again: bool = False) -> None:
        self.action, self.shows_again = action, shows_again

    def __call__(self, request: Request, form: FormDep) -> Visitor:
        """The visitor. Raises NotSignedIn, ForeignForm, Forbidden or TooManyRequests."""
        require_own_origin(request)
        visitor = _identify(request, self.action)
        if hmac.compare_digest(form.get("csrf", "").encode(), visitor.csrf.encode()):
            return visitor
        if self.shows_again and names_origin(request):
            return replace(visitor, sent_outdated=True)
        raise ForeignForm


def require_own_origin(request: Request) -> None:
    """Raise ForeignForm for what another site's page sends. Browsers say so in `Origin` or `Sec-Fetch-Site`."""
    own = urlsplit(base_url(request))
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{own.scheme}://{own.netloc}":
        raise ForeignForm
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignForm


def names_origin(request: Request) -> bool:
    """Whether the browser says which page a form is from; `require_own_origin` looks at what it says."""
    return "origin" in request.headers or request.headers.get("sec-fetch-site") == "same-origin"


def read_token(request: Request) -> str:
    """What the cookie of this site holds; empty where there is none."""
    return request.cookies.get(name_cookie(request, COOKIE), "")


def keep_token(request: Request, response: Response, token: str | None) -> None:
    """Give the browser its session; None: take it away."""
    response.set_cookie(
        name_cookie(request, COOKIE),
        token or "",
        max_age=int(SESSION_LIFE.total_seconds()) if token else 0,
        path=f"{urlsplit(base_url(request)).path}/redaktion",
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )


def name_cookie(request: Request, name: str) -> str:
    """`__Secure-`: no page without TLS can set it. `__Host-` would send it to all pages, and none would be kept."""
    return f"__Secure-{name}" if is_secure(request) else name


def is_secure(request: Request) -> bool:
    """Whether the world sees `https`."""
    return base_url(request).startswith("https://")


def _identify(request: Request, action: Action) -> Visitor:
    now, token = datetime.now(UTC), read_token(request)
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        key_and_end = find_session_key(session, token, now) if token else None
    if key_and_end is None:
        raise NotSignedIn
    key, expires_at = key_and_end
    caller = Caller(
        key.id, key.name, key.role, scope_of(key), key.is_test, key.made_at, expires_at, now, Origin.CONSOLE
    )
    csrf = hmac.digest(token.encode(), b"csrf", "sha256").hex()
    visitor = request.state.visitor = Visitor(caller, csrf)
    allowances: Allowances = request.app.state.key_allowances
    allowances.take_for(key.id.encode())
    require_role(caller, Action.READ_TASKS)  # no other role signs in
    require_role(caller, action)
    return visitor
