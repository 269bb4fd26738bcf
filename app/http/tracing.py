"""W3C trace context: the caller's `traceparent` is carried on, or a new trace begins, and each answer names it."""

import re
from random import Random, SystemRandom

from starlette.types import ASGIApp, Message, Receive, Scope, Send

TRACEPARENT = re.compile(r"^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$")
_ids = Random(SystemRandom().getrandbits(256))  # noqa: S311  # trace ids are no secrets; each process has its own


class Tracing:
    """ASGI middleware that answers `traceparent`: the caller's trace id with a span of our own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        traceparent = carried_on(given.decode("latin-1"))
        scope.setdefault("state", {})["traceparent"] = traceparent

        async def send_with_trace(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"traceparent", traceparent.encode())]}
            await send(message)

        await self.app(scope, receive, send_with_trace)


def carried_on(traceparent: str) -> str:
    """The same trace with a new span; a new trace where there is none, or none that can be read (as W3C asks)."""
    span = _ids.getrandbits(64) or 1
    found = TRACEPARENT.match(traceparent) if traceparent else None
    if found is None or found[1] == "ff" or not int(found[2], 16) or not int(found[3], 16):
        return f"00-{_ids.getrandbits(128) or 1:032x}-{span:016x}-00"
    return f"00-{found[2]}-{span:016x}-{found[4]}"
