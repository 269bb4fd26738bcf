"""What a host allows robots to fetch, and how often."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from protego import Protego

PRODUCT = "Stodkatalogen"
"""Our name in robots.txt."""
LONGEST_DELAY = 60.0
"""Seconds. A host that wants longer pauses is still asked once a minute."""
LONGEST_ROBOTS = 500_000
"""Bytes of robots.txt that are read (RFC 9309)."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of an origin. Without `rules` nothing is allowed, and `reason` says why."""

    rules: Protego | None
    reason: str = "robots.txt does not allow it"

    def allows(self, address: str) -> bool:
        """Whether a page may be fetched."""
        return self.rules is not None and bool(self.rules.can_fetch(address, PRODUCT))

    @property
    def delay(self) -> float:
        """Seconds that the host asks for between two requests."""
        return min(float((self.rules and self.rules.crawl_delay(PRODUCT)) or 0), LONGEST_DELAY)


def read_robots(status: int, body: bytes) -> Robots:
    """The rules in an answer to /robots.txt (RFC 9309): status 4xx allows everything; 429 and other errors, nothing."""
    if 200 <= status < 300:
        return Robots(Protego.parse(body[:LONGEST_ROBOTS].decode("utf-8", "replace")))
    if 400 <= status < 500 and status != 429:
        return Robots(Protego.parse(""))
    return Robots(None, f"robots.txt cannot be read: status {status}")


class Turns:
    """Spreads the requests to each host."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._last = defaultdict[str, float](lambda: float("-inf"))
        self._holds = defaultdict[str, asyncio.Lock](asyncio.Lock)
        self._queues = defaultdict[str, asyncio.Lock](asyncio.Lock)

    @asynccontextmanager
    async def hold(self, host: str) -> AsyncIterator[None]:
        """A lock for each host, so that its robots.txt is read only once."""
        async with self._holds[host]:
            yield

    async def wait(self, host: str, delay: float = 0.0) -> None:
        """Return when a request to the host may begin."""
        async with self._queues[host]:
            pause = self._last[host] + max(self._pause, delay) - monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            self._last[host] = monotonic()
