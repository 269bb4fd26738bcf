"""What is told of a proposal."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.http.links import Links
from app.records.models import Origin, ProposalState
from app.resources.schemas import Instant


class DecisionShown(BaseModel):
    """What was decided about a proposal."""

    actor: str = Field(description="A role or an organization, never a person.")
    reason: str
    made_at: Instant
    revision: int | None = Field(description="The revision that was published; null where none was.")


class ProposalSummary(BaseModel):
    """A change that somebody asks for."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID | None = Field(description="Null in the answer to a test key: nothing is stored.")
    record: str = Field(description="Collection and id, such as `hotlines/kvinnofridslinjen`.")
    state: ProposalState = Field(
        description="open: to be decided. stale: open, but it cannot be accepted: somebody else has changed the same "
        "(see `conflicts`; amend it), or the record is gone."
    )
    base_revision: int | None = Field(description="The revision that it was made against; null for a new record.")
    present_revision: int | None = Field(
        description="The newest revision of the record; null where it is new or removed."
    )
    changed_fields: list[str] = Field(description="The fields that it changes, such as `contact_points.telefon.value`.")
    conflicts: list[str] = Field(
        description="Those of `changed_fields` that somebody else has changed differently since, or in which the seed "
        "files and the directory disagree."
    )
    removes: bool = Field(description="`true`: the record is to be removed.")
    needs_two: bool = Field(description="`true`: who proposed it cannot accept it.")
    actor: str = Field(description="Who proposed it: a role or an organization, never a person.")
    origin: Origin
    reason: str
    made_at: Instant
    decision: DecisionShown | None = Field(description="What was decided; null while it is open.")
    links: Links = Field(alias="_links")


class Difference(BaseModel):
    """A field that would change: its value in the record, and the value that is asked for."""

    field: str
    present: Any = Field(description="The value in the record; null where there is none.")
    proposed: Any = Field(description="The value that is asked for; null where the field is to be left out.")


class ProposalShown(ProposalSummary):
    """A proposal with its document."""

    document: dict[str, Any] | None = Field(description="The whole document; null where the record is to be removed.")
    source: dict[str, Any] | None = Field(description="The source that is made with it: the proposer's own statement.")
    differences: list[Difference] = Field(description="What would change in the record.")
