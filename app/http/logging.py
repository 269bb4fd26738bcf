"""Logs one line for each request, without anything about who asked or for what: no address, Referer or query.

Each request belongs to a trace (W3C Trace Context): the caller's, from `traceparent`, or a new one. The answer names
it.
"""

import logging
import re
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.context import context_of
from app.http.measuring import count_request
from app.http.spans import Caller, find_spans

if TYPE_CHECKING:  # an extra
    from opentelemetry.trace import Span

log = logging.getLogger("stodkatalog.access")

TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
SAMPLED = 1
"""The only flag that version 00 knows; the others are not carried on."""

_ids = Random(SystemRandom().getrandbits(256))  # noqa: S311  # trace ids are no secrets; each process has its own


def log_to_stderr() -> None:
    """Log to standard error, in the same way in every process. Where logging is set up already, nothing changes."""
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


def read_traceparent(values: Sequence[bytes]) -> Caller | None:
    """The caller's span; None where not exactly one header is given, or one that cannot be read.

    A later version than 00 is read as far as 00 goes (W3C Trace Context level 1, §4.3).
    """
    match = TRACEPARENT.fullmatch(values[0].strip(b" \t")) if len(values) == 1 else None
    if match is None or (match[1] == b"00" and match[5] is not None):
        return None
    return Caller(int(match[2], 16), int(match[3], 16), int(match[4], 16) & SAMPLED)


def carry_on(values: Sequence[bytes]) -> str:
    """The caller's trace with a new span; a new trace where there is none."""
    span = _ids.getrandbits(64) or 1
    caller = read_traceparent(values)
    if caller is None:
        return f"00-{_ids.getrandbits(128) or 1:032x}-{span:016x}-00"
    return f"00-{caller.trace:032x}-{span:016x}-{caller.flags:02x}"


def trace_cached(values: Sequence[bytes], method: str, route: str, status: int) -> str:
    """The `traceparent` of an answer from the cache, whose span is over at once."""
    spans = find_spans()
    if spans is None:
        return carry_on(values)
    span = spans.start_request(read_traceparent(values))
    spans.end_request(span, method, route, status)
    return write_traceparent(span)


def write_traceparent(span: "Span") -> str:
    """The value of the header for a span of ours."""
    ours = span.get_span_context()
    return f"00-{ours.trace_id:032x}-{ours.span_id:016x}-{ours.trace_flags:02x}"


class AccessLog:
    """ASGI middleware: names the trace of each answer in its headers, and logs and counts what `note` does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._spans = find_spans()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, context = time.perf_counter(), 500, context_of(scope)
        values = [value for name, value in scope["headers"] if name == b"traceparent"]
        spans = self._spans
        span = None if spans is None else spans.start_request(read_traceparent(values))
        context.traceparent = carry_on(values) if span is None else write_traceparent(span)

        async def send_with_trace(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                trace = (b"traceparent", context.traceparent.encode())
                message = {**message, "headers": [*message["headers"], trace]}
            await send(message)

        try:
            with nullcontext() if spans is None or span is None else spans.use(span):
                await self.app(scope, receive, send_with_trace)
        finally:
            note(scope["method"], context.route, status, began, context.traceparent)
            if spans is not None and span is not None:
                spans.end_request(span, scope["method"], context.route, status)
