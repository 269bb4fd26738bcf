"""`/coordinators`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from app.areas.queries import children
from app.coordinators import queries
from app.http.contract import answers
from app.http.paging import Page
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.reading import Around, Asking, area_brief, around, core
from app.resources.remembering import record
from app.resources.schemas import AreaBrief, ResourceShown

router = APIRouter(tags=["coordinators"])


class Coordinator(ResourceShown):
    """The coordinators of one coordination region, for professionals and volunteers."""

    coordination_region: AreaBrief
    counties: list[AreaBrief] = Field(description="The counties of the coordination region.")
    reached_through: str | None = Field(
        description="Id of the hotline that refers on to the coordinators; the way in where no direct contact is known."
    )


def shown(asking: Asking, rows: Sequence[queries.Row], found: Around | None = None) -> list[Coordinator]:
    """Coordinators as the API shows them."""
    found = found or around(asking, [resource for resource, _, _ in rows])
    counties: defaultdict[UUID | None, list[AreaBrief]] = defaultdict(list)
    for county in asking.session.scalars(children([region.id for _, _, region in rows])):
        counties[county.parent_id].append(area_brief(county, asking.language))
    through = [details.reached_through_id for _, details, _ in rows if details.reached_through_id]
    lines = dict(asking.session.execute(queries.slugs(through)).all())
    return [
        Coordinator.model_construct(
            **core(asking, resource, found),
            coordination_region=area_brief(region, asking.language),
            counties=counties[region.id],
            reached_through=lines.get(details.reached_through_id) if details.reached_through_id else None,
        )
        for resource, details, region in rows
    ]


@router.get("/coordinators", summary="Regionkoordinatorer")
@answers(fresh=60)
def list_coordinators(wanted: Annotated[ReachableParameters, Query()], asking: AskingDep) -> Page[Coordinator]:
    """Regional coordinators, one for each of the seven coordination regions.

    With `municipality`, the one whose coordination region the municipality belongs to. Professionals and volunteers
    turn to them for advice in cases. No current list with direct contacts could be verified; `reached_through` names
    the line that refers on.

    Regionkoordinatorer mot prostitution och människohandel, en post för varje samordningsregion.
    """
    return listing(asking, queries.coordinators(conditions(asking.session, wanted, asking.at)), wanted, shown)


@router.get("/coordinators/{id}", summary="En regionkoordinator")
@answers(*RECORD, fresh=60)
async def get_coordinator(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> Coordinator:
    """The coordinators of one coordination region, with its counties, contacts and sources.

    Koordinatorerna i en samordningsregion, med län, kontaktvägar och källor.
    """
    return await record(asking, queries.coordinator, shown, "coordinators", slug)
