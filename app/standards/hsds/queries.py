"""Statements that HSDS needs beside those of the core."""

from collections.abc import Collection, Iterable, Iterator
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlmodel import Session, col

from app.areas.models import Area, AreaKind
from app.organizations.models import Organization, OrganizationText, OrganizationTie, Tie
from app.resources.models import (
    Channel,
    ContactPoint,
    Kind,
    Resource,
    ResourceArea,
    ResourceOrganization,
    Role,
)
from app.resources.queries import IN_ORDER, Order, resources
from app.search.queries import is_hit
from app.standards.hsds.parameters import LocationParameters, OrganizationParameters, RecordParameters
from app.standards.hsds.vocabularies import SERVICE_TYPES, with_taxonomy, with_term
from app.status import OFFERED
from app.texts import Language

DELIVERING = (Role.PROVIDER, Role.ADMINISTRATOR)
"""The roles of whom HSDS calls responsible for delivering a service."""
PUBLISHING = (Role.PUBLISHER,)
OF_LOCATIONS: Order = (*IN_ORDER, *cast("Order", (ContactPoint.position, ContactPoint.slug)))
"""The order of services at locations."""
OF_ORGANIZATIONS = cast("Order", (Organization.position, Organization.slug))
"""The order of organizations."""


def services(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource]:
    """What HSDS calls services, the emergency number first."""
    return resources([col(Resource.kind).in_(list(SERVICE_TYPES)), *where])


def publications(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource]:
    """Publications."""
    return resources([col(Resource.kind) == Kind.PUBLICATION, *where])


def located(where: Iterable[ColumnElement[bool]] = ()) -> Select[ContactPoint, Resource]:
    """Services at locations: the contact points with a web address or a visiting address."""
    at_address = and_(col(ContactPoint.channel) == Channel.VISIT, col(ContactPoint.value).is_not(None))
    on_the_web = and_(col(ContactPoint.channel).in_((Channel.WEB, Channel.CHAT)), col(ContactPoint.value).like("http%"))
    return (
        select(ContactPoint, Resource)
        .join(Resource, col(ContactPoint.resource_id) == col(Resource.id))
        .where(or_(at_address, on_the_web), col(Resource.kind).in_(list(SERVICE_TYPES)), *where)
        .order_by(*OF_LOCATIONS)
    )


def delivered(organizations: Collection[UUID]) -> Select[UUID, Resource]:
    """The services in force that these organizations deliver."""
    return (
        services([col(Resource.status).in_(OFFERED)])
        .join(ResourceOrganization, col(ResourceOrganization.resource_id) == col(Resource.id))
        .where(
            col(ResourceOrganization.organization_id).in_(organizations),
            col(ResourceOrganization.role).in_(DELIVERING),
        )
        .with_only_columns(col(ResourceOrganization.organization_id), Resource, maintain_column_froms=True)
    )


def numbers_delivered(organizations: Collection[UUID]) -> Select[UUID, int]:
    """How many services each of these organizations delivers."""
    organization = col(ResourceOrganization.organization_id)
    conditions = (organization.in_(organizations), col(ResourceOrganization.role).in_(DELIVERING))
    return select(organization, func.count()).where(*conditions).group_by(organization)


def most_delivered() -> Select[int]:
    """How many services the organization delivers that delivers most."""
    number = func.count()
    delivering = select(number).where(col(ResourceOrganization.role).in_(DELIVERING))
    return delivering.group_by(col(ResourceOrganization.organization_id)).order_by(number.desc()).limit(1)


def participants(
    ids: Collection[UUID], language: Language
) -> Select[ResourceOrganization, Organization, OrganizationText]:
    """The organizations of these resources, with their texts."""
    return (
        select(ResourceOrganization, Organization, OrganizationText)
        .join(Organization, col(ResourceOrganization.organization_id) == col(Organization.id))
        .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
        .where(col(ResourceOrganization.resource_id).in_(ids), col(OrganizationText.language) == language)
        .order_by(col(ResourceOrganization.position), col(Organization.slug))
    )


def parents(ids: Collection[UUID]) -> Select[UUID, UUID]:
    """The organizations that these are part of."""
    return (
        select(col(OrganizationTie.organization_id), col(OrganizationTie.other_id))
        .where(col(OrganizationTie.organization_id).in_(ids), col(OrganizationTie.tie) == Tie.PART_OF)
        .order_by(col(OrganizationTie.position).desc())  # the first is read last, and stays
    )


def ties(ids: Collection[UUID], language: Language) -> Select[OrganizationTie, str]:
    """What these organizations are to others, with the others' names."""
    return (
        select(OrganizationTie, col(OrganizationText.name))
        .join(OrganizationText, col(OrganizationText.organization_id) == col(OrganizationTie.other_id))
        .where(col(OrganizationTie.organization_id).in_(ids), col(OrganizationText.language) == language)
        .order_by(col(OrganizationTie.position), col(OrganizationTie.other_id))
    )


def of_records(
    session: Session, parameters: RecordParameters, roles: Collection[Role]
) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a resource; `roles` are the roles of whom `organization_id` may be."""
    yield col(Resource.status).in_(OFFERED)
    if parameters.search is not None:
        yield is_hit(session, parameters.search, col(Resource.id))
    if parameters.taxonomy_term_id is not None:
        yield with_term(parameters.taxonomy_term_id)
    if parameters.taxonomy_id is not None:
        yield with_taxonomy(parameters.taxonomy_id)
    if parameters.modified_after is not None:
        yield col(Resource.updated_at) >= parameters.modified_after
    if parameters.organization_id is not None:
        with_it = select(col(ResourceOrganization.resource_id)).where(
            col(ResourceOrganization.organization_id) == parameters.organization_id,
            col(ResourceOrganization.role).in_(roles),
        )
        yield col(Resource.id).in_(with_it)


def of_locations(session: Session, parameters: LocationParameters) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a service at a location."""
    yield from of_records(session, parameters, DELIVERING)
    if parameters.postcode is not None:
        country = select(col(Area.id)).where(col(Area.kind) == AreaKind.COUNTRY)
        everywhere = select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id).in_(country))
        yield col(Resource.id).in_(everywhere)
    if parameters.proximity is not None:
        yield false()  # no location has a position: none is known to be near


def of_organizations(session: Session, parameters: OrganizationParameters) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of an organization."""
    yield col(Organization.status).in_(OFFERED)
    if parameters.search is not None:
        yield is_hit(session, parameters.search, col(Organization.id))
    term_conditions: list[ColumnElement[bool]] = []
    if parameters.taxonomy_term_id is not None:
        term_conditions.append(with_term(parameters.taxonomy_term_id))
    if parameters.taxonomy_id is not None:
        term_conditions.append(with_taxonomy(parameters.taxonomy_id))
    if term_conditions:
        yield col(Organization.id).in_(_delivering(term_conditions))


def _delivering(where: Iterable[ColumnElement[bool]]) -> Select[UUID]:
    return (
        select(col(ResourceOrganization.organization_id))
        .join(Resource, col(ResourceOrganization.resource_id) == col(Resource.id))
        .where(
            col(ResourceOrganization.role).in_(DELIVERING),
            col(Resource.kind).in_(list(SERVICE_TYPES)),
            col(Resource.status).in_(OFFERED),
            *where,
        )
    )
