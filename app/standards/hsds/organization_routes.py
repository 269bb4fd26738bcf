"""`/organizations`."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import Response
from sqlmodel import col

from app.http.contract import Cost, answers
from app.http.problems import invalid
from app.http.routing import Router
from app.organizations.models import Organization, OrganizationTie
from app.organizations.queries import organizations
from app.resources.listing import Asking, AskingDep
from app.resources.queries import count
from app.sources.schemas import citations_of
from app.standards.hsds import citing, queries, shapes
from app.standards.hsds.answering import (
    JSON,
    MAX_BODY,
    NDJSON,
    Show,
    batches,
    lines,
    listed,
    one_of_few_streams,
    one_or_404,
    wants_lines,
)
from app.standards.hsds.organizations import organization_brief
from app.standards.hsds.pages import OrganizationPage
from app.standards.hsds.parameters import OneOrganizationParameters, OrganizationParameters
from app.standards.hsds.related import parents_of, related
from app.standards.hsds.routes import RecordId
from app.standards.hsds.services import service, service_brief
from app.standards.hsds.writing import JsonObject, stated

router = Router(tags=["organizations"], dependencies=[Depends(one_of_few_streams)])


def shown(asking: Asking) -> Show:
    """Organizations as lists show them."""

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        parents = parents_of(asking, (organization.id for organization, _ in rows))
        return [organization_brief(organization, text, parents) for organization, text in rows]

    return show


MOST = 1000
"""Services that one answer, or one line of a stream, holds in full, and one page in any form."""


def shown_whole(asking: Asking, full_service: bool, together: str | None = None) -> Show:
    """Organizations with their services, the programmes among these, their ties and sources.

    `together`: the parameter that says how many there are in one answer, for one that may hold too many services.
    """

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        ids = [organization.id for organization, _ in rows]
        if together is not None:
            _refuse_too_many(asking, ids, together)
        services, ties = _services(asking, ids, full_service), _ties(asking, ids)
        citations = citations_of(asking.session, ids)
        return [
            {
                **brief,
                **stated(
                    services=services[key],
                    programs=[one["program"] for one in services[key] if "program" in one],
                    ties=ties[key],
                    metadata=citing.metadata(key, "organization", citations[key]),
                ),
            }
            for key, brief in zip(ids, shown(asking)(rows), strict=True)
        ]

    return show


def batches_by_services(asking: Asking) -> Callable[[Sequence[Any]], Iterator[JsonObject]]:
    """The same for lines: so many organizations at a time as have `MOST` services together."""
    show_group = shown_whole(asking, full_service=True)

    def show(rows: Sequence[Any]) -> Iterator[JsonObject]:
        ids = [organization.id for organization, _ in rows]
        numbers = dict(asking.session.execute(queries.numbers_delivered(ids)).all())
        group, held = list[Any](), 0
        for row in rows:
            number = numbers.get(row[0].id, 0)
            if group and held + number > MOST:
                yield from show_group(group)
                group, held = [], 0
            group.append(row)
            held += number
        if group:
            yield from show_group(group)

    return show


def _refuse_too_many(asking: Asking, ids: Sequence[UUID], parameter: str) -> None:
    if (asking.session.scalar(count(queries.delivered(ids))) or 0) > MOST:
        where = "/services?organization_id=… lists them"
        raise invalid(parameter, f"asks for an answer with more than {MOST} services in it; {where}")


def _services(asking: Asking, ids: Sequence[UUID], full: bool) -> dict[UUID, list[JsonObject]]:
    form = service if full else service_brief
    found: defaultdict[UUID, list[JsonObject]] = defaultdict(list)
    rows = asking.session.execute(queries.delivered(ids)).unique().all()
    around = related(asking, list({resource.id: resource for _, resource in rows}.values()), full)
    for organization, resource in rows:
        found[organization].append(form(asking, resource, around))
    return found


def _ties(asking: Asking, ids: Sequence[UUID]) -> dict[UUID, list[JsonObject]]:
    found: defaultdict[UUID, list[JsonObject]] = defaultdict(list)
    tie: OrganizationTie
    for tie, name in asking.session.execute(queries.ties(ids, asking.language)):
        found[tie.organization_id].append({"tie": tie.tie, "organization_id": str(tie.other_id), "name": name})
    return found


@router.get("/organizations", summary="Organisationer", response_model=OrganizationPage)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_organizations(wanted: Annotated[OrganizationParameters, Query()], asking: AskingDep) -> Response:
    """Authorities, municipalities, regions and associations that the directory names.

    Myndigheter, kommuner, regioner och föreningar som katalogen nämner.
    """
    statement = organizations(asking.language, queries.of_organizations(asking.session, wanted))
    if not (wanted.full or wanted.full_service):
        return listed(asking, statement, wanted, shown(asking))
    if not wants_lines(asking, wanted):
        return listed(asking, statement, wanted, shown_whole(asking, wanted.full_service, together="per_page"))
    if wanted.full_service and (asking.session.scalar(queries.most_delivered()) or 0) > MOST:
        raise invalid("full_service", f"asks for lines with more than {MOST} services in them; ask for `full`")
    if wanted.full_service:
        return lines(asking, batches(asking, statement, batches_by_services(asking)))
    return listed(asking, statement, wanted, shown_whole(asking, full_service=False))


@router.get("/organizations/{id}", summary="En organisation", response_model=shapes.Organization)
@answers(JSON, fresh=300)
def get_hsds_organization(
    identifier: RecordId, wanted: Annotated[OneOrganizationParameters, Query()], asking: AskingDep
) -> Response:
    """One organization with the services that it delivers, its ties to others and its sources.

    En organisation med sina tjänster, kopplingar till andra och källor.
    """
    return one_or_404(
        asking,
        lambda key: organizations(asking.language, [col(Organization.id) == key]),
        shown_whole(asking, wanted.full_service, together="full_service" if wanted.full_service else None),
        "organizations",
        identifier,
    )
