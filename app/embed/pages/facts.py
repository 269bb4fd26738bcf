"""What is particular to a resource, as names and values in words; what nobody states is left out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.embed.pages.words import texts_of
from app.kinds import DECLARATIONS
from app.resources.facts import Fact
from app.resources.schemas import ResourceShown
from app.texts import Language


class NamedFact(NamedTuple):
    """A fact with its name in words."""

    name: str
    value: str
    is_address: bool


def facts(resource: ResourceShown, language: Language) -> list[NamedFact]:
    """What somebody states: first what is the kind's own, then what all have, then addresses."""
    say = texts_of(resource.kind, language)
    own = list(DECLARATIONS[resource.kind].facts(resource, say, language))
    all_facts = [*own, *_shared(resource, say)]
    named = [NamedFact(say["facts"][fact.name], fact.value, fact.is_address) for fact in all_facts if fact.value]
    return sorted(named, key=lambda fact: fact.is_address)  # stable


def _shared(resource: ResourceShown, say: dict[str, Any]) -> Iterator[Fact]:
    parts = (f"{part.name} ({say['roles'][part.role]})" for part in resource.organizations)
    yield Fact("organizations", ", ".join(parts))
    yield Fact("audiences", ", ".join(audience.name for audience in resource.audiences))
    yield Fact("ages", _ages(resource, say["facts"]))
    yield Fact("topics", ", ".join(topic.name for topic in resource.topics))
    yield Fact("areas", ", ".join(area.name for area in resource.areas))


def _ages(resource: ResourceShown, say: dict[str, str]) -> str | None:
    youngest, oldest = resource.min_age, resource.max_age
    if youngest is not None and oldest is not None:
        return say["ages_between"].format(youngest, oldest)
    if youngest is not None:
        return say["ages_from"].format(youngest)
    return None if oldest is None else say["ages_to"].format(oldest)
