"""The tables of reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.stored_values import UtcDateTime


class Report(SQLModel, table=True):
    """A report that something is wrong. `task`: the task that it belongs to."""

    id: UUID = Field(primary_key=True)
    task: UUID = Field(index=True)
    field: str | None
    text: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ReplyAddress(SQLModel, table=True):
    """Where a reporter wants the answer; kept apart, and deleted thirty days after the task was closed."""

    report: UUID = Field(primary_key=True)
    address: str
