"""`/support-services`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.http.contract import answers
from app.http.paging import Page
from app.resources.filters import MomentParameters, ReachableParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.models import Resource
from app.resources.reading import Around, Asking, around, core
from app.resources.remembering import record
from app.resources.schemas import ResourceShown
from app.support_services import queries

router = APIRouter(tags=["support-services"])


class SupportService(ResourceShown):
    """Counselling, a municipal contact, a clinic."""


def shown(asking: Asking, rows: Sequence[tuple[Resource]], found: Around | None = None) -> list[SupportService]:
    """Support services as the API shows them."""
    resources = [resource for (resource,) in rows]
    found = found or around(asking, resources)
    return [SupportService.model_construct(**core(asking, resource, found)) for resource in resources]


@router.get("/support-services", summary="Stödverksamheter")
@answers(fresh=60)
def list_support_services(wanted: Annotated[ReachableParameters, Query()], asking: AskingDep) -> Page[SupportService]:
    """Support services: counselling, municipal contacts, clinics.

    With `municipality`, those that serve the people there.

    Stödverksamheter: rådgivning, kommunens kontakter, mottagningar.
    """
    return listing(asking, queries.support_services(conditions(asking.session, wanted, asking.at)), wanted, shown)


@router.get("/support-services/{id}", summary="En stödverksamhet")
@answers(*RECORD, fresh=60)
async def get_support_service(
    slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep
) -> SupportService:
    """One support service, with how to reach it and its sources.

    En stödverksamhet med kontaktvägar och källor.
    """
    return await record(asking, queries.support_service, shown, "support-services", slug)
