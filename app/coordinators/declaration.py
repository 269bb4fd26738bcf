"""What coordinators are to the rest of the directory."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col

from app.areas.models import Area
from app.coordinators.models import CoordinatorDetails
from app.coordinators.reading import build_coordinators
from app.coordinators.record import CoordinatorRecord
from app.coordinators.routes import router
from app.coordinators.schemas import Coordinator
from app.resources.declaration import Ids, KindDeclaration
from app.resources.kind import Kind


def _to_details(record: CoordinatorRecord, ids: Ids) -> Mapping[str, Any]:
    through = record.reached_through
    return {
        "coordination_region_id": ids["area", record.coordination_region],
        "reached_through_id": None if through is None else ids["resource", through],
    }


DECLARATION = KindDeclaration(
    kind=Kind.COORDINATOR,
    record=CoordinatorRecord,
    schema=Coordinator,
    build=build_coordinators,
    routers=(router,),
    details=CoordinatorDetails,
    beside=((Area, col(Area.id) == col(CoordinatorDetails.coordination_region_id)),),
    to_details=_to_details,
)
