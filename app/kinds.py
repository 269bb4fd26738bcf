"""The kinds side by side: each one's own statement, and how the API shows its rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select
from sqlmodel import col

import app.coordinators.routes
import app.courses.routes
import app.events.routes
import app.hotlines.routes
import app.programs.routes
import app.publications.routes
import app.support_services.routes
from app.resources.models import Kind, Resource
from app.resources.reading import Asking
from app.resources.schemas import ResourceShown


class Slice(NamedTuple):
    """A kind: the statement over it, and its rows as the API shows them."""

    statement: Callable[[Iterable[ColumnElement[bool]]], Select[*tuple[Any, ...]]]
    shown: Callable[[Asking, Sequence[Any]], Sequence[ResourceShown]]


SLICES = {
    Kind.HOTLINE: Slice(app.hotlines.queries.hotlines, app.hotlines.routes.shown),
    Kind.COORDINATOR: Slice(app.coordinators.queries.coordinators, app.coordinators.routes.shown),
    Kind.SUPPORT_SERVICE: Slice(app.support_services.queries.support_services, app.support_services.routes.shown),
    Kind.COURSE: Slice(app.courses.queries.courses, app.courses.routes.shown),
    Kind.PROGRAM: Slice(app.programs.queries.programs, app.programs.routes.shown),
    Kind.PUBLICATION: Slice(app.publications.queries.publications, app.publications.routes.shown),
    Kind.EVENT: Slice(app.events.queries.events, app.events.routes.shown),
}


def whole(asking: Asking, resources: Sequence[Resource]) -> list[ResourceShown]:
    """These resources with the details of their kinds, in the same order; a fixed number of queries for each kind."""
    ids = defaultdict(list)
    for one in resources:
        ids[one.kind].append(one.id)
    found = {
        item.id: item
        for kind, wanted in ids.items()
        for item in SLICES[kind].shown(
            asking, asking.session.execute(SLICES[kind].statement([col(Resource.id).in_(wanted)])).all()
        )
    }
    return [found[one.slug] for one in resources]
