"""A caller's situation, and the contacts that may answer it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from app.areas.models import Area
from app.opening_hours.live import State
from app.referrals.models import EscalationStep, Local, Urgency
from app.referrals.schemas import ANYONE
from app.resources.models import Resource
from app.resources.reading import Reading, Surroundings, build_contact_point
from app.resources.schemas import ContactPointShown
from app.vocabularies.models import Term, Vocabulary

BUYERS = "people-who-buy-sex"
GROUPS = {
    BUYERS: (BUYERS, "people-who-fear-harming"),
    "people-who-fear-harming": ("people-who-fear-harming", BUYERS),
}
"""Broad audiences whose callers also belong to another; callers of all others belong to theirs only."""

BEST_FIRST = (State.OPEN, State.UNKNOWN, State.NOT_STATED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact that may become a step. `step`: the step of the escalation that names it, if any."""

    resource: Resource
    step: EscalationStep | None

    @property
    def urgency(self) -> Urgency:
        return self.step.urgency if self.step else Urgency.ADVICE

    @property
    def local(self) -> Local | None:
        return self.step.local if self.step else None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    group: str
    """The broad audience, such as `professionals`; `anyone` where nothing is known."""
    terms: frozenset[UUID]
    """The ids of the audience that was named, and of the narrower and wider ones."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The broad audiences that the caller belongs to; empty: anybody."""
        return () if self.group == ANYONE else GROUPS.get(self.group, (self.group,))


@dataclass(frozen=True, slots=True)
class Situation:
    """The caller's situation and the contacts that may answer it."""

    caller: Caller
    place: Area | None
    candidates: list[Candidate]
    surroundings: Surroundings
    """Without texts and citations until the contacts are chosen."""
    points: dict[UUID, list[ContactPointShown]]
    """The contact points of the candidates and of the lines that refer on to them, by the resource's id."""
    through: dict[UUID, Resource]
    missing: list[Local]
    """Local contacts that the escalation names and the directory lacks."""
    topics: frozenset[UUID] | None
    """The ids of the topic that was asked for, and of the narrower and wider ones; None where none was."""
    materials: list[tuple[str, str]]
    """Names and addresses of web material about the topic."""


def build_points(
    reading: Reading, resources: Iterable[Resource], surroundings: Surroundings
) -> dict[UUID, list[ContactPointShown]]:
    """The contact points of resources, with their states, by the resource's id."""
    return {
        resource.id: [build_contact_point(reading, point, surroundings) for point in surroundings.points[resource.id]]
        for resource in resources
    }


def find_best_state(points: Iterable[ContactPointShown]) -> State:
    """The best state of some contact points."""
    states = [point.opening_hours.state for point in points if point.opening_hours]
    return min(states, key=BEST_FIRST.index, default=State.NOT_STATED)


def audience_terms(candidate: Candidate, situation: Situation) -> Iterator[Term]:
    """The terms that say whom a contact is for."""
    for term in situation.surroundings.terms[candidate.resource.id]:
        if term.vocabulary is Vocabulary.AUDIENCE:
            yield term
