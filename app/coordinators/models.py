"""What is a coordinator's own."""

from uuid import UUID

from sqlmodel import Field, SQLModel

import app.stored_values  # noqa: F401  # takes care of the columns of tables made after it


class CoordinatorDetails(SQLModel, table=True):
    """The coordination region, and the line that refers on where no direct contact is known."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    coordination_region_id: UUID = Field(foreign_key="area.id", unique=True)
    reached_through_id: UUID | None = Field(foreign_key="resource.id")
