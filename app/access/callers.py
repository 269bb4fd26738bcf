"""The dependency of every route that needs a key: identifies the caller and checks the role."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import HTTPBearer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.access.deciding import Action, Caller, require_role
from app.access.keys import expires_soon, find_key, note_use, scope_of
from app.access.models import AccessKey
from app.http.allowances import Allowances
from app.http.problems import Unauthorized
from app.resources.reviewing import day_of

PER_MINUTE = 120
"""The most requests of a key in a minute, per process."""
LARGE, LARGE_PER_MINUTE = 8 * 1024, 20
"""The size in bytes above which checking a body is expensive, and the most such requests of a key in a minute."""
WRITES_PER_DAY = 1_000
"""The most writes of a key in a day, per process: what is written is kept, and so are the audit trail's entries."""
READING = ("GET", "HEAD")
REALM = 'Bearer realm="stodkatalog"'
EXPIRES = "Stodkatalog-Key-Expires"
"""A header with the moment of expiry, in answers to a key in its last thirty days."""
SCHEME = HTTPBearer(
    scheme_name="key",
    bearerFormat="stodkatalog_live_…",
    description="A key of this directory: `Authorization: Bearer stodkatalog_live_…`. It has a role and usually a "
    "scope. With keys that begin with stodkatalog_test_ requests are checked and nothing is stored.",
    auto_error=False,
)


class Needs:
    """A dependency that returns the caller, whose role must allow an action."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def __call__(self, request: Request, response: Response, _: Annotated[object, Depends(SCHEME)]) -> Caller:
        """Identify the caller. Raises Unauthorized, Forbidden or TooManyRequests."""
        now = datetime.now(UTC)
        caller = _identify(request, now)
        allowances: Allowances = request.app.state.key_allowances
        allowances.take_for(caller.key.encode())
        if request.method not in READING:
            writes: Allowances = request.app.state.write_allowances
            writes.take_for(caller.key.encode())
        if _is_large(request):
            large: Allowances = request.app.state.large_allowances
            large.take_for(caller.key.encode())
        if expires_soon(caller.expires_at, now):
            response.headers[EXPIRES] = caller.expires_at.isoformat(timespec="seconds")
        require_role(caller, self.action)
        return caller


def _is_large(request: Request) -> bool:
    """Whether a request announces a large body, or one of unknown size."""
    return "transfer-encoding" in request.headers or int(request.headers.get("content-length", "0")) > LARGE


def _identify(request: Request, now: datetime) -> Caller:
    token = _read_token(request)
    engine: Engine = request.app.state.engine
    with Session(engine, expire_on_commit=False) as session:
        key = find_key(session, token)
    if key is None:
        raise _refuse("The key is not known.")
    if key.revoked_at is not None:
        raise _refuse("The key is revoked.")
    if key.expires_at <= now:
        raise _refuse(f"The key expired on {day_of(key.expires_at)}.")
    _note_use(engine, key, now)
    return Caller(key.id, key.name, key.role, scope_of(key), key.is_test, key.made_at, key.expires_at, now)


def _read_token(request: Request) -> str:
    headers = request.headers.getlist("authorization")
    if not headers:
        detail = "This address needs a key, in the header `Authorization: Bearer …`."
        raise Unauthorized(detail, headers={"WWW-Authenticate": REALM})
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer":
        raise _refuse("The header Authorization is given once, as `Bearer` and a key.")
    return token.strip()


def _refuse(detail: str) -> Unauthorized:
    return Unauthorized(detail, headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})


def _note_use(engine: Engine, key: AccessKey, now: datetime) -> None:
    day = day_of(now)
    if key.last_used_on is None or key.last_used_on < day:
        with suppress(DBAPIError):  # a store that is busy or read-only: the request must not wait for this
            note_use(engine, key.id, day)
