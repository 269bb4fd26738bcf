"""Which contacts a caller is given, and in which order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from app.areas.finding import find_area
from app.areas.models import Area, AreaKind
from app.opening_hours.live import State
from app.referrals import queries
from app.referrals.models import EscalationStep, Local, Urgency
from app.referrals.schemas import Audience, ReferralParameters, ReferredResource, Step
from app.resources.filters import related_terms
from app.resources.models import Resource
from app.resources.reading import Around, Asking, around, contact_point, links
from app.resources.schemas import ContactPointShown
from app.resources.staffing import reachable
from app.sources.schemas import CitationShown, citations_of
from app.texts import Language
from app.vocabularies.models import Term, Vocabulary

LEVELS = {
    None: (Urgency.ACUTE, Urgency.URGENT, Urgency.ADVICE),
    Urgency.ACUTE: (Urgency.ACUTE, Urgency.URGENT),
    Urgency.URGENT: (Urgency.ACUTE, Urgency.URGENT, Urgency.ADVICE),
    Urgency.ADVICE: (Urgency.ACUTE, Urgency.ADVICE, Urgency.URGENT),
}
"""Which levels are answered, in order. 112 is always first; who asks for advice sees last what else there is."""

GROUPS = {Audience.PROFESSIONAL: "professionals", Audience.EXPOSED: "exposed"}
"""The audience terms that a caller belongs to; what is for `anyone` is for each of them."""

BEST_FIRST = (State.OPEN, State.UNKNOWN, State.NOT_STATED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact that may become a step; `step` is the escalation's, if it names this contact."""

    resource: Resource
    step: EscalationStep | None

    @property
    def urgency(self) -> Urgency:
        return self.step.urgency if self.step else Urgency.ADVICE


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for a referral."""

    place: Area | None
    candidates: list[Candidate]
    around: Around
    through: dict[UUID, Resource]
    missing: list[Local]
    """Local contacts that the escalation names and the directory does not know."""


def find(asking: Asking, wanted: ReferralParameters) -> Found:
    """Read the contacts for a situation. Raises InvalidParameter for a municipality or topic that is none."""
    session = asking.session
    place = find_area(session, AreaKind.MUNICIPALITY, wanted.municipality) if wanted.municipality else None
    topics = related_terms(session, Vocabulary.TOPIC, wanted.topic) if wanted.topic else None
    candidates: list[Candidate] = []
    missing: list[Local] = []
    for step in session.scalars(queries.escalation()).all():
        if step.urgency not in LEVELS[wanted.urgency]:
            continue
        resources = _named(asking, step, place)
        candidates += [Candidate(resource, step) for resource in resources]
        if step.local is not None and not resources:
            missing.append(step.local)
    known = {candidate.resource.id for candidate in candidates}
    audiences = _audiences(asking, wanted.audience)
    others = {one.id: one for one in session.scalars(queries.others(place, wanted.age, audiences, topics))}
    if topics is not None:  # somebody who answers now is worth knowing of, whatever the topic
        answering = reachable(session, asking.at, is_open=True)
        others |= {
            one.id: one for one in session.scalars(queries.others(place, wanted.age, audiences, None, answering))
        }
    candidates += [Candidate(resource, None) for key, resource in others.items() if key not in known]
    candidates = [one for one in candidates if one.urgency in LEVELS[wanted.urgency] and _fits(one, wanted.age)]
    through = dict(session.execute(queries.reached_through([one.resource.id for one in candidates])).all())
    everyone = {one.id: one for one in (*(one.resource for one in candidates), *through.values())}
    return Found(place, candidates, around(asking, list(everyone.values())), through, missing)


def _named(asking: Asking, step: EscalationStep, place: Area | None) -> Sequence[Resource]:
    """The contacts that a step of the escalation names."""
    if step.resource_id is not None:
        return asking.session.scalars(queries.offered([col(Resource.id) == step.resource_id])).all()
    if place is None:
        return ()
    statement = queries.coordinators if step.local is Local.COORDINATOR else queries.municipal_contacts
    return asking.session.scalars(statement(place)).all()


def _audiences(asking: Asking, audience: Audience) -> list[UUID] | None:
    """The terms that a contact beside the escalation has one of. A professional also finds what to pass on."""
    if audience is Audience.ANYONE:
        return None
    slugs = ["anyone", "exposed"] + (["professionals"] if audience is Audience.PROFESSIONAL else [])
    return [term for slug in slugs for term in related_terms(asking.session, Vocabulary.AUDIENCE, slug)]


def _fits(candidate: Candidate, age: int | None) -> bool:
    youngest, oldest = candidate.resource.min_age, candidate.resource.max_age
    return age is None or ((youngest is None or youngest <= age) and (oldest is None or age <= oldest))


def steps(asking: Asking, wanted: ReferralParameters, found: Found) -> list[Step]:
    """The steps, in order: by urgency, then what is for the caller, then what may be staffed, then as sources say.

    What no source puts in an order comes last, the nearest first.
    """
    levels = LEVELS[wanted.urgency]

    def place(candidate: Candidate) -> tuple[int, bool, bool, bool, int, int]:
        advice = candidate.urgency is Urgency.ADVICE
        return (
            levels.index(candidate.urgency),
            advice and not _is_for(candidate, wanted.audience, found),
            advice and _is_closed(asking, candidate, found),
            candidate.step is None,
            candidate.step.position if candidate.step else -_nearness(candidate, found),
            candidate.resource.position,
        )

    said = citations_of(asking.session, [one.step.id for one in found.candidates if one.step])
    ordered = sorted(found.candidates, key=place)
    return [
        _step(asking, number, one, wanted, found, said[one.step.id] if one.step else _who_it_is_for(one, found))
        for number, one in enumerate(ordered, 1)
    ]


def _points(asking: Asking, resource: Resource, found: Found) -> list[ContactPointShown]:
    return [contact_point(asking, point, found.around) for point in found.around.points[resource.id]]


def _is_for(candidate: Candidate, audience: Audience, found: Found) -> bool:
    if audience is Audience.ANYONE:
        return True
    roots = {term.path.split(".")[0] for term in _terms(candidate, found)}
    return bool(roots & {GROUPS[audience], "anyone"})


def _nearness(candidate: Candidate, found: Found) -> int:
    """How small an area it serves: 1 the nation, 2 a coordination region, 3 a county, 4 a municipality."""
    return max((area.path.count(".") for area in found.around.areas[candidate.resource.id]), default=0)


def _terms(candidate: Candidate, found: Found) -> Iterator[Term]:
    for term in found.around.terms[candidate.resource.id]:
        if term.vocabulary is Vocabulary.AUDIENCE:
            yield term


def _is_closed(asking: Asking, candidate: Candidate, found: Found) -> bool:
    """Whether nobody answers now."""
    return best(_ways(asking, candidate.resource, found)) is State.CLOSED


def _ways(asking: Asking, resource: Resource, found: Found) -> list[ContactPointShown]:
    """How a contact is reached: its points with a number or address, else those of the line that refers on."""
    own = _points(asking, resource, found)
    through = found.through.get(resource.id)
    others = _points(asking, through, found) if through else []
    return [one for one in own if one.value] or [one for one in others if one.value] or own


def best(points: Iterable[ContactPointShown]) -> State:
    """The best state of some contact points."""
    states = [point.opening_hours.state for point in points if point.opening_hours]
    return min(states, key=BEST_FIRST.index, default=State.NOT_STATED)


def _step(
    asking: Asking,
    number: int,
    candidate: Candidate,
    wanted: ReferralParameters,
    found: Found,
    said: list[CitationShown],
) -> Step:
    points, ways = _points(asking, candidate.resource, found), _ways(asking, candidate.resource, found)
    state = best(ways)
    changes = [way.opening_hours.next_change for way in ways if way.opening_hours]
    through = None if any(point.value for point in points) else found.through.get(candidate.resource.id)
    return Step(
        position=number,
        urgency=candidate.urgency,
        reason=_reason(asking, candidate, wanted.audience, found),
        resource=_named_resource(candidate.resource, found),
        state=state,
        next_change=min(filter(None, changes), default=None) if state is State.CLOSED else None,
        contact_points=points,
        reached_through=_named_resource(through, found) if through else None,
        citations=said,
        links=links(asking, candidate.resource),
    )


def _named_resource(resource: Resource, found: Found) -> ReferredResource:
    name, summary, _ = found.around.names[resource.id]
    return ReferredResource(id=resource.slug, kind=resource.kind, name=name, summary=summary, status=resource.status)


def _reason(asking: Asking, candidate: Candidate, audience: Audience, found: Found) -> str:
    """The escalation's own reason; else whom it is for, beginning with the group that asks."""
    english = asking.language is Language.ENGLISH
    if candidate.step is not None:
        return candidate.step.reason_en if english else candidate.step.reason_sv
    terms = sorted(_terms(candidate, found), key=lambda term: term.path.split(".")[0] != GROUPS.get(audience))
    names = ", ".join((term.name_en if english else term.name_sv) for term in terms)
    ages = _ages(candidate.resource, english)
    return f"For: {names}{ages}." if english else f"Finns för: {names}{ages}."


def _ages(resource: Resource, english: bool) -> str:
    match resource.min_age, resource.max_age:
        case None, None:
            return ""
        case youngest, None:
            return f", from the age of {youngest}" if english else f", från {youngest} år"
        case None, oldest:
            return f", up to the age of {oldest}" if english else f", till och med {oldest} år"
        case youngest, oldest:
            return f", aged {youngest} to {oldest}" if english else f", {youngest}–{oldest} år"


def _who_it_is_for(candidate: Candidate, found: Found) -> list[CitationShown]:
    fields = ("audiences", "min_age", "max_age")
    return [one for one in found.around.citations[candidate.resource.id] if one.field in fields]
