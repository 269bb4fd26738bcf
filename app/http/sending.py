"""Sends answers: cached and fresh ones, 304, HEAD, those that nobody may store, and refusals."""

import time
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from app.http.contract import Caching
from app.http.guard import RAW_HEADERS, add_headers
from app.http.negotiating import choose_coding
from app.http.problems import PRIVATE, PreconditionFailed, ProblemError, problem_response
from app.http.representing import (
    LARGE,
    OURS,
    PACKERS,
    VARY,
    Encoded,
    Freshness,
    Header,
    Representation,
    fails_if_match,
    is_packable,
)

RequestHeaders = dict[bytes, bytes]


async def encode(answer: Representation, headers: RequestHeaders) -> Encoded:
    """Encode an answer for this client, in a thread where others would have to wait."""
    accept_encoding = headers.get(b"accept-encoding", b"")
    if answer.takes_long(accept_encoding):
        return await to_thread.run_sync(answer.encoded, accept_encoding)
    return answer.encoded(accept_encoding)


async def send_encoded(encoded: Encoded, headers: RequestHeaders, method: str, send: Send) -> None:
    """Send an answer that anybody may store, or a 304 to a client that has it already."""
    if encoded.status_for(headers) == 304:
        await send({"type": "http.response.start", "status": 304, "headers": encoded.headers_of_304()})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": encoded.headers()})
    await send({"type": "http.response.body", "body": encoded.body if method == "GET" else b""})


async def send_unkept(
    status: int, headers: list[Header], body: bytes, request_headers: RequestHeaders, method: str, send: Send
) -> None:
    """Send an answer that nobody may store."""
    coding = choose_coding(request_headers.get(b"accept-encoding", b"")) if is_packable(headers, body) else ""
    pack = PACKERS[coding]
    body = await to_thread.run_sync(pack, body) if coding and len(body) >= LARGE else pack(body)
    sent = [(name, value) for name, value in headers if name not in OURS]
    sent += [(b"vary", VARY), (b"content-length", str(len(body)).encode())]
    sent += [(b"content-encoding", coding.encode())] if coding else []
    sent.append((b"cache-control", PRIVATE.encode()))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body if method == "GET" else b""})


def make_private(send: Send) -> Send:
    """A `send` for methods other than GET, whose answers nobody may store unless they say otherwise."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start" and not any(n == b"cache-control" for n, _ in message["headers"]):
            message = {**message, "headers": [*message["headers"], (b"cache-control", PRIVATE.encode())]}
        await send(message)

    return send_private


def list_stream_headers(start_headers: Any, caching: Caching | None) -> list[Header]:
    """The headers of a stream: fresh for as long as its route declared where it brings its own ETag, else private."""
    headers = [(name, value) for name, value in start_headers if name != b"cache-control"]
    if caching is not None and any(name == b"etag" for name, _ in headers):
        now = int(time.time())
        fresh = Freshness(now + caching.seconds, live=False, caching=caching)
        return [*headers, (b"vary", VARY), (b"cache-control", fresh.header(now))]
    return [*headers, (b"cache-control", PRIVATE.encode())]


async def refuse(error: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem before any route was asked."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            add_headers(message)
        await send(message)

    await problem_response(Request(scope), error)(scope, receive, send_with_headers)


async def refuse_condition(request_headers: RequestHeaders, scope: Scope, send: Send) -> None:
    """Answer that If-Match rules the answer out."""
    response = problem_response(Request(scope), PreconditionFailed("The answer does not have a tag of If-Match."))
    headers = [*response.raw_headers, *RAW_HEADERS]
    await send_unkept(response.status_code, headers, bytes(response.body), request_headers, scope["method"], send)


def is_ruled_out(request_headers: RequestHeaders, start: Message) -> bool:
    """Whether If-Match rules out the answer that begins so."""
    if b"if-match" not in request_headers or start["status"] not in (200, 304):
        return False
    tag = next((value for name, value in start["headers"] if name == b"etag"), None)
    return fails_if_match(request_headers, tag)


def is_for_anybody(headers: list[Header]) -> bool:
    """Whether an answer is the same for all: no cookie, no Vary, no line break in a header."""
    return not any(name in (b"set-cookie", b"vary") or b"\r" in value or b"\n" in value for name, value in headers)
