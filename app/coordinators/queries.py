"""Statements over coordinators."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from app.areas.models import Area
from app.coordinators.models import CoordinatorDetails
from app.resources.models import Kind, Resource
from app.resources.queries import of_kind

Row = tuple[Resource, CoordinatorDetails, Area]


def coordinators(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource, CoordinatorDetails, Area]:
    """Coordinators with their coordination regions, in the order of lists."""
    return (
        of_kind(Kind.COORDINATOR, where)
        .join(CoordinatorDetails, col(CoordinatorDetails.resource_id) == col(Resource.id))
        .join(Area, col(CoordinatorDetails.coordination_region_id) == col(Area.id))
        .add_columns(CoordinatorDetails, Area)
    )


def coordinator(slug: str) -> Select[Resource, CoordinatorDetails, Area]:
    """The coordinator with this slug."""
    return coordinators([col(Resource.slug) == slug])


def slugs(ids: Collection[UUID]) -> Select[UUID, str]:
    """The slugs of resources."""
    return select(col(Resource.id), col(Resource.slug)).where(col(Resource.id).in_(ids))
