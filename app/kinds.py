"""The kinds side by side: resources of all of them, each with its own details."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import SQLModel, col

from app.areas.models import Area
from app.coordinators.models import CoordinatorDetails
from app.coordinators.reading import build_coordinators
from app.courses.models import CourseDetails
from app.courses.reading import build_courses
from app.events.models import EventDetails
from app.events.reading import build_events
from app.hotlines.reading import build_hotlines
from app.programs.models import ProgramDetails
from app.programs.reading import build_programs
from app.publications.models import PublicationDetails
from app.publications.reading import build_publications
from app.resources.models import Kind, Resource
from app.resources.reading import Asking, around
from app.resources.schemas import ResourceShown
from app.support_services.reading import build_support_services

BUILDERS: Mapping[Kind, Callable[..., Sequence[ResourceShown]]] = {
    Kind.HOTLINE: build_hotlines,
    Kind.COORDINATOR: build_coordinators,
    Kind.SUPPORT_SERVICE: build_support_services,
    Kind.COURSE: build_courses,
    Kind.PROGRAM: build_programs,
    Kind.PUBLICATION: build_publications,
    Kind.EVENT: build_events,
}
"""How each kind is told from its rows: the resource, and what `DETAILS` names."""

DETAILS: Mapping[Kind, tuple[type[SQLModel], ...]] = {
    Kind.COORDINATOR: (CoordinatorDetails, Area),
    Kind.COURSE: (CourseDetails,),
    Kind.PROGRAM: (ProgramDetails,),
    Kind.PUBLICATION: (PublicationDetails,),
    Kind.EVENT: (EventDetails,),
}


def whole(asking: Asking, resources: Sequence[Resource]) -> list[ResourceShown]:
    """These resources as their own collections show them, in the same order, without those whose
    details cannot be read; as many queries for many as for one."""
    rows: defaultdict[Kind, list[tuple[Any, ...]]] = defaultdict(list)
    for found in asking.session.execute(_with_details([one.id for one in resources])).mappings():
        resource = found["Resource"]
        details = [found[one.__name__] for one in DETAILS.get(resource.kind, ())]
        if None not in details:  # they could not be read
            rows[resource.kind].append((resource, *details))
    surroundings = around(asking, resources)
    built = {item.id: item for kind, build in BUILDERS.items() for item in build(asking, rows[kind], surroundings)}
    return [built[one.slug] for one in resources if one.slug in built]


def _with_details(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Each resource beside the details of every kind; those that are not its own are null."""
    entities = [one for details in DETAILS.values() for one in details]
    statement = select(Resource, *entities).where(col(Resource.id).in_(ids))
    for details in entities:
        is_part = col(Area.id) == col(CoordinatorDetails.coordination_region_id)
        on = is_part if details is Area else details.resource_id == Resource.id  # type: ignore[attr-defined]  # all have it
        statement = statement.outerjoin(details, on)
    return statement
