"""An event in the words of schema.org."""

from app.events.schemas import Event
from app.http.views import View
from app.resources.models import Role
from app.standards.schema_org_parts import Node, areas_of, audiences_of, drop_missing
from app.standards.schema_org_types import date_of, reached_organizations, work


def describe_event(view: View, item: Event) -> Node:
    """An event, with its place and days."""
    address = drop_missing({"streetAddress": item.street_address, "addressLocality": item.locality})
    place = drop_missing({"name": item.venue, "address": {"@type": "PostalAddress", **address} if address else None})
    return {
        "@type": "Event",
        **work(view, item),
        "audience": audiences_of(item) + _audience_of(areas_of(view, item)),
        "organizer": reached_organizations(view, item, Role.ORGANIZER),
        "startDate": date_of(item.starts_on),
        "endDate": date_of(item.ends_on),
        "location": {"@type": "Place", **place} if place else None,
        "isAccessibleForFree": item.free,
    }


def _audience_of(areas: list[Node]) -> list[Node]:
    """Those who live or work in some areas. An event has a place, and no other word for where it is meant for."""
    return [{"@type": "Audience", "geographicArea": areas}] if areas else []
