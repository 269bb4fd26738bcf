"""What a coordinator adds to a service of HSDS."""

from app.areas.models import Area
from app.coordinators.models import CoordinatorDetails
from app.http.views import View
from app.standards.hsds.writing import JsonObject, drop_unstated


def tell_hsds_coordinator(_: View, details: CoordinatorDetails, __: Area) -> JsonObject:
    """The hotline that refers on to it."""
    line = details.reached_through_id
    return drop_unstated(reached_through_service_id=None if line is None else str(line))
