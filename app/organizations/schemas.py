"""Schemas of organizations, and the parameters of their list."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.http.links import Links
from app.http.paging import PageParameters
from app.opening_hours.live import Moment
from app.organizations.models import Tie
from app.resources.filters import CitedParameters
from app.resources.reviewing import Review
from app.resources.schemas import REVIEW_SAYS, UPDATED_SAYS, VERIFIED_SAYS, Instant
from app.sources.schemas import CitationShown, Day
from app.status import OFFERED, Status
from app.texts import Language


class TieShown(BaseModel):
    """Another organization, and the relation of this one to it."""

    tie: Tie
    id: str
    name: str


class OrganizationShown(BaseModel):
    """An organization that provides, publishes, funds or takes part in a resource."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Stable slug.")
    language: Language = Field(description="The language of the texts.")
    name: str
    description: str
    url: str | None
    ties: list[TieShown] = Field(description="The organizations that it is part of, a member of, and so on.")
    status: Status
    stated_on: Day | None = Field(description="The date that the source gives; null where it gives none.")
    review: Review | None = Field(description=REVIEW_SAYS)
    verified_at: Day | None = Field(description=VERIFIED_SAYS)
    review_due: Day | None = Field(
        description="The last day on which the next check is in time; null where none is due."
    )
    updated_at: Instant = Field(description=UPDATED_SAYS)
    citations: list[CitationShown]
    links: Links = Field(alias="_links")


class OrganizationParameters(PageParameters, CitedParameters):
    """Filters on organizations."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="Words to look for in names and descriptions."
    )
    status: list[Status] = Field(list(OFFERED), description="Only these.")
    review: list[Review] | None = Field(
        None, description="Only these: whether a person has checked them within the cadence of their kind."
    )
    updated_since: Moment | None = Field(
        None, description="Whose own content changed in this directory at or after this moment (RFC 3339 with offset)."
    )
