"""The filters that all kinds share: what a caller may ask, and the conditions it becomes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.areas.finding import find_area
from app.areas.models import AreaKind
from app.areas.queries import areas_around
from app.http.contract import Parameters
from app.http.paging import KeysetParameters
from app.http.problems import invalid
from app.opening_hours.live import Moment
from app.organizations.models import Organization
from app.resources.models import (
    Channel,
    ContactPoint,
    ContactPointLanguage,
    Resource,
    ResourceArea,
    ResourceOrganization,
    ResourceTerm,
)
from app.resources.renaming import find_current_slug
from app.resources.reviewing import Review, day_of, is_in_review
from app.resources.staffing import reachable
from app.search.queries import is_hit
from app.status import OFFERED, STATUSES, Status
from app.vocabularies.models import Term, Vocabulary

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]
PlaceName = Annotated[str, StringConstraints(min_length=1, max_length=60)]

_POINT = aliased(ContactPoint)
_OWN = col(_POINT.resource_id) == col(Resource.id)
"""A resource's own contact points; by another name, as some lists are of contact points."""

MANY = 1000
"""Rows that are many (`are_many`)."""


class ResourceFilters(Parameters):
    """Filters on what every resource has; they combine with AND."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="Words to look for in names, texts, organizations and places, as in `/search`."
    )
    audience: Slug | None = Field(
        None, description="For this audience: a slug of `/audiences`; wider and narrower audiences are found too."
    )
    topic: Slug | None = Field(None, description="About this topic: a slug of `/topics`.")
    organization: Slug | None = Field(
        None, description="With this organization in any role: a slug of `/organizations`."
    )
    municipality: PlaceName | None = Field(
        None,
        description="What serves this municipality: its own, its county's, its coordination region's and the "
        "nation's. Code (`1380`) or name (`Halmstad`).",
    )
    county: PlaceName | None = Field(
        None, description="What serves this county, all of it or some of it. Code (`13`) or name (`Halland`)."
    )
    coordination_region: PlaceName | None = Field(
        None, description="What serves this coordination region, all of it or some of it: `vast` or `Region Väst`."
    )
    status: list[Status] = Field(
        list(OFFERED), description="Only these. By default what is in force; `outdated` and `ended` must be asked for."
    )
    review: list[Review] | None = Field(
        None, description="Only these: whether a person has checked them within the cadence of their kind."
    )
    updated_since: Moment | None = Field(
        None,
        description="Whose own content changed in this directory at or after this moment (RFC 3339 with offset).",
    )


class ResourceParameters(ResourceFilters, KeysetParameters):
    """Filters on a list of resources."""


class MomentParameters(Parameters):
    """The moment that states are for."""

    at: Moment | None = Field(
        None, description="The moment that states are for, RFC 3339 with offset, 2000 to 2076. Left out: now."
    )


class ReachableParameters(ResourceParameters, MomentParameters):
    """Filters for kinds that have contact points."""

    channel: Channel | None = Field(None, description="Can be reached in this way.")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = Field(
        None, description="Has a contact point that is stated to answer in this language (ISO 639)."
    )
    free_of_charge: bool | None = Field(
        None,
        description="`true`: has a contact point that is stated to cost nothing; `false`: that is stated to cost. "
        "Where no source says, it is neither.",
    )
    open: bool | None = Field(
        None,
        description="`true`: has a contact point that is certainly open; `false`: has none that is certainly open. A "
        "coordinator without one of its own is as open as the line that refers on to it.",
    )

    @property
    def turns_on_the_moment(self) -> bool:
        """As of every list; here, where a filter asks for what is open or closed."""
        return self.open is not None


class Citations(StrEnum):
    """Which citations the items of a list have."""

    ALL = "all"
    NONE = "none"


class CitedParameters(Parameters):
    """The parameter of lists whose items have citations."""

    citations: Citations = Field(
        Citations.ALL,
        description="`none`: a light list, whose items have empty `citations`. `_links.self` of each leads to them.",
    )


class ReachableListParameters(ReachableParameters, CitedParameters):
    """What may be asked of a list of a kind that has contact points."""


def conditions(session: Session, filters: ResourceFilters, at: datetime) -> list[ColumnElement[bool]]:
    """What the filters ask of a resource at the request's moment `at`.

    Raises InvalidParameter for a term, organization or area that does not exist.
    """
    common = [
        *_own(session, filters, at),
        *_of_terms(session, filters),
        *_of_areas(session, filters),
        *_of_parts(session, filters),
    ]
    return [*common, *_of_points(session, filters, at)] if isinstance(filters, ReachableParameters) else common


def _own(session: Session, filters: ResourceFilters, at: datetime) -> Iterator[ColumnElement[bool]]:
    yield col(Resource.status).in_(bindparam(STATUSES, list(filters.status), expanding=True))
    if filters.updated_since is not None:
        yield col(Resource.updated_at) >= filters.updated_since
    if filters.review is not None:
        yield is_in_review(Resource, filters.review, day_of(at))
    if filters.q is not None:
        yield is_hit(session, filters.q, col(Resource.id))


def _of_terms(session: Session, filters: ResourceFilters) -> Iterator[ColumnElement[bool]]:
    for vocabulary, slug in ((Vocabulary.AUDIENCE, filters.audience), (Vocabulary.TOPIC, filters.topic)):
        if slug is not None:
            terms = related_terms(session, vocabulary, slug)
            with_term = select(col(ResourceTerm.resource_id)).where(col(ResourceTerm.term_id).in_(terms))
            yield col(Resource.id).in_(with_term)


def related_terms(session: Session, vocabulary: Vocabulary, *slugs: str) -> Sequence[UUID]:
    """The ids of terms, the wider terms they belong to and the narrower ones in them; a slug may be an earlier one."""
    terms = session.scalars(select(Term).where(col(Term.vocabulary) == vocabulary)).all()
    paths_by_slug = {term.slug: term.path for term in terms}
    paths = [_find_path(session, vocabulary, slug, paths_by_slug) for slug in slugs]
    return [term.id for term in terms if any(term.path.startswith(own) or own.startswith(term.path) for own in paths)]


def _find_path(session: Session, vocabulary: Vocabulary, slug: str, paths: Mapping[str, str]) -> str:
    path = paths.get(slug) or paths.get(find_current_slug(session, vocabulary.value, slug) or "")
    if path is None:
        raise invalid(vocabulary.value, f"{slug!r} is not one of them", sorted(paths))
    return path


def _of_areas(session: Session, filters: ResourceFilters) -> Iterator[ColumnElement[bool]]:
    for kind in (AreaKind.MUNICIPALITY, AreaKind.COUNTY, AreaKind.COORDINATION_REGION):
        if (name := getattr(filters, kind.value)) is not None:
            served = areas_around(find_area(session, kind, name))
            serves = select(col(ResourceArea.resource_id)).where(col(ResourceArea.area_id).in_(served))
            yield col(Resource.id).in_(serves)


def _of_parts(session: Session, filters: ResourceFilters) -> Iterator[ColumnElement[bool]]:
    if filters.organization is not None:
        organization = _find_organization(session, filters.organization) or _find_organization(
            session, find_current_slug(session, "organization", filters.organization)
        )
        if organization is None:
            raise invalid("organization", f"{filters.organization!r} is not the id of one; /organizations lists them")
        with_it = select(col(ResourceOrganization.resource_id)).where(
            col(ResourceOrganization.organization_id) == organization
        )
        yield col(Resource.id).in_(with_it)


def _find_organization(session: Session, slug: str | None) -> UUID | None:
    return session.scalar(select(col(Organization.id)).where(col(Organization.slug) == slug))


def _of_points(session: Session, parameters: ReachableParameters, at: datetime) -> Iterator[ColumnElement[bool]]:
    if parameters.channel is not None:
        yield _has_point(session, col(_POINT.channel) == parameters.channel)
    if parameters.language is not None:
        answers = col(ContactPointLanguage.contact_point_id) == col(_POINT.id)
        yield _has_point(session, answers, col(ContactPointLanguage.language) == parameters.language)
    if parameters.free_of_charge is not None:
        yield exists().where(_OWN, col(_POINT.free_of_charge) == parameters.free_of_charge)
    if parameters.open is not None:
        yield reachable(session, at, parameters.open)


def _has_point(session: Session, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a resource has such a contact point. An index must lead to those that meet the conditions.

    What most have, such as a phone or Swedish, is looked up resource by resource.
    """
    having = select(col(_POINT.resource_id)).where(*conditions)
    return having.where(_OWN).exists() if are_many(session, having) else col(Resource.id).in_(having)


def are_many(session: Session, statement: Select[UUID]) -> bool:
    """Whether a statement has so many rows that to list them takes longer than to look at resources in their order."""
    return session.scalar(statement.offset(MANY - 1).limit(1)) is not None
