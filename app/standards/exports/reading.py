"""Reading resources for a file: batch by batch, all from the one snapshot of the request."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement, Select, tuple_
from sqlmodel import col

from app.resources import queries
from app.resources.models import Resource
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown

BATCH = 25
"""Resources in memory at a time. A hundred take a sixth less of the processor, and others wait four times as long."""

Show = Callable[[Reading, Sequence[Resource]], Sequence[ResourceShown]]


def batches(
    reading: Reading, where: Sequence[ColumnElement[bool]], show: Show, size: int = BATCH
) -> Iterator[Sequence[ResourceShown]]:
    """The resources in the order of lists; each batch begins after the last of the one before, and takes as many
    queries as any other. A resource that cannot be read is left out."""
    beyond: list[ColumnElement[bool]] = []
    while True:
        batch = queries.resources([*where, *beyond]).limit(size)
        rows = reading.session.scalars(batch).all()
        if rows:
            yield show(reading, rows)
        last = (rows[-1].position, rows[-1].slug) if len(rows) == size else _find_last(reading, batch)
        if last is None:
            return
        beyond = [tuple_(col(Resource.position), col(Resource.slug)) > last]
        reading.session.expunge_all()


def _find_last(reading: Reading, batch: Select[Resource]) -> tuple[int, str] | None:
    """The place of a batch's last resource, even if none of them can be read; None where the batch is empty."""
    places = reading.session.execute(batch.with_only_columns(col(Resource.position), col(Resource.slug))).all()
    return (places[-1][0], places[-1][1]) if places else None
