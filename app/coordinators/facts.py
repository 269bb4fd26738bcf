"""The facts of a coordinator, in words."""

from collections.abc import Iterator

from app.coordinators.schemas import Coordinator
from app.resources.facts import Fact, Words
from app.texts import Language


def tell_coordinator(coordinator: Coordinator, _: Words, __: Language) -> Iterator[Fact]:
    """The coordination region, why its counties are thought to be so, and the counties."""
    region = coordinator.coordination_region
    yield Fact("coordination_region", f"{region.name}. {region.reason}" if region.reason else region.name)
    yield Fact("counties", ", ".join(county.name for county in coordinator.counties))
