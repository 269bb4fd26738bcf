"""Reports as they are sent, and the answer to one."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.http.bodies import WORDS, Body
from app.proposals.bodies import RecordAddress

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+$", max_length=254)]

ANSWER_TO_SAYS = "The reporter's e-mail address, for an answer; deleted thirty days after the report is closed."


class ReportRequest(Body):
    """What is wrong with a record."""

    record: RecordAddress | None = Field(
        None,
        description="Collection and id, such as `hotlines/kvinnofridslinjen`; null where it concerns none, such as one "
        "that is missing.",
    )
    field: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,150}$")] | None = Field(
        None,
        description="The field, such as `contact_points.telefon.value`; an answer 422 lists the possible ones.",
    )
    text: Annotated[str, StringConstraints(min_length=3, max_length=1000, pattern=WORDS)] = Field(
        description="What is wrong. Nothing about persons, please."
    )
    answer_to: Email | None = Field(None, description=ANSWER_TO_SAYS)
    opened_at: datetime = Field(
        description="When the reporter began to write: at least three seconds ago, and within the last day.",
        json_schema_extra={"example": "2026-11-28T08:00:00Z"},
    )
    website: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="Leave empty: a form hides this field from people."
    )


class ReportTaken(BaseModel):
    """A report that was accepted."""

    taken: bool = Field(description="`true`: a person will look at it.")
    message: str = Field(description="What happens next, in the language of the answer.")
