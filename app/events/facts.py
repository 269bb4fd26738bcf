"""The facts of an event, in words."""

from collections.abc import Iterator

from app.events.schemas import Event
from app.resources.facts import Fact, Words
from app.resources.models import Basis
from app.texts import Language
from app.times import date_in_words


def tell_event(event: Event, say: Words, language: Language) -> Iterator[Fact]:
    """When and where it is, what it costs, and until when to register."""
    if event.starts_on is not None:
        last = event.ends_on if event.ends_on not in (None, event.starts_on) else None
        when = " – ".join(date_in_words(one, language) for one in (event.starts_on, last) if one)
        yield Fact("when", f"{when} ({say['facts']['inferred']})" if event.date_basis is Basis.INFERRED else when)
    yield Fact("venue", ", ".join(one for one in (event.venue, event.street_address, event.locality) if one))
    yield Fact("price", None if event.free is None else say["facts"]["free" if event.free else "not_free"])
    yield Fact("register_by", date_in_words(event.register_by, language) if event.register_by else None)
