"""From rows to events as the API shows them."""

from app.events.schemas import Event
from app.resources.building import builder_of

build_events = builder_of(Event)
