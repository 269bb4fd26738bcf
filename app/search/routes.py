"""`/search`."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import col, select

from app.http.contract import answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters, page
from app.organizations.models import Organization, OrganizationText
from app.resources.listing import AskingDep
from app.resources.models import Kind, Resource, ResourceText
from app.resources.reading import COLLECTIONS, Asking
from app.search.queries import hits
from app.sources.schemas import CitationShown, citations_of
from app.status import OFFERED, Status
from app.texts import Language

router = APIRouter(tags=["search"])

HitKind = Kind | Literal["organization"]


class Hit(BaseModel):
    """Something that was found."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Slug; `_links.self` leads to the whole record.")
    kind: HitKind
    language: Language = Field(description="The language of the texts.")
    name: str
    summary: str
    status: Status
    citations: list[CitationShown] = Field(description="Who states the name and the summary.")
    links: Links = Field(alias="_links")


class SearchParameters(PageParameters):
    """What to look for."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None,
        description="Words, all of which are to be found; their forms and beginnings count, with or without å, ä, ö. "
        "Left out: nothing is found.",
    )
    kind: list[HitKind] = Field([], description="Only these kinds; left out: all.")
    status: list[Status] = Field(list(OFFERED), description="Only these.")


def shown(asking: Asking, ids: list[UUID]) -> list[Hit]:
    """Hits as the API shows them, in the order of the ids."""
    citations, found = citations_of(asking.session, ids), dict[UUID, Hit]()
    resources = (
        select(Resource, ResourceText.name, ResourceText.summary)
        .join(ResourceText, col(ResourceText.resource_id) == col(Resource.id))
        .where(col(Resource.id).in_(ids), ResourceText.language == asking.language)
    )
    for resource, name, summary in asking.session.exec(resources):
        path = f"/v1/{COLLECTIONS[resource.kind]}/{resource.slug}"
        found[resource.id] = _hit(asking, resource, resource.kind, name, summary, path)
    organizations = (
        select(Organization, OrganizationText.name, OrganizationText.description)
        .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
        .where(col(Organization.id).in_(ids), OrganizationText.language == asking.language)
    )
    for organization, name, description in asking.session.exec(organizations):
        path = f"/v1/organizations/{organization.slug}"
        found[organization.id] = _hit(asking, organization, "organization", name, description, path)
    for key, hit in found.items():
        hit.citations = [one for one in citations[key] if one.field in ("name", "summary", "description")]
    return [found[key] for key in ids]


def _hit(asking: Asking, record: Resource | Organization, kind: HitKind, name: str, summary: str, path: str) -> Hit:
    return Hit.model_construct(
        id=record.slug,
        kind=kind,
        language=asking.language,
        name=name,
        summary=summary,
        status=record.status,
        citations=[],
        links={"self": link(asking.request, path)},
    )


@router.get("/search", summary="Sök")
@answers(fresh=300)
def search(wanted: Annotated[SearchParameters, Query()], asking: AskingDep) -> Page[Hit]:
    """Search names, texts, organizations and places, in Swedish and English at once, best first.

    Names before texts, exact words before forms of them, forms before beginnings. `manniskohandel` finds
    människohandel, `regionkoordinatorn` the coordinators, `Kristianstad` what serves the people there.

    Sök i namn, texter, organisationer och orter, på svenska och engelska samtidigt.
    """
    total, ids = hits(asking.session, wanted.q or "", wanted.status, wanted.kind, wanted.limit, wanted.offset)
    return page(asking.request, shown(asking, ids), total, wanted)
