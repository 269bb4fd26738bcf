"""Limits how many answers are made at a time; requests for the same answer share one."""

import asyncio
import math
from collections.abc import Hashable
from contextlib import nullcontext

from app.deadlines import FOR_THE_STORE, lift_deadline, seconds_left
from app.http.contract import Cost
from app.http.measuring import change_under_way, measure_waiting
from app.http.problems import Unavailable

AT_ONCE = 4
"""How many answers are made at the same time; the other requests wait for their turn before they take a thread or a
connection to the store, so that none waits for what another holds. Streams count until they begin."""

PLACES = {Cost.BULK: 1, Cost.DEAR: 2, Cost.USUAL: 3, Cost.HELP: AT_ONCE}
"""Of these, how many are for answers of this cost or more, so that expensive answers leave room for others."""


def busy() -> Unavailable:
    """The error for a request whose turn did not come in time."""
    detail = "Too much is asked at once. Try again shortly. In danger, call 112."
    return Unavailable(detail, headers={"Retry-After": "5"})


def limit_waiting() -> float | None:
    """The seconds that the request may wait for its turn, so that it can be answered in time; None: any number."""
    left = seconds_left()
    return None if left == math.inf else max(left - FOR_THE_STORE, 0)


class Turns:
    """The places of a worker, and what is being made in them."""

    def __init__(self) -> None:
        places = {cost: asyncio.Semaphore(number) for cost, number in PLACES.items()}
        self.places = {cost: [places[each] for each in sorted(PLACES, reverse=True) if each <= cost] for cost in Cost}
        """The semaphores to hold while an answer of a cost is made: the smallest first, so that a request that waits
        holds none that others could use."""
        self.under_way: dict[Hashable, asyncio.Future[None]] = {}
        self.held = 0
        """How many answers are being made."""

    async def wait_for(self, key: Hashable) -> bool:
        """Wait for the answer with this key if it is being made. Returns whether it was."""
        same = self.under_way.get(key)
        if same is None:
            return False
        await asyncio.wait({same}, timeout=limit_waiting())
        return True


class Turn:
    """The turn of one request. Others that ask for an answer with the same key can wait for its end."""

    def __init__(self, turns: Turns, key: Hashable | None, cost: Cost = Cost.USUAL) -> None:
        self.turns = turns
        self._key = key if key is not None and key not in turns.under_way else None
        self._cost = cost
        self._held: list[asyncio.Semaphore] = []
        self._is_under_way = False
        if self._key is not None:
            turns.under_way[self._key] = asyncio.get_running_loop().create_future()

    async def begin(self) -> bool:
        """Wait for a place; False if none came free in time. A large answer has no deadline from then on."""
        places = self.turns.places[self._cost]
        has_to_wait = any(place.locked() for place in places)
        try:
            with measure_waiting() if has_to_wait else nullcontext():
                async with asyncio.timeout(limit_waiting() if has_to_wait else None):  # None: without a timer
                    for place in places:
                        await place.acquire()
                        self._held.append(place)
        except TimeoutError:
            return False
        if self._cost is Cost.BULK:
            lift_deadline()
        self._is_under_way = True
        self.turns.held += 1
        change_under_way(1)
        return True

    def end(self) -> None:
        """Give the place back: the answer is made, or will not be."""
        if self._is_under_way:
            self._is_under_way = False
            self.turns.held -= 1
            change_under_way(-1)
        while self._held:
            self._held.pop().release()
        if self._key is not None:
            self.turns.under_way.pop(self._key).set_result(None)
            self._key = None
