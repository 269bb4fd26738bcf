"""From rows to coordinators as the API shows them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from app.areas.queries import children
from app.coordinators import queries
from app.coordinators.schemas import Coordinator
from app.resources.reading import Reading, Surroundings, build_area, build_core, load_surroundings
from app.resources.schemas import AreaBrief


def build_coordinators(
    reading: Reading, rows: Sequence[queries.Row], surroundings: Surroundings | None = None
) -> list[Coordinator]:
    """Coordinators as the API shows them."""
    surroundings = surroundings or load_surroundings(reading, [resource for resource, _, _ in rows])
    counties: defaultdict[UUID | None, list[AreaBrief]] = defaultdict(list)
    for county in reading.session.scalars(children([region.id for _, _, region in rows])):
        counties[county.parent_id].append(build_area(county, reading.language))
    through = [details.reached_through_id for _, details, _ in rows if details.reached_through_id]
    lines = dict(reading.session.execute(queries.slugs(through)).all())
    return [
        Coordinator.model_construct(
            **build_core(reading, resource, surroundings),
            coordination_region=build_area(region, reading.language),
            counties=counties[region.id],
            reached_through=lines.get(details.reached_through_id) if details.reached_through_id else None,
        )
        for resource, details, region in rows
    ]
