"""Encodings of answers. What is large is packed in a thread."""

import gzip
from collections.abc import Callable

import brotli

LARGE = 64 * 1024
"""Bytes that take longer to pack than the other callers are to wait: some two milliseconds."""

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "": lambda body: body,
}


def pack(body: bytes, coding: str) -> bytes:
    """A body in this encoding: `br`, `gzip` or `` (as it is)."""
    return PACKERS[coding](body)
