"""The table of webhooks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.stored_values import UtcDateTime


class Webhook(SQLModel, table=True):
    """Where somebody is told of changes. The outbox is `Change`: `cursor` is the sequence of the last one told of.

    `key`: the id of the key that made it, with which it ends. `secret`: signs; as it must, it is kept as it is.
    `filters`: JSON, as they were asked for. `leased_until`: whoever holds the lease delivers. `failing_since`: the
    first failure since the last success.
    """

    id: UUID = Field(primary_key=True)
    key: str = Field(index=True)
    owner: str
    url: str = Field(sa_type=Text)
    secret: str
    filters: str = Field(sa_type=Text)
    cursor: int
    made_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(sa_type=UtcDateTime)
    failing_since: datetime | None = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(sa_type=UtcDateTime)
