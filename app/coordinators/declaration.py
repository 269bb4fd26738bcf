"""What coordinators are to the rest of the directory."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col

from app.areas.models import Area
from app.coordinators.columns import COLUMNS
from app.coordinators.facts import tell_coordinator
from app.coordinators.hsds import tell_hsds_coordinator
from app.coordinators.models import CoordinatorDetails
from app.coordinators.reading import build_coordinators
from app.coordinators.record import CoordinatorRecord
from app.coordinators.routes import router
from app.coordinators.schema_org import describe_coordinator
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
    facts=tell_coordinator,
    columns=COLUMNS,
    schema_org=describe_coordinator,
    hsds=tell_hsds_coordinator,
)
