"""Statements over organizations."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlmodel import Session, col

from app.organizations.models import Organization, OrganizationText, OrganizationTie
from app.organizations.schemas import OrganizationParameters
from app.resources.reviewing import day_of, is_in_review
from app.search.queries import is_hit
from app.status import STATUSES
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
    """The ties of these organizations, with the slugs and names of the others."""
    return (
        select(OrganizationTie, col(Organization.slug), col(OrganizationText.name))
        .join(Organization, col(OrganizationTie.other_id) == col(Organization.id))
        .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
        .where(col(OrganizationTie.organization_id).in_(ids), col(OrganizationText.language) == language)
        .order_by(col(OrganizationTie.position), col(Organization.slug))
    )


def conditions(session: Session, parameters: OrganizationParameters, at: datetime) -> Iterator[ColumnElement[bool]]:
    """The conditions of the filters."""
    yield col(Organization.status).in_(bindparam(STATUSES, list(parameters.status), expanding=True))
    if parameters.review is not None:
        yield is_in_review(Organization, parameters.review, day_of(at))
    if parameters.q is not None:
        yield is_hit(session, parameters.q, col(Organization.id))
    if parameters.updated_since is not None:
        yield col(Organization.updated_at) >= parameters.updated_since
