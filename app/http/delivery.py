"""Delivers answers from the cache or the routes, with ETag, 304, HEAD, encodings, Cache-Control and Vary."""

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

from anyio import to_thread
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.allowances import Allowances
from app.http.caching import Key, Lookup, ResponseCache, lookup_of
from app.http.context import Context, context_of
from app.http.contract import Contract, Cost
from app.http.declared import Declarations
from app.http.guard import RAW_HEADERS, add_headers
from app.http.measuring import count_kept
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
    matches,
)
from app.http.turns import Turn, Turns, busy


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The headers of a request and, where its answer may be cached, the lookup."""

    headers: dict[bytes, bytes]
    key: Key | None
    version: Hashable | None = None


class CachedAnswer(NamedTuple):
    """A cached answer in the form for one client."""

    status: int
    encoded: Encoded
    route: str


class Delivery:
    """ASGI middleware around all routes, which sends their answers in the best form for each client and caches them.

    An answer whose route declared caching gets an ETag and Cache-Control and may be kept; others are private.
    Streams (more than one body message) and a route's own 304 pass through as they are; one that brings its ETag is
    fresh for as long as its route declared.
    """

    def __init__(
        self,
        app: ASGIApp,
        cache: ResponseCache | None = None,
        declarations: Declarations | None = None,
        allowances: Allowances | None = None,
        standby: Engine | None = None,
    ) -> None:
        self.app = app
        self.cache = cache
        self._declarations = declarations or Declarations()
        self._allowances = allowances or Allowances(most=0)
        self._turns = Turns()
        self._standby = standby

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._pass_on(scope, receive, send)
            return
        cache, lookup = self.cache, lookup_of(scope)
        if cache is None or lookup is None:
            await self._ask(Inquiry(dict(scope["headers"]), None), scope, receive, send)
            return
        if not context_of(scope).has_looked:
            await cache.look()
        found = cache.find(lookup.key, lookup.headers)
        if found is None and await self._turns.wait_for(lookup.key):
            found = cache.find(lookup.key, lookup.headers)
        if found is None:
            await self._ask(Inquiry(lookup.headers, lookup.key, cache.version), scope, receive, send)
        else:
            context_of(scope).route = found.route
            count_kept()
            await self._send(found, lookup.headers, scope, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request other than GET; each one that a route takes counts against the caller's allowance."""
        if scope["type"] == "http":
            scope.setdefault("state", {})["turns"] = self._turns  # for methods that are answered like a GET
            try:
                if self._declarations.of(scope) is not None:
                    self._allowances.take(scope)
            except ProblemError as error:
                await _refuse(error, scope, receive, send)
                return
        await self.app(scope, receive, _send_private(send) if scope["type"] == "http" else send)

    def find_cached(self, lookup: Lookup) -> CachedAnswer | None:
        """The cached answer to a request. The cache must have checked the store since it arrived."""
        found = None if self.cache is None else self.cache.find(lookup.key, lookup.headers)
        if found is None or found.takes_long(lookup.headers.get(b"accept-encoding", b"")):
            return None
        count_kept()
        return CachedAnswer(*self._choose(found, lookup.headers), found.route)

    async def _ask(self, asked: Inquiry, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the routes answer."""
        context = context_of(scope)
        context.version, context.is_head = asked.version, scope["method"] == "HEAD"
        start: Message = {}
        streaming = refused = False

        async def forward(message: Message) -> None:
            nonlocal start, streaming, refused
            if message["type"] == "http.response.start":
                start = message
            elif not streaming and not message.get("more_body", False) and start["status"] != 304:
                await self._deliver(asked, start, message.get("body", b""), scope, send, turn)
            elif refused or (not streaming and _is_ruled_out(asked, start)):
                if not refused:
                    refused = True
                    turn.end()
                    await _refuse_condition(asked, scope, send)
            else:
                if not streaming:
                    streaming = True
                    turn.end()
                    await send({**start, "headers": _headers_of_stream(start["headers"], context)})
                await send(message if scope["method"] == "GET" else {**message, "body": b""})

        contract = self._declarations.of(scope)
        scope["state"]["standby"] = self._find_standby(asked, contract)
        is_kept = contract is None or contract.caching is not None  # nobody waits for what is never kept
        turn = Turn(self._turns, asked.key if is_kept else None, Cost.USUAL if contract is None else contract.cost)
        try:
            if contract is not None and contract.cost >= Cost.DEAR:
                self._allowances.take(scope)
            if not await turn.begin():
                raise busy()
            # Routes know GET only; a HEAD is the same answer with its body left out.
            await self.app({**scope, "method": "GET"}, receive, forward)
        except ProblemError as error:  # raised above; problems of the routes are answered by them
            await _refuse(error, scope, receive, send)
        finally:
            turn.end()

    def _find_standby(self, asked: Inquiry, contract: Contract | None) -> Engine | None:
        """The standby, for a public answer, where it holds the edition that was just seen."""
        is_public = asked.key is not None and contract is not None and contract.caching is not None
        return self._standby if is_public and self.cache is not None and self.cache.is_followed else None

    async def _deliver(self, asked: Inquiry, start: Message, body: bytes, scope: Scope, send: Send, turn: Turn) -> None:
        headers, context = list(start["headers"]), context_of(scope)
        if context.language is not None and not any(name == b"content-language" for name, _ in headers):
            headers.append((b"content-language", context.language.encode()))
        if start["status"] != 200 or context.caching is None:
            turn.end()
            if _is_ruled_out(asked, start):
                await _refuse_condition(asked, scope, send)
                return
            await send_unkept(asked.headers, start["status"], headers, body, scope, send)
            return
        made = Representation(headers, body, context.caching, context.aging.until, context.route, context.revision)
        await _encode(made, asked.headers)  # an answer that is not cached must not grow the cache later
        encoded = made.encoded(asked.headers.get(b"accept-encoding", b""))
        if self.cache is not None and asked.key is not None and _for_anybody(headers):
            self.cache.keep(asked.key, asked.headers, context.formats, asked.version, made)
        turn.end()  # before sending, as the caller may be slow
        if fails_if_match(asked.headers, encoded.etag):
            await _refuse_condition(asked, scope, send)
            return
        await self._send(made, asked.headers, scope, send)

    async def _send(self, found: Representation, headers: dict[bytes, bytes], scope: Scope, send: Send) -> None:
        before = found.size
        await _encode(found, headers)
        if self.cache is not None and found.size != before:
            self.cache.grown(found.size - before)
        status, encoded = self._choose(found, headers)
        if status == 304:
            await send({"type": "http.response.start", "status": 304, "headers": encoded.headers_of_304()})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": encoded.headers()})
        await send({"type": "http.response.body", "body": encoded.body if scope["method"] == "GET" else b""})

    def _choose(self, found: Representation, headers: dict[bytes, bytes]) -> tuple[int, Encoded]:
        """200, or 304 if the client has it already; and the encoding that it can best take."""
        before = found.size
        encoded = found.encoded(headers.get(b"accept-encoding", b""))
        if self.cache is not None and found.size != before:
            self.cache.grown(found.size - before)
        tags = headers.get(b"if-none-match")
        return (304 if tags is not None and matches(tags, encoded.etag) else 200), encoded


def _send_private(send: Send) -> Send:
    """Answers to methods other than GET are never stored, unless they say otherwise."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start" and not any(n == b"cache-control" for n, _ in message["headers"]):
            message = {**message, "headers": [*message["headers"], (b"cache-control", PRIVATE.encode())]}
        await send(message)

    return send_private


async def _refuse_condition(asked: Inquiry, scope: Scope, send: Send) -> None:
    response = problem_response(Request(scope), PreconditionFailed("The answer does not have a tag of If-Match."))
    headers = [*response.raw_headers, *RAW_HEADERS]
    await send_unkept(asked.headers, response.status_code, headers, bytes(response.body), scope, send)


async def _encode(made: Representation, headers: dict[bytes, bytes]) -> None:
    """Encode an answer for this client, in a thread where others would have to wait."""
    accept_encoding = headers.get(b"accept-encoding", b"")
    if made.takes_long(accept_encoding):
        await to_thread.run_sync(made.encoded, accept_encoding)
    else:
        made.encoded(accept_encoding)


async def _refuse(error: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem before any route was asked."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            add_headers(message)
        await send(message)

    await problem_response(Request(scope), error)(scope, receive, send_with_headers)


async def send_unkept(
    asked: dict[bytes, bytes], status: int, headers: list[Header], body: bytes, scope: Scope, send: Send
) -> None:
    """Send an answer that must not be stored."""
    coding = choose_coding(asked.get(b"accept-encoding", b"")) if is_packable(headers, body) else ""
    pack = PACKERS[coding]
    body = await to_thread.run_sync(pack, body) if coding and len(body) >= LARGE else pack(body)
    sent = [(name, value) for name, value in headers if name not in OURS]
    sent += [(b"vary", VARY), (b"content-length", str(len(body)).encode())]
    sent += [(b"content-encoding", coding.encode())] if coding else []
    sent.append((b"cache-control", PRIVATE.encode()))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})


def _is_ruled_out(asked: Inquiry, start: Message) -> bool:
    if b"if-match" not in asked.headers or start["status"] not in (200, 304):
        return False
    tag = next((value for name, value in start["headers"] if name == b"etag"), None)
    return fails_if_match(asked.headers, tag)


def _for_anybody(headers: list[Header]) -> bool:
    """Whether an answer is the same for all: no cookie, no Vary, no line break in a header."""
    return not any(name in (b"set-cookie", b"vary") or b"\r" in value or b"\n" in value for name, value in headers)


def _headers_of_stream(given: Any, context: Context) -> list[Header]:
    headers, caching = [(name, value) for name, value in given if name != b"cache-control"], context.caching
    if caching is not None and any(name == b"etag" for name, _ in headers):
        now = int(time.time())
        fresh = Freshness(now + caching.seconds, live=False, caching=caching)
        return [*headers, (b"vary", VARY), (b"cache-control", fresh.header(now))]
    return [*headers, (b"cache-control", PRIVATE.encode())]
