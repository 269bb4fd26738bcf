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
        dates = " – ".join(date_in_words(date, language) for date in (event.starts_on, last) if date)
        yield Fact("when", f"{dates} ({say['facts']['inferred']})" if event.date_basis is Basis.INFERRED else dates)
    yield Fact("venue", ", ".join(part for part in (event.venue, event.street_address, event.locality) if part))
    yield Fact("price", None if event.free is None else say["facts"]["free" if event.free else "not_free"])
    yield Fact("register_by", date_in_words(event.register_by, language) if event.register_by else None)
