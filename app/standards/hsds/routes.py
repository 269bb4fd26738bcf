"""The endpoints of HSDS. POST on a list is answered by the same routes: see `posting`."""

from typing import Annotated

from fastapi import Depends, Path, Query
from fastapi.responses import Response
from sqlalchemy import Select
from sqlmodel import col

from app.http.contract import Cost, Parameters, answers
from app.http.routing import Router
from app.resources.listing import Asking, AskingDep
from app.resources.models import ContactPoint, Resource
from app.resources.queries import count
from app.standards.hsds import queries, shapes
from app.standards.hsds.answering import (
    JSON,
    MAX_BODY,
    NDJSON,
    answer_lines,
    answer_list,
    answer_record,
    build_envelope,
    one_of_few_streams,
    one_or_404,
    wants_lines,
)
from app.standards.hsds.describing import describe_locations, describe_publications, describe_services
from app.standards.hsds.pages import PublicationPage, ServiceAtLocationPage, ServicePage
from app.standards.hsds.parameters import LocationParameters, RecordParameters, ServiceParameters
from app.standards.hsds.queries import DELIVERING, PUBLISHING
from app.standards.hsds.writing import write_moment

router = Router(dependencies=[Depends(one_of_few_streams)])

RecordId = Annotated[str, Path(alias="id", description="The `id` that lists give.")]


def _minimal(asking: Asking, statement: Select[Resource], parameters: ServiceParameters) -> Response:
    """Just what a mirror needs to see what has changed."""
    columns = statement.with_only_columns(col(Resource.id), col(Resource.updated_at), maintain_column_froms=True)
    total = asking.session.scalar(count(statement)) or 0
    as_lines = wants_lines(asking, parameters)
    per_page = parameters.per_page if "per_page" in parameters.model_fields_set and not as_lines else max(1, total)
    page = 1 if as_lines else parameters.page
    rows = asking.session.execute(columns.limit(per_page).offset((page - 1) * per_page))
    records = [{"id": str(key), "modified_date": write_moment(at)} for key, at in rows]
    return (
        answer_lines(asking, iter(records))
        if as_lines
        else answer_record(asking, build_envelope(total, page, per_page, records))
    )


@router.get("/services", summary="Tjänster", tags=["services"], response_model=ServicePage)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_services(parameters: Annotated[ServiceParameters, Query()], asking: AskingDep) -> Response:
    """Hotlines and chats, coordinators, support services, courses and programmes, the emergency number first.

    Only what is in force; what is outdated or ended can be reached by its id, and says so. Publications are no
    services: see `/publications`.

    Stödlinjer och chattar, koordinatorer, stödverksamheter, utbildningar och program, nödnumret först.
    """
    statement = queries.services(queries.of_records(asking.session, parameters, DELIVERING))
    if parameters.minimal:
        return _minimal(asking, statement, parameters)
    return answer_list(asking, statement, parameters, describe_services(asking, parameters.full))


@router.get("/services/{id}", summary="En tjänst", tags=["services"], response_model=shapes.Service)
@answers(JSON, fresh=300)
def get_hsds_service(identifier: RecordId, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> Response:
    """One service with its phones, hours, areas, terms and sources.

    En tjänst med telefonnummer, öppettider, områden, ämnen och källor.
    """
    return one_or_404(
        asking,
        lambda key: queries.services([col(Resource.id) == key]),
        describe_services(asking, full=True),
        "services",
        identifier,
    )


@router.get(
    "/service_at_locations",
    summary="Tjänster på platser",
    tags=["service_at_locations"],
    response_model=ServiceAtLocationPage,
)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_service_at_locations(parameters: Annotated[LocationParameters, Query()], asking: AskingDep) -> Response:
    """Services at a place that can be gone to: a website, a chat on the web or a visiting address.

    What is reached by phone alone has no location and stands in `/services` only.

    Tjänster på en plats: en webbplats, en chatt på webben eller en besöksadress.
    """
    statement = queries.located(queries.of_locations(asking.session, parameters))
    return answer_list(asking, statement, parameters, describe_locations(asking, parameters.full), queries.OF_LOCATIONS)


@router.get(
    "/service_at_locations/{id}",
    summary="En tjänst på en plats",
    tags=["service_at_locations"],
    response_model=shapes.ServiceAtLocation,
)
@answers(JSON, fresh=300)
def get_hsds_service_at_location(
    identifier: RecordId, parameters: Annotated[Parameters, Query()], asking: AskingDep
) -> Response:
    """One service at one location, with all of the service.

    En tjänst på en plats, med allt om tjänsten.
    """
    return one_or_404(
        asking,
        lambda key: queries.located([col(ContactPoint.id) == key]),
        describe_locations(asking, full=True),
        "service_at_locations",
        identifier,
    )


@router.get("/publications", summary="Publikationer", tags=["publications"], response_model=PublicationPage)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_publications(parameters: Annotated[RecordParameters, Query()], asking: AskingDep) -> Response:
    """Reports, manuals and guidance: an addition of our profile. `organization_id` is the publisher's.

    Rapporter, manualer och vägledningar: ett tillägg i vår profil.
    """
    statement = queries.publications(queries.of_records(asking.session, parameters, PUBLISHING))
    return answer_list(asking, statement, parameters, describe_publications(asking, parameters.full))


@router.get("/publications/{id}", summary="En publikation", tags=["publications"], response_model=shapes.Publication)
@answers(JSON, fresh=300)
def get_hsds_publication(
    identifier: RecordId, parameters: Annotated[Parameters, Query()], asking: AskingDep
) -> Response:
    """One publication, with its publishers, terms and sources.

    En publikation med utgivare, ämnen och källor.
    """
    return one_or_404(
        asking,
        lambda key: queries.publications([col(Resource.id) == key]),
        describe_publications(asking, full=True),
        "publications",
        identifier,
    )
