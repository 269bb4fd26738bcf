"""A course as an editor writes it."""

from app.courses.models import Format
from app.records.shapes import Count, Day, Line, ResourceRecord
from app.resources.kind import Kind


class CourseRecord(ResourceRecord):
    """`[[course]]`. `duration_stated`, `price_stated`: the source's few words; figures only where it gives them."""

    kind = Kind.COURSE

    format: Format | None = None
    minutes: Count | None = None
    days: Count | None = None
    duration_stated: Line | None = None
    chapters: Count | None = None
    free: bool | None = None
    price_stated: Line | None = None
    launched_on: Day | None = None
