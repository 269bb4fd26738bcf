"""Statements for referrals."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from app.areas.models import Area
from app.areas.queries import around
from app.coordinators.models import CoordinatorDetails
from app.referrals.models import EscalationStep
from app.resources.models import ContactPoint, Kind, Resource, ResourceArea, ResourceTerm
from app.resources.queries import resources
from app.status import OFFERED

MOST = 10
"""How many contacts besides the escalation: who needs help reads a short list."""


def escalation() -> Select[EscalationStep]:
    """The steps, in the order of the sources."""
    return select(EscalationStep).order_by(col(EscalationStep.position))


def offered(where: Iterable[ColumnElement[bool]]) -> Select[Resource]:
    """Resources in force."""
    return resources((col(Resource.status).in_(OFFERED), *where))


def coordinators(place: Area) -> Select[Resource]:
    """The coordinators whose coordination region a municipality lies in."""
    regions = select(col(Area.id)).where(col(Area.code).in_(place.path.split(".")[:-1]))
    theirs = select(col(CoordinatorDetails.resource_id)).where(
        col(CoordinatorDetails.coordination_region_id).in_(regions)
    )
    return offered([col(Resource.id).in_(theirs)])


def municipal_contacts(place: Area) -> Select[Resource]:
    """The municipality's own contacts."""
    own = select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id) == place.id)
    return offered([col(Resource.kind) == Kind.SUPPORT_SERVICE, col(Resource.id).in_(own)]).limit(MOST)


def others(
    place: Area | None,
    age: int | None,
    audiences: Collection[UUID] | None,
    topics: Collection[UUID] | None,
    *also: ColumnElement[bool],
) -> Select[Resource]:
    """Lines and services that can be reached, serve the place (or the nation), and are for the caller."""
    reachable = select(col(ContactPoint.resource_id)).where(col(ContactPoint.value).is_not(None))
    where: list[ColumnElement[bool]] = [
        col(Resource.kind).in_((Kind.HOTLINE, Kind.SUPPORT_SERVICE)),
        col(Resource.id).in_(reachable),
        *also,
    ]
    served = around(place) if place else select(col(Area.id)).where(col(Area.parent_id).is_(None))
    where.append(
        col(Resource.id).in_(select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id).in_(served)))
    )
    for terms in (audiences, topics):
        if terms is not None:
            has = select(col(ResourceTerm.resource_id)).where(col(ResourceTerm.term_id).in_(terms))
            where.append(col(Resource.id).in_(has))
    if age is not None:
        where.append(or_(col(Resource.min_age).is_(None), col(Resource.min_age) <= age))
        where.append(or_(col(Resource.max_age).is_(None), col(Resource.max_age) >= age))
    return offered(where).limit(MOST)


def reached_through(ids: Collection[UUID]) -> Select[UUID, Resource]:
    """The lines that refer on to coordinators, by the coordinator's id."""
    return (
        select(col(CoordinatorDetails.resource_id), Resource)
        .join(Resource, col(CoordinatorDetails.reached_through_id) == col(Resource.id))
        .where(col(CoordinatorDetails.resource_id).in_(ids))
    )
