"""Callers who keep the service waiting, by sending or reading too slowly or not at all, and too many of them."""

import asyncio
from collections.abc import Hashable
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.server.cached_answers import CachedAnswersProtocol
from app.server.open_files import most_connections

LOOK = 2.0
"""Seconds between two looks at a connection."""

FOR_A_REQUEST = 5
"""Looks until a request has to be whole: ten seconds."""

FOR_READING = 15
"""Looks until a caller has to have taken the next `PORTION` of what waits for it: thirty seconds."""

PORTION = 48 * 1024
"""Bytes; less than the 64 KiB that wait when flow control begins, so that it is noticed when a caller reads."""

MOST_WAITING = 10_000
"""Requests of all pipelines that wait for those before them, shared evenly among the connections. Each takes some two
and a half kilobytes of memory, a hundred times its own bytes."""

MOST_WAITING_HERE = 500
"""Of these, on one connection."""


class PatientProtocol(CachedAnswersProtocol):
    """Limits how long it waits for a caller, and makes no answer for a caller who has not read the earlier ones.

    Each connection is checked every `LOOK` seconds, so that single answers need no timers.
    """

    _timer: asyncio.TimerHandle | None = None
    _under_way: RequestResponseCycle | None = None
    _due: Hashable | None = None
    _looks = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._service = self.app
        self.app = self._call_service

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A caller has connected."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()
        else:
            self._timer = self.loop.call_later(LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        if self._timer is not None:
            self._timer.cancel()
        if self._under_way is not None and not self._under_way.response_complete:
            self._under_way.disconnected = True  # uvicorn tells only the last of a pipeline
            self._under_way.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._under_way = cycle
        super()._start_asgi_task(cycle, app)

    def on_headers_complete(self) -> None:
        """The head of a request is complete."""
        super().on_headers_complete()
        if len(self.pipeline) > max(4, min(MOST_WAITING_HERE, MOST_WAITING // len(self.connections))):
            self.transport.abort()
            raise ConnectionAbortedError  # the parser stops

    def resume_writing(self) -> None:
        """The caller has read what waited."""
        self._due = None
        super().resume_writing()

    def _look(self) -> None:
        due = self._find_due()
        self._looks = self._looks + 1 if due == self._due else 1
        self._due = due
        if due is not None and self._looks > self._patience():
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(LOOK, self._look)

    def _find_due(self) -> Hashable | None:
        """What the caller has to do next; None: nothing. Equal at two looks only if it made no progress."""
        if self.flow.write_paused or self.transport.is_closing():
            return "read", self.transport.get_write_buffer_size() // PORTION
        if getattr(self.cycle, "response_complete", True):  # None before the first request is read
            # uvicorn's timer for idle connections runs from an answer until the next byte.
            return ("ask", self.cycle) if self.timeout_keep_alive_task is None else None
        return ("end", self.cycle) if self.cycle.more_body else None

    def _patience(self) -> int:
        """How many looks it may take; one where connections are getting scarce, so that new callers find room."""
        if isinstance(self._due, tuple) and self._due[0] == "read":
            return FOR_READING
        return 1 if len(self.connections) > most_connections() * 3 // 4 else FOR_A_REQUEST

    async def _call_service(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the service when the caller has read: an answer that waits would hold a place and a snapshot of the
        store."""
        await self.flow.drain()
        if not self.transport.is_closing():
            await self._service(scope, receive, send)
        elif self._under_way is not None:
            self._under_way.disconnected = True  # otherwise uvicorn would log an error
