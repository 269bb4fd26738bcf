"""From ids to what a search found, as the API shows it."""

from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, String, bindparam, literal, select, type_coerce, union_all
from sqlmodel import col

from app.http.links import link
from app.organizations.models import Organization, OrganizationText
from app.resources.kind import Kind
from app.resources.models import Resource, ResourceText
from app.resources.reading import Reading
from app.search.schemas import Hit, HitKind
from app.sources.schemas import citations_of
from app.stored_values import read_rows

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LANGUAGE: BindParameter[Any] = bindparam("language")
_SAID = union_all(
    select(
        col(Resource.id),
        type_coerce(col(Resource.kind), String),
        col(Resource.slug),
        col(Resource.status),
        col(ResourceText.name),
        col(ResourceText.summary),
    )
    .join(ResourceText, col(ResourceText.resource_id) == col(Resource.id))
    .where(col(Resource.id).in_(_IDS), col(ResourceText.language) == _LANGUAGE),
    select(
        col(Organization.id),
        literal("organization"),
        col(Organization.slug),
        col(Organization.status),
        col(OrganizationText.name),
        col(OrganizationText.description),
    )
    .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
    .where(col(Organization.id).in_(_IDS), col(OrganizationText.language) == _LANGUAGE),
)
_KINDS: dict[str, tuple[HitKind, str]] = {kind.value: (kind, kind.collection) for kind in Kind}
_KINDS["organization"] = ("organization", "organizations")


def build_hits(reading: Reading, ids: list[UUID]) -> list[Hit]:
    """Hits as the API shows them, in the order of the ids."""
    citations, hits = citations_of(reading.session, ids), dict[UUID, Hit]()
    rows = reading.session.connection().execute(_SAID, {"ids": ids, "language": reading.language})
    for key, named, slug, status, name, summary in read_rows(rows):
        kind, collection = _KINDS[named]
        hits[key] = Hit.model_construct(
            id=slug,
            kind=kind,
            language=reading.language,
            name=name,
            summary=summary,
            status=status,
            citations=[citation for citation in citations[key] if citation.field in ("name", "summary", "description")],
            links={"self": link(reading, f"/v1/{collection}/{slug}")},
        )
    return [hits[key] for key in ids if key in hits]
