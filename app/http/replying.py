"""One answer of the routes, from its first message until it is sent, and kept where that is allowed."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from starlette.types import Message, Scope, Send

from app.http.caching import ResponseCache
from app.http.context import context_of
from app.http.lookups import Key
from app.http.representing import Representation, fails_if_match
from app.http.sending import (
    RequestHeaders,
    encode,
    is_for_anybody,
    is_ruled_out,
    list_stream_headers,
    refuse_condition,
    send_encoded,
    send_unkept,
)
from app.http.turns import Turn


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The headers of a request and, where its answer may be cached, what it is looked up by."""

    headers: RequestHeaders
    key: Key | None
    version: Hashable | None = None
    """The version of the store before the answer was made."""


@dataclass(slots=True)
class Reply:
    """Takes the messages of an answer, and sends it in the best form for its client.

    An answer whose route declared caching gets an ETag and Cache-Control and may be kept; others are private.
    Streams (more than one body message) and a route's own 304 pass through as they are; one that brings its ETag is
    fresh for as long as its route declared.
    """

    inquiry: Inquiry
    scope: Scope
    send: Send
    turn: Turn
    cache: ResponseCache | None
    start: Message = field(default_factory=dict)
    is_streaming: bool = False
    is_refused: bool = False

    async def forward(self, message: Message) -> None:
        """Take a message from the routes."""
        if message["type"] == "http.response.start":
            self.start = message
        elif self.is_streaming or message.get("more_body", False) or self.start["status"] == 304:
            await self._pass_through(message)
        else:
            await self._deliver(message.get("body", b""))

    async def _pass_through(self, message: Message) -> None:
        if not self.is_streaming:
            self.is_streaming = True
            self.turn.end()
            self.is_refused = is_ruled_out(self.inquiry.headers, self.start)
            if self.is_refused:
                await refuse_condition(self.inquiry.headers, self.scope, self.send)
            else:
                headers = list_stream_headers(self.start["headers"], context_of(self.scope).caching)
                await self.send({**self.start, "headers": headers})
        if not self.is_refused:
            await self.send(message if self.scope["method"] == "GET" else {**message, "body": b""})

    async def _deliver(self, body: bytes) -> None:
        headers, context, inquiry = list(self.start["headers"]), context_of(self.scope), self.inquiry
        if context.language is not None and not any(name == b"content-language" for name, _ in headers):
            headers.append((b"content-language", context.language.encode()))
        if self.start["status"] != 200 or context.caching is None:
            await self._deliver_unkept(headers, body)
            return
        changes = context.aging.next_change
        answer = Representation(headers, body, context.caching, changes, context.route, context.revision)
        encoded = await encode(answer, inquiry.headers)  # before it is kept, so that its bytes are counted
        if self.cache is not None and inquiry.key is not None and is_for_anybody(headers):
            self.cache.keep(inquiry.key, inquiry.headers, context.formats, inquiry.version, answer)
        self.turn.end()  # before sending, as the caller may be slow
        if fails_if_match(inquiry.headers, encoded.etag):
            await refuse_condition(inquiry.headers, self.scope, self.send)
        else:
            await send_encoded(encoded, inquiry.headers, self.scope["method"], self.send)

    async def _deliver_unkept(self, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.turn.end()
        request_headers, method = self.inquiry.headers, self.scope["method"]
        if is_ruled_out(request_headers, self.start):
            await refuse_condition(request_headers, self.scope, self.send)
        else:
            await send_unkept(self.start["status"], headers, body, request_headers, method, self.send)
