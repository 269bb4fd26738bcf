"""State that the connections of a worker share: remembered requests, and checks of the store for all that wait."""

import asyncio
import logging
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from app.http.caching import ResponseCache
from app.http.delivery import Delivery
from app.http.lookups import Lookup

MOST_REMEMBERED = 300
"""The most requests that are remembered: with `LONGEST_REMEMBERED`, about one megabyte."""

log = logging.getLogger("stodkatalog")


class Connection(Protocol):
    """A connection that waits for a check of the store."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    def store_was_checked(self, arrival: int) -> None:
        """Called when the store was checked after this arrival."""


Waiting = list[tuple[Connection, int]]


class CacheAccess:
    """Requests remembered by their bytes, and the connections that wait for a check of the store."""

    def __init__(self, delivery: Delivery, cache: ResponseCache) -> None:
        self.delivery = delivery
        self._cache = cache
        self.remembered: dict[bytes, Lookup] = {}
        """The lookup of each remembered request, by the bytes of the whole request."""
        self._waiting: Waiting = []
        self._checks: set[asyncio.Task[None]] = set()

    def remember(self, data: bytes, lookup: Lookup) -> None:
        """Remember a request, and drop the oldest one if there are too many."""
        if len(self.remembered) >= MOST_REMEMBERED:
            del self.remembered[next(iter(self.remembered))]
        self.remembered[data] = lookup

    def keeps(self, lookup: Lookup) -> bool:
        """Whether the cache has an answer to such a request."""
        return self._cache.find(lookup.key, lookup.headers) is not None

    def await_check(self, connection: Connection, arrival: int) -> None:
        """Call a connection back after a check of the store, one for all requests of this turn of the event loop.

        The check is made in the next turn, when all of them have arrived.
        """
        if not self._waiting:
            connection.loop.call_soon(self._check)
        self._waiting.append((connection, arrival))

    def _check(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self._cache.glance():
            _resume(waiting)
        else:
            check = asyncio.create_task(self._check_far(waiting))
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)

    async def _check_far(self, waiting: Waiting) -> None:
        await self._cache.look()
        _resume(waiting)


def _resume(waiting: Waiting) -> None:
    for connection, arrival in waiting:
        try:
            connection.store_was_checked(arrival)
        except Exception:  # an error for one caller must not leave the others without an answer
            log.exception("a fault of ours in an answer that is kept")
            connection.transport.abort()


_accesses: WeakKeyDictionary[Delivery, CacheAccess] = WeakKeyDictionary()


def find_access(app: Any) -> CacheAccess | None:
    """The state that connections to this application share; None where it caches no answers."""
    delivery = getattr(find_service(app), "delivery", None)
    if not isinstance(delivery, Delivery) or delivery.cache is None:
        return None
    if delivery not in _accesses:
        _accesses[delivery] = CacheAccess(delivery, delivery.cache)
    return _accesses[delivery]


def find_service(app: Any) -> Any:
    """Our application, which uvicorn may have wrapped; None where it is another one."""
    while app is not None and not hasattr(app, "delivery"):
        app = getattr(app, "app", None)
    return app
