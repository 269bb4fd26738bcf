"""A hotline as an editor writes it."""

from app.records.shapes import ResourceRecord
from app.resources.kind import Kind


class HotlineRecord(ResourceRecord):
    """`[[hotline]]`: a line or chat that anybody it is for can reach without an appointment."""

    kind = Kind.HOTLINE
