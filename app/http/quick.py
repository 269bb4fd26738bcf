"""Kept answers are given by the server itself: no task, no ASGI messages, no headers read through one by one again."""

import time
from typing import Any, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.http.delivery import Delivery
from app.http.logging import note
from app.http.protocol import BoundedProtocol
from app.http.tracing import carried_on


class QuickProtocol(BoundedProtocol):
    """Looks into the cache of the service that it serves; what is not there takes the ordinary way.

    The look is made in the next turn of the event loop, as a task would make it: after every request of this turn has
    arrived, so that they can share it (see `coherence`), and one turn for each of a pipeline's requests, so that a
    caller who does not read is met by flow control.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._delivery = _delivery_of(self.config.loaded_app)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._delivery is None or app is not self.app or cycle.waiting_for_100_continue:
            super()._start_asgi_task(cycle, app)
        else:
            self.loop.call_soon(self._answer, self._delivery, cycle)

    def _answer(self, delivery: Delivery, cycle: RequestResponseCycle) -> None:
        """Send a kept answer, or ask the service."""
        if cycle.disconnected or self.transport.is_closing():
            return
        began = time.perf_counter()
        usable = cycle.keep_alive and not self.flow.write_paused
        found = delivery.at_once(cast(Scope, cycle.scope)) if usable else None
        if found is None:
            super()._start_asgi_task(cycle, self.app)
            return
        method: str = cycle.scope["method"]
        head = found.encoded.head(found.status, self.server_state.default_headers)
        trace = carried_on(found.headers.get(b"traceparent", b"").decode("latin-1"))
        self.transport.write(head + b"traceparent: %s\r\n\r\n" % trace.encode())
        if method == "GET" and found.status == 200:
            self.transport.write(found.encoded.body)
        cycle.response_started = cycle.response_complete = True
        cycle.on_response()
        note(method, found.route, found.status, began)


def _delivery_of(app: Any) -> Delivery | None:
    """The delivery of our service, which uvicorn may have wrapped; None for another one."""
    while app is not None and not isinstance(getattr(app, "delivery", None), Delivery):
        app = getattr(app, "app", None)
    return None if app is None else app.delivery
