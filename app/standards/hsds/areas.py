"""The areas that a service is stated to serve."""

from app.areas.models import Area
from app.areas.schemas import COLLECTIONS
from app.http.views import View
from app.resources.models import Resource
from app.standards.hsds.reaching import derived
from app.standards.hsds.related import Related
from app.standards.hsds.writing import JsonObject, drop_unstated
from app.texts import text_of


def service_areas(view: View, resource: Resource, related: Related) -> list[JsonObject]:
    """The areas that are served; of a coordinator, county by county."""
    region = related.region_of(resource)
    counties = related.counties[region.id] if region else []
    return [_area(view, resource, area) for area in counties or related.surroundings.areas[resource.id]]


def _area(view: View, resource: Resource, area: Area) -> JsonObject:
    collection = COLLECTIONS.get(area.kind)
    return drop_unstated(
        id=derived("service_area", resource.id, area.code),
        name=text_of(area, "name", view.language),
        uri=f"{view.base_url}/v1/{collection}/{area.code}" if collection else None,
        area_code=area.code,
        area_kind=area.kind,
        description=text_of(area, "reason", view.language),
    )
