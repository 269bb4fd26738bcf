"""Services and where they are, whole; lists show them `flat`."""

from collections.abc import Sequence

from app.http.views import View
from app.kinds import DECLARATIONS
from app.organizations.models import Organization
from app.resources.freshness import EXISTENCE_UNKNOWN, is_existence_unknown, tell_overdue
from app.resources.models import ContactPoint, Kind, Resource, Role
from app.resources.reading import build_contact_point, tell_review
from app.standards.hsds import citing, reaching
from app.standards.hsds.areas import service_areas
from app.standards.hsds.organizations import organization_brief, participations
from app.standards.hsds.queries import DELIVERING
from app.standards.hsds.reaching import derived
from app.standards.hsds.related import Related
from app.standards.hsds.vocabularies import KIND_TAGS, tag
from app.standards.hsds.writing import JsonObject, drop_unstated, flatten, join_description, write_day, write_moment
from app.status import Status
from app.texts import Text, said, text_of

STATUSES = {
    Status.CURRENT: "active",
    Status.UNVERIFIED: "active",
    Status.OUTDATED: "inactive",
    Status.ENDED: "defunct",
}
ALERTS = {
    Status.OUTDATED: Text(
        sv="Inaktuell uppgift: använd den inte för att ta kontakt.",
        en="Out of date: do not use it to make contact.",
    ),
    Status.ENDED: Text(sv="Avslutad: finns inte längre.", en="Ended: no longer there."),
}
COORDINATOR = Text(
    sv="Regionkoordinator mot prostitution och människohandel",
    en="Regional coordinator against prostitution and human trafficking",
)
INTERPRETERS = Text(sv="Tolk finns.", en="Interpreters are available.")


def service_brief(view: View, resource: Resource, related: Related) -> JsonObject:
    """A service as lists show it."""
    return flatten(_scalar(view, resource, related))


def service(view: View, resource: Resource, related: Related) -> JsonObject:
    """A service with all that belongs to it."""
    points = related.surroundings.points[resource.id]
    return {
        **_scalar(view, resource, related),
        **drop_unstated(
            organizations=participations(related.participants[resource.id]),
            funding=_funding(resource, related),
            contacts=_contacts(view, resource, related),
            phones=reaching.phones(view, points, related.surroundings),
            additional_urls=reaching.further_urls(view, points),
            schedules=[entry for point in points for entry in reaching.schedules(view, point, related.surroundings)],
            service_areas=service_areas(view, resource, related),
            service_at_locations=[at_location(view, point, related) for point in points if reaching.is_located(point)],
            languages=reaching.languages(resource.id, points, related.surroundings),
            cost_options=cost_options(view, resource, related),
            attributes=citing.attributes(
                view,
                resource.id,
                "service",
                related.surroundings.terms[resource.id],
                points,
                KIND_TAGS[resource.kind],
            ),
            metadata=citing.metadata(resource.id, "service", related.surroundings.citations[resource.id]),
        ),
    }


def _scalar(view: View, resource: Resource, related: Related) -> JsonObject:
    """What there is one of."""
    return {
        **_itself(view, resource, related),
        **_delivery(resource, related),
        **_particulars(view, resource, related),
    }


def _itself(view: View, resource: Resource, related: Related) -> JsonObject:
    """What a service is, for whom, and how far it can be trusted."""
    name, summary, description = related.surroundings.names[resource.id]
    points = related.surroundings.points[resource.id]
    audiences = [tag(term) for term in related.surroundings.terms[resource.id] if term.vocabulary == "audience"]
    return drop_unstated(
        id=str(resource.id),
        name=name,
        description=join_description(summary, description),
        url=next(filter(None, map(reaching.web_address, points)), None),
        email=_email(points),
        status=STATUSES[resource.status],
        interpretation_services=INTERPRETERS[view.language] if any(point.interpreters for point in points) else None,
        eligibility_description=", ".join(audience.name[view.language] for audience in audiences) or None,
        minimum_age=resource.min_age,
        maximum_age=resource.max_age,
        assured_date=write_day(resource.verified_at),
        alert=said(ALERTS.get(resource.status), view.language) or _warn(view, resource, related),
        last_modified=write_moment(resource.updated_at),
        record_status=resource.status,
        stated_on=write_day(resource.stated_on),
        review_due=write_day(resource.review_due),
    )


def _warn(view: View, resource: Resource, related: Related) -> str | None:
    """That it is not known whether a line still exists, and that nobody has checked it in time."""
    points = [
        build_contact_point(view, point, related.surroundings) for point in related.surroundings.points[resource.id]
    ]
    review = tell_review(view, resource.verified_at, resource.review_due)
    existence = EXISTENCE_UNKNOWN[view.language] if is_existence_unknown(points) else None
    overdue = tell_overdue(points, review, resource.review_due, view.language)
    return " ".join(filter(None, (existence, overdue))) or None


def _delivery(resource: Resource, related: Related) -> JsonObject:
    """Who delivers a service, and under which programme."""
    deliverers = [
        (deliverer, text) for role, deliverer, text in related.participants[resource.id] if role in DELIVERING
    ]
    organization, text = deliverers[0] if deliverers else (None, None)
    program = _program(resource, related, organization) if resource.kind is Kind.PROGRAM else None
    return drop_unstated(
        organization_id=str(organization.id) if organization else None,
        organization=organization_brief(organization, text, related.parents) if organization and text else None,
        program_id=program["id"] if program else None,
        program=program,
    )


def _funding(resource: Resource, related: Related) -> list[JsonObject]:
    return [
        {"id": derived("funding", resource.id, organization.id), "source": text.name}
        for role, organization, text in related.participants[resource.id]
        if role is Role.FUNDER
    ]


def _program(resource: Resource, related: Related, organization: Organization | None) -> JsonObject:
    name, summary, description = related.surroundings.names[resource.id]
    return drop_unstated(
        id=derived("program", resource.id),
        organization_id=str(organization.id) if organization else None,
        name=name,
        description=join_description(summary, description),
    )


def _particulars(view: View, resource: Resource, related: Related) -> JsonObject:
    """What is a kind's own; nothing where its details cannot be read."""
    tell, details = DECLARATIONS[resource.kind].hsds, related.details.get(resource.id)
    return tell(view, *details) if tell and details else {}


def _contacts(view: View, resource: Resource, related: Related) -> list[JsonObject]:
    """The coordinators of a region, as a function: no person is named."""
    region = related.region_of(resource)
    if region is None:
        return []
    points = related.surroundings.points[resource.id]
    contact = drop_unstated(
        id=derived("contact", resource.id),
        title=COORDINATOR[view.language],
        department=text_of(region, "name", view.language),
        email=_email(points),
        phones=reaching.phones(view, points, related.surroundings),
    )
    return [contact]


def cost_options(view: View, resource: Resource, related: Related) -> list[JsonObject]:
    """What is stated to cost nothing: a course, or a way to make contact. No source states another price in figures."""
    nothing = {"amount": 0, "currency": "SEK"}
    details = next(iter(related.details.get(resource.id, ())), None)
    price = getattr(details, "price_stated", None)
    own = [drop_unstated(id=derived("cost_option", resource.id), **nothing, amount_description=price)]
    return (own if getattr(details, "free", None) else []) + [
        drop_unstated(id=derived("cost_option", point.id), option=text_of(point, "label", view.language), **nothing)
        for point in related.surroundings.points[resource.id]
        if point.free_of_charge
    ]


def _place(view: View, point: ContactPoint, related: Related) -> JsonObject:
    return {
        "id": str(point.id),
        "service_id": str(point.resource_id),
        "location_id": derived("location", point.id),
        "location": reaching.location(view, point, related.surroundings),
    }


def at_location(view: View, point: ContactPoint, related: Related) -> JsonObject:
    """A service at a location, as its service shows it."""
    return {
        **_place(view, point, related),
        **drop_unstated(schedules=reaching.schedules(view, point, related.surroundings)),
    }


def service_at_location_brief(view: View, point: ContactPoint, resource: Resource, related: Related) -> JsonObject:
    """A service at a location as lists show it."""
    return flatten({**_place(view, point, related), "service": _scalar(view, resource, related)})


def service_at_location(view: View, point: ContactPoint, resource: Resource, related: Related) -> JsonObject:
    """A service at a location with all that belongs to it."""
    whole = service(view, resource, related)
    del whole["service_at_locations"]  # this is one of them
    areas = {"service_areas": whole["service_areas"]} if "service_areas" in whole else {}
    return {**at_location(view, point, related), **areas, "service": whole}


def _email(points: Sequence[ContactPoint]) -> str | None:
    return next((point.value for point in points if point.channel == "email" and point.value), None)
