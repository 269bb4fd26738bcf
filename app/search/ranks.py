"""Sets of entry numbers. In memory a set is a whole number whose bits are its members; the store keeps bytes.

The store keeps a set in chunks. The bytes of a chunk are a list of its members, counted from its beginning, or the
whole number itself, whichever is shorter, behind a letter that says which.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from struct import pack, unpack

LISTED, BITS = b"l", b"b"
WIDTH = 2
"""Bytes of a member in a list."""
_DIGITS = bytes.maketrans(b"01", bytes([0, 1]))
CHUNK = 1 << 16
"""Entries of one chunk: a change rewrites 8 kB of a token at most, however large the directory is."""


def pack_ranks(ranks: Sequence[int]) -> bytes:
    """The members of one chunk, none twice, as the store keeps them."""
    if len(ranks) * WIDTH <= max(ranks, default=0) // 8:
        return LISTED + pack(f"<{len(ranks)}H", *ranks)
    return BITS + _bits(ranks)


def patch_chunk(chunk: bytes | None, lost: set[int], got: set[int]) -> bytes | None:
    """A chunk without the members that it loses and with those that it gets; None where no member is left."""
    if chunk is not None and chunk[:1] == BITS:
        bits = int.from_bytes(chunk[1:], "little") & ~int.from_bytes(_bits(lost), "little")
        bits |= int.from_bytes(_bits(got), "little")
        highest = bits.bit_length() - 1
        if bits and bits.bit_count() * WIDTH > highest // 8:
            return BITS + bits.to_bytes(highest // 8 + 1, "little")
        members = set(list_all(bits))
    else:
        members = set(_listed(chunk or LISTED)) - lost | got
    return pack_ranks(sorted(members)) if members else None


def join_chunks(chunks: Iterable[tuple[int, bytes]]) -> int:
    """All that are in any of these chunks, each with its number."""
    listed, bits = list[int](), 0
    for chunk, packed in chunks:
        if packed[:1] == BITS:
            bits |= int.from_bytes(packed[1:], "little") << chunk * CHUNK
        else:
            listed += (chunk * CHUNK + member for member in _listed(packed))
    return bits | int.from_bytes(_bits(listed), "little")


def list_first(bits: int, number: int, offset: int = 0) -> list[int]:
    """So many of a set, lowest first, after so many that are passed over."""
    start = _end_of(bits, offset) if offset else 0
    rest, ranks = bits >> start, list[int]()
    while rest and len(ranks) < number:
        step = (rest & -rest).bit_length()
        start += step
        rest >>= step
        ranks.append(start - 1)
    return ranks


def list_all(bits: int) -> list[int]:
    """All of a set, lowest first."""
    return list(compress(range(bits.bit_length()), f"{bits:b}"[::-1].encode().translate(_DIGITS)))


def _listed(chunk: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(chunk) // WIDTH}H", chunk[1:])


def _bits(ranks: Collection[int]) -> bytes:
    bits = bytearray(max(ranks, default=0) // 8 + 1)
    for rank in ranks:
        bits[rank >> 3] |= 1 << (rank & 7)
    return bytes(bits)


def _end_of(bits: int, number: int) -> int:
    """How many bits it takes to hold so many of a set."""
    low, high = 0, bits.bit_length()
    while low < high:
        middle = (low + high) // 2
        if (bits & ((1 << middle) - 1)).bit_count() < number:
            low = middle + 1
        else:
            high = middle
    return low
