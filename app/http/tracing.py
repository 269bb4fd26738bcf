"""W3C trace context: the caller's `traceparent` is carried on, or a new trace begins, and each answer names it."""

import re
from collections.abc import Sequence
from random import Random, SystemRandom

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.context import context_of

TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?")
SAMPLED = 1
"""The only flag that version 00 knows; the others are not carried on."""

_ids = Random(SystemRandom().getrandbits(256))  # noqa: S311  # trace ids are no secrets; each process has its own


class Tracing:
    """ASGI middleware that answers `traceparent`: the caller's trace id with a span of our own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        traceparent = carried_on([value for name, value in scope["headers"] if name == b"traceparent"])
        context_of(scope).traceparent = traceparent

        async def send_with_trace(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"traceparent", traceparent.encode())]}
            await send(message)

        await self.app(scope, receive, send_with_trace)


def name_trace(traceparent: str) -> dict[str, str]:
    """What a line of the log says of a request, as logging's `extra`: its trace id, 32 hexadecimal digits."""
    return {"trace": traceparent[3:35]}


def carried_on(given: Sequence[bytes]) -> str:
    """The same trace with a new span; a new trace where not exactly one header is given, or one that cannot be read.

    A later version than 00 is read as far as 00 goes (W3C Trace Context level 1, §4.3).
    """
    span = _ids.getrandbits(64) or 1
    known = TRACEPARENT.fullmatch(given[0].strip(b" \t")) if len(given) == 1 else None
    if known is None or (known[1] == b"00" and known[4] is not None):
        return f"00-{_ids.getrandbits(128) or 1:032x}-{span:016x}-00"
    return f"00-{known[2].decode()}-{span:016x}-{int(known[3], 16) & SAMPLED:02x}"
