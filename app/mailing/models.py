"""The mails that were sent, so that none is sent twice, and the links in them."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.stored_values import UtcDateTime


class Mail(SQLModel, table=True):
    """A mail, identified by its matter, such as `digest 2026-11-28`. Its addresses are not stored.

    `sent_at`: null while it is being sent, and after sending was interrupted.
    """

    subject: str = Field(primary_key=True)
    taken_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(sa_type=UtcDateTime)


class ConfirmationLink(SQLModel, table=True):
    """A link with which an operator confirms a record, once.

    `digest`: SHA-256 of its token. `mailbox`: SHA-256 of the address that it was sent to.
    """

    digest: str = Field(primary_key=True)
    record: UUID = Field(index=True)
    mailbox: str
    review_due: date
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(sa_type=UtcDateTime)
