"""Refuses unreadable requests before anything else handles them, and adds the headers of every answer."""

import re
from urllib.parse import quote, unquote_to_bytes

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.declared import Declarations
from app.http.links import HOST, base_url
from app.http.problems import PRIVATE, BadRequest, ContentTooLarge, ProblemError, UriTooLong, problem_response

MAX_ADDRESS = 8192
KEY = re.compile(r"stodkatalog_(?:live|test)_", re.IGNORECASE)
"""What every key begins with."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Language, Link, traceparent",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "interest-cohort=()",
}
CROSS_ORIGIN = frozenset({b"access-control-allow-origin", b"access-control-expose-headers"})
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, traceparent, tracestate, "
    "baggage, request-id, cache-control, x-requested-with, *",  # some browsers do not know the asterisk
    "Access-Control-Max-Age": "86400",
}
ONLY_GET, HEAD_TOO = (b"allow", b"GET"), (b"allow", b"GET, HEAD")
WITHOUT_SLASH = frozenset({"text/html", "application/json", "application/rdf+xml"})
"""Addresses of pages, records and lists, unlike files: with a final slash they redirect."""


class Guard:
    """ASGI middleware: refuses unreadable requests, answers CORS preflights, adds the headers of every answer."""

    def __init__(self, app: ASGIApp, declarations: Declarations | None = None) -> None:
        self.app = app
        self._declarations = declarations or Declarations()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A preflight asks for the method that is to be used.
        planned = Headers(scope=scope).get("access-control-request-method") if scope["method"] == "OPTIONS" else None
        route = self._declarations.match(scope["path"], planned) if planned else self._declarations.find_route(scope)
        contract = None if route is None else route.contract
        cross_origin = contract is None or contract.cross_origin

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Every GET is answered as a HEAD as well.
                message["headers"] = [HEAD_TOO if header == ONLY_GET else header for header in message["headers"]]
                add_headers(message, cross_origin=cross_origin)
                if cross_origin and planned is not None:
                    MutableHeaders(scope=message).update(PREFLIGHT)
            await send(message)

        # A GET or a HEAD has no body: one that does is refused as unreadable.
        longest = None if contract is None or scope["method"] in ("GET", "HEAD") else contract.body
        try:
            refuse_unreadable(scope)
            if longest is not None and _announced_length(scope) > longest:
                raise body_too_large(longest)
        except ProblemError as error:
            # The Host header may be what is broken: the answer must not repeat it.
            response = problem_response(Request(_without_key(_without_broken_host(scope))), error)
            await response(scope, receive, send_with_headers)
            return
        if planned is not None or _asks_for_all_methods(scope):
            allow = [] if planned is not None else [(b"allow", PREFLIGHT["Access-Control-Allow-Methods"].encode())]
            await send_with_headers({"type": "http.response.start", "status": 204, "headers": allow})
            await send_with_headers({"type": "http.response.body", "body": b""})
            return
        if contract is None and (address := self._without_slash(scope)):
            await RedirectResponse(address, 308, {"Cache-Control": PRIVATE})(scope, receive, send_with_headers)
            return
        await self.app(scope, receive if longest is None else _bounded(receive, longest), send_with_headers)

    def _without_slash(self, scope: Scope) -> str | None:
        """The address without its final slash, with its query, if a page, record or list has it; else None."""
        path, raw_path = scope["path"], scope["raw_path"]
        if not raw_path.endswith(b"/"):
            return None
        route = self._declarations.match(path.removesuffix("/"), scope["method"])
        if route is None or WITHOUT_SLASH.isdisjoint(route.contract.formats):
            return None
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        # It begins with the path of one of our routes, so that it cannot lead to another host.
        return base_url(Request(scope)) + quote(raw_path.removesuffix(b"/") + query, safe="/?%=&+:@!$'()*,;~")


def add_headers(message: Message, *, cross_origin: bool = True) -> None:
    """Add the headers of every answer to the start message, except those that it has already."""
    present = {name for name, _ in message["headers"]} | (frozenset() if cross_origin else CROSS_ORIGIN)
    message["headers"] = [*message["headers"], *(header for header in RAW_HEADERS if header[0] not in present)]
    if message["status"] >= 400 and b"cache-control" not in present:
        message["headers"].append((b"cache-control", PRIVATE.encode()))


def body_too_large(longest: int) -> ContentTooLarge:
    """The error for a body that is longer than its route takes."""
    return ContentTooLarge(f"A body may have {longest} bytes at most here.")


def _bounded(receive: Receive, longest: int) -> Receive:
    received = 0

    async def receive_within() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > longest:
            raise HTTPException(413)  # FastAPI lets no other error through while it reads a body
        return message

    return receive_within


def _announced_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def refuse_unreadable(scope: Scope) -> None:
    """Raise the problem of a request that no route could serve."""
    headers = Headers(scope=scope)
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if len(raw_path) + len(query) > MAX_ADDRESS:
        raise UriTooLong(f"An address may have {MAX_ADDRESS} bytes at most.")
    for name, part in (("path", raw_path), ("query", query)):
        _refuse_unreadable_text(name, part)
    hosts = headers.getlist("host")
    if len(hosts) > 1 or (hosts and not HOST.match(hosts[0])):
        raise BadRequest("The Host header is not the name of a host.")
    if not hosts and scope["http_version"] not in ("1.0", "0.9"):
        raise BadRequest("A request of HTTP/1.1 names its host in the Host header.")
    if not raw_path.startswith(b"/") and not _asks_for_all_methods(scope):
        raise BadRequest("The target of a request is a path, or an address that begins with http:// or https://.")
    has_body = "transfer-encoding" in headers or headers.get("content-length", "0").strip("0 ") != ""
    if scope["method"] in ("GET", "HEAD") and has_body:
        raise BadRequest(f"A {scope['method']} takes no body; everything is asked for in the address.")


def _refuse_unreadable_text(name: str, part: bytes) -> None:
    try:
        text = unquote_to_bytes(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise BadRequest(f"The {name} holds bytes that are not UTF-8.") from None
    if CONTROL.search(text):
        raise BadRequest(f"The {name} holds control characters, such as NUL.")
    if KEY.search(text):
        detail = "Addresses are kept in logs and histories: have the key revoked, and send another one in the header"
        raise BadRequest(f"The {name} holds a key. {detail} `Authorization: Bearer …`.")


def _without_key(scope: Scope) -> Scope:
    """The scope with `/` for a path that holds a key: the answer must not repeat it."""
    if not KEY.search(scope["path"]):
        return scope
    return {**scope, "path": "/", "raw_path": b"/"}


def _asks_for_all_methods(scope: Scope) -> bool:
    return bool(scope["method"] == "OPTIONS" and scope["path"] == "*")


def _without_broken_host(scope: Scope) -> Scope:
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) == 1 and HOST.match(hosts[0]):
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"host"]}
