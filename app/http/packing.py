"""Encodings of answers. What is large is packed in a thread, and not again while it is the same."""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock

import brotli

LARGE = 64 * 1024
"""Bytes that take longer to pack than the other callers are to wait: some two milliseconds."""

MOST_PACKED = 2 * 1024 * 1024
"""Bytes of packed bodies that are known again: the documentation viewer's take half a megabyte in both encodings."""

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "": lambda body: body,
}


class PackedBodies:
    """Large bodies as they were packed before, by what they hold; those used longest ago make way."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[tuple[bytes, str], bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def pack(self, body: bytes, coding: str) -> bytes:
        key = (blake2b(body, digest_size=16).digest(), coding)
        with self._lock:
            if (known := self._bodies.get(key)) is not None:
                self._bodies.move_to_end(key)
                return known
        packed = PACKERS[coding](body)
        with self._lock:
            if key not in self._bodies and len(packed) <= MOST_PACKED // 2:
                self._bodies[key] = packed
                self._size += len(packed)
            while self._size > MOST_PACKED:
                self._size -= len(self._bodies.popitem(last=False)[1])
        return packed


packed_bodies = PackedBodies()


def pack(body: bytes, coding: str) -> bytes:
    """A body in this encoding: `br`, `gzip` or `` (as it is)."""
    return packed_bodies.pack(body, coding) if coding and len(body) >= LARGE else PACKERS[coding](body)
