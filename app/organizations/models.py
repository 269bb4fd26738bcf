"""Organizations and the ties between them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.status import Status
from app.stored_values import UtcDateTime, choice
from app.texts import Language


class Tie(StrEnum):
    """The relation of an organization to another."""

    PART_OF = "part_of"
    MEMBER_OF = "member_of"
    COORDINATED_BY = "coordinated_by"
    SUCCEEDED_BY = "succeeded_by"


class Organization(SQLModel, table=True):
    """An organization that provides, publishes, funds or takes part in a resource."""

    id: UUID = Field(primary_key=True)
    slug: str = Field(unique=True)
    status: Status = Field(sa_type=choice(Status))
    url: str | None
    stated_on: date | None
    verified_at: date | None
    review_due: date | None
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)
    digest: str
    position: int


class OrganizationText(SQLModel, table=True):
    """An organization's name and description in one language."""

    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)
    language: Language = Field(primary_key=True, sa_type=choice(Language))
    name: str
    description: str


class OrganizationTie(SQLModel, table=True):
    """`organization` is `tie` of `other`: Anova is part of Karolinska universitetssjukhuset."""

    organization_id: UUID = Field(foreign_key="organization.id", primary_key=True)
    tie: Tie = Field(primary_key=True, sa_type=choice(Tie))
    other_id: UUID = Field(foreign_key="organization.id", primary_key=True, index=True)
    position: int
