"""A support service as an editor writes it."""

from app.records.shapes import ResourceRecord
from app.resources.kind import Kind


class SupportServiceRecord(ResourceRecord):
    """`[[support_service]]`: counselling, a municipal contact, a clinic."""

    kind = Kind.SUPPORT_SERVICE
