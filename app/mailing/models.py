"""Which mails were sent, so that none is sent twice, and the links in them."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

import app.stored_values  # noqa: F401  # takes care of the columns of tables made after it
from app.columns import UtcDateTime


class Mail(SQLModel, table=True):
    """A mail by what it is about, such as `digest 2026-11-28`. Whom it went to is not kept.

    `sent_at`: null while it is being sent, and where that was cut short.
    """

    subject: str = Field(primary_key=True)
    taken_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(sa_type=UtcDateTime)


class ConfirmationLink(SQLModel, table=True):
    """A link by which those who run a record confirm it, once.

    `digest`: of what stands in the link. `mailbox`: a digest of the address that it was sent to.
    """

    digest: str = Field(primary_key=True)
    record: UUID = Field(index=True)
    mailbox: str
    review_due: date
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(sa_type=UtcDateTime)
