"""Whose answer is made now: a few at a time, and one for all who ask for the same."""

import asyncio
from collections.abc import Hashable

from app.http.problems import Unavailable

AT_ONCE = 4
"""How many answers are made at the same time; the other requests wait for their turn before they take a thread or a
connection to the store, so that none waits for what another holds. Streams count until they begin."""

LONGEST_WAIT = 15
"""Seconds to wait for a turn, before the caller is told to come again."""


def busy() -> Unavailable:
    """What they are told whose turn did not come."""
    said = "Too much is asked at once. Try again shortly. In danger, call 112."
    return Unavailable(said, headers={"Retry-After": "5"})


class Turns:
    """The places of a worker, and what is being made in them."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(AT_ONCE)
        self.under_way: dict[Hashable, asyncio.Future[None]] = {}

    async def wait_for(self, key: Hashable) -> bool:
        """Whether this was being made for another, and it is over now."""
        same = self.under_way.get(key)
        if same is None:
            return False
        await asyncio.wait({same}, timeout=LONGEST_WAIT)
        return True


class Turn:
    """One of the places. Who asks for what has the same key can wait for its end."""

    def __init__(self, turns: Turns, key: Hashable | None) -> None:
        self._turns = turns
        self._key = key if key is not None and key not in turns.under_way else None
        self._has_place = False
        if self._key is not None:
            turns.under_way[self._key] = asyncio.get_running_loop().create_future()

    async def begin(self) -> bool:
        """Wait for a place; False if none came free in time."""
        room = self._turns.room
        try:
            if room.locked():
                async with asyncio.timeout(LONGEST_WAIT):
                    await room.acquire()
            else:
                await room.acquire()  # at once, and without a timer
        except TimeoutError:
            return False
        self._has_place = True
        return True

    def end(self) -> None:
        """The answer is made, or will not be."""
        if self._has_place:
            self._has_place = False
            self._turns.room.release()
        if self._key is not None:
            self._turns.under_way.pop(self._key).set_result(None)
            self._key = None
