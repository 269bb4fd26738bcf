"""Statements over the core. Kinds add their own columns and conditions."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVarTuple, cast
from uuid import UUID

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    ColumnElement,
    Exists,
    ScalarSelect,
    Select,
    func,
    literal,
    select,
)
from sqlalchemy.orm import QueryableAttribute, aliased
from sqlalchemy.sql.operators import in_op
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import col

from app.areas.models import Area
from app.organizations.models import Organization, OrganizationText
from app.resources.models import (
    ContactPoint,
    ContactPointLanguage,
    Kind,
    OpeningException,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceSuccessor,
    ResourceTerm,
    ResourceText,
    Role,
)
from app.stored_values import may_be_null
from app.texts import Language
from app.vocabularies.models import Term

Columns = TypeVarTuple("Columns")
Ids = Collection[UUID] | BindParameter[Any]
"""Ids, or the parameter that stands for them in a statement that is built once."""

Order = Sequence[QueryableAttribute[Any]]
IN_ORDER: Order = cast("Order", (Resource.position, Resource.slug))
"""The order of lists. SQLModel types a column as its value."""
_ID = cast("ColumnElement[UUID]", Resource.id)


def resources(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource]:
    """Resources of all kinds, in the order of lists."""
    return select(Resource).where(*where).order_by(*IN_ORDER)


def of_kind(kind: Kind, where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource]:
    """Resources of one kind."""
    return resources((col(Resource.kind) == kind, *where))


def resource(slug: str, kind: Kind | None = None) -> Select[Resource]:
    """The resource with this slug, of this kind if one is named."""
    return resources([col(Resource.slug) == slug, *([col(Resource.kind) == kind] if kind else [])])


def count(statement: Select[*Columns]) -> Select[int]:
    """How many rows a list has in all."""
    return statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)


def count_up_to(most: int, statement: Select[*Columns]) -> Select[int]:
    """How many rows a list has, `most` at the highest: no further row is visited."""
    rows = statement.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(most)
    return select(func.count()).select_from(rows.subquery())


def look_up_in_order(statement: Select[*Columns]) -> Select[*Columns]:
    """The same list, whose resources are looked at in their order: what filters find is not gathered and sorted first.

    The sooner, the more of them the filters find.
    """
    return cast("Select[*Columns]", replacement_traverse(statement, {}, _look_up))


def _look_up(element: Any, **_: Any) -> Exists | None:
    """`id IN (SELECT …)` of resources as a look whether there is a row for the one; None where it is anything else."""
    if not isinstance(element, BinaryExpression) or element.operator is not in_op:
        return None
    if not isinstance(element.right, ScalarSelect) or not element.left.shares_lineage(_ID):
        return None
    ids = cast("Select[UUID]", element.right.element)
    return ids.where(ids.selected_columns[0] == element.left).exists()


def texts(ids: Ids, language: Language) -> Select[ResourceText, str, Kind, str]:
    """The texts of these resources in one language, with slug, kind and name of what supersedes them."""
    successor, name = aliased(Resource), aliased(ResourceText)
    is_name = (col(name.resource_id) == col(successor.id)) & (col(name.language) == language)
    return (
        select(
            ResourceText,
            may_be_null(col(successor.slug)).label("successor_slug"),
            may_be_null(col(successor.kind)).label("successor_kind"),
            may_be_null(col(name.name)).label("successor_name"),
        )
        .outerjoin(ResourceSuccessor, col(ResourceSuccessor.resource_id) == col(ResourceText.resource_id))
        .outerjoin(successor, col(successor.id) == col(ResourceSuccessor.successor_id))
        .outerjoin(name, is_name)
        .where(col(ResourceText.resource_id).in_(ids), col(ResourceText.language) == language)
    )


def parts(ids: Ids, language: Language) -> Select[UUID, Role, str, str, int]:
    """The organizations of these resources: resource, role, slug, name, place."""
    return (
        select(
            col(ResourceOrganization.resource_id),
            col(ResourceOrganization.role),
            col(Organization.slug),
            col(OrganizationText.name),
            col(ResourceOrganization.position),
        )
        .join(Organization, col(ResourceOrganization.organization_id) == col(Organization.id))
        .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
        .where(col(ResourceOrganization.resource_id).in_(ids), col(OrganizationText.language) == language)
    )


def terms(ids: Ids) -> Select[UUID, Term]:
    """The audiences and topics of these resources."""
    return (
        select(col(ResourceTerm.resource_id), Term)
        .join(Term, col(ResourceTerm.term_id) == col(Term.id))
        .where(col(ResourceTerm.resource_id).in_(ids))
        .order_by(col(Term.position), col(Term.slug))
    )


def served(ids: Ids) -> Select[UUID, Area]:
    """The areas that these resources serve."""
    return (
        select(col(ResourceArea.resource_id), Area)
        .join(Area, col(ResourceArea.area_id) == col(Area.id))
        .where(col(ResourceArea.resource_id).in_(ids))
    )


def contact_points(ids: Ids) -> Select[ContactPoint]:
    """The contact points of these resources."""
    return (
        select(ContactPoint)
        .where(col(ContactPoint.resource_id).in_(ids))
        .order_by(col(ContactPoint.resource_id), col(ContactPoint.position), col(ContactPoint.slug))
    )


def spoken(resource_ids: Ids) -> Select[ContactPointLanguage]:
    """The languages of the contact points of these resources."""
    return (
        select(ContactPointLanguage)
        .join(ContactPoint, col(ContactPointLanguage.contact_point_id) == col(ContactPoint.id))
        .where(col(ContactPoint.resource_id).in_(resource_ids))
    )


def exceptions(resource_ids: Ids) -> Select[OpeningException]:
    """The exceptions to the hours of the contact points of these resources."""
    return (
        select(OpeningException)
        .join(ContactPoint, col(OpeningException.contact_point_id) == col(ContactPoint.id))
        .where(col(ContactPoint.resource_id).in_(resource_ids))
    )
