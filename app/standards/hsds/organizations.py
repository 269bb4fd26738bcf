"""Organizations, and their parts in other records."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.organizations.models import Organization, OrganizationText
from app.standards.hsds.addresses import uri
from app.standards.hsds.related import Participant
from app.standards.hsds.writing import JsonObject, drop_unstated, write_moment


def organization_brief(organization: Organization, text: OrganizationText, parents: Mapping[UUID, UUID]) -> JsonObject:
    """An organization as its services show it."""
    parent = parents.get(organization.id)
    return drop_unstated(
        id=str(organization.id),
        name=text.name,
        description=text.description,
        website=organization.url and uri(organization.url),
        parent_organization_id=None if parent is None else str(parent),
        record_status=organization.status,
        last_modified=write_moment(organization.updated_at),
    )


def participations(parts: Sequence[Participant]) -> list[JsonObject]:
    """The organizations of a record, each with its part."""
    return [
        {"organization_id": str(organization.id), "name": text.name, "role": role} for role, organization, text in parts
    ]
