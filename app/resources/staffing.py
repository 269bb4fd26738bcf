"""Which contact points are open, closed, unknown or not stated at a moment, as a condition for SQL."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.coordinators.models import CoordinatorDetails
from app.opening_hours.live import Exceptional, State, live
from app.resources.models import ContactPoint, OpeningException, Resource

_POINT, _OWN, _DETAILS = aliased(ContactPoint), aliased(ContactPoint), aliased(CoordinatorDetails)
"""By other names, as some lists are of contact points, or of coordinators."""


def in_state(
    session: Session, state: State, at: datetime, point: type[ContactPoint] = ContactPoint
) -> ColumnElement[bool]:
    """Contact points in this state. Each different expression is evaluated once, however many points share it.

    `point`: the table, or an alias of it.
    """
    if state is State.NOT_STATED:
        return col(point.opening_hours).is_(None)
    expressions = session.scalars(_list_expressions())
    usual = [expression for expression in expressions if live(expression, (), at).state is state]
    exceptional = _with_exceptions(session, at)
    by_exception = [key for key, now in exceptional.items() if now is state]
    return or_(
        and_(col(point.opening_hours).in_(usual), col(point.id).not_in(list(exceptional))),
        col(point.id).in_(by_exception),
    )


def _list_expressions() -> Select[str | None]:
    """The different expressions, each the next after another in the index: DISTINCT would read every contact point."""
    expression = col(ContactPoint.opening_hours)
    expressions = select(func.min(expression).label("expression")).cte("known", recursive=True)
    following = select(func.min(expression)).where(expression > expressions.c.expression).scalar_subquery()
    expressions = expressions.union_all(select(following).where(expressions.c.expression.is_not(None)))
    return select(expressions.c.expression).where(expressions.c.expression.is_not(None))


def _with_exceptions(session: Session, at: datetime) -> dict[UUID, State]:
    """The states of the contact points that have exceptions."""
    expressions: dict[UUID, str | None] = {}
    exceptions: defaultdict[UUID, list[Exceptional]] = defaultdict(list)
    rows = select(OpeningException, col(ContactPoint.opening_hours)).outerjoin(  # each has one; so they are read first
        ContactPoint, col(ContactPoint.id) == col(OpeningException.contact_point_id)
    )
    for exception, opening_hours in session.execute(rows):
        expressions[exception.contact_point_id] = opening_hours
        exceptions[exception.contact_point_id].append(
            Exceptional(exception.starts_on, exception.ends_on, exception.expression)
        )
    return {point: live(expression, exceptions[point], at).state for point, expression in expressions.items()}


def reachable(session: Session, at: datetime, is_open: bool) -> ColumnElement[bool]:
    """Resources that can certainly be reached at a moment, or the others.

    A coordinator without a number or address of its own is reached through the line that refers on to it.
    """
    is_open_now = in_state(session, State.OPEN, at, _POINT)
    # Looked up resource by resource: what is open makes a very long list, and a page of a list takes 20 of it.
    # By the id alone, so that the index has all that is read.
    open_itself = exists(col(_POINT.id)).where(col(_POINT.resource_id) == col(Resource.id), is_open_now)
    has_own = exists().where(col(_OWN.resource_id) == col(_DETAILS.resource_id), col(_OWN.value).is_not(None))
    of_line = col(_POINT.resource_id) == col(_DETAILS.reached_through_id)
    open_through = exists(col(_POINT.id)).where(of_line, is_open_now)
    through = select(col(_DETAILS.resource_id)).where(open_through, ~has_own)
    can_be_reached = or_(open_itself, col(Resource.id).in_(through))
    return can_be_reached if is_open else not_(can_be_reached)
