"""Resources in the formats of other systems: schema.org and vCard."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query, Response
from pydantic import Field
from sqlmodel import col

from app.http.contract import answers
from app.http.paging import MAX_LIMIT
from app.http.problems import NotFound
from app.http.routing import Router
from app.kinds import build_whole
from app.organizations.models import Organization
from app.organizations.queries import organization as organization_rows
from app.organizations.reading import build_organizations
from app.resources.filters import MomentParameters, conditions
from app.resources.listing import AskingDep, Id, answer_list, find_single
from app.resources.models import Resource
from app.resources.queries import resource, resources
from app.resources.reading import Reading
from app.resources.routes import AllKindsParameters
from app.standards.schema_org import build_organization, build_things
from app.standards.schema_org_parts import Node
from app.standards.vcard import VCARD, Version, write_vcard

router = Router(tags=["resources"])

JSON_LD = "application/ld+json"


class FlatParameters(AllKindsParameters):
    """As those of `/resources`; a list without an envelope is long by default."""

    limit: int = Field(MAX_LIMIT, ge=1, le=MAX_LIMIT, description="How many to return, at most.")


class CardParameters(MomentParameters):
    """What a card may be asked for."""

    version: Version = Field(Version.V4, description="Version of vCard: 3.0 is for address books that cannot read 4.0.")


@router.get("/resources.jsonld", summary="Allt i katalogen, med schema.orgs ord", response_class=Response)
@answers(JSON_LD, fresh=60)
def list_resources_as_json_ld(parameters: Annotated[FlatParameters, Query()], asking: AskingDep) -> Response:
    """The resources as one flat JSON array of schema.org objects, for websites that import.

    Filters are those of `/resources`. Where there are more than `limit`, the `Link` header leads to the next page.
    Hours that no source states for certain are left out; their words are in `description`.

    Allt i katalogen som en platt JSON-lista av schema.org-objekt, för webbplatser som importerar.
    """
    where = [col(Resource.kind).in_(parameters.kind), *conditions(asking.session, parameters, asking.at)]
    page = answer_list(asking, resources(where), parameters, _nodes)
    neighbours = filter(None, (page.links.get("prev"), page.links.get("next")))
    links = ", ".join(f'<{neighbour.href}>; rel="{neighbour.rel}"' for neighbour in neighbours)
    return Response(_json(page.items), media_type=JSON_LD, headers={"Link": links} if links else None)


@router.get("/resources/{id}.vcf", summary="En post som visitkort", response_class=Response)
@answers(VCARD, fresh=60)
def get_resource_as_vcard(slug: Id, parameters: Annotated[CardParameters, Query()], asking: AskingDep) -> Response:
    """One resource as a vCard 4.0, for address books. Where no source gives a number, the card has none.

    `version=3.0` answers with vCard 3.0, for address books that cannot read 4.0.

    En post som visitkort (vCard 4.0, eller 3.0 med `version=3.0`). Där ingen källa ger ett nummer har kortet inget.
    """
    (record,) = find_single(asking, resource(slug), "resources", slug)
    return _as_vcard(asking, record, parameters.version)


def _nodes(reading: Reading, rows: Sequence[tuple[Resource]]) -> list[Node]:
    return build_things(reading, [row for (row,) in rows])


def _as_json_ld(reading: Reading, record: Resource | Organization) -> Response:
    if isinstance(record, Organization):
        rows = reading.session.execute(organization_rows(reading.language, record.slug)).all()
        node = build_organization(reading, build_organizations(reading, rows)[0])
    else:
        node = _only(build_things(reading, [record]), record)
    return Response(_json(node), media_type=JSON_LD)


Item = TypeVar("Item")


def _only(items: Sequence[Item], resource: Resource) -> Item:
    if not items:
        raise NotFound(f"The details of {resource.slug!r} cannot be read at the moment.")
    return items[0]


def _as_vcard(reading: Reading, record: Resource, version: Version = Version.V4) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{record.slug}.vcf"'}
    return Response(
        write_vcard(reading, _only(build_whole(reading, [record]), record), version),
        media_type=version.media_type,
        headers=headers,
    )


def _json(nodes: Node | Sequence[Node]) -> str:
    return json.dumps(nodes, ensure_ascii=False, separators=(",", ":"))


REPRESENTATIONS: Mapping[str, Callable[[Reading, Any], Response]] = {JSON_LD: _as_json_ld, VCARD: _as_vcard}
"""How one resource (or, as JSON-LD, one organization) is answered in the formats that are not JSON."""
