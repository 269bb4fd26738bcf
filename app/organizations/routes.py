"""`/organizations`."""

from typing import Annotated

from fastapi import Query

from app.http.contract import JSON, Parameters, answers
from app.http.paging import Page
from app.http.routing import Router
from app.organizations import queries
from app.organizations.reading import build_organizations
from app.organizations.schemas import OrganizationParameters, OrganizationShown
from app.resources.listing import AskingDep, Id, answer_list, answer_single

router = Router(tags=["organizations"])


@router.get("/organizations", summary="Organisationer")
@answers(fresh=300)
def list_organizations(
    parameters: Annotated[OrganizationParameters, Query()], asking: AskingDep
) -> Page[OrganizationShown]:
    """Authorities, municipalities, regions and associations that the directory names.

    Myndigheter, kommuner, regioner och föreningar som katalogen nämner.
    """
    where = queries.conditions(asking.session, parameters, asking.at)
    return answer_list(asking, queries.organizations(asking.language, where), parameters, build_organizations)


@router.get("/organizations/{id}", summary="En organisation")
@answers(JSON, "application/ld+json", fresh=300)
def get_organization(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> OrganizationShown:
    """One organization, with its ties to others and its sources; `_links.related` leads to its resources.

    En organisation med kopplingar till andra och källor.
    """
    return answer_single(
        asking, queries.organization(asking.language, slug), build_organizations, "organizations", slug
    )
