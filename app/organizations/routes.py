"""`/organizations`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col

from app.http.contract import JSON, Parameters, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters
from app.opening_hours.live import Moment
from app.organizations import queries
from app.organizations.models import Organization, Tie
from app.resources.listing import AskingDep, Id, listing, single
from app.resources.reading import Asking, review_of
from app.resources.reviewing import Review, day_of, is_in_review
from app.resources.schemas import REVIEW_SAYS, VERIFIED_SAYS, Instant
from app.search.queries import matching
from app.sources.schemas import CitationShown, Day, citations_of
from app.status import OFFERED, STATUSES, Status
from app.texts import Language

router = APIRouter(tags=["organizations"])


class TieShown(BaseModel):
    """What the organization is to another."""

    tie: Tie
    id: str
    name: str


class OrganizationShown(BaseModel):
    """Who provides, publishes, funds or takes part."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Stable slug.")
    language: Language = Field(description="The language of the texts.")
    name: str
    description: str
    url: str | None
    ties: list[TieShown] = Field(description="The organizations that it is part of, a member of, and so on.")
    status: Status
    stated_on: Day | None = Field(description="The date that the source gives; null where it gives none.")
    review: Review | None = Field(description=REVIEW_SAYS)
    verified_at: Day | None = Field(description=VERIFIED_SAYS)
    review_due: Day | None = Field(
        description="The last day on which the next check is in time; null where none is due."
    )
    updated_at: Instant = Field(
        description="When the record's own content last changed in this directory. What it names may have got another "
        "name since: `/changes` tells."
    )
    citations: list[CitationShown]
    links: Links = Field(alias="_links")


class OrganizationParameters(PageParameters):
    """Filters on organizations."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="Words to look for in names and descriptions."
    )
    status: list[Status] = Field(list(OFFERED), description="Only these.")
    review: list[Review] | None = Field(
        None, description="Only these: whether a person has checked them within the cadence of their kind."
    )
    updated_since: Moment | None = Field(
        None, description="Whose own content changed in this directory at or after this moment (RFC 3339 with offset)."
    )


def _conditions(session: Session, wanted: OrganizationParameters, at: datetime) -> Iterator[ColumnElement[bool]]:
    yield col(Organization.status).in_(bindparam(STATUSES, list(wanted.status), expanding=True))
    if wanted.review is not None:
        yield is_in_review(Organization, wanted.review, day_of(at))
    if wanted.q is not None:
        yield col(Organization.id).in_(matching(session, wanted.q))
    if wanted.updated_since is not None:
        yield col(Organization.updated_at) >= wanted.updated_since


def shown(asking: Asking, rows: Sequence[queries.Row]) -> list[OrganizationShown]:
    """Organizations as the API shows them."""
    ids = [organization.id for organization, _ in rows]
    citations = citations_of(asking.session, ids)
    ties: defaultdict[UUID, list[TieShown]] = defaultdict(list)
    for tie, slug, name in asking.session.execute(queries.ties(ids, asking.language)):
        ties[tie.organization_id].append(TieShown(tie=tie.tie, id=slug, name=name))
    return [
        OrganizationShown.model_construct(
            id=organization.slug,
            language=asking.language,
            name=text.name,
            description=text.description,
            url=organization.url,
            ties=ties[organization.id],
            status=organization.status,
            stated_on=organization.stated_on,
            review=review_of(asking, organization.verified_at, organization.review_due),
            verified_at=organization.verified_at,
            review_due=organization.review_due,
            updated_at=organization.updated_at,
            citations=citations[organization.id],
            links=_links(asking, organization.slug),
        )
        for organization, text in rows
    ]


def _links(asking: Asking, slug: str) -> Links:
    return {
        "self": link(asking.request, f"/v1/organizations/{slug}"),
        "related": link(asking.request, "/v1/resources", "related", {"organization": slug}),
    }


@router.get("/organizations", summary="Organisationer")
@answers(fresh=300)
def list_organizations(
    wanted: Annotated[OrganizationParameters, Query()], asking: AskingDep
) -> Page[OrganizationShown]:
    """Authorities, municipalities, regions and associations that the directory names.

    Myndigheter, kommuner, regioner och föreningar som katalogen nämner.
    """
    where = _conditions(asking.session, wanted, asking.at)
    return listing(asking, queries.organizations(asking.language, where), wanted, shown)


@router.get("/organizations/{id}", summary="En organisation")
@answers(JSON, "application/ld+json", fresh=300)
def get_organization(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> OrganizationShown:
    """One organization, with its ties to others and its sources; `_links.related` leads to its resources.

    En organisation med kopplingar till andra och källor.
    """
    return single(asking, queries.organization(asking.language, slug), shown, "organizations", slug)
