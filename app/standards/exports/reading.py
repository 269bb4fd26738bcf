"""Reading resources for a file: batch by batch, all from the one snapshot of the request."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import col

from app.resources import queries
from app.resources.models import Resource
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown

BATCH = 100
"""Resources in memory at a time."""

Show = Callable[[Reading, Sequence[Resource]], Sequence[ResourceShown]]


def batches(
    reading: Reading, where: Sequence[ColumnElement[bool]], show: Show, size: int = BATCH
) -> Iterator[Sequence[ResourceShown]]:
    """The resources in the order of lists; each batch begins after the last of the one before, and takes as many
    queries as any other."""
    beyond: list[ColumnElement[bool]] = []
    while True:
        rows = reading.session.scalars(queries.resources([*where, *beyond]).limit(size)).all()
        if rows:
            yield show(reading, rows)
        if len(rows) < size:
            return
        beyond = [tuple_(col(Resource.position), col(Resource.slug)) > (rows[-1].position, rows[-1].slug)]
        reading.session.expunge_all()
