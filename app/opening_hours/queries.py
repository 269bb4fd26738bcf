"""Statements over the hours of contact points."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from app.resources.models import STAFFED, ContactPoint, Resource

Row = tuple[ContactPoint, Resource]


def opening_hours(where: Iterable[ColumnElement[bool]] = ()) -> Select[ContactPoint, Resource]:
    """The contact points that have hours, or that somebody has to staff, in the order of lists."""
    has = or_(col(ContactPoint.opening_hours).is_not(None), col(ContactPoint.channel).in_(STAFFED))
    return (
        select(ContactPoint, Resource)
        .join(Resource, col(ContactPoint.resource_id) == col(Resource.id))
        .where(has, *where)
        .order_by(col(Resource.position), col(Resource.slug), col(ContactPoint.position), col(ContactPoint.slug))
    )


def entry(resource: str, point: str) -> Select[ContactPoint, Resource]:
    """The hours of one contact point."""
    return opening_hours([col(Resource.slug) == resource, col(ContactPoint.slug) == point])
