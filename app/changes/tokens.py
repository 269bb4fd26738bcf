"""Places in the sequence of changes, as tokens that a consumer keeps and hands back.

A token names a change and carries a fingerprint of it: one from another store, or from this one before it was built
anew, is refused instead of silently skipping what the consumer has not seen.
"""

import base64
import binascii
import hashlib

from sqlmodel import Session

from app.changes.models import Change
from app.http.problems import invalid

NUMBER, FINGERPRINT = 4, 8
"""Bytes of a token's two parts."""
LARGEST = 2**31 - 1
"""What the column can hold."""


def token(change: Change) -> str:
    """The place just after a change."""
    packed = change.sequence.to_bytes(NUMBER) + _fingerprint(change)
    return base64.urlsafe_b64encode(packed).decode()


def place(session: Session, asked: str, parameter: str) -> int:
    """The sequence number that a token, given in this parameter, stands for.

    Raises InvalidParameter for a token that is not one of ours.
    """
    try:
        packed = base64.b64decode(asked, altchars=b"-_", validate=True)
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
    told = f"{change.sequence} {change.changed_at.isoformat()} {change.what} {change.slug}"
    return hashlib.blake2b(told.encode(), digest_size=FINGERPRINT).digest()
