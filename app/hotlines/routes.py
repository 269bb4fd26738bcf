"""`/hotlines`."""

from typing import Annotated

from fastapi import Query

from app.hotlines import queries
from app.hotlines.reading import build_hotlines
from app.hotlines.schemas import Hotline
from app.http.contract import Cost, answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import MomentParameters, ReachableListParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record

router = Router(tags=["hotlines"])


@router.get("/hotlines", summary="Stödlinjer och chattar")
@answers(fresh=60, cost=Cost.HELP)
def list_hotlines(parameters: Annotated[ReachableListParameters, Query()], asking: AskingDep) -> Page[Hotline]:
    """Hotlines and chats, the emergency number first.

    Each with its numbers, opening hours as stated and their state at `at` (now, if left out). `unknown` means that
    somebody may answer, and that no source says so for certain; `not_stated`, that no source gives hours.

    Stödlinjer och chattar, nödnumret först, med nummer, öppettider och läge just nu.
    """
    return answer_list(
        asking, queries.hotlines(conditions(asking.session, parameters, asking.at)), parameters, build_hotlines
    )


@router.get("/hotlines/{id}", summary="En stödlinje eller chatt")
@answers(*RECORD, fresh=60, cost=Cost.HELP)
async def get_hotline(slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep) -> Hotline:
    """One hotline or chat, with its numbers, hours, state and sources.

    En stödlinje eller chatt med nummer, öppettider, läge och källor.
    """
    return await answer_record(asking, queries.hotline, build_hotlines, "hotlines", slug)
