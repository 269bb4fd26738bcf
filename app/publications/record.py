"""A publication as an editor writes it."""

from typing import Annotated

from pydantic import Field

from app.publications.models import PublicationType
from app.records.shapes import Day, Line, ResourceRecord, WebAddress
from app.resources.kind import Kind


class PublicationRecord(ResourceRecord):
    """`[[publication]]`. `title`: as printed, where the Swedish `name` is not just that."""

    kind = Kind.PUBLICATION

    type: PublicationType
    title: Line | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    published_on: Day | None = None
    number: Line | None = None
    edition: Line | None = None
    url: WebAddress | None = None
