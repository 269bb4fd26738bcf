"""`/organizations`."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response
from sqlmodel import col

from app.http.contract import Cost, answers
from app.http.problems import invalid
from app.http.routing import Router
from app.organizations.models import Organization
from app.organizations.queries import organizations
from app.resources.listing import AskingDep
from app.standards.hsds import queries, shapes
from app.standards.hsds.answering import (
    JSON,
    MAX_BODY,
    NDJSON,
    answer_lines,
    answer_list,
    batches,
    one_of_few_streams,
    one_or_404,
    wants_lines,
)
from app.standards.hsds.organization_describing import MOST, batches_by_services, describe_briefly, describe_whole
from app.standards.hsds.pages import OrganizationPage
from app.standards.hsds.parameters import OneOrganizationParameters, OrganizationParameters
from app.standards.hsds.queries import OF_ORGANIZATIONS
from app.standards.hsds.routes import RecordId

router = Router(tags=["organizations"], dependencies=[Depends(one_of_few_streams)])


@router.get("/organizations", summary="Organisationer", response_model=OrganizationPage)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_organizations(parameters: Annotated[OrganizationParameters, Query()], asking: AskingDep) -> Response:
    """Authorities, municipalities, regions and associations that the directory names.

    Myndigheter, kommuner, regioner och föreningar som katalogen nämner.
    """
    statement = organizations(asking.language, queries.of_organizations(asking.session, parameters))
    if not (parameters.full or parameters.full_service):
        return answer_list(asking, statement, parameters, describe_briefly(asking), OF_ORGANIZATIONS)
    if not wants_lines(asking, parameters):
        return answer_list(
            asking, statement, parameters, describe_whole(asking, parameters.full_service, together="per_page")
        )
    if parameters.full_service and (asking.session.scalar(queries.most_delivered()) or 0) > MOST:
        raise invalid("full_service", f"asks for lines with more than {MOST} services in them; ask for `full`")
    if parameters.full_service:
        return answer_lines(asking, batches(asking, statement, batches_by_services(asking), OF_ORGANIZATIONS))
    return answer_list(asking, statement, parameters, describe_whole(asking, full_service=False), OF_ORGANIZATIONS)


@router.get("/organizations/{id}", summary="En organisation", response_model=shapes.Organization)
@answers(JSON, fresh=300)
def get_hsds_organization(
    identifier: RecordId, parameters: Annotated[OneOrganizationParameters, Query()], asking: AskingDep
) -> Response:
    """One organization with the services that it delivers, its ties to others and its sources.

    En organisation med sina tjänster, kopplingar till andra och källor.
    """
    return one_or_404(
        asking,
        lambda key: organizations(asking.language, [col(Organization.id) == key]),
        describe_whole(asking, parameters.full_service, together="full_service" if parameters.full_service else None),
        "organizations",
        identifier,
    )
