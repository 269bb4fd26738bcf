"""What events are to the rest of the directory."""

from app.events import calendar, routes
from app.events.models import EventDetails
from app.events.reading import build_events
from app.events.record import EventRecord
from app.events.schemas import Event
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind

DECLARATION = KindDeclaration(
    kind=Kind.EVENT,
    record=EventRecord,
    schema=Event,
    build=build_events,
    routers=(routes.router, calendar.router),
    details=EventDetails,
)
