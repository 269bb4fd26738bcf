"""Publications: an object and an endpoint of our profile, since HSDS has neither."""

from app.http.views import View
from app.resources.models import Resource
from app.standards.hsds import citing, reaching
from app.standards.hsds.addresses import uri
from app.standards.hsds.organizations import participations
from app.standards.hsds.related import Related
from app.standards.hsds.writing import JsonObject, columns_of, drop_unstated, join_description, write_day, write_moment


def publication(view: View, resource: Resource, related: Related) -> JsonObject:
    """A publication, an object of our profile."""
    name, summary, description = related.surroundings.names[resource.id]
    (details,), points = related.details[resource.id], related.surroundings.points[resource.id]
    address = uri(details.url) if details.url else next(filter(None, map(reaching.web_address, points)), None)
    return drop_unstated(
        id=str(resource.id),
        name=name,
        description=join_description(summary, description),
        **columns_of(details, "resource_id", "url"),
        url=address,
        record_status=resource.status,
        stated_on=write_day(resource.stated_on),
        assured_date=write_day(resource.verified_at),
        last_modified=write_moment(resource.updated_at),
        organizations=participations(related.participants[resource.id]),
        attributes=citing.attributes(view, resource.id, "publication", related.surroundings.terms[resource.id], points),
        metadata=citing.metadata(resource.id, "publication", related.surroundings.citations[resource.id]),
    )
