"""What the JSON-LD of every kind has: where, for whom, how to reach it, and who says so."""

from datetime import date
from typing import Any

from app.areas.models import AreaKind
from app.areas.schemas import COLLECTIONS
from app.http.links import without_query
from app.http.views import View
from app.opening_hours.calendar import expression_of
from app.opening_hours.rules import STOCKHOLM
from app.opening_hours.wording import describe_stated
from app.organizations.schemas import OrganizationShown
from app.resources.freshness import freshness_of
from app.resources.models import Channel
from app.resources.schemas import AreaBrief, ContactPointShown, OpeningHoursShown, ResourceShown
from app.sources.schemas import SourceBrief
from app.standards.schema_org_hours import Specification, find_week
from app.status import OFFERED, Status
from app.texts import Text

CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
NO_LONGER = {
    Status.OUTDATED: Text(sv="Inaktuellt.", en="Out of date."),
    Status.ENDED: Text(sv="Avslutat.", en="Ended."),
}
ADDRESSES = (Channel.WEB, Channel.CHAT)

Node = dict[str, Any]


def drop_missing(node: Node) -> Node:
    """Without what is unknown or empty: in JSON-LD a null says nothing."""
    return {name: value for name, value in node.items() if value is not None and value not in ("", [])}


def contact_points_of(view: View, item: ResourceShown) -> list[Node]:
    """The contact points, each with its `channel` beside; none for what is not offered any more."""
    if item.status not in OFFERED:
        return []
    return [_contact_point(view, item, point) for point in item.contact_points]


def first_address(item: ResourceShown) -> str | None:
    """The first web address that the resource is reached at."""
    return next((point.uri for point in item.contact_points if point.channel is Channel.WEB and point.uri), None)


def areas_of(view: View, item: ResourceShown) -> list[Node]:
    """The areas that are served; a coordination region with its counties, as few know its name."""
    counties = [_area(view, county) for county in getattr(item, "counties", ())]
    return [
        drop_missing(
            {**_area(view, area), "containsPlace": counties if area.kind is AreaKind.COORDINATION_REGION else None}
        )
        for area in item.areas
    ]


def audiences_of(item: ResourceShown) -> list[Node]:
    """Whom it is for."""
    audiences: list[Node] = [{"@type": "Audience", "audienceType": audience.name} for audience in item.audiences]
    ages = drop_missing({"suggestedMinAge": item.min_age, "suggestedMaxAge": item.max_age})
    return [*audiences, {"@type": "PeopleAudience", **ages}] if ages else audiences


def record_of(view: View, item: ResourceShown | OrganizationShown) -> Node:
    """The directory's own record of it: language, licence, dates, status, and what it is based on."""
    sources = {citation.source.id: citation.source for citation in item.citations}
    return drop_missing(
        {
            "@type": "WebPage",
            "@id": f"{without_query(item.links['self'])}#record",
            "inLanguage": item.language,
            "license": CC0,
            "creativeWorkStatus": item.status,
            "dateModified": item.updated_at.isoformat(),
            "lastReviewed": _day(item.verified_at),
            "description": freshness_of(item) if isinstance(item, ResourceShown) else None,
            "isBasedOn": [_source(view, source) for source in sources.values()],
        }
    )


def _contact_point(view: View, item: ResourceShown, point: ContactPointShown) -> Node:
    opening = point.opening_hours
    return drop_missing(
        {
            "channel": point.channel,
            "@type": "ContactPoint",
            "@id": f"{without_query(item.links['self'])}#{point.id}",
            "contactType": point.label,
            "telephone": point.value if point.channel in (Channel.PHONE, Channel.SMS) else None,
            "email": point.value if point.channel is Channel.EMAIL else None,
            "url": point.uri if point.channel in ADDRESSES else None,
            "description": describe_stated(opening, item.language) if opening else None,
            "availableLanguage": point.languages,
            "contactOption": "https://schema.org/TollFree" if point.free_of_charge else None,
            **(_hours(view, opening) if opening else {}),
        }
    )


def _hours(view: View, opening_hours: OpeningHoursShown) -> dict[str, list[Specification]]:
    expression = expression_of(opening_hours)
    hours = find_week(expression, view.at.astimezone(STOCKHOLM).date()) if expression else None
    # Dates that differ stand beside the week, told by `validFrom`: their own property belongs to places alone.
    return {} if hours is None else {"hoursAvailable": [*hours.weekly, *hours.special]}


def _area(view: View, area: AreaBrief) -> Node:
    collection = COLLECTIONS.get(area.kind)
    return drop_missing(
        {
            "@type": "Country" if area.kind is AreaKind.COUNTRY else "AdministrativeArea",
            "@id": f"{view.base_url}/v1/{collection}/{area.id}" if collection else None,
            "identifier": area.id,
            "name": area.name,
        }
    )


def _source(view: View, source: SourceBrief) -> Node:
    return drop_missing(
        {
            "@type": "CreativeWork",
            "@id": f"{view.base_url}/v1/sources/{source.id}",
            "name": source.title,
            "url": source.url,
            "publisher": {"@type": "Organization", "name": source.publisher},
            "datePublished": _day(source.published),
            "dateModified": _day(source.updated),
        }
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
