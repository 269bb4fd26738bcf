"""`Idempotency-Key`: a request that is sent again, such as after a broken connection, is carried out once."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Header
from sqlalchemy import delete
from sqlmodel import Session, col

from app.access.deciding import Caller
from app.access.models import RepeatableRequest
from app.http.problems import invalid

KEPT = timedelta(days=7)
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="Any name for this request, such as a UUID. Sent again within a week, it is carried out once.",
    ),
]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that may have been sent before. `name`: None where its sender gave it none."""

    name: str | None
    content: str
    """The whole request, as text."""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()


def find_subject(session: Session, caller: Caller, attempt: Attempt) -> str | None:
    """The id of what the same request created before; None where it is new.

    Raises InvalidParameter where another request used the name.
    """
    if attempt.name is None:
        return None
    earlier = session.get(RepeatableRequest, (caller.key, attempt.name))
    if earlier is None:
        return None
    if earlier.digest != attempt.digest:
        raise invalid("Idempotency-Key", "was sent with another request before")
    return earlier.subject


def remember(session: Session, caller: Caller, attempt: Attempt, subject: str) -> None:
    """Store the subject of a request, in its transaction, and delete requests older than a week."""
    session.execute(delete(RepeatableRequest).where(col(RepeatableRequest.made_at) < caller.at - KEPT))
    if attempt.name is not None:
        request = RepeatableRequest(
            key=caller.key, name=attempt.name, digest=attempt.digest, subject=subject, made_at=caller.at
        )
        session.add(request)
