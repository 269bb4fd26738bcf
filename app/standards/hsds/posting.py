"""Questions that leave no trace in addresses: POST on a list takes in its body what GET takes in its query."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.contract import Cost
from app.http.guard import CONTROL, body_too_large
from app.http.problems import (
    PRIVATE,
    BadRequest,
    MethodNotAllowed,
    OtherProblem,
    ProblemError,
    invalid,
    problem_response,
)
from app.http.turns import Turn, busy
from app.standards.hsds import BASE
from app.standards.hsds.answering import MAX_BODY

COLLECTIONS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms", "publications")
LISTS = frozenset(f"{BASE}/{collection}" for collection in COLLECTIONS)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
UNREADABLE = f"The parameters stand in a body of {JSON} or {FORM}."


class Posting:
    """ASGI middleware: a POST on a list is answered as the GET with the same parameters, and never stored.

    Parameters may stand in the body, as a JSON object or a form, and, as the standard's OpenAPI document has it, in
    the query; one in both is given more than once, which is refused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in LISTS or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            question = await _question(request)
        except ProblemError as error:
            status = 415 if isinstance(error, OtherProblem) else None
            await problem_response(request, error, status)(scope, receive, send)
            return
        except ClientDisconnect:
            return

        # Only now: who sends a question slowly holds no place meanwhile.
        turn = scope["state"]["turn"] = Turn(scope["state"]["turns"], None, Cost.BULK)

        async def send_unstored(message: Message) -> None:
            if message["type"] == "http.response.start":
                turn.end()  # the answer is made, or a stream begins
                MutableHeaders(scope=message)["Cache-Control"] = PRIVATE
            await send(message)

        query = "&".join(filter(None, (scope["query_string"].decode("latin-1"), question)))
        get_scope = {**scope, "method": "GET", "query_string": query.encode("latin-1")}
        try:
            if await turn.begin():
                await self.app(get_scope, receive, send_unstored)
            else:
                await problem_response(request, busy())(scope, receive, send)
        finally:
            turn.end()


async def _question(request: Request) -> str:
    """The body as a query string. Raises a ProblemError."""
    if request.method != "POST":
        allowed = "GET, HEAD, POST"
        raise MethodNotAllowed("This address answers GET, HEAD and POST only.", headers={"Allow": allowed})
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
    except HTTPException:  # the guard has seen enough
        raise body_too_large(MAX_BODY) from None
    if not body:
        return ""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (JSON, FORM):
        accepted = {"Accept-Post": f"{JSON}, {FORM}"}
        raise OtherProblem(UNREADABLE, headers=accepted)
    try:
        text = body.decode()
        members = list(_members(text) if kind == JSON else parse_qsl(text, keep_blank_values=True))
        question = urlencode(members)
    except UnicodeError:
        raise BadRequest("The body holds what is not UTF-8.") from None
    if any(CONTROL.search(part) for member in members for part in member):
        raise BadRequest("The body holds control characters, such as NUL.")
    return question


def _members(text: str) -> Iterator[tuple[str, str]]:
    try:
        members = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None
    if not isinstance(members, list) or (members == [] and text.strip() == "[]"):
        raise BadRequest('The body is a JSON object of parameters, such as {"search": "stöd", "page": 1}.')
    for member in members:
        if not (isinstance(member, tuple) and isinstance(member[1], str | int | float)):
            name = str(member[0]) if isinstance(member, tuple) else "body"
            raise invalid(name[:60], "takes a text, a number, true or false")
        value = member[1]
        yield member[0], str(value).lower() if isinstance(value, bool) else str(value)
