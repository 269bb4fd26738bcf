"""Schemas of opening hours, and the parameters of their list."""

from pydantic import ConfigDict, Field

from app.http.links import Links
from app.opening_hours.live import State
from app.resources.filters import CitedParameters, ReachableParameters
from app.resources.kind import Kind
from app.resources.schemas import FRESHNESS_SAYS, Named, OpeningHoursShown
from app.sources.schemas import CitationShown


class ResourceNamed(Named):
    """The resource that a contact point belongs to."""

    kind: Kind


class PointNamed(Named):
    """A contact point: its id within the resource and its label."""

    value: str | None = Field(description="E.164 or short number, address; null where no source gives it.")


class OpeningHoursEntry(OpeningHoursShown):
    """The hours of one contact point, with its state at a moment and its sources."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="The resource's id and the contact point's, with a dot between.")
    resource: ResourceNamed
    contact_point: PointNamed
    audiences: list[Named] = Field(description="Whom the resource is for.")
    citations: list[CitationShown] = Field(
        description="Who states the hours; where no source gives any, who states the contact point. Empty "
        "only in a list with `citations=none`."
    )
    freshness: str = Field(description=FRESHNESS_SAYS)
    links: Links = Field(alias="_links")


class OpeningHoursParameters(ReachableParameters, CitedParameters):
    """Filters on hours."""

    kind: list[Kind] = Field(list(Kind), description="Of resources of these kinds.")
    state: list[State] = Field(list(State), description="In one of these states at `at`.")

    @property
    def turns_on_the_moment(self) -> bool:
        """Also with `state`."""
        return super().turns_on_the_moment or set(self.state) != set(State)
