"""Reading resources for a file."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement

from app.resources.models import Resource
from app.resources.queries import IN_ORDER, resources
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown
from app.standards.batches import read_batches

BATCH = 25
"""Resources in memory at a time. A hundred take a sixth less of the processor, and others wait four times as long."""

Show = Callable[[Reading, Sequence[Resource]], Sequence[ResourceShown]]


def batches(
    reading: Reading, where: Sequence[ColumnElement[bool]], show: Show, size: int = BATCH
) -> Iterator[Sequence[ResourceShown]]:
    """The resources in the order of lists."""
    for rows in read_batches(reading.session, resources(where), IN_ORDER, size):
        yield show(reading, [resource for (resource,) in rows])
