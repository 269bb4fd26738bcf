"""Statements for referrals."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlmodel import col

from app.areas.models import Area
from app.areas.queries import areas_around
from app.coordinators.models import CoordinatorDetails
from app.publications.models import PublicationDetails, PublicationType
from app.referrals.models import EscalationStep
from app.resources.models import ContactPoint, Kind, Resource, ResourceArea, ResourceTerm
from app.resources.queries import resources
from app.status import OFFERED
from app.vocabularies.models import Term

MOST = 7
"""The most contacts outside of the escalation in an answer: people who need help read a short list."""

READ = 60
"""The most contacts outside of the escalation that are ranked before the list is cut."""

ON_CALL = "social-services-on-call"
"""The topic that marks a municipality's social services on call."""

IS_ON_CALL = col(Term.slug) == ON_CALL


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


def widest(terms: Collection[UUID]) -> Select[str]:
    """The slug of the top-level term among these."""
    return select(col(Term.slug)).where(col(Term.id).in_(terms), col(Term.parent_id).is_(None))


def own_services(place: Area) -> Select[Resource]:
    """One service whose area is this place itself, social services on call excepted."""
    serving = select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id) == place.id)
    where = [col(Resource.kind) == Kind.SUPPORT_SERVICE, col(Resource.id).in_(serving)]
    return offered([*where, ~_has_term(IS_ON_CALL)]).limit(1)


def municipal_contacts(place: Area) -> Select[Resource]:
    """The municipality's own contacts for those affected, which professionals can consult."""
    serving = select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id) == place.id)
    is_consulted = _has_term(col(Term.path).startswith("professionals."))
    where = [col(Resource.kind) == Kind.SUPPORT_SERVICE, col(Resource.id).in_(serving), is_consulted]
    return offered([*where, ~_has_term(IS_ON_CALL)]).limit(MOST)


def social_services_on_call(place: Area) -> Select[Resource]:
    """The social services on call of the municipality, else of the smallest area around it that has them."""
    area = (
        select(col(Area.id))
        .join(ResourceArea, col(ResourceArea.area_id) == col(Area.id))
        .where(col(Area.code).in_(place.path.split(".")[:-1]), col(ResourceArea.resource_id).in_(_on_call()))
        .order_by(func.length(col(Area.path)).desc(), col(Area.path))
        .limit(1)
    )
    served = select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id) == area.scalar_subquery())
    return offered([col(Resource.id).in_(served), col(Resource.id).in_(_on_call())])


def materials(topics: Collection[UUID]) -> Select[Resource, PublicationDetails]:
    """Web material on these topics that has an address, with its details."""
    details = offered([col(Resource.id).in_(_with_term(col(Term.id).in_(topics)))]).join(
        PublicationDetails, col(PublicationDetails.resource_id) == col(Resource.id)
    )
    readable = (col(PublicationDetails.type) == PublicationType.WEB_MATERIAL, col(PublicationDetails.url).is_not(None))
    return details.where(*readable).add_columns(PublicationDetails)


def _on_call() -> Select[UUID]:
    return _with_term(IS_ON_CALL)


def _with_term(condition: ColumnElement[bool]) -> Select[UUID]:
    return select(col(ResourceTerm.resource_id)).join(Term, col(Term.id) == col(ResourceTerm.term_id)).where(condition)


def _has_term(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a resource has such a term; correlated, because the resources with a common term are very many."""
    of_it = col(ResourceTerm.resource_id) == col(Resource.id)
    return exists().where(of_it, col(Term.id) == col(ResourceTerm.term_id), condition)


def others(
    place: Area | None,
    age: int | None,
    audiences: Collection[UUID] | None,
    topics: Collection[UUID] | None,
    *also: ColumnElement[bool],
) -> Select[Resource]:
    """Lines and services that can be reached, serve the place (or the nation), and are for the caller."""
    is_reachable = exists().where(
        col(ContactPoint.resource_id) == col(Resource.id), col(ContactPoint.value).is_not(None)
    )
    where: list[ColumnElement[bool]] = [
        col(Resource.kind).in_((Kind.HOTLINE, Kind.SUPPORT_SERVICE)),
        is_reachable,
        ~_has_term(IS_ON_CALL),
        *also,
    ]
    served = areas_around(place) if place else select(col(Area.id)).where(col(Area.parent_id).is_(None))
    where.append(
        col(Resource.id).in_(select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id).in_(served)))
    )
    for terms in (audiences, topics):
        if terms is not None:
            of_it = col(ResourceTerm.resource_id) == col(Resource.id)
            where.append(exists().where(of_it, col(ResourceTerm.term_id).in_(terms)))
    if age is not None:
        where.append(or_(col(Resource.min_age).is_(None), col(Resource.min_age) <= age))
        where.append(or_(col(Resource.max_age).is_(None), col(Resource.max_age) >= age))
    return offered(where).limit(READ)


def reached_through(ids: Collection[UUID]) -> Select[UUID, Resource]:
    """The id of each of these coordinators that is reached through a line, and that line."""
    return (
        select(col(CoordinatorDetails.resource_id), Resource)
        .join(Resource, col(CoordinatorDetails.reached_through_id) == col(Resource.id))
        .where(col(CoordinatorDetails.resource_id).in_(ids))
    )
