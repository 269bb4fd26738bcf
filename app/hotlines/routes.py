"""`/hotlines`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.hotlines import queries
from app.http.contract import Cost, answers
from app.http.paging import Page
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.models import Resource
from app.resources.reading import Around, Asking, around, core
from app.resources.remembering import record
from app.resources.schemas import ResourceShown

router = APIRouter(tags=["hotlines"])


class Hotline(ResourceShown):
    """A line or chat, with its number and whether anybody answers now."""


def shown(asking: Asking, rows: Sequence[tuple[Resource]], found: Around | None = None) -> list[Hotline]:
    """Hotlines as the API shows them."""
    resources = [resource for (resource,) in rows]
    found = found or around(asking, resources)
    return [Hotline.model_construct(**core(asking, resource, found)) for resource in resources]


@router.get("/hotlines", summary="Stödlinjer och chattar")
@answers(fresh=60, cost=Cost.HELP)
def list_hotlines(wanted: Annotated[ReachableParameters, Query()], asking: AskingDep) -> Page[Hotline]:
    """Hotlines and chats, the emergency number first.

    Each with its numbers, opening hours as stated and their state at `at` (now, if left out). `unknown` means that
    somebody may answer, and that no source says so for certain; `not_stated`, that no source gives hours.

    Stödlinjer och chattar, nödnumret först, med nummer, öppettider och läge just nu.
    """
    return listing(asking, queries.hotlines(conditions(asking.session, wanted, asking.at)), wanted, shown)


@router.get("/hotlines/{id}", summary="En stödlinje eller chatt")
@answers(*RECORD, fresh=60, cost=Cost.HELP)
async def get_hotline(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> Hotline:
    """One hotline or chat, with its numbers, hours, state and sources.

    En stödlinje eller chatt med nummer, öppettider, läge och källor.
    """
    return await record(asking, queries.hotline, shown, "hotlines", slug)
