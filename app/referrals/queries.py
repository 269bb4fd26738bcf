"""Statements for referrals."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, or_, select
from sqlalchemy.orm import Mapped
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
_ID: Mapped[UUID] = col(Resource.id)


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
    served = col(ResourceArea.resource_id)
    is_consulted = _has_term(col(Term.path).startswith("professionals."), served)
    consulted = select(served).where(col(ResourceArea.area_id) == place.id, is_consulted)
    where = [col(Resource.kind) == Kind.SUPPORT_SERVICE, col(Resource.id).in_(consulted)]
    return offered([*where, ~_has_term(IS_ON_CALL)]).limit(MOST)


def social_services_on_call(place: Area) -> Select[Resource]:
    """The social services on call of the municipality, else of the smallest area around it that has them."""
    served = col(ResourceArea.resource_id)
    area = (
        select(col(Area.id))
        .where(col(Area.code).in_(place.path.split(".")[:-1]))
        .where(exists().where(col(ResourceArea.area_id) == col(Area.id), _has_term(IS_ON_CALL, served)))
        .order_by(func.length(col(Area.path)).desc(), col(Area.path))
        .limit(1)
    )
    on_call = select(served).where(col(ResourceArea.area_id) == area.scalar_subquery(), _has_term(IS_ON_CALL, served))
    return offered([col(Resource.id).in_(on_call)]).limit(MOST)


def materials(topics: Collection[UUID]) -> Select[Resource, PublicationDetails]:
    """Web material on these topics that has an address, with its details."""
    details = offered([_has_one_of(topics)]).join(
        PublicationDetails, col(PublicationDetails.resource_id) == col(Resource.id)
    )
    readable = (col(PublicationDetails.type) == PublicationType.WEB_MATERIAL, col(PublicationDetails.url).is_not(None))
    return details.where(*readable).add_columns(PublicationDetails)


def _has_term(condition: ColumnElement[bool], resource: Mapped[UUID] = _ID) -> ColumnElement[bool]:
    """Whether a resource has such a term; correlated, because the resources with a common term are very many."""
    return _has_one_of(select(col(Term.id)).where(condition), resource)


def _has_one_of(terms: Collection[UUID] | Select[UUID], resource: Mapped[UUID] = _ID) -> ColumnElement[bool]:
    # `coalesce` changes nothing but the plan: SQLite would look for each of the terms, and a resource has few.
    term = func.coalesce(col(ResourceTerm.term_id), null())
    return exists().where(col(ResourceTerm.resource_id) == resource, term.in_(terms))


def fitting(place: Area | None, audiences: Collection[UUID] | None, topics: Collection[UUID] | None) -> Select[UUID]:
    """The ids of what serves the place (or the nation), for one of the audiences and on one of the topics."""
    served = col(ResourceArea.resource_id)
    serves = col(ResourceArea.area_id).in_(_areas(place))
    return select(served).where(serves, *_marks(served, audiences, topics))


def is_fitting(
    place: Area | None, audiences: Collection[UUID] | None, topics: Collection[UUID] | None
) -> ColumnElement[bool]:
    """Whether a resource is one of `fitting`; for where these are many."""
    # As in `_has_one_of`: a resource serves few areas.
    serves = func.coalesce(col(ResourceArea.area_id), null()).in_(_areas(place))
    serves_place = exists(col(ResourceArea.area_id)).where(col(ResourceArea.resource_id) == _ID, serves)
    return and_(serves_place, *_marks(_ID, audiences, topics))


def _areas(place: Area | None) -> Select[UUID]:
    return areas_around(place) if place else select(col(Area.id)).where(col(Area.parent_id).is_(None))


def _marks(
    resource: Mapped[UUID], audiences: Collection[UUID] | None, topics: Collection[UUID] | None
) -> list[ColumnElement[bool]]:
    """Topics first: fewer have them."""
    return [_has_one_of(terms, resource) for terms in (topics, audiences) if terms is not None]


def others(fits: ColumnElement[bool], age: int | None, *also: ColumnElement[bool]) -> Select[Resource]:
    """Lines and services that can be reached, fit (`fitting`), and are for the age."""
    is_reachable = exists().where(
        col(ContactPoint.resource_id) == col(Resource.id), col(ContactPoint.value).is_not(None)
    )
    where: list[ColumnElement[bool]] = [
        col(Resource.kind).in_((Kind.HOTLINE, Kind.SUPPORT_SERVICE)),
        fits,
        is_reachable,
        ~_has_term(IS_ON_CALL),
        *also,
    ]
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
