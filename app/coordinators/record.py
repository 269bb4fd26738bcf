"""A coordinator as an editor writes it."""

from app.records.shapes import ResourceRecord
from app.resources.filters import Slug
from app.resources.kind import Kind


class CoordinatorRecord(ResourceRecord):
    """`[[coordinator]]`: the coordinators of one coordination region. `reached_through`: the line that refers on."""

    kind = Kind.COORDINATOR

    coordination_region: str
    reached_through: Slug | None = None
