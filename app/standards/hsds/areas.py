"""The areas that a service is stated to serve."""

from app.areas.models import Area
from app.areas.schemas import COLLECTIONS
from app.http.views import View
from app.resources.models import Resource
from app.standards.hsds.reaching import derived, in_language
from app.standards.hsds.related import Related
from app.standards.hsds.writing import JsonObject, drop_unstated


def service_areas(view: View, resource: Resource, found: Related) -> list[JsonObject]:
    """The areas that are served; of a coordinator, county by county."""
    region = found.region_of(resource)
    counties = found.counties[region.id] if region else []
    return [_area(view, resource, area) for area in counties or found.surroundings.areas[resource.id]]


def _area(view: View, resource: Resource, area: Area) -> JsonObject:
    collection = COLLECTIONS.get(area.kind)
    return drop_unstated(
        id=derived("service_area", resource.id, area.code),
        name=in_language(view, area.name_sv, area.name_en),
        uri=f"{view.base_url}/v1/{collection}/{area.code}" if collection else None,
        area_code=area.code,
        area_kind=area.kind,
        description=in_language(view, area.reason_sv, area.reason_en) if area.reason_sv else None,
    )
