"""Cached answers are sent by the server itself, without a task, ASGI messages or parsing known requests again."""

import time
from typing import Any, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.http.context import context_of
from app.http.delivery import CachedAnswer
from app.http.logging import note, trace_cached
from app.http.lookups import Lookup, lookup_of
from app.server.cache_access import find_access
from app.server.limits import LimitedProtocol

LONGEST_REMEMBERED = 1000
"""The most bytes of a request that is remembered."""

LINGER = 0.5
"""Seconds that an idle connection stays open when the service stops: what its caller sends meanwhile is answered."""

LAST_LOOK = 0.01
"""Seconds that a connection has left when its idle time is over, to read what arrived while the process was busy."""

NEVER_FAST = frozenset({b"x-forwarded-proto"})
"""A request through a proxy may have another scheme."""

NEVER_REMEMBERED = NEVER_FAST | {b"traceparent"}
"""Requests with a `traceparent` differ each time."""


class CachedAnswersProtocol(LimitedProtocol):
    """Answers from the cache of the service; other requests are handled by uvicorn as usual.

    Bytes that were one whole request before are the same request again wherever a request may begin. They are held,
    unparsed, until the store has been checked. Then the cached answer is sent; where there is none, or more bytes
    arrive first, they are parsed after all. So remembering requests changes nothing but the time that an answer takes.

    Each request of a pipeline waits for its turn, so that flow control stops a caller who does not read.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        access = find_access(self.config.loaded_app)
        assert access is not None, "the fast path serves our application only"
        self._access, self._delivery = access, access.delivery
        self._is_ending = False
        self._between = True
        """Whether the parser is between two requests."""
        self._held: bytes | None = None
        self._waiting: RequestResponseCycle | None = None
        self._lookup: Lookup | None = None
        """Of the request that waits, or waited last."""
        self._arrival = 0
        self._is_checked = False
        self._given_at = 0.0
        self._has_expired = False
        """Whether the idle time is over, and the connection is looked at for the last time."""

    def data_received(self, data: bytes) -> None:
        """Take bytes from the connection."""
        self._has_expired = False
        if self._held is not None:
            self._parse_held()
        if data in self._access.remembered and self._is_idle() and not self._is_ending:
            self._held = data
            self._await_check()
        else:
            self._parse(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request is whole."""
        self._between = True
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._held = self._waiting = None
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Answer the current request before closing, and one that is on its way."""
        self._is_ending = True
        if self._held is not None:
            self._parse_held()
        if getattr(self.cycle, "response_complete", True):  # None before the first request is read
            self.loop.call_later(LINGER, super().shutdown)
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has been idle for long; a remembered request does not touch the timer."""
        left = self._given_at + self.timeout_keep_alive - self.loop.time()
        if self._held is not None or left > 0:
            self._limit_idleness(max(left, 1))
        elif not self._has_expired:
            self._has_expired = True
            self._limit_idleness(LAST_LOOK)
        else:
            super().timeout_keep_alive_handler()

    def store_was_checked(self, arrival: int) -> None:
        """The store was checked after this arrival."""
        if arrival != self._arrival or self.transport.is_closing():
            return
        if self._held is not None:
            self._answer_held(self._held)
        elif self._waiting is not None:
            cycle, self._waiting = self._waiting, None
            self._answer(cycle)

    def _is_idle(self) -> bool:
        if not self._between or self.flow.write_paused:
            return False
        last: RequestResponseCycle | None = self.cycle
        return last is None or (last.response_complete and last.keep_alive)

    def _await_check(self) -> None:
        self._arrival += 1
        self._access.await_check(self, self._arrival)

    def _parse(self, data: bytes) -> None:
        may_begin, before = self._between, self.cycle
        super().data_received(data)
        if may_begin and self._between and self.cycle is not before and len(data) <= LONGEST_REMEMBERED:
            self._remember(data, self.cycle)

    def _parse_held(self, *, is_checked: bool = False) -> None:
        data, self._held = self._held, None
        assert data is not None
        self._is_checked = is_checked
        self._parse(data)
        self._is_checked = False

    def _remember(self, data: bytes, cycle: RequestResponseCycle) -> None:
        # In a pipeline the first request is waiting and the last is the cycle: they are the same for a single request.
        if cycle is self._waiting and not self.transport.is_closing():
            lookup = self._lookup
            # Requests without a cached answer are not remembered: they may be searches.
            if lookup is not None and NEVER_REMEMBERED.isdisjoint(lookup.headers) and self._access.keeps(lookup):
                self._access.remember(data, lookup)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._is_ending and cycle is self.cycle:
            cycle.keep_alive = False
        if app is not self.app or not cycle.keep_alive or cycle.waiting_for_100_continue:
            super()._start_asgi_task(cycle, app)
        elif self._is_checked:
            self._ask(cycle)
        else:
            self._waiting, self._lookup = cycle, lookup_of(cast(Scope, cycle.scope))
            self._await_check()

    def _answer_held(self, data: bytes) -> None:
        began = time.perf_counter()
        lookup = self._access.remembered.get(data)
        cached = None if lookup is None or self.flow.write_paused else self._delivery.find_cached(lookup)
        if lookup is None or cached is None:
            self._parse_held(is_checked=True)
            return
        self._held = None
        traceparent = trace_cached((), lookup.method, cached.route, cached.status)
        self._send(lookup.method, cached, traceparent)
        self.server_state.total_requests += 1
        self._given_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._limit_idleness(self.timeout_keep_alive)
        note(lookup.method, cached.route, cached.status, began, traceparent)

    def _answer(self, cycle: RequestResponseCycle) -> None:
        began = time.perf_counter()
        lookup = self._lookup if cycle.keep_alive and not self.flow.write_paused else None
        if lookup is not None and not NEVER_FAST.isdisjoint(lookup.headers):
            lookup = None
        cached = None if lookup is None else self._delivery.find_cached(lookup)
        if lookup is None or cached is None:
            self._ask(cycle, lookup)
            return
        traceparent = trace_cached(_given(lookup.headers), lookup.method, cached.route, cached.status)
        self._send(lookup.method, cached, traceparent)
        cycle.response_started = cycle.response_complete = True
        cycle.on_response()
        note(lookup.method, cached.route, cached.status, began, traceparent)

    def _ask(self, cycle: RequestResponseCycle, lookup: Lookup | None = None) -> None:
        """Let the service answer, without another check of the store. `lookup`: of this request, if it was made."""
        context = context_of(cast(Scope, cycle.scope))
        context.has_looked, context.lookup = True, lookup
        super()._start_asgi_task(cycle, self.app)

    def _send(self, method: str, cached: CachedAnswer, trace: str) -> None:
        head = cached.encoded.head(cached.status, self.server_state.default_headers)
        body = cached.encoded.body if method == "GET" and cached.status == 200 else b""
        self.transport.write(b"%straceparent: %s\r\n\r\n%s" % (head, trace.encode(), body))  # at once: one packet

    def _limit_idleness(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)


def _given(headers: dict[bytes, bytes]) -> list[bytes]:
    trace = headers.get(b"traceparent")
    return [] if trace is None else [trace]
