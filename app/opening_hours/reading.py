"""From contact points to their hours as the API shows them."""

from collections.abc import Sequence

from app.http.links import Links, link
from app.opening_hours import queries
from app.opening_hours.schemas import OpeningHoursEntry, PointNamed, ResourceNamed
from app.resources.freshness import tell_freshness
from app.resources.models import ContactPoint, OpeningException, Resource
from app.resources.reading import Around, Reading, around, contact_point, opening_hours, terms_of
from app.resources.reading import links as resource_links
from app.resources.schemas import OpeningHoursShown
from app.sources.schemas import CitationShown
from app.texts import text_of
from app.vocabularies.models import Vocabulary


def build_entries(reading: Reading, rows: Sequence[queries.Row]) -> list[OpeningHoursEntry]:
    """Hours as the API shows them."""
    found = around(reading, list({resource.id: resource for _, resource in rows}.values()))
    return [
        OpeningHoursEntry.model_construct(
            **dict(_hours(reading, point, found.exceptions[point.id])),
            id=f"{resource.slug}.{point.slug}",
            resource=ResourceNamed(id=resource.slug, name=found.names[resource.id][0], kind=resource.kind),
            contact_point=PointNamed(id=point.slug, name=text_of(point, "label", reading.language), value=point.value),
            audiences=terms_of(found.terms[resource.id], Vocabulary.AUDIENCE, reading.language),
            citations=_citations(found.citations[resource.id], point),
            freshness=_freshness(reading, resource, found),
            links=_links(reading, resource, point),
        )
        for point, resource in rows
    ]


def _hours(reading: Reading, point: ContactPoint, exceptions: Sequence[OpeningException]) -> OpeningHoursShown:
    hours = opening_hours(reading, point, exceptions)
    assert hours is not None, "the statement leaves out contact points without hours that nobody staffs"
    return hours


def _citations(citations: Sequence[CitationShown], point: ContactPoint) -> list[CitationShown]:
    """Who states the hours; else who states anything of the contact point; else who states the resource's name."""
    own = f"contact_points.{point.slug}."
    for prefixes in ((f"{own}opening_hours", f"{own}exceptions"), (own,), ("name",)):
        if cited := [one for one in citations if one.field.startswith(prefixes)]:
            return cited
    return list(citations)


def _freshness(reading: Reading, resource: Resource, found: Around) -> str:
    points = [contact_point(reading, one, found) for one in found.points[resource.id]]
    return tell_freshness(resource.kind, points, found.citations[resource.id], resource.verified_at, reading.language)


def _links(reading: Reading, resource: Resource, point: ContactPoint) -> Links:
    own = f"/v1/opening-hours/{resource.slug}.{point.slug}"
    return {
        "self": link(reading, own),
        "up": resource_links(reading, resource)["self"].model_copy(update={"rel": "up"}),
        "related": link(reading, f"{own}/intervals", "related"),
    }
