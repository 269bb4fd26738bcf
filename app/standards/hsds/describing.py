"""From rows to records of HSDS, as lists or single answers show them."""

from collections.abc import Sequence
from typing import Any

from app.resources.reading import Reading
from app.sources.schemas import citations_of
from app.standards.hsds import citing
from app.standards.hsds.answering import (
    Show,
)
from app.standards.hsds.publications import publication
from app.standards.hsds.related import load_related, load_related_to_publications
from app.standards.hsds.services import service, service_at_location, service_at_location_brief, service_brief
from app.standards.hsds.writing import JsonObject, drop_unstated, flatten


def describe_services(reading: Reading, full: bool) -> Show:
    """Services, with all that belongs to them or as lists show them."""
    form = service if full else service_brief

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        resources = [row[0] for row in rows]
        related = load_related(reading, resources, full)
        return [form(reading, resource, related) for resource in resources]

    return show


def describe_locations(reading: Reading, full: bool) -> Show:
    """Services at locations, with all that belongs to them or as lists show them."""
    form = service_at_location if full else service_at_location_brief

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        related = load_related(reading, list({resource.id: resource for _, resource in rows}.values()), full)
        return [form(reading, point, resource, related) for point, resource in rows]

    return show


def describe_publications(reading: Reading, full: bool) -> Show:
    """Publications, with all that belongs to them or as lists show them."""

    def show(rows: Sequence[Any]) -> list[JsonObject]:
        resources = [row[0] for row in rows]
        related = load_related_to_publications(reading, resources, full)
        records = (publication(reading, resource, related) for resource in resources)
        return [record if full else flatten(record) for record in records]

    return show


def describe_terms(reading: Reading) -> Show:
    """Terms with their sources."""

    def show(tags: Sequence[Any]) -> list[JsonObject]:
        citations = citations_of(reading.session, [tag.id for tag in tags])
        return [
            {
                **citing.taxonomy_term(reading, tag),
                **drop_unstated(metadata=citing.metadata(tag.id, "taxonomy_term", citations[tag.id])),
            }
            for tag in tags
        ]

    return show
