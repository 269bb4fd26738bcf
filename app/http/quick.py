"""Kept answers are given by the server itself: no task, no ASGI messages, and no parsing of what was parsed before."""

import asyncio
import logging
import time
from typing import Any, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.http.caching import ResponseCache
from app.http.delivery import Delivery, Kept, Lookup, lookup_of
from app.http.logging import note
from app.http.protocol import BoundedProtocol
from app.http.tracing import carried_on

MOST_REMEMBERED = 300
LONGEST_REMEMBERED = 1000
"""Of so many different requests, of so many bytes at most, it is remembered what they ask: about one megabyte."""

NEVER_QUICK = frozenset({b"x-forwarded-proto", b"upgrade"})
"""What comes by a proxy may be of another scheme, and what is to become another protocol is not ours."""

NEVER_REMEMBERED = NEVER_QUICK | {b"traceparent"}
"""Nor what is another request each time."""

log = logging.getLogger("stodkatalog")

Waiting = list[tuple["QuickProtocol", int]]


class Quick:
    """What all connections of a worker share: the requests that are remembered, and those whose turn it soon is."""

    def __init__(self, delivery: Delivery, cache: ResponseCache) -> None:
        self.delivery = delivery
        self._cache = cache
        self.remembered: dict[bytes, Lookup] = {}
        """What is asked by bytes that are one whole request."""
        self._waiting: Waiting = []
        self._looks: set[asyncio.Task[None]] = set()

    def remember(self, data: bytes, lookup: Lookup) -> None:
        """Know these bytes again; those known for longest make way."""
        if len(self.remembered) >= MOST_REMEMBERED:
            del self.remembered[next(iter(self.remembered))]
        self.remembered[data] = lookup

    def keeps(self, lookup: Lookup) -> bool:
        """Whether there is a kept answer to such a request."""
        return self._cache.find(lookup.key, lookup.headers) is not None

    def await_turn(self, protocol: "QuickProtocol", arrival: int) -> None:
        """Tell a connection when the store has been looked at: once for all requests of this turn of the event loop.

        The look is made in the next turn, after every one of them has arrived.
        """
        if not self._waiting:
            protocol.loop.call_soon(self._look)
        self._waiting.append((protocol, arrival))

    def _look(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self._cache.glance():
            _tell(waiting)
        else:
            look = asyncio.create_task(self._look_far(waiting))
            self._looks.add(look)
            look.add_done_callback(self._looks.discard)

    async def _look_far(self, waiting: Waiting) -> None:
        await self._cache.look()
        _tell(waiting)


def _tell(waiting: Waiting) -> None:
    for protocol, arrival in waiting:
        try:
            protocol.looked(arrival)
        except Exception:  # a fault that one caller meets is not to leave the others without an answer
            log.exception("a fault of ours in an answer that is kept")
            protocol.transport.abort()


class QuickProtocol(BoundedProtocol):
    """Looks into the cache of the service that it serves; what is not there takes the ordinary way.

    Bytes that were one whole request once are one again wherever a request may begin. They are held, unparsed, until
    the store has been looked at. Then the kept answer is given; where there is none, or where more arrives before, they
    are parsed after all. So nothing but the time it takes depends on what is remembered.

    Each of a pipeline's requests waits for its own turn, so that a caller who does not read is met by flow control.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._quick = _quick_of(self.config.loaded_app)
        self._delivery = self._quick.delivery
        self._between = True
        """Whether all that was parsed are whole requests."""
        self._held: bytes | None = None
        self._waiting: RequestResponseCycle | None = None
        self._arrival = 0
        self._looked = False
        self._given_at = 0.0

    def data_received(self, data: bytes) -> None:
        """Take bytes from the connection."""
        if self._held is not None:
            self._parse_held()
        if data in self._quick.remembered and self._is_idle():
            self._held = data
            self._await_turn()
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
        """Nobody is there any more."""
        self._held = self._waiting = None
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let the request that is under way be answered."""
        if self._held is not None:
            self._parse_held()
        super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has been idle for long; a remembered request does not touch the timer."""
        left = self._given_at + self.timeout_keep_alive - self.loop.time()
        if self._held is not None or left > 0:
            self._limit_idleness(max(left, 1))
        else:
            super().timeout_keep_alive_handler()

    def looked(self, arrival: int) -> None:
        """The store has been looked at since this arrival."""
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

    def _await_turn(self) -> None:
        self._arrival += 1
        self._quick.await_turn(self, self._arrival)

    def _parse(self, data: bytes) -> None:
        may_begin, before = self._between, self.cycle
        super().data_received(data)
        if may_begin and self._between and self.cycle is not before and len(data) <= LONGEST_REMEMBERED:
            self._remember(data, self.cycle)

    def _parse_held(self, *, looked: bool = False) -> None:
        data, self._held = self._held, None
        assert data is not None
        self._looked = looked
        self._parse(data)
        self._looked = False

    def _remember(self, data: bytes, cycle: RequestResponseCycle) -> None:
        # The first of a pipeline is waiting, the last of it is the cycle: they are one where there is one request.
        if cycle is self._waiting and not self.transport.is_closing():
            lookup = lookup_of(cast(Scope, cycle.scope))
            # What is not kept is not remembered either: it may be a question.
            if lookup is not None and NEVER_REMEMBERED.isdisjoint(lookup.headers) and self._quick.keeps(lookup):
                self._quick.remember(data, lookup)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if app is not self.app or not cycle.keep_alive or cycle.waiting_for_100_continue:
            super()._start_asgi_task(cycle, app)
        elif self._looked:
            self._ask(cycle)
        else:
            self._waiting = cycle
            self._await_turn()

    def _answer_held(self, data: bytes) -> None:
        began = time.perf_counter()
        lookup = self._quick.remembered.get(data)
        found = None if lookup is None or self.flow.write_paused else self._delivery.kept(lookup)
        if lookup is None or found is None:
            self._parse_held(looked=True)
            return
        self._held = None
        self._send(lookup.method, found, carried_on(""))
        self.server_state.total_requests += 1
        self._given_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._limit_idleness(self.timeout_keep_alive)
        note(lookup.method, found.route, found.status, began)

    def _answer(self, cycle: RequestResponseCycle) -> None:
        began = time.perf_counter()
        lookup = lookup_of(cast(Scope, cycle.scope)) if cycle.keep_alive and not self.flow.write_paused else None
        found = None
        if lookup is not None and NEVER_QUICK.isdisjoint(lookup.headers):
            found = self._delivery.kept(lookup)
        if lookup is None or found is None:
            self._ask(cycle)
            return
        self._send(lookup.method, found, carried_on(lookup.headers.get(b"traceparent", b"").decode("latin-1")))
        cycle.response_started = cycle.response_complete = True
        cycle.on_response()
        note(lookup.method, found.route, found.status, began)

    def _ask(self, cycle: RequestResponseCycle) -> None:
        """Let the service answer; it need not look at the store again."""
        cycle.scope["state"]["looked"] = True
        super()._start_asgi_task(cycle, self.app)

    def _send(self, method: str, found: Kept, trace: str) -> None:
        head = found.encoded.head(found.status, self.server_state.default_headers)
        body = found.encoded.body if method == "GET" and found.status == 200 else b""
        self.transport.write(b"%straceparent: %s\r\n\r\n%s" % (head, trace.encode(), body))  # at once: one packet

    def _limit_idleness(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)


def _quick_of(app: Any) -> Quick:
    """What our service shares among its connections; uvicorn may have wrapped it."""
    while not isinstance(getattr(app, "quick", None), Quick):
        app = app.app
    quick: Quick = app.quick
    return quick
