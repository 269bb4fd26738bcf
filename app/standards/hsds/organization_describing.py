"""From organizations to records of HSDS, in brief or with their services."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from app.http.problems import invalid
from app.organizations.models import OrganizationTie
from app.resources.queries import count
from app.resources.reading import Reading
from app.sources.schemas import citations_of
from app.standards.hsds import citing, queries
from app.standards.hsds.answering import (
    Show,
)
from app.standards.hsds.organizations import organization_brief
from app.standards.hsds.related import load_related, parents_of
from app.standards.hsds.services import service, service_brief
from app.standards.hsds.writing import JsonObject, drop_unstated


def describe_briefly(reading: Reading) -> Show:
    """Organizations as lists show them."""

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        parents = parents_of(reading, (organization.id for organization, _ in rows))
        return [organization_brief(organization, text, parents) for organization, text in rows]

    return show


MOST = 1000
"""Services that one answer, or one line of a stream, holds in full, and one page in any form."""


def describe_whole(reading: Reading, full_service: bool, together: str | None = None) -> Show:
    """Organizations with their services, the programmes among these, their ties and sources.

    `together`: the parameter that says how many there are in one answer, for one that may hold too many services.
    """

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        ids = [organization.id for organization, _ in rows]
        if together is not None:
            _refuse_too_many(reading, ids, together)
        services, ties = _services(reading, ids, full_service), _ties(reading, ids)
        citations = citations_of(reading.session, ids)
        return [
            {
                **brief,
                **drop_unstated(
                    services=services[key],
                    programs=[service_["program"] for service_ in services[key] if "program" in service_],
                    ties=ties[key],
                    metadata=citing.metadata(key, "organization", citations[key]),
                ),
            }
            for key, brief in zip(ids, describe_briefly(reading)(rows), strict=True)
        ]

    return show


def batches_by_services(reading: Reading) -> Callable[[Sequence[Any]], Iterator[JsonObject]]:
    """The same for lines: so many organizations at a time as have `MOST` services together."""
    show_group = describe_whole(reading, full_service=True)

    def show(rows: Sequence[Any]) -> Iterator[JsonObject]:
        ids = [organization.id for organization, _ in rows]
        numbers = dict(reading.session.execute(queries.numbers_delivered(ids)).all())
        group, size = list[Any](), 0
        for row in rows:
            number = numbers.get(row[0].id, 0)
            if group and size + number > MOST:
                yield from show_group(group)
                group, size = [], 0
            group.append(row)
            size += number
        if group:
            yield from show_group(group)

    return show


def _refuse_too_many(reading: Reading, ids: Sequence[UUID], parameter: str) -> None:
    if (reading.session.scalar(count(queries.delivered(ids))) or 0) > MOST:
        where = "/services?organization_id=… lists them"
        raise invalid(parameter, f"asks for an answer with more than {MOST} services in it; {where}")


def _services(reading: Reading, ids: Sequence[UUID], full: bool) -> dict[UUID, list[JsonObject]]:
    form = service if full else service_brief
    services: defaultdict[UUID, list[JsonObject]] = defaultdict(list)
    rows = reading.session.execute(queries.delivered(ids)).unique().all()
    around = load_related(reading, list({resource.id: resource for _, resource in rows}.values()), full)
    for organization, resource in rows:
        services[organization].append(form(reading, resource, around))
    return services


def _ties(reading: Reading, ids: Sequence[UUID]) -> dict[UUID, list[JsonObject]]:
    ties: defaultdict[UUID, list[JsonObject]] = defaultdict(list)
    tie: OrganizationTie
    for tie, name in reading.session.execute(queries.ties(ids, reading.language)):
        ties[tie.organization_id].append({"tie": tie.tie, "organization_id": str(tie.other_id), "name": name})
    return ties
