"""W3C trace context: the caller's `traceparent` is carried on, or a new trace begins, and each answer names it."""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TRACEPARENT = re.compile(r"^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$")


class Tracing:
    """ASGI middleware that answers `traceparent`: the caller's trace id with a span of our own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        traceparent = carried_on(Headers(scope=scope).get("traceparent", ""))
        scope.setdefault("state", {})["traceparent"] = traceparent

        async def send_with_trace(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["traceparent"] = traceparent
            await send(message)

        await self.app(scope, receive, send_with_trace)


def carried_on(traceparent: str) -> str:
    """The same trace with a new span; a new trace where there is none, or none that can be read (as W3C asks)."""
    found = TRACEPARENT.match(traceparent)
    span = secrets.token_hex(8)
    if found is None or found[1] == "ff" or not int(found[2], 16) or not int(found[3], 16):
        return f"00-{secrets.token_hex(16)}-{span}-00"
    return f"00-{found[2]}-{span}-{found[4]}"
