"""Builds the steps of a referral, in order."""

from collections.abc import Mapping
from uuid import UUID

from app.opening_hours.live import State
from app.referrals import queries
from app.referrals.finding import LEVELS, OF_AGE
from app.referrals.models import Local, Urgency
from app.referrals.schemas import ANYONE, ReferralParameters, ReferredResource, Step
from app.referrals.situations import Candidate, Situation, audience_terms, find_best_state
from app.resources.audiences import tell_audiences
from app.resources.freshness import checks_of, rank_freshness, tell_freshness, tell_overdue
from app.resources.models import Resource
from app.resources.reading import Reading, add_texts, build_links, tell_review
from app.resources.reviewing import day_of
from app.resources.schemas import ContactPointShown
from app.sources.schemas import CitationShown, citations_of
from app.texts import text_of

ELDEST = 1000
"""Sorts contacts without an upper age after those for the young."""


def build_steps(reading: Reading, parameters: ReferralParameters, situation: Situation) -> list[Step]:
    """The steps, ordered by urgency, whether they are for the caller, whether they may be staffed, and by the sources.

    Contacts outside of the escalation come last: first those that are open and for the caller's group, then the
    nearest, and of equally near ones the open ones. They are cut to `queries.MOST`. Only after the cut do equal
    contacts that were checked or seen lately come first, so that none is cut because its data are old.
    """
    ranks = {id(candidate): _rank(parameters, situation, candidate) for candidate in situation.candidates}
    ordered = sorted(situation.candidates, key=lambda candidate: (*ranks[id(candidate)], candidate.resource.position))
    outside = [candidate for candidate in ordered if candidate.step is None]
    chosen = [*(candidate for candidate in ordered if candidate.step), *outside[: queries.MOST]]
    through = [line for candidate in chosen if (line := situation.through.get(candidate.resource.id))]
    add_texts(reading, [*(candidate.resource for candidate in chosen), *through], situation.surroundings)
    stated = citations_of(reading.session, [candidate.step.id for candidate in chosen if candidate.step])
    chosen.sort(key=lambda candidate: (*ranks[id(candidate)], _rank_freshness(reading, candidate.resource, situation)))
    return [
        _build_step(reading, number, candidate, parameters, situation, stated)
        for number, candidate in enumerate(chosen, 1)
    ]


def _rank(parameters: ReferralParameters, situation: Situation, candidate: Candidate) -> tuple[int | bool, ...]:
    advice = candidate.urgency is Urgency.ADVICE
    state = find_best_state(_list_points(candidate.resource, situation))
    is_outside, is_open = candidate.step is None, state is State.OPEN
    return (
        LEVELS[parameters.urgency].index(candidate.urgency),
        advice and not _is_for(candidate, situation, ANYONE),
        advice and state is State.CLOSED,
        advice and not _speaks(candidate, parameters.language, situation),
        advice and not _is_on_topic(candidate, situation),
        _oldest(candidate, parameters.age) if advice else 0,
        is_outside,
        is_outside and not (is_open and _is_for(candidate, situation)),
        is_outside and not _is_for_the_named(candidate, situation),
        candidate.step.position if candidate.step else -_nearness(candidate, situation),
        is_outside and not is_open,
    )


def _is_for(candidate: Candidate, situation: Situation, *also: str) -> bool:
    """Whether it is for the caller's group, or for one of the others named."""
    if not situation.caller.groups:
        return True
    roots = {term.path.split(".")[0] for term in audience_terms(candidate, situation)}
    return bool(roots & {*situation.caller.groups, *also})


def _is_for_the_named(candidate: Candidate, situation: Situation) -> bool:
    """Whether it is for the audience that was named, a wider one or anyone; True where no audience was named."""
    terms = audience_terms(candidate, situation)
    return not situation.caller.groups or any(
        term.slug == ANYONE or term.id in situation.caller.terms for term in terms
    )


def _speaks(candidate: Candidate, language: str | None, situation: Situation) -> bool:
    """Whether some contact point answers in the language, or has interpreters."""
    if language is None:
        return True
    points = situation.surroundings.points[candidate.resource.id]
    return any(point.interpreters or language in situation.surroundings.languages[point.id] for point in points)


def _is_on_topic(candidate: Candidate, situation: Situation) -> bool:
    terms = situation.surroundings.terms[candidate.resource.id]
    return situation.topics is None or any(term.id in situation.topics for term in terms)


def _oldest(candidate: Candidate, age: int | None) -> int:
    """The upper age, by which contacts for the young sort before others; ELDEST for callers of age."""
    if age is None or age >= OF_AGE or candidate.resource.max_age is None:
        return ELDEST
    return candidate.resource.max_age


def _nearness(candidate: Candidate, situation: Situation) -> int:
    """How small an area it serves: 1 the nation, 2 a coordination region, 3 a county, 4 a municipality."""
    return max((area.path.count(".") for area in situation.surroundings.areas[candidate.resource.id]), default=0)


def _rank_freshness(reading: Reading, resource: Resource, situation: Situation) -> int:
    """Sorts contacts that were checked or seen lately before others, and those that may be gone last."""
    points, citations = situation.points[resource.id], situation.surroundings.citations[resource.id]
    review = tell_review(reading, resource.verified_at, resource.review_due)
    return rank_freshness(points, citations, review, day_of(reading.at))


def _list_points(resource: Resource, situation: Situation) -> list[ContactPointShown]:
    """The contact points with a value: its own, else those of the line that refers on; without any, all of its own."""
    own = situation.points[resource.id]
    through = situation.through.get(resource.id)
    others = situation.points[through.id] if through else []
    return [point for point in own if point.value] or [point for point in others if point.value] or own


def _build_step(
    reading: Reading,
    number: int,
    candidate: Candidate,
    parameters: ReferralParameters,
    situation: Situation,
    stated: Mapping[UUID, list[CitationShown]],
) -> Step:
    points, usable = situation.points[candidate.resource.id], _list_points(candidate.resource, situation)
    state = find_best_state(usable)
    changes = [point.opening_hours.next_change for point in usable if point.opening_hours]
    through = None if any(point.value for point in points) else situation.through.get(candidate.resource.id)
    return Step(
        position=number,
        urgency=candidate.urgency,
        reason=_reason(reading, candidate, situation),
        resource=_named_resource(reading, candidate.resource, situation),
        state=state,
        next_change=min(filter(None, changes), default=None) if state is State.CLOSED else None,
        contact_points=points,
        reached_through=_named_resource(reading, through, situation) if through else None,
        citations=_citations(candidate, situation, stated[candidate.step.id] if candidate.step else []),
        links=build_links(reading, candidate.resource),
    )


def _named_resource(reading: Reading, resource: Resource, situation: Situation) -> ReferredResource:
    name, summary, _ = situation.surroundings.names[resource.id]
    points, citations = situation.points[resource.id], situation.surroundings.citations[resource.id]
    review = tell_review(reading, resource.verified_at, resource.review_due)
    freshness = tell_freshness(resource.kind, points, citations, checks_of(resource), reading.language)
    overdue = tell_overdue(points, review, resource.review_due, reading.language)
    return ReferredResource(
        id=resource.slug,
        kind=resource.kind,
        name=name,
        summary=summary,
        status=resource.status,
        review=review,
        freshness=" ".join(filter(None, (freshness, overdue))),
    )


def _reason(reading: Reading, candidate: Candidate, situation: Situation) -> str:
    """The escalation's reason; else whom the contact is for, the caller's group first."""
    if candidate.step is not None:
        reason: str = text_of(candidate.step, "reason", reading.language)
        return reason
    groups = situation.caller.groups
    terms = sorted(audience_terms(candidate, situation), key=lambda term: term.path.split(".")[0] not in groups)
    names = [text_of(term, "name", reading.language) for term in terms]
    return tell_audiences(names, candidate.resource.min_age, candidate.resource.max_age, reading.language)


def _citations(candidate: Candidate, situation: Situation, stated: list[CitationShown]) -> list[CitationShown]:
    """Citations for the step itself; for local contacts and those outside of the escalation, for whom it serves."""
    of_record = situation.surroundings.citations[candidate.resource.id]
    match candidate.local:
        case Local.MUNICIPAL_CONTACT:  # the step cites the page of one municipality
            return [citation for citation in of_record if citation.field in ("audiences", "areas")]
        case Local.SOCIAL_SERVICES_ON_CALL:
            return [*stated, *(citation for citation in of_record if citation.field == "areas")]
        case _ if candidate.step is not None:
            return stated
        case _:
            return [
                citation for citation in of_record if citation.field in ("audiences", "areas", "min_age", "max_age")
            ]
