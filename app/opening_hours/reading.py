"""Builds the opening hours that the API shows from contact points."""

from collections.abc import Sequence

from app.http.links import Links, link
from app.opening_hours import queries
from app.opening_hours.schemas import OpeningHoursEntry, PointNamed, ResourceNamed
from app.resources.freshness import checks_of, tell_freshness
from app.resources.models import ContactPoint, OpeningException, Resource
from app.resources.reading import (
    Reading,
    Surroundings,
    build_contact_point,
    build_opening_hours,
    load_surroundings,
    name_terms,
)
from app.resources.reading import build_links as resource_links
from app.resources.schemas import OpeningHoursShown
from app.sources.schemas import CitationShown
from app.texts import text_of
from app.vocabularies.models import Vocabulary


def build_entries(reading: Reading, rows: Sequence[queries.Row]) -> list[OpeningHoursEntry]:
    """One entry for each row, in their order."""
    surroundings = load_surroundings(reading, list({resource.id: resource for _, resource in rows}.values()))
    return [
        OpeningHoursEntry.model_construct(
            **dict(_hours(reading, point, surroundings.exceptions[point.id])),
            id=f"{resource.slug}.{point.slug}",
            resource=ResourceNamed(id=resource.slug, name=surroundings.names[resource.id][0], kind=resource.kind),
            contact_point=PointNamed(id=point.slug, name=text_of(point, "label", reading.language), value=point.value),
            audiences=name_terms(surroundings.terms[resource.id], Vocabulary.AUDIENCE, reading.language),
            citations=_citations(surroundings.citations[resource.id], point),
            freshness=_freshness(reading, resource, surroundings),
            links=_links(reading, resource, point),
        )
        for point, resource in rows
    ]


def _hours(reading: Reading, point: ContactPoint, exceptions: Sequence[OpeningException]) -> OpeningHoursShown:
    hours = build_opening_hours(reading, point, exceptions)
    assert hours is not None, "the statement selects contact points that have hours or need staff"
    return hours


def _citations(citations: Sequence[CitationShown], point: ContactPoint) -> list[CitationShown]:
    """Citations for the hours; without any, those for the contact point; without any, those for the resource's name."""
    prefix = f"contact_points.{point.slug}."
    for prefixes in ((f"{prefix}opening_hours", f"{prefix}exceptions"), (prefix,), ("name",)):
        if cited := [citation for citation in citations if citation.field.startswith(prefixes)]:
            return cited
    return list(citations)


def _freshness(reading: Reading, resource: Resource, surroundings: Surroundings) -> str:
    points = [build_contact_point(reading, point, surroundings) for point in surroundings.points[resource.id]]
    return tell_freshness(
        resource.kind, points, surroundings.citations[resource.id], checks_of(resource), reading.language
    )


def _links(reading: Reading, resource: Resource, point: ContactPoint) -> Links:
    address = f"/v1/opening-hours/{resource.slug}.{point.slug}"
    return {
        "self": link(reading, address),
        "up": resource_links(reading, resource)["self"].model_copy(update={"rel": "up"}),
        "related": link(reading, f"{address}/intervals", "related"),
    }
