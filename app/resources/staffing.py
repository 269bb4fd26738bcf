"""Which contact points are open, closed, unknown or not stated at a moment, as a condition for SQL."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlmodel import Session, col

from app.coordinators.models import CoordinatorDetails
from app.opening_hours.live import Exceptional, State, live
from app.resources.models import ContactPoint, OpeningException, Resource


def in_state(session: Session, state: State, at: datetime) -> ColumnElement[bool]:
    """Contact points in this state. Each different expression is evaluated once, however many points share it."""
    if state is State.NOT_STATED:
        return col(ContactPoint.opening_hours).is_(None)
    expressions = session.scalars(
        select(col(ContactPoint.opening_hours)).where(col(ContactPoint.opening_hours).is_not(None)).distinct()
    ).all()
    usual = [one for one in expressions if live(one, (), at).state is state]
    exceptional = _with_exceptions(session, at)
    by_exception = [point for point, now in exceptional.items() if now is state]
    return or_(
        and_(col(ContactPoint.opening_hours).in_(usual), col(ContactPoint.id).not_in(list(exceptional))),
        col(ContactPoint.id).in_(by_exception),
    )


def _with_exceptions(session: Session, at: datetime) -> dict[UUID, State]:
    """The states of the contact points that have exceptions."""
    expressions: dict[UUID, str | None] = {}
    exceptions: defaultdict[UUID, list[Exceptional]] = defaultdict(list)
    rows = select(ContactPoint, OpeningException).join(
        OpeningException, col(OpeningException.contact_point_id) == col(ContactPoint.id)
    )
    for point, one in session.execute(rows):
        expressions[point.id] = point.opening_hours
        exceptions[point.id].append(Exceptional(one.starts_on, one.ends_on, one.expression))
    return {point: live(expression, exceptions[point], at).state for point, expression in expressions.items()}


def reachable(session: Session, at: datetime, is_open: bool) -> ColumnElement[bool]:
    """Resources that can certainly be reached at a moment, or the others.

    A coordinator without a number or address of its own is reached through the line that refers on to it.
    """
    open_ones = select(col(ContactPoint.resource_id)).where(in_state(session, State.OPEN, at))
    own = select(col(ContactPoint.resource_id)).where(col(ContactPoint.value).is_not(None))
    through = select(col(CoordinatorDetails.resource_id)).where(
        col(CoordinatorDetails.reached_through_id).in_(open_ones), col(CoordinatorDetails.resource_id).not_in(own)
    )
    found = or_(col(Resource.id).in_(open_ones), col(Resource.id).in_(through))
    return found if is_open else not_(found)
