"""The steps of a referral, and their order."""

from app.opening_hours.live import State
from app.referrals import queries
from app.referrals.finding import LEVELS, OF_AGE, Candidate, Found, audience_terms, best, points_of
from app.referrals.models import Local, Urgency
from app.referrals.schemas import ANYONE, ReferralParameters, ReferredResource, Step
from app.resources.audiences import tell_audiences
from app.resources.freshness import rank_freshness, tell_freshness, tell_overdue
from app.resources.models import Resource
from app.resources.reading import Reading, links, review_of
from app.resources.reviewing import day_of
from app.resources.schemas import ContactPointShown
from app.sources.schemas import CitationShown, citations_of
from app.texts import text_of

ELDEST = 1000
"""Sorts a contact without an upper age after those that are for the young."""


def steps(reading: Reading, wanted: ReferralParameters, found: Found) -> list[Step]:
    """The steps, in order: by urgency, then what is for the caller, then what may be staffed, then as sources say.

    What no source puts in an order comes last: what is open and for the caller's group, then the nearest, and of those
    equally near what is open. It is cut where the list would be too long; among equals that are left, what was
    checked or seen lately stands first: nothing is cut because it is old.
    """
    stated = citations_of(reading.session, [one.step.id for one in found.candidates if one.step])
    places = {id(one): _place(reading, wanted, found, one) for one in found.candidates}
    ordered = sorted(found.candidates, key=lambda one: (*places[id(one)], one.resource.position))
    beside = [one for one in ordered if one.step is None][queries.MOST :]
    kept = [one for one in ordered if one not in beside]
    kept.sort(key=lambda one: (*places[id(one)], _rank_freshness(reading, one.resource, found)))
    return [
        _step(reading, number, one, wanted, found, _citations(one, found, stated[one.step.id] if one.step else []))
        for number, one in enumerate(kept, 1)
    ]


def _place(reading: Reading, wanted: ReferralParameters, found: Found, candidate: Candidate) -> tuple[int | bool, ...]:
    advice = candidate.urgency is Urgency.ADVICE
    state = best(_ways(reading, candidate.resource, found))
    is_beside, is_open = candidate.step is None, state is State.OPEN
    return (
        LEVELS[wanted.urgency].index(candidate.urgency),
        advice and not _is_for(candidate, found, ANYONE),
        advice and state is State.CLOSED,
        advice and not _speaks(candidate, wanted.language, found),
        advice and not _is_on_topic(candidate, found),
        _oldest(candidate, wanted.age) if advice else 0,
        is_beside,
        is_beside and not (is_open and _is_for(candidate, found)),
        is_beside and not _is_for_the_named(candidate, found),
        candidate.step.position if candidate.step else -_nearness(candidate, found),
        is_beside and not is_open,
    )


def _is_for(candidate: Candidate, found: Found, *also: str) -> bool:
    """Whether it is for the caller's group, or for one of the others named."""
    if not found.caller.groups:
        return True
    roots = {term.path.split(".")[0] for term in audience_terms(candidate, found)}
    return bool(roots & {*found.caller.groups, *also})


def _is_for_the_named(candidate: Candidate, found: Found) -> bool:
    """Whether it is for the very audience that was named, for a wider one or for anyone; also where none was."""
    terms = audience_terms(candidate, found)
    return not found.caller.groups or any(term.slug == ANYONE or term.id in found.caller.terms for term in terms)


def _speaks(candidate: Candidate, language: str | None, found: Found) -> bool:
    """Whether some contact point answers in the language, or has interpreters."""
    if language is None:
        return True
    points = found.around.points[candidate.resource.id]
    return any(point.interpreters or language in found.around.languages[point.id] for point in points)


def _is_on_topic(candidate: Candidate, found: Found) -> bool:
    terms = found.around.terms[candidate.resource.id]
    return found.topics is None or any(term.id in found.topics for term in terms)


def _oldest(candidate: Candidate, age: int | None) -> int:
    """For the young, what is only for them comes first."""
    if age is None or age >= OF_AGE or candidate.resource.max_age is None:
        return ELDEST
    return candidate.resource.max_age


def _nearness(candidate: Candidate, found: Found) -> int:
    """How small an area it serves: 1 the nation, 2 a coordination region, 3 a county, 4 a municipality."""
    return max((area.path.count(".") for area in found.around.areas[candidate.resource.id]), default=0)


def _rank_freshness(reading: Reading, resource: Resource, found: Found) -> int:
    """What was checked or seen lately comes before what was not, and that before what may be gone."""
    points, citations = points_of(reading, resource, found.around), found.around.citations[resource.id]
    review = review_of(reading, resource.verified_at, resource.review_due)
    return rank_freshness(points, citations, review, day_of(reading.at))


def _ways(reading: Reading, resource: Resource, found: Found) -> list[ContactPointShown]:
    """How a contact is reached: its points with a number or address, else those of the line that refers on."""
    own = points_of(reading, resource, found.around)
    through = found.through.get(resource.id)
    others = points_of(reading, through, found.around) if through else []
    return [one for one in own if one.value] or [one for one in others if one.value] or own


def _step(
    reading: Reading,
    number: int,
    candidate: Candidate,
    wanted: ReferralParameters,
    found: Found,
    citations: list[CitationShown],
) -> Step:
    points, ways = points_of(reading, candidate.resource, found.around), _ways(reading, candidate.resource, found)
    state = best(ways)
    changes = [way.opening_hours.next_change for way in ways if way.opening_hours]
    through = None if any(point.value for point in points) else found.through.get(candidate.resource.id)
    return Step(
        position=number,
        urgency=candidate.urgency,
        reason=_reason(reading, candidate, found),
        resource=_named_resource(reading, candidate.resource, found),
        state=state,
        next_change=min(filter(None, changes), default=None) if state is State.CLOSED else None,
        contact_points=points,
        reached_through=_named_resource(reading, through, found) if through else None,
        citations=citations,
        links=links(reading, candidate.resource),
    )


def _named_resource(reading: Reading, resource: Resource, found: Found) -> ReferredResource:
    name, summary, _ = found.around.names[resource.id]
    points, citations = points_of(reading, resource, found.around), found.around.citations[resource.id]
    review = review_of(reading, resource.verified_at, resource.review_due)
    freshness = tell_freshness(resource.kind, points, citations, resource.verified_at, reading.language)
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


def _reason(reading: Reading, candidate: Candidate, found: Found) -> str:
    """The escalation's own reason; else whom it is for, beginning with the group that asks."""
    if candidate.step is not None:
        reason: str = text_of(candidate.step, "reason", reading.language)
        return reason
    groups = found.caller.groups
    terms = sorted(audience_terms(candidate, found), key=lambda term: term.path.split(".")[0] not in groups)
    names = [text_of(term, "name", reading.language) for term in terms]
    return tell_audiences(names, candidate.resource.min_age, candidate.resource.max_age, reading.language)


def _citations(candidate: Candidate, found: Found, stated: list[CitationShown]) -> list[CitationShown]:
    """Who says that this is the step and, of a contact of the place or beside the steps, whom it is for or serves."""
    of_record = found.around.citations[candidate.resource.id]
    match candidate.local:
        case Local.MUNICIPAL_CONTACT:  # the step cites the page of one municipality
            return [one for one in of_record if one.field in ("audiences", "areas")]
        case Local.SOCIAL_SERVICES_ON_CALL:
            return [*stated, *(one for one in of_record if one.field == "areas")]
        case _ if candidate.step is not None:
            return stated
        case _:
            return [one for one in of_record if one.field in ("audiences", "areas", "min_age", "max_age")]
