"""What the page of one resource shows."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from app.coordinators.schemas import Coordinator
from app.kinds import build_whole
from app.resources.models import Kind, Resource
from app.resources.open_now import load_alternatives
from app.resources.queries import of_kind
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown


def describe_page(reading: Reading, resource: ResourceShown) -> dict[str, Any]:
    """The values for the template: the resource, the lines that refer on to it, and what is open instead."""
    through = load_lines(reading, [resource.reached_through] if isinstance(resource, Coordinator) else [])
    now = load_alternatives(reading, resource, [*through.values()])
    return {"resource": resource, "through": through, "now": now, "facts_from": reading.lasting or reading.at}


def load_lines(reading: Reading, slugs: Sequence[str | None]) -> dict[str, ResourceShown]:
    """The lines that refer on to coordinators, by their id."""
    distinct = {slug for slug in slugs if slug is not None}
    if not distinct:
        return {}
    lines = reading.session.scalars(of_kind(Kind.HOTLINE, [col(Resource.slug).in_(distinct)])).all()
    return {line.id: line for line in build_whole(reading, lines)}
