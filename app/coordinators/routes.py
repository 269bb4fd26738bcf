"""`/coordinators`."""

from typing import Annotated

from fastapi import Query

from app.coordinators import queries
from app.coordinators.reading import build_coordinators
from app.coordinators.schemas import Coordinator
from app.http.contract import answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import MomentParameters, ReachableListParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record

router = Router(tags=["coordinators"])


@router.get("/coordinators", summary="Regionkoordinatorer")
@answers(fresh=60)
def list_coordinators(parameters: Annotated[ReachableListParameters, Query()], asking: AskingDep) -> Page[Coordinator]:
    """Regional coordinators, one for each of the seven coordination regions.

    With `municipality`, the one whose coordination region the municipality belongs to. Professionals and volunteers
    turn to them for advice in cases. No current list with direct contacts could be verified; `reached_through` names
    the line that refers on.

    Regionkoordinatorer mot prostitution och människohandel, en post för varje samordningsregion.
    """
    where = conditions(asking.session, parameters, asking.at)
    return answer_list(asking, queries.coordinators(where), parameters, build_coordinators)


@router.get("/coordinators/{id}", summary="En regionkoordinator")
@answers(*RECORD, fresh=60)
async def get_coordinator(slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep) -> Coordinator:
    """The coordinators of one coordination region, with its counties, contacts and sources.

    Koordinatorerna i en samordningsregion, med län, kontaktvägar och källor.
    """
    return await answer_record(asking, queries.coordinator, build_coordinators, "coordinators", slug)
