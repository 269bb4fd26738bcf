"""What the types of schema.org that kinds are have in common: services, works and events."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.http.views import View
from app.resources.models import Channel, Role
from app.resources.schemas import ResourceShown
from app.standards.schema_org_parts import Node, areas_of, contact_points_of, drop_missing


def service(view: View, item: ResourceShown) -> Node:
    """A service; who runs it is told by `provider`."""
    return {
        "@type": "Service",
        "provider": organizations_of(view, item, Role.PROVIDER, Role.ADMINISTRATOR),
        "category": [topic.name for topic in item.topics],
        "areaServed": areas_of(view, item),
        "availableChannel": [_channel(point) for point in contact_points_of(view, item)],
    }


def _channel(point: Node) -> Node:
    """A service is reached over channels; a number is a contact point of its channel, anything else is both."""
    carried_by = {Channel.PHONE: "servicePhone", Channel.SMS: "serviceSmsNumber"}.get(point.pop("channel"))
    if carried_by:
        return {"@type": "ServiceChannel", carried_by: point}
    return drop_missing({**point, "@type": ["ServiceChannel", "ContactPoint"], "serviceUrl": point.get("url")})


def work(view: View, item: ResourceShown) -> Node:
    """What creative works and events have in common."""
    return {
        "about": [{"@type": "Thing", "name": topic.name} for topic in item.topics],
        "contributor": organizations_of(view, item, Role.PARTNER),
        "funder": organizations_of(view, item, Role.FUNDER),
    }


def reached_organizations(view: View, item: ResourceShown, role: Role) -> list[Node]:
    """The organizations with this role, the first with the contact points: works and events have no word for them.

    Where no source names the organization, it stands without a name.
    """
    organizations = organizations_of(view, item, role)
    points = [
        {name: value for name, value in point.items() if name != "channel"} for point in contact_points_of(view, item)
    ]
    if not points:
        return organizations
    first, *others = organizations or [{"@type": "Organization"}]
    return [{**first, "contactPoint": points}, *others]


def organizations_of(view: View, item: ResourceShown, *roles: Role) -> list[Node]:
    """The organizations with any of these roles."""
    parts: Iterable[Any] = (part for part in item.organizations if part.role in roles)
    return [
        {"@type": "Organization", "@id": f"{_v1(view)}/organizations/{part.id}", "name": part.name} for part in parts
    ]


def date_of(day: date | None) -> str | None:
    """A date, if there is one."""
    return day.isoformat() if day else None


def _v1(view: View) -> str:
    return f"{view.base_url}/v1"
