"""What events are to the rest of the directory."""

from app.events import routes
from app.events.facts import tell_event
from app.events.models import EventDetails
from app.events.reading import build_events
from app.events.record import EventRecord
from app.events.schema_org import describe_event
from app.events.schemas import Event
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind
from app.standards.exports.tables import own_columns

DECLARATION = KindDeclaration(
    kind=Kind.EVENT,
    record=EventRecord,
    schema=Event,
    build=build_events,
    routers=(routes.router,),
    details=EventDetails,
    searched=("venue", "street_address", "locality"),
    facts=tell_event,
    columns=own_columns(Event),
    schema_org=describe_event,
)
