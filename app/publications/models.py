"""What is a publication's own."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.stored_values import choice


class PublicationType(StrEnum):
    """What sort of publication it is."""

    REPORT = "report"
    GUIDANCE = "guidance"
    MANUAL = "manual"
    HANDBOOK = "handbook"
    BULLETIN = "bulletin"
    STATISTICS = "statistics"
    WEB_MATERIAL = "web_material"
    NEWS = "news"


class PublicationDetails(SQLModel, table=True):
    """Type, date and edition; null where no source states it."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    type: PublicationType = Field(index=True, sa_type=choice(PublicationType))
    title: str | None
    year: int | None
    published_on: date | None
    number: str | None
    edition: str | None
    url: str | None
