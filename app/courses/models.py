"""What is a course's own."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.stored_values import choice


class Format(StrEnum):
    """How a course is given."""

    ONLINE = "online"
    ON_SITE = "on_site"
    BLENDED = "blended"


class CourseDetails(SQLModel, table=True):
    """Format, length and price; null where no source states it."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    format: Format | None = Field(sa_type=choice(Format))
    minutes: int | None
    days: int | None
    duration_stated: str | None
    chapters: int | None
    free: bool | None
    price_stated: str | None
    launched_on: date | None
