"""Sends requests to the service within this process, without a socket."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

from app.http.context import Context


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer."""

    status: int
    headers: Headers
    body: bytes

    @property
    def content_type(self) -> str:
        """The header, with its parameters."""
        return self.headers.get("content-type", "")

    @property
    def may_be_kept(self) -> bool:
        """Whether the mirror may store it."""
        return self.status == 200 and "no-store" not in self.headers.get("cache-control", "no-store")


async def ask(service: ASGIApp, base: str, path: str, query: str, lasting: datetime) -> Answer:
    """GET one address. States that change are unknown in the answer: see `live.lasting`."""
    site = urlsplit(base)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": site.scheme,
        "server": (site.hostname, site.port),
        "root_path": "",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", site.netloc.encode()), (b"accept", b"*/*")],
        "state": {"context": Context(lasting=lasting)},
    }
    is_received = False
    start: Message = {}
    pieces: list[bytes] = []

    async def receive() -> Message:
        nonlocal is_received
        if is_received:  # a streaming answer waits for a disconnect, which never comes
            await asyncio.Event().wait()
        is_received = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            pieces.append(message.get("body", b""))

    await service(scope, receive, send)
    return Answer(start["status"], Headers(raw=list(start["headers"])), b"".join(pieces))
