"""A program as an editor writes it."""

from app.records.shapes import Count, Day, ResourceRecord
from app.resources.kind import Kind
from app.texts import Text


class ProgramRecord(ResourceRecord):
    """`[[program]]`."""

    kind = Kind.PROGRAM

    applicant: Text | None = None
    apply_through: Text | None = None
    available_from: Day | None = None
    days: Count | None = None
