"""Reading the contacts that may answer a situation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from app.areas.finding import find_area
from app.areas.models import Area, AreaKind
from app.opening_hours.live import State
from app.referrals import queries
from app.referrals.models import EscalationStep, Local, Urgency
from app.referrals.schemas import Audience, ReferralParameters
from app.resources.filters import related_terms
from app.resources.models import Resource
from app.resources.reading import Around, Asking, around, contact_point
from app.resources.schemas import ContactPointShown
from app.resources.staffing import reachable
from app.vocabularies.models import Term, Vocabulary

LEVELS = {
    None: (Urgency.ACUTE, Urgency.URGENT, Urgency.ADVICE),
    Urgency.ACUTE: (Urgency.ACUTE, Urgency.URGENT),
    Urgency.URGENT: (Urgency.ACUTE, Urgency.URGENT, Urgency.ADVICE),
    Urgency.ADVICE: (Urgency.ACUTE, Urgency.ADVICE, Urgency.URGENT),
}
"""Which levels are answered, in order. 112 is always first; who asks for advice sees last what else there is."""

GROUPS = {
    Audience.PROFESSIONAL: ("professionals",),
    Audience.EXPOSED: ("exposed",),
    Audience.BUYER: ("people-who-buy-sex", "people-who-fear-harming"),
}
"""The audience terms that a caller belongs to; what is for `anyone` is for each of them."""

ALSO = {Audience.PROFESSIONAL: ("exposed",)}
"""Whom a caller finds something to pass on to."""

OF_AGE = 26
"""Below this age, what is only for the young comes first, the youngest before the others; from it, it is left out."""

YOUNG = {"children-and-young-people", "young-lgbtqi"}
"""The audience terms for children and young people."""

BEST_FIRST = (State.OPEN, State.UNKNOWN, State.NOT_STATED, State.CLOSED)
GENERAL_ON_CALL = "socialjour"
"""The record of the general way to social services on call."""

STATEMENTS = {
    Local.COORDINATOR: queries.coordinators,
    Local.MUNICIPAL_CONTACT: queries.municipal_contacts,
    Local.SOCIAL_SERVICES_ON_CALL: queries.social_services_on_call,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact that may become a step; `step` is the escalation's, if it names this contact."""

    resource: Resource
    step: EscalationStep | None

    @property
    def urgency(self) -> Urgency:
        return self.step.urgency if self.step else Urgency.ADVICE

    @property
    def local(self) -> Local | None:
        return self.step.local if self.step else None


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for a referral."""

    place: Area | None
    candidates: list[Candidate]
    around: Around
    through: dict[UUID, Resource]
    missing: list[Local]
    """Local contacts that the escalation names and the directory does not know."""
    on_topic: set[UUID] | None
    """The contacts beside the escalation that are about the topic; None where no topic was asked for."""
    materials: list[tuple[str, str]]
    """Names and addresses of web material about the topic."""


def find(asking: Asking, wanted: ReferralParameters) -> Found:
    """Read the contacts for a situation. Raises InvalidParameter for a municipality or topic that is none."""
    session = asking.session
    place = find_area(session, AreaKind.MUNICIPALITY, wanted.municipality) if wanted.municipality else None
    topics = related_terms(session, Vocabulary.TOPIC, wanted.topic) if wanted.topic else None
    named, missing = _escalation(asking, wanted, place)
    others, on_topic = _others(asking, wanted, place, topics)
    known = {candidate.resource.id for candidate in named}
    candidates = [*named, *(Candidate(resource, None) for key, resource in others.items() if key not in known)]
    candidates = [one for one in candidates if one.urgency in LEVELS[wanted.urgency] and _fits(one, wanted.age)]
    through = dict(session.execute(queries.reached_through([one.resource.id for one in candidates])).all())
    everyone = {one.id: one for one in (*(one.resource for one in candidates), *through.values())}
    surroundings = around(asking, list(everyone.values()))
    candidates = [one for one in candidates if not _is_too_old(wanted.age, one, surroundings)]
    candidates = list(_without_the_general_way(asking, candidates, surroundings))
    return Found(place, candidates, surroundings, through, missing, on_topic, _materials(asking, topics))


def _escalation(asking: Asking, wanted: ReferralParameters, place: Area | None) -> tuple[list[Candidate], list[Local]]:
    """The contacts that the escalation names, and the sorts of local contact that are not known here."""
    named: list[Candidate] = []
    missing: list[Local] = []
    for step in asking.session.scalars(queries.escalation()).all():
        if step.urgency not in LEVELS[wanted.urgency] or not _concerns(step, wanted.audience):
            continue
        resources = _named(asking, step, place)
        named += [Candidate(resource, step) for resource in resources]
        if step.local is not None and not resources:
            missing.append(step.local)
    return named, missing


def _concerns(step: EscalationStep, audience: Audience) -> bool:
    """Advice of the escalation is on the cases of those exposed, and nothing for a person who buys sex."""
    return audience is not Audience.BUYER or step.urgency is not Urgency.ADVICE


def _named(asking: Asking, step: EscalationStep, place: Area | None) -> Sequence[Resource]:
    """The contacts that a step of the escalation names."""
    if step.resource_id is not None:
        return asking.session.scalars(queries.offered([col(Resource.id) == step.resource_id])).all()
    if place is None or step.local is None:
        return ()
    return asking.session.scalars(STATEMENTS[step.local](place)).all()


def _others(
    asking: Asking, wanted: ReferralParameters, place: Area | None, topics: Sequence[UUID] | None
) -> tuple[dict[UUID, Resource], set[UUID] | None]:
    """The contacts beside the escalation, and which of them are about the topic."""
    audiences = _audiences(asking, wanted.audience)
    statement = queries.others(place, wanted.age, audiences, topics)
    others = {one.id: one for one in asking.session.scalars(statement)}
    if topics is None:
        return others, None
    on_topic = set(others)
    # Somebody who answers now is worth knowing of, whatever the topic.
    answering = queries.others(place, wanted.age, audiences, None, reachable(asking.session, asking.at, is_open=True))
    return others | {one.id: one for one in asking.session.scalars(answering)}, on_topic


def _audiences(asking: Asking, audience: Audience) -> list[UUID] | None:
    """The terms that a contact beside the escalation has one of. A professional also finds what to pass on."""
    if audience is Audience.ANYONE:
        return None
    slugs = ("anyone", *ALSO.get(audience, ()), *GROUPS[audience])
    return [term for slug in slugs for term in related_terms(asking.session, Vocabulary.AUDIENCE, slug)]


def _fits(candidate: Candidate, age: int | None) -> bool:
    youngest, oldest = candidate.resource.min_age, candidate.resource.max_age
    return age is None or ((youngest is None or youngest <= age) and (oldest is None or age <= oldest))


def _is_too_old(age: int | None, candidate: Candidate, surroundings: Around) -> bool:
    """Whether the contact is for the young only, states no upper age, and the person is of age."""
    if age is None or age < OF_AGE or candidate.resource.max_age is not None:
        return False
    terms = surroundings.terms[candidate.resource.id]
    audiences = {term.slug for term in terms if term.vocabulary is Vocabulary.AUDIENCE}
    return bool(audiences) and audiences <= YOUNG


def _without_the_general_way(
    asking: Asking, candidates: Sequence[Candidate], surroundings: Around
) -> Iterator[Candidate]:
    """Leave out the general way to social services on call where it answers no better than those of the place."""

    def state(candidate: Candidate) -> int:
        return BEST_FIRST.index(best(points_of(asking, candidate.resource, surroundings)))

    local = [state(one) for one in candidates if one.local is Local.SOCIAL_SERVICES_ON_CALL]
    closed = BEST_FIRST.index(State.CLOSED)
    for candidate in candidates:
        is_general = candidate.step is not None and candidate.resource.slug == GENERAL_ON_CALL
        if not is_general or not local or min(local) == closed > state(candidate):
            yield candidate


def _materials(asking: Asking, topics: Sequence[UUID] | None) -> list[tuple[str, str]]:
    if topics is None:
        return []
    rows = asking.session.execute(queries.materials(topics)).all()
    names = around(asking, [resource for resource, _ in rows]).names if rows else {}
    return [(names[resource.id][0], details.url) for resource, details in rows if details.url]


def points_of(asking: Asking, resource: Resource, surroundings: Around) -> list[ContactPointShown]:
    """The contact points of a resource, with their states."""
    return [contact_point(asking, point, surroundings) for point in surroundings.points[resource.id]]


def best(points: Iterable[ContactPointShown]) -> State:
    """The best state of some contact points."""
    states = [point.opening_hours.state for point in points if point.opening_hours]
    return min(states, key=BEST_FIRST.index, default=State.NOT_STATED)


def audience_terms(candidate: Candidate, found: Found) -> Iterator[Term]:
    """The terms that say whom a contact is for."""
    for term in found.around.terms[candidate.resource.id]:
        if term.vocabulary is Vocabulary.AUDIENCE:
            yield term
