"""Builds a referral: whom to contact in a situation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.areas.models import AreaKind
from app.areas.queries import by_codes
from app.http.links import link
from app.opening_hours.live import State, holiday_name
from app.referrals.answering import build_steps
from app.referrals.finding import LEVELS, load_situation
from app.referrals.models import Local, Urgency
from app.referrals.schemas import Referral, ReferralParameters, Step
from app.referrals.situations import BUYERS, Candidate, Situation, audience_terms
from app.resources.open_now import Person, load_open_now, tell_round_the_clock
from app.resources.reading import Reading, build_area
from app.resources.schemas import AreaBrief
from app.texts import Text
from app.times import STOCKHOLM

NOTICES = {
    Local.COORDINATOR: Text(
        sv="Ange kommun för att få veta vilken regionkoordinator som gäller. Stödtelefonen hänvisar också vidare.",
        en="Give a municipality to see which regional coordinator to contact. The support line can also refer you on.",
    ),
    Local.MUNICIPAL_CONTACT: Text(
        sv="Katalogen känner inte till någon egen kontakt i kommunen. Följ den nationella ordningen ovan.",
        en="The directory knows of no contact of the municipality's own. Follow the national order above.",
    ),
}

NO_CLINIC = Text(
    sv="Katalogen känner inte till någon mottagning här för den som köper sex. Sådana (KAST) finns i "
    "flera städer. Fråga kommunens socialtjänst på en vardag.",
    en="The directory knows of no clinic here for people who buy sex. There are such clinics (KAST) in "
    "several towns. Ask the municipality's social services on a weekday.",
)
"""Tells a person who buys sex that no clinic serves the place."""

REGION_INFERRED = Text(
    sv="Om samordningsregionen: {}",
    en="On the coordination region: {}",
)

MATERIAL = Text(sv="Material om ämnet", en="Material on the topic")


def make_referral(reading: Reading, parameters: ReferralParameters, query: Mapping[str, str] | None = None) -> Referral:
    """Whom to contact in a situation. Raises InvalidParameter for a place, audience or topic that is none.

    `query`: the query parameters of the request, for the `self` link.
    """
    situation = load_situation(reading, parameters)
    ordered = build_steps(reading, parameters, situation)
    return Referral(
        language=reading.language,
        evaluated_at=reading.at.astimezone(STOCKHOLM),
        time_zone=STOCKHOLM.key,
        holiday=holiday_name(reading.at, reading.language),
        municipality=_place_of_kind(reading, situation, AreaKind.MUNICIPALITY),
        county=_place_of_kind(reading, situation, AreaKind.COUNTY),
        coordination_region=_coordination_region(reading, situation),
        steps=ordered,
        notices=[
            *_notices(reading, parameters, situation),
            *_tell_who_answers(reading, parameters, situation, ordered),
        ],
        links={"self": link(reading, "/v1/referrals", "self", query)},
    )


def _place_of_kind(reading: Reading, situation: Situation, kind: AreaKind) -> AreaBrief | None:
    return build_area(situation.place, reading.language) if situation.place and situation.place.kind is kind else None


def _coordination_region(reading: Reading, situation: Situation) -> AreaBrief | None:
    if situation.place is None:
        return None
    areas = reading.session.scalars(by_codes(situation.place.path.split(".")[:-1]))
    return next(
        (build_area(area, reading.language) for area in areas if area.kind is AreaKind.COORDINATION_REGION), None
    )


def _notices(reading: Reading, parameters: ReferralParameters, situation: Situation) -> Iterator[str]:
    for local in situation.missing:
        if local in NOTICES and (local is Local.COORDINATOR or _is_in_municipality(situation)):
            yield NOTICES[local][reading.language]
    if situation.place is not None and any(candidate.local is Local.COORDINATOR for candidate in situation.candidates):
        reason = build_area(situation.place, reading.language).reason
        if reason is not None:
            yield REGION_INFERRED[reading.language].format(reason)
    if situation.caller.group == BUYERS and not any(
        _is_for_buyers(candidate, situation) for candidate in situation.candidates
    ):
        yield NO_CLINIC[reading.language]
    for name, address in situation.materials:
        yield f"{MATERIAL[reading.language]}: {name}, {address}"


def _tell_who_answers(
    reading: Reading, parameters: ReferralParameters, situation: Situation, ordered: Sequence[Step]
) -> Iterator[str]:
    """Who answers round the clock, where no step of advice (for a child: none for children) is certainly open."""
    if Urgency.ADVICE not in LEVELS[parameters.urgency]:
        return
    answering = {step.resource.id for step in ordered if step.urgency is Urgency.ADVICE and step.state is State.OPEN}
    person = Person(frozenset(situation.caller.groups), parameters.age, parameters.age, situation.place)
    if person.is_under_age:
        answering &= {
            candidate.resource.slug for candidate in situation.candidates if candidate.resource.max_age is not None
        }
        person = replace(person, groups=frozenset())
    if not answering:
        now = load_open_now(reading, person)
        named = {step.resource.id for step in ordered}
        not_named = replace(now, lines=[line for line in now.lines if line.id not in named])
        yield from tell_round_the_clock(not_named, reading.language)


def _is_in_municipality(situation: Situation) -> bool:
    return situation.place is not None and situation.place.kind is AreaKind.MUNICIPALITY


def _is_for_buyers(candidate: Candidate, situation: Situation) -> bool:
    return any(term.slug == "people-who-buy-sex" for term in audience_terms(candidate, situation))
