"""Builds the organizations that the API shows from rows."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from app.http.links import Links, link
from app.organizations import queries
from app.organizations.schemas import OrganizationShown, TieShown
from app.resources.reading import Reading, tell_review
from app.sources.schemas import citations_of


def build_organizations(reading: Reading, rows: Sequence[queries.Row]) -> list[OrganizationShown]:
    """One organization for each row, in their order."""
    ids = [organization.id for organization, _ in rows]
    citations = citations_of(reading.session, ids)
    ties: defaultdict[UUID, list[TieShown]] = defaultdict(list)
    for tie, slug, name in reading.session.execute(queries.ties(ids, reading.language)):
        ties[tie.organization_id].append(TieShown(tie=tie.tie, id=slug, name=name))
    return [
        OrganizationShown.model_construct(
            id=organization.slug,
            language=reading.language,
            name=text.name,
            description=text.description,
            url=organization.url,
            ties=ties[organization.id],
            status=organization.status,
            stated_on=organization.stated_on,
            review=tell_review(reading, organization.verified_at, organization.review_due),
            verified_at=organization.verified_at,
            review_due=organization.review_due,
            updated_at=organization.updated_at,
            citations=citations[organization.id],
            links=_links(reading, organization.slug),
        )
        for organization, text in rows
    ]


def _links(reading: Reading, slug: str) -> Links:
    return {
        "self": link(reading, f"/v1/organizations/{slug}"),
        "related": link(reading, "/v1/resources", "related", {"organization": slug}),
    }
