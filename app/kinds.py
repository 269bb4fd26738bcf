"""The kinds side by side: resources of all of them, each with its own details."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import SQLModel, col

import app.coordinators.routes
import app.courses.routes
import app.events.routes
import app.hotlines.routes
import app.programs.routes
import app.publications.routes
import app.support_services.routes
from app.areas.models import Area
from app.coordinators.models import CoordinatorDetails
from app.courses.models import CourseDetails
from app.events.models import EventDetails
from app.programs.models import ProgramDetails
from app.publications.models import PublicationDetails
from app.resources.models import Kind, Resource
from app.resources.reading import Asking, around
from app.resources.schemas import ResourceShown

SHOWN: Mapping[Kind, Callable[..., Sequence[ResourceShown]]] = {
    Kind.HOTLINE: app.hotlines.routes.shown,
    Kind.COORDINATOR: app.coordinators.routes.shown,
    Kind.SUPPORT_SERVICE: app.support_services.routes.shown,
    Kind.COURSE: app.courses.routes.shown,
    Kind.PROGRAM: app.programs.routes.shown,
    Kind.PUBLICATION: app.publications.routes.shown,
    Kind.EVENT: app.events.routes.shown,
}
"""How the API shows rows of each kind: the resource, and what `DETAILS` names."""

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
    shown = {item.id: item for kind, show in SHOWN.items() for item in show(asking, rows[kind], surroundings)}
    return [shown[one.slug] for one in resources if one.slug in shown]


def _with_details(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Each resource beside the details of every kind; those that are not its own are null."""
    entities = [one for details in DETAILS.values() for one in details]
    statement = select(Resource, *entities).where(col(Resource.id).in_(ids))
    for details in entities:
        is_part = col(Area.id) == col(CoordinatorDetails.coordination_region_id)
        on = is_part if details is Area else details.resource_id == Resource.id  # type: ignore[attr-defined]  # all have it
        statement = statement.outerjoin(details, on)
    return statement
