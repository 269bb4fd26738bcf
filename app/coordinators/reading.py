"""From rows to coordinators as the API shows them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from app.areas.queries import children
from app.coordinators import queries
from app.coordinators.schemas import Coordinator
from app.resources.reading import Around, Reading, area_brief, around, core
from app.resources.schemas import AreaBrief


def build_coordinators(reading: Reading, rows: Sequence[queries.Row], found: Around | None = None) -> list[Coordinator]:
    """Coordinators as the API shows them."""
    found = found or around(reading, [resource for resource, _, _ in rows])
    counties: defaultdict[UUID | None, list[AreaBrief]] = defaultdict(list)
    for county in reading.session.scalars(children([region.id for _, _, region in rows])):
        counties[county.parent_id].append(area_brief(county, reading.language))
    through = [details.reached_through_id for _, details, _ in rows if details.reached_through_id]
    lines = dict(reading.session.execute(queries.slugs(through)).all())
    return [
        Coordinator.model_construct(
            **core(reading, resource, found),
            coordination_region=area_brief(region, reading.language),
            counties=counties[region.id],
            reached_through=lines.get(details.reached_through_id) if details.reached_through_id else None,
        )
        for resource, details, region in rows
    ]
