"""One line a request, without anything about who asked or for what: no address, Referer or query, only the route."""

import logging
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.context import context_of
from app.http.measuring import count_request, is_measuring
from app.http.tracing import name_trace

log = logging.getLogger("stodkatalog.access")


def log_to_stderr() -> None:
    """Every process of the service says what it does in the same way; in one that does already, nothing changes."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)


def note(method: str, route: str, status: int, began: float, traceparent: str = "") -> None:
    """Log and count a request that began at this `time.perf_counter()`. `traceparent`: as it was answered."""
    seconds = time.perf_counter() - began
    count_request(method, route, status, seconds)
    if log.isEnabledFor(logging.INFO):
        log.info("%s %s %d %.1f ms", method, route, status, seconds * 1000, extra=name_trace(traceparent))


class AccessLog:
    """ASGI middleware that logs and counts method, route, status and milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (log.isEnabledFor(logging.INFO) or is_measuring()):
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            context = context_of(scope)
            note(scope["method"], context.route, status, began, context.traceparent)
