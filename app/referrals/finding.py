"""Loads the contacts that may answer a situation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from app.areas.finding import find_area
from app.areas.models import Area, AreaKind
from app.opening_hours.live import State
from app.referrals import queries
from app.referrals.models import EscalationStep, Local, Urgency
from app.referrals.schemas import ANYONE, ReferralParameters
from app.referrals.situations import BEST_FIRST, GROUPS, Caller, Candidate, Situation, build_points, find_best_state
from app.resources.filters import MANY, related_terms
from app.resources.models import Resource
from app.resources.reading import Reading, Surroundings, add_texts, load_reach
from app.resources.schemas import ContactPointShown
from app.resources.staffing import reachable
from app.vocabularies.models import Vocabulary

LEVELS = {
    None: (Urgency.ACUTE, Urgency.URGENT, Urgency.ADVICE),
    Urgency.ACUTE: (Urgency.ACUTE, Urgency.URGENT),
    Urgency.URGENT: (Urgency.ACUTE, Urgency.URGENT, Urgency.ADVICE),
    Urgency.ADVICE: (Urgency.ACUTE, Urgency.ADVICE, Urgency.URGENT),
}
"""The levels in an answer, in order, by the urgency asked for. Acute is always first."""

PROFESSIONALS = "professionals"

ALSO = {PROFESSIONALS: ("exposed",), "relatives": ("exposed",)}
"""Further audiences whose contacts a caller can pass on."""

WITHOUT_ADVICE_ON_CASES = frozenset({*GROUPS, "people-who-use-violence"})
"""Audiences that get no advice from the escalation, which is about cases of exposed people."""

OF_AGE = 26
"""Below this age, contacts only for the young come first, lowest upper age first; from it on, they are left out."""

YOUNG = {"children-and-young-people", "young-lgbtqi"}
"""The audience terms for children and young people."""

GENERAL_ON_CALL = "socialjour"
"""The record of the general contact for social services on call."""

STATEMENTS = {
    Local.COORDINATOR: queries.coordinators,
    Local.MUNICIPAL_CONTACT: queries.municipal_contacts,
    Local.SOCIAL_SERVICES_ON_CALL: queries.social_services_on_call,
}


def load_situation(reading: Reading, parameters: ReferralParameters) -> Situation:
    """Load the contacts for a situation. Raises InvalidParameter for a place, audience or topic that is none."""
    place, caller = _find_place(reading, parameters), _find_caller(reading, parameters.audience)
    topics = related_terms(reading.session, Vocabulary.TOPIC, parameters.topic) if parameters.topic else None
    named, missing = _escalation(reading, parameters, caller, place)
    others = _others(reading, parameters, caller, place, topics)
    named_ids = {candidate.resource.id for candidate in named}
    candidates = [*named, *(Candidate(resource, None) for key, resource in others.items() if key not in named_ids)]
    levels = LEVELS[parameters.urgency]
    candidates = [
        candidate for candidate in candidates if candidate.urgency in levels and _fits(candidate, parameters.age)
    ]
    resources = [candidate.resource for candidate in candidates]
    through = dict(reading.session.execute(queries.reached_through([resource.id for resource in resources])).all())
    everyone = {resource.id: resource for resource in (*resources, *through.values())}
    surroundings = load_reach(reading, list(everyone.values()))
    candidates = [candidate for candidate in candidates if not _is_too_old(parameters.age, candidate, surroundings)]
    chosen = [candidate.resource for candidate in candidates]
    ways = [*chosen, *(through[resource.id] for resource in chosen if resource.id in through)]
    points = build_points(reading, ways, surroundings)
    candidates = list(_drop_general_contact(candidates, points))
    about = None if topics is None else frozenset(topics)
    materials = _load_materials(reading, topics)
    return Situation(caller, place, candidates, surroundings, points, through, missing, about, materials)


def _find_place(reading: Reading, parameters: ReferralParameters) -> Area | None:
    for kind, name in ((AreaKind.MUNICIPALITY, parameters.municipality), (AreaKind.COUNTY, parameters.county)):
        if name:
            return find_area(reading.session, kind, name)
    return None


def _find_caller(reading: Reading, audience: str) -> Caller:
    if audience == ANYONE:
        return Caller(ANYONE, frozenset())
    terms = related_terms(reading.session, Vocabulary.AUDIENCE, audience)
    widest = reading.session.scalars(queries.widest(terms)).one()
    return Caller(widest, frozenset(terms))


def _escalation(
    reading: Reading, parameters: ReferralParameters, caller: Caller, place: Area | None
) -> tuple[list[Candidate], list[Local]]:
    """The contacts that the escalation names, and the kinds of local contact that the directory lacks here."""
    named: list[Candidate] = []
    missing: list[Local] = []
    steps = reading.session.scalars(queries.escalation()).all()
    steps = [step for step in steps if step.urgency in LEVELS[parameters.urgency] and _concerns(step, caller)]
    in_force = _load_in_force(reading, [step.resource_id for step in steps if step.resource_id is not None])
    for step in steps:
        resources = _named(reading, step, place, in_force)
        named += [Candidate(resource, step) for resource in resources]
        if step.local is not None and not resources and not _has_another(reading, step.local, place):
            missing.append(step.local)
    return named, missing


def _concerns(step: EscalationStep, caller: Caller) -> bool:
    return caller.group not in WITHOUT_ADVICE_ON_CASES or step.urgency is not Urgency.ADVICE


def _has_another(reading: Reading, local: Local, place: Area | None) -> bool:
    """Whether the municipality has a contact of its own, though none that the escalation names."""
    if local is not Local.MUNICIPAL_CONTACT or place is None:
        return False
    return reading.session.scalars(queries.own_services(place)).first() is not None


def _load_in_force(reading: Reading, ids: Collection[UUID]) -> dict[UUID, Resource]:
    """Those of these resources that are in force."""
    return {resource.id: resource for resource in reading.session.scalars(queries.offered([col(Resource.id).in_(ids)]))}


def _named(
    reading: Reading, step: EscalationStep, place: Area | None, in_force: Mapping[UUID, Resource]
) -> Sequence[Resource]:
    """The contacts that a step of the escalation names."""
    if step.resource_id is not None:
        return [in_force[step.resource_id]] if step.resource_id in in_force else []
    if place is None or step.local is None:
        return ()
    return reading.session.scalars(STATEMENTS[step.local](place)).all()


def _others(
    reading: Reading, parameters: ReferralParameters, caller: Caller, place: Area | None, topics: Sequence[UUID] | None
) -> dict[UUID, Resource]:
    """The contacts outside of the escalation: those about the topic, and all that answer now."""
    session, audiences = reading.session, _audiences(reading, caller)
    fits = _fits_situation(session, place, audiences, topics)
    others = list(session.scalars(queries.others(fits, parameters.age)))
    if topics is not None:
        fits = _fits_situation(session, place, audiences, None)
        others += session.scalars(queries.others(fits, parameters.age, reachable(session, reading.at, is_open=True)))
    return {resource.id: resource for resource in others}


def _fits_situation(
    session: Session, place: Area | None, audiences: Collection[UUID] | None, topics: Collection[UUID] | None
) -> ColumnElement[bool]:
    """Whether a resource fits; of these, the first in the order of lists are taken."""
    ids = session.scalars(queries.fitting(place, audiences, topics).limit(MANY)).all()
    return col(Resource.id).in_(ids) if len(ids) < MANY else queries.is_fitting(place, audiences, topics)


def _audiences(reading: Reading, caller: Caller) -> list[UUID] | None:
    """The terms of which a contact outside of the escalation must have one; None: it may be for anybody."""
    if not caller.groups:
        return None
    slugs = (ANYONE, *ALSO.get(caller.group, ()), *caller.groups)
    return list(related_terms(reading.session, Vocabulary.AUDIENCE, *slugs))


def _fits(candidate: Candidate, age: int | None) -> bool:
    youngest, oldest = candidate.resource.min_age, candidate.resource.max_age
    return age is None or ((youngest is None or youngest <= age) and (oldest is None or age <= oldest))


def _is_too_old(age: int | None, candidate: Candidate, surroundings: Surroundings) -> bool:
    """Whether the contact is for the young only, states no upper age, and the person is of age."""
    if age is None or age < OF_AGE or candidate.resource.max_age is not None:
        return False
    terms = surroundings.terms[candidate.resource.id]
    audiences = {term.slug for term in terms if term.vocabulary is Vocabulary.AUDIENCE}
    return bool(audiences) and audiences <= YOUNG


def _drop_general_contact(
    candidates: Sequence[Candidate], points: Mapping[UUID, list[ContactPointShown]]
) -> Iterator[Candidate]:
    """Leave out the general contact for social services on call unless it is staffed when the local ones are closed."""

    def state(candidate: Candidate) -> int:
        return BEST_FIRST.index(find_best_state(points[candidate.resource.id]))

    local = [state(candidate) for candidate in candidates if candidate.local is Local.SOCIAL_SERVICES_ON_CALL]
    closed = BEST_FIRST.index(State.CLOSED)
    for candidate in candidates:
        is_general = candidate.step is not None and candidate.resource.slug == GENERAL_ON_CALL
        if not is_general or not local or min(local) == closed > state(candidate):
            yield candidate


def _load_materials(reading: Reading, topics: Sequence[UUID] | None) -> list[tuple[str, str]]:
    if topics is None:
        return []
    rows = reading.session.execute(queries.materials(topics)).all()
    surroundings = Surroundings(citations={})
    add_texts(reading, [resource for resource, _ in rows], surroundings)
    return [(surroundings.names[resource.id][0], details.url) for resource, details in rows if details.url]
