"""Statements over organizations."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.texts import Language

Row = tuple[Organization, OrganizationText]


def organizations(
    language: Language, where: Iterable[ColumnElement[bool]] = ()
) -> Select[Organization, OrganizationText]:
    """Organizations with their texts in one language, in the editors' order."""
    return (
        select(Organization, OrganizationText)
        .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
        .where(col(OrganizationText.language) == language, *where)
        .order_by(col(Organization.position), col(Organization.slug))
    )


def organization(language: Language, slug: str) -> Select[Organization, OrganizationText]:
    """The organization with this slug."""
    return organizations(language, [col(Organization.slug) == slug])


def ties(ids: Collection[UUID], language: Language) -> Select[OrganizationTie, str, str]:
    """What these organizations are to others, with the others' slugs and names."""
    return (
        select(OrganizationTie, col(Organization.slug), col(OrganizationText.name))
        .join(Organization, col(OrganizationTie.other_id) == col(Organization.id))
        .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
        .where(col(OrganizationTie.organization_id).in_(ids), col(OrganizationText.language) == language)
        .order_by(col(OrganizationTie.position), col(Organization.slug))
    )
