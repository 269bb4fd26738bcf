"""Resources as JSON-LD in the words of https://schema.org, for search engines and for websites that import.

Unknown hours have no form there: they are left out, and the source's own words are kept as text.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.courses.schemas import Course
from app.events.schemas import Event
from app.http.links import base_url, without_query
from app.kinds import whole
from app.organizations.models import Tie
from app.organizations.routes import OrganizationShown
from app.publications.models import PublicationType
from app.publications.schemas import Publication
from app.resources.freshness import warnings_of
from app.resources.models import Channel, Kind, Resource, Role
from app.resources.reading import Asking
from app.resources.schemas import ResourceShown
from app.standards.schema_org_parts import (
    NO_LONGER,
    Node,
    areas_of,
    audiences_of,
    contact_points_of,
    first_address,
    present,
    record_of,
)
from app.status import OFFERED

CONTEXT = "https://schema.org"
ARTICLES = {
    PublicationType.REPORT: "Report",
    PublicationType.STATISTICS: "Report",
    PublicationType.NEWS: "NewsArticle",
}
"""Other publications are articles."""
MODES = {"online": "Online", "on_site": "Onsite", "blended": "Blended"}


def schema_org(asking: Asking, resources: Sequence[Resource]) -> list[Node]:
    """These resources as JSON-LD objects, each with its context, in the same order.

    `@id` is the resource's address in the API; what is outdated or ended says so and cannot be contacted.
    """
    return [thing(asking, item) for item in whole(asking, resources)]


def thing(asking: Asking, item: ResourceShown) -> Node:
    """One resource as a JSON-LD object; `item` is what its own collection shows, details included."""
    own = PARTICULARS.get(item.kind, _service)(asking, item)
    lead = [NO_LONGER[item.status][item.language]] if item.status in NO_LONGER else warnings_of(item)
    return present(
        {
            "@context": CONTEXT,
            "@type": "Thing",
            "@id": without_query(item.links["self"]),
            "identifier": item.id,
            "name": item.name,
            "description": " ".join(part for part in (*lead, item.summary, item.description) if part),
            "url": first_address(item) if item.status in OFFERED else None,
            "audience": audiences_of(item),
            **own,
            "mainEntityOfPage": record_of(asking, item),
        }
    )


def _service(asking: Asking, item: ResourceShown) -> Node:
    """A coordinator works within the municipality's social services; who runs the others is told by `provider`."""
    through = getattr(item, "reached_through", None)
    return {
        "@type": "GovernmentService" if item.kind is Kind.COORDINATOR else "Service",
        "provider": _organizations(asking, item, Role.PROVIDER, Role.ADMINISTRATOR),
        "category": [topic.name for topic in item.topics],
        "areaServed": areas_of(asking, item),
        "availableChannel": [_channel(point) for point in contact_points_of(asking, item)],
        "isRelatedTo": {"@type": "Service", "@id": f"{_v1(asking)}/hotlines/{through}"} if through else None,
    }


def _channel(point: Node) -> Node:
    """A service is reached over channels; a number is a contact point of its channel, anything else is both."""
    carried_by = {Channel.PHONE: "servicePhone", Channel.SMS: "serviceSmsNumber"}.get(point.pop("channel"))
    if carried_by:
        return {"@type": "ServiceChannel", carried_by: point}
    return present({**point, "@type": ["ServiceChannel", "ContactPoint"], "serviceUrl": point.get("url")})


def _work(asking: Asking, item: ResourceShown) -> Node:
    """What creative works and events have in common."""
    return {
        "about": [{"@type": "Thing", "name": topic.name} for topic in item.topics],
        "contributor": _organizations(asking, item, Role.PARTNER),
        "funder": _organizations(asking, item, Role.FUNDER),
    }


def _reachable(asking: Asking, item: ResourceShown, role: Role) -> list[Node]:
    """The organizations with this role, the first with the contact points: works and events have no word for them.

    Where no source names the organization, it stands without a name.
    """
    found = _organizations(asking, item, role)
    points = [
        {name: value for name, value in one.items() if name != "channel"} for one in contact_points_of(asking, item)
    ]
    if not points:
        return found
    first, *others = found or [{"@type": "Organization"}]
    return [{**first, "contactPoint": points}, *others]


def _course(asking: Asking, item: ResourceShown) -> Node:
    assert isinstance(item, Course)
    workload = f"PT{item.minutes}M" if item.minutes else f"P{item.days}D" if item.days else None
    instance = present({"courseMode": MODES.get(item.format or ""), "courseWorkload": workload})
    return {
        "@type": "Course",
        **_work(asking, item),
        "spatialCoverage": areas_of(asking, item),
        "provider": _reachable(asking, item, Role.PROVIDER),
        "isAccessibleForFree": item.free,
        "dateCreated": _day(item.launched_on),
        "timeRequired": workload,
        "hasCourseInstance": {"@type": "CourseInstance", **instance} if instance else None,
    }


def _publication(asking: Asking, item: ResourceShown) -> Node:
    assert isinstance(item, Publication)
    kind = ARTICLES.get(item.type, "Article")
    return {
        "@type": kind,
        **_work(asking, item),
        "spatialCoverage": areas_of(asking, item),
        "headline": item.title or item.name,
        "url": item.url,
        "publisher": _reachable(asking, item, Role.PUBLISHER),
        "datePublished": _day(item.published_on) or (str(item.year) if item.year else None),
        "version": item.edition,
        "reportNumber": item.number if kind == "Report" else None,
        "creativeWorkStatus": item.status,
    }


def _event(asking: Asking, item: ResourceShown) -> Node:
    assert isinstance(item, Event)
    address = present({"streetAddress": item.street_address, "addressLocality": item.locality})
    place = present({"name": item.venue, "address": {"@type": "PostalAddress", **address} if address else None})
    return {
        "@type": "Event",
        **_work(asking, item),
        "audience": audiences_of(item) + _audience_of(areas_of(asking, item)),
        "organizer": _reachable(asking, item, Role.ORGANIZER),
        "startDate": _day(item.starts_on),
        "endDate": _day(item.ends_on),
        "location": {"@type": "Place", **place} if place else None,
        "isAccessibleForFree": item.free,
    }


def _audience_of(areas: list[Node]) -> list[Node]:
    """Those who live or work in some areas. An event has a place, and no other word for where it is meant for."""
    return [{"@type": "Audience", "geographicArea": areas}] if areas else []


PARTICULARS: dict[Kind, Callable[[Asking, ResourceShown], Node]] = {
    Kind.COURSE: _course,
    Kind.PUBLICATION: _publication,
    Kind.EVENT: _event,
}
"""All other kinds are services."""


def _organizations(asking: Asking, item: ResourceShown, *roles: Role) -> list[Node]:
    found: Iterable[Any] = (part for part in item.organizations if part.role in roles)
    return [
        {"@type": "Organization", "@id": f"{_v1(asking)}/organizations/{part.id}", "name": part.name} for part in found
    ]


def organization(asking: Asking, item: OrganizationShown) -> Node:
    """An organization as a JSON-LD object. No source says of what sort it is."""
    ties = {
        word: [
            {"@type": "Organization", "@id": f"{_v1(asking)}/organizations/{one.id}", "name": one.name}
            for one in item.ties
            if one.tie is tie
        ]
        for word, tie in (("parentOrganization", Tie.PART_OF), ("memberOf", Tie.MEMBER_OF))
    }
    lead = NO_LONGER[item.status][item.language] if item.status in NO_LONGER else None
    return present(
        {
            "@context": CONTEXT,
            "@type": "Organization",
            "@id": without_query(item.links["self"]),
            "identifier": item.id,
            "name": item.name,
            "description": " ".join(part for part in (lead, item.description) if part),
            "url": item.url if item.status in OFFERED else None,
            **ties,
            "mainEntityOfPage": record_of(asking, item),
        }
    )


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _v1(asking: Asking) -> str:
    return f"{base_url(asking.request)}/v1"
