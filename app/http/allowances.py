"""Limits how often each caller may ask for expensive answers, without keeping anybody's address.

A caller is a network: an IPv4 /24 or an IPv6 /48. It is known by a keyed hash whose key each process draws at random
and never stores, so that nothing in memory leads to an address. After a window without a request a bucket is full
again.
"""

import time
from collections import OrderedDict
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from math import ceil
from secrets import token_bytes
from threading import Lock

from starlette.types import Scope

from app.http.problems import TooManyRequests

MOST_CALLERS = 10_000
"""The most buckets of a process, some 200 bytes each; the least recently used one is dropped."""

MINUTE, DAY = 60, 24 * 60 * 60
"""In seconds."""
OUR_OWN = tuple(
    map(
        ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
    )
)
"""Networks of proxies that may not name the caller: a limit on one would limit everybody behind it."""


class Allowances:
    """Token buckets: each caller may ask `most` times at once, and as often in each `window` (seconds). 0: no limit."""

    def __init__(self, most: int, whose: str = "Your network", window: int = MINUTE) -> None:
        self._most, self._whose, self._window = most, whose, window
        self._key = token_bytes(32)
        self._lock = Lock()
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, scope: Scope) -> None:
        """Take one from the caller's bucket. Raises TooManyRequests where there is none left."""
        caller = self.caller_of(scope)
        if caller is not None:
            self.take_for(caller)

    def take_for(self, caller: bytes) -> None:
        """Take one from the bucket of a network or a key. Raises TooManyRequests where there is none left."""
        if not self._most:
            return
        now, rate = time.monotonic(), self._most / self._window
        with self._lock:  # routes that need a key are answered in threads
            tokens, at = self._buckets.pop(caller, (float(self._most), now))
            tokens = min(self._most, tokens + (now - at) * rate)
            self._buckets[caller] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        if tokens < 1:
            raise _too_many(self._whose, self._most, self._window, ceil((1 - tokens) / rate))

    def caller_of(self, scope: Scope) -> bytes | None:
        """A key for the network that a request comes from; None where it is not known."""
        try:
            address = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return None
        address = getattr(address, "ipv4_mapped", None) or address
        if any(address in network for network in OUR_OWN if network.version == address.version):
            return None
        network: IPv4Network | IPv6Network = ip_network((address, 24 if address.version == 4 else 48), strict=False)
        return blake2b(network.network_address.packed, key=self._key, digest_size=12).digest()


def _too_many(whose: str, most: int, window: int, seconds: int) -> TooManyRequests:
    every = "day" if window == DAY else "minute"
    detail = f"{whose} may ask for {most} answers of this sort a {every}. Try again in {seconds} seconds."
    headers = {
        "Retry-After": str(seconds),
        "RateLimit-Policy": f'"dear";q={most};w={window}',
        "RateLimit": f'"dear";r=0;t={seconds}',
    }
    return TooManyRequests(f"{detail} In danger, call 112.", headers=headers)
