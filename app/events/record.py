"""An event as an editor writes it."""

from typing import ClassVar

from app.records.shapes import Day, Line, ResourceRecord
from app.resources.kind import Kind
from app.resources.models import Basis


class EventRecord(ResourceRecord):
    """`[[event]]`. `date_basis = "inferred"` where the source leaves out the year."""

    uncited: ClassVar[frozenset[str]] = ResourceRecord.uncited | {"date_basis"}
    kind = Kind.EVENT

    starts_on: Day | None = None
    ends_on: Day | None = None
    date_basis: Basis | None = None
    venue: Line | None = None
    street_address: Line | None = None
    locality: Line | None = None
    free: bool | None = None
    register_by: Day | None = None
