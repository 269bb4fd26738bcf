"""Tokens for positions in the sequence of changes, which a consumer keeps and passes back.

A token holds the number of a change and a fingerprint of it. A token from another store, or from this one before it was
rebuilt, is refused; otherwise the consumer would silently miss changes.
"""

import base64
import binascii
import hashlib

from sqlmodel import Session

from app.changes.models import Change
from app.http.problems import invalid

NUMBER, FINGERPRINT = 4, 8
"""Bytes of the two parts of a token."""
LARGEST = 2**31 - 1
"""The largest value of the column."""


def make_token(change: Change) -> str:
    """The token for the position right after a change."""
    packed = change.sequence.to_bytes(NUMBER) + _fingerprint(change)
    return base64.urlsafe_b64encode(packed).decode()


def parse_token(session: Session, encoded: str, parameter: str) -> int:
    """The sequence number that a token stands for.

    Raises InvalidParameter, naming `parameter`, for a token that is not one of this store.
    """
    try:
        packed = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        packed = b""
    sequence = int.from_bytes(packed[:NUMBER])
    if len(packed) == NUMBER + FINGERPRINT and sequence <= LARGEST:
        change = session.get(Change, sequence)
        if change is not None and _fingerprint(change) == packed[NUMBER:]:
            return sequence
    raise invalid(
        parameter,
        "is not a token of this directory's changes; take `_meta.after` or a `next` link, or begin again without it",
    )


def _fingerprint(change: Change) -> bytes:
    content = f"{change.sequence} {change.changed_at.isoformat()} {change.what} {change.slug}"
    return hashlib.blake2b(content.encode(), digest_size=FINGERPRINT).digest()
