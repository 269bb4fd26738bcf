"""`/support-services`."""

from typing import Annotated

from fastapi import Query

from app.http.contract import answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import MomentParameters, ReachableListParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record
from app.support_services import queries
from app.support_services.reading import build_support_services
from app.support_services.schemas import SupportService

router = Router(tags=["support-services"])


@router.get("/support-services", summary="Stödverksamheter")
@answers(fresh=60)
def list_support_services(
    parameters: Annotated[ReachableListParameters, Query()], asking: AskingDep
) -> Page[SupportService]:
    """Support services: counselling, municipal contacts, clinics.

    With `municipality`, those that serve the people there.

    Stödverksamheter: rådgivning, kommunens kontakter, mottagningar.
    """
    return answer_list(
        asking,
        queries.support_services(conditions(asking.session, parameters, asking.at)),
        parameters,
        build_support_services,
    )


@router.get("/support-services/{id}", summary="En stödverksamhet")
@answers(*RECORD, fresh=60)
async def get_support_service(
    slug: Id, parameters: Annotated[MomentParameters, Query()], asking: AskingDep
) -> SupportService:
    """One support service, with how to reach it and its sources.

    En stödverksamhet med kontaktvägar och källor.
    """
    return await answer_record(asking, queries.support_service, build_support_services, "support-services", slug)
