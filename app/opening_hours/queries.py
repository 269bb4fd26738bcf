"""Statements over the hours of contact points."""

from collections.abc import Iterable, Iterator
from typing import cast

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from app.opening_hours.live import State
from app.opening_hours.schemas import OpeningHoursParameters
from app.resources import queries
from app.resources.filters import conditions
from app.resources.models import STAFFED, ContactPoint, Resource
from app.resources.reading import Reading
from app.resources.staffing import in_state

Row = tuple[ContactPoint, Resource]
IN_ORDER: queries.Order = (*queries.IN_ORDER, *cast("queries.Order", (ContactPoint.position, ContactPoint.slug)))
"""The order of lists."""


def opening_hours(where: Iterable[ColumnElement[bool]] = ()) -> Select[ContactPoint, Resource]:
    """The contact points that have hours or need staff, in the order of lists."""
    has_hours_or_staff = or_(col(ContactPoint.opening_hours).is_not(None), col(ContactPoint.channel).in_(STAFFED))
    return (
        select(ContactPoint, Resource)
        .join(Resource, col(ContactPoint.resource_id) == col(Resource.id))
        .where(has_hours_or_staff, *where)
        .order_by(*IN_ORDER)
    )


def entry(resource: str, point: str) -> Select[ContactPoint, Resource]:
    """The hours of one contact point."""
    return opening_hours([col(Resource.slug) == resource, col(ContactPoint.slug) == point])


def conditions_of(reading: Reading, parameters: OpeningHoursParameters) -> Iterator[ColumnElement[bool]]:
    """The conditions of the filters."""
    yield from conditions(reading.session, parameters, reading.at)
    yield col(Resource.kind).in_(parameters.kind)
    if parameters.channel is not None:  # this contact point itself, not another of the same resource
        yield col(ContactPoint.channel) == parameters.channel
    if set(parameters.state) != set(State):
        yield or_(*(in_state(reading.session, state, reading.at) for state in parameters.state))
