"""Coordinators as the API shows them."""

from pydantic import Field

from app.resources.schemas import AreaBrief, ResourceShown


class Coordinator(ResourceShown):
    """The coordinators of one coordination region, for professionals and volunteers."""

    coordination_region: AreaBrief
    counties: list[AreaBrief] = Field(description="The counties of the coordination region.")
    reached_through: str | None = Field(
        description="Id of the hotline that refers on to the coordinators; the way in where no direct contact is known."
    )
