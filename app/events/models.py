"""What is an event's own."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.resources.models import Basis
from app.stored_values import choice


class EventDetails(SQLModel, table=True):
    """When and where; null where no source states it. `date_basis` says when a year had to be inferred."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    starts_on: date | None = Field(index=True)
    ends_on: date | None
    date_basis: Basis | None = Field(sa_type=choice(Basis))
    venue: str | None
    street_address: str | None
    locality: str | None
    free: bool | None
    register_by: date | None
