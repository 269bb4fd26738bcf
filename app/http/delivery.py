"""How answers leave: ETag per representation, 304, HEAD, Content-Encoding, Cache-Control, Vary."""

import gzip
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.contract import Caching

WORTH_PACKING = 500
PACKABLE = ("text/", "application/json", "application/problem+json", "application/ld+json", "image/svg+xml",
            "application/xml", "application/javascript", "application/rdf+xml", "application/atom+xml")  # fmt: skip
VARY = "Accept, Accept-Language, Accept-Encoding"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, before it is encoded for one client."""

    status: int
    headers: Headers
    body: bytes


class Delivery:
    """Pure ASGI, outermost: what the routes answer is sent as each client can best take it.

    An answer whose route declared caching gets an ETag and Cache-Control; others are not to be stored. Streams (more
    than one body message) pass through as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        start: Message = {}
        streaming = False

        async def forward(message: Message) -> None:
            nonlocal start, streaming
            if message["type"] == "http.response.start":
                start = message
            elif not streaming and not message.get("more_body", False):
                answer = Answer(start["status"], Headers(raw=start["headers"]), message.get("body", b""))
                await deliver(answer, state, scope, send)
            else:
                if not streaming:
                    streaming = True
                    MutableHeaders(scope=start).setdefault("Cache-Control", "no-store")
                    await send(start)
                await send(message if scope["method"] == "GET" else {**message, "body": b""})

        # Routes know GET only; a HEAD is the same answer with its body left out.
        await self.app({**scope, "method": "GET"}, receive, forward)


async def deliver(answer: Answer, state: dict[str, object], scope: Scope, send: Send) -> None:
    """Send one answer to one client."""
    asked = Headers(scope=scope)
    encoding, body = packed(answer, asked.get("accept-encoding", ""))
    headers = MutableHeaders(raw=list(answer.headers.raw))
    headers["Vary"] = VARY
    if language := state.get("language"):
        headers.setdefault("Content-Language", str(language))
    if encoding:
        headers["Content-Encoding"] = encoding
    caching = state.get("caching")
    if answer.status == 200 and isinstance(caching, Caching):
        headers["Cache-Control"] = cache_control(caching, state.get("fresh_until"))
        headers["ETag"] = etag = entity_tag(answer.body, encoding)
        if matches(asked.get("if-none-match"), etag):
            for name in ("Content-Length", "Content-Type", "Content-Encoding"):
                del headers[name]
            await send({"type": "http.response.start", "status": 304, "headers": headers.raw})
            await send({"type": "http.response.body", "body": b""})
            return
    else:
        headers.setdefault("Cache-Control", "no-store")
    headers["Content-Length"] = str(len(body))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def cache_control(caching: Caching, fresh_until: object) -> str:
    """The header. An answer with a live state is never to be served stale: what was open may be closed."""
    if isinstance(fresh_until, datetime):
        left = max(0, min(caching.seconds, int(fresh_until.timestamp() - time.time())))
        return f"public, max-age={left}, must-revalidate"
    return (
        f"public, max-age={caching.seconds}, stale-while-revalidate={caching.while_revalidating}, "
        f"stale-if-error={caching.if_error}"
    )


def entity_tag(body: bytes, encoding: str | None) -> str:
    """A strong validator of one representation."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return f'"{digest}-{encoding}"' if encoding else f'"{digest}"'


def matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names this tag (weak comparison, RFC 9110 §13.1.2)."""
    if header is None:
        return False
    return header.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in header.split(","))


def packed(answer: Answer, accepted: str) -> tuple[str | None, bytes]:
    """The encoding that the client takes and we have, with the body in it."""
    if len(answer.body) < WORTH_PACKING or not answer.headers.get("content-type", "").startswith(PACKABLE):
        return None, answer.body
    wanted = set(_codings(accepted))
    if "br" in wanted:
        return "br", brotli.compress(answer.body, quality=5)
    if "gzip" in wanted:
        return "gzip", gzip.compress(answer.body, 6, mtime=0)
    return None, answer.body


def _codings(accepted: str) -> Iterator[str]:
    for part in accepted.lower().split(",")[:20]:
        name, _, quality = part.partition(";")
        if quality.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            yield name.strip()
