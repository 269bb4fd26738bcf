"""Statements over events."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, false, func, not_
from sqlmodel import col

from app.events.models import EventDetails
from app.events.schemas import EventParameters
from app.resources.models import Kind, Resource
from app.resources.queries import of_kind
from app.times import STOCKHOLM

Row = tuple[Resource, EventDetails]


def events(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource, EventDetails]:
    """Events with their details, in the order of lists."""
    details = of_kind(Kind.EVENT, where).join(EventDetails, col(EventDetails.resource_id) == col(Resource.id))
    return details.add_columns(EventDetails)


def not_over(today: date) -> ColumnElement[bool]:
    """Events whose last day is today or later; those without a date are not among them."""
    last_day = func.coalesce(col(EventDetails.ends_on), col(EventDetails.starts_on))
    return func.coalesce(last_day >= today, false())


def event(slug: str) -> Select[Resource, EventDetails]:
    """The event with this slug."""
    return events([col(Resource.slug) == slug])


def own_conditions(parameters: EventParameters, at: datetime) -> Iterator[ColumnElement[bool]]:
    """What the filters of events alone ask for."""
    if parameters.upcoming is not None:
        ahead = not_over(at.astimezone(STOCKHOLM).date())
        yield ahead if parameters.upcoming else not_(ahead)
