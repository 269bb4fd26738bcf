"""What is a program's own."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel

import app.stored_values  # noqa: F401  # takes care of the columns of tables made after it


class ProgramDetails(SQLModel, table=True):
    """Who applies, through whom, since when and for how long; null where no source states it."""

    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    applicant_sv: str | None
    applicant_en: str | None
    apply_through_sv: str | None
    apply_through_en: str | None
    available_from: date | None
    days: int | None
