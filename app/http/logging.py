"""One line a request, without anything about who asked or for what: no address, Referer or query, only the route.

And its trace (W3C Trace Context): the caller's `traceparent` is carried on, or a new one begins; each answer names it.
"""

import logging
import re
import sys
import time
from collections.abc import Sequence
from random import Random, SystemRandom

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.context import context_of
from app.http.measuring import count_request

log = logging.getLogger("stodkatalog.access")

TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?")
SAMPLED = 1
"""The only flag that version 00 knows; the others are not carried on."""

_ids = Random(SystemRandom().getrandbits(256))  # noqa: S311  # trace ids are no secrets; each process has its own


def log_to_stderr() -> None:
    """Every process of the service says what it does in the same way; in one that does already, nothing changes."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)


def note(method: str, route: str, status: int, began: float, traceparent: str = "") -> None:
    """Log and count a request that began at this `time.perf_counter()`. `traceparent`: as it was answered."""
    seconds = time.perf_counter() - began
    count_request(method, route, status, seconds)
    if log.isEnabledFor(logging.INFO):
        log.info("%s %s %d %.1f ms", method, route, status, seconds * 1000, extra=name_trace(traceparent))


def name_trace(traceparent: str) -> dict[str, str]:
    """What a line of the log says of a request, as logging's `extra`: its trace id, 32 hexadecimal digits."""
    return {"trace": traceparent[3:35]}


def carry_on(given: Sequence[bytes]) -> str:
    """The same trace with a new span; a new trace where not exactly one header is given, or one that cannot be read.

    A later version than 00 is read as far as 00 goes (W3C Trace Context level 1, §4.3).
    """
    span = _ids.getrandbits(64) or 1
    known = TRACEPARENT.fullmatch(given[0].strip(b" \t")) if len(given) == 1 else None
    if known is None or (known[1] == b"00" and known[4] is not None):
        return f"00-{_ids.getrandbits(128) or 1:032x}-{span:016x}-00"
    return f"00-{known[2].decode()}-{span:016x}-{int(known[3], 16) & SAMPLED:02x}"


class AccessLog:
    """ASGI middleware: names the trace of each answer in its headers, and logs and counts what `note` does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, context = time.perf_counter(), 500, context_of(scope)
        context.traceparent = carry_on([value for name, value in scope["headers"] if name == b"traceparent"])

        async def send_with_trace(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                trace = (b"traceparent", context.traceparent.encode())
                message = {**message, "headers": [*message["headers"], trace]}
            await send(message)

        try:
            await self.app(scope, receive, send_with_trace)
        finally:
            note(scope["method"], context.route, status, began, context.traceparent)
