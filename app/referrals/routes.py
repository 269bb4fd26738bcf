"""`/referrals`: whom to contact now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.areas.models import AreaKind
from app.areas.queries import by_codes
from app.http.contract import Cost, answers
from app.http.links import link
from app.opening_hours.live import State, holiday_name
from app.referrals.answering import steps
from app.referrals.finding import BUYERS, LEVELS, Candidate, Found, audience_terms, find
from app.referrals.models import Local, Urgency
from app.referrals.schemas import Referral, ReferralParameters, Step
from app.referrals.text import plain_text
from app.resources.listing import AskingDep
from app.resources.open_now import Person, load_open_now, tell_round_the_clock
from app.resources.reading import Asking, area_brief
from app.resources.schemas import AreaBrief
from app.texts import Language
from app.times import STOCKHOLM

router = APIRouter(tags=["referrals"])

NOTICES = {
    (Local.COORDINATOR, Language.SWEDISH): "Ange kommun för att få veta vilken regionkoordinator som gäller. "
    "Stödtelefonen hänvisar också vidare.",
    (Local.COORDINATOR, Language.ENGLISH): "Give a municipality to be told which regional coordinator it is. "
    "The support line refers on, too.",
    (Local.MUNICIPAL_CONTACT, Language.SWEDISH): "Katalogen känner inte till någon egen kontakt i kommunen. "
    "Den nationella vägen ovan gäller.",
    (Local.MUNICIPAL_CONTACT, Language.ENGLISH): "The directory knows of no contact of the municipality's own. "
    "The national route above applies.",
}

NO_CLINIC = {
    Language.SWEDISH: "Katalogen känner inte till någon mottagning här för den som köper sex. Sådana (KAST) finns i "
    "flera städer. Fråga kommunens socialtjänst på en vardag.",
    Language.ENGLISH: "The directory knows of no clinic here for people who buy sex. There are such clinics (KAST) in "
    "several towns. Ask the municipality's social services on a weekday.",
}
"""What a person who buys sex is told where no clinic serves the place."""

REGION_INFERRED = {
    Language.SWEDISH: "Om samordningsregionen: {}",
    Language.ENGLISH: "On the coordination region: {}",
}

MATERIAL = {Language.SWEDISH: "Material om ämnet", Language.ENGLISH: "Material on the topic"}


def referral(asking: Asking, wanted: ReferralParameters) -> Referral:
    """Whom to contact in a situation. Raises InvalidParameter for a place, audience or topic that is none."""
    found = find(asking, wanted)
    ordered = steps(asking, wanted, found)
    return Referral(
        language=asking.language,
        evaluated_at=asking.at.astimezone(STOCKHOLM),
        time_zone=STOCKHOLM.key,
        holiday=holiday_name(asking.at, asking.language),
        municipality=_place_of_kind(asking, found, AreaKind.MUNICIPALITY),
        county=_place_of_kind(asking, found, AreaKind.COUNTY),
        coordination_region=_coordination_region(asking, found),
        steps=ordered,
        notices=[*_notices(asking, wanted, found), *_tell_who_answers(asking, wanted, found, ordered)],
        links={"self": link(asking.request, "/v1/referrals", "self", dict(asking.request.query_params))},
    )


def _place_of_kind(asking: Asking, found: Found, kind: AreaKind) -> AreaBrief | None:
    return area_brief(found.place, asking.language) if found.place and found.place.kind is kind else None


def _coordination_region(asking: Asking, found: Found) -> AreaBrief | None:
    if found.place is None:
        return None
    areas = asking.session.scalars(by_codes(found.place.path.split(".")[:-1]))
    return next((area_brief(one, asking.language) for one in areas if one.kind is AreaKind.COORDINATION_REGION), None)


def _notices(asking: Asking, wanted: ReferralParameters, found: Found) -> Iterator[str]:
    for local in found.missing:
        if (local, asking.language) in NOTICES and (local is Local.COORDINATOR or _is_in_municipality(found)):
            yield NOTICES[local, asking.language]
    if found.place is not None and any(one.local is Local.COORDINATOR for one in found.candidates):
        reason = area_brief(found.place, asking.language).reason
        if reason is not None:
            yield REGION_INFERRED[asking.language].format(reason)
    if found.caller.group == BUYERS and not any(_is_for_buyers(one, found) for one in found.candidates):
        yield NO_CLINIC[asking.language]
    for name, address in found.materials:
        yield f"{MATERIAL[asking.language]}: {name}, {address}"


def _tell_who_answers(
    asking: Asking, wanted: ReferralParameters, found: Found, ordered: Sequence[Step]
) -> Iterator[str]:
    """Who answers round the clock, where no step of advice certainly does, or none that is there for a child."""
    if Urgency.ADVICE not in LEVELS[wanted.urgency]:
        return
    answering = {step.resource.id for step in ordered if step.urgency is Urgency.ADVICE and step.state is State.OPEN}
    person = Person(frozenset(found.caller.groups), wanted.age, wanted.age, found.place)
    if person.is_under_age:
        answering &= {one.resource.slug for one in found.candidates if one.resource.max_age is not None}
        person = replace(person, groups=frozenset())
    if not answering:
        now = load_open_now(asking, person)
        named = {step.resource.id for step in ordered}
        beside = replace(now, lines=[line for line in now.lines if line.id not in named])
        yield from tell_round_the_clock(beside, asking.language)


def _is_in_municipality(found: Found) -> bool:
    return found.place is not None and found.place.kind is AreaKind.MUNICIPALITY


def _is_for_buyers(candidate: Candidate, found: Found) -> bool:
    return any(term.slug == "people-who-buy-sex" for term in audience_terms(candidate, found))


@router.get(
    "/referrals",
    summary="Vem kontaktar jag nu?",
    response_model=Referral,
    responses={200: {"content": {"text/plain": {}}}},
)
@answers("application/json", "text/plain", fresh=60, cost=Cost.HELP)
def get_referrals(wanted: Annotated[ReferralParameters, Query()], asking: AskingDep) -> Referral | Response:
    """Whom to contact now: an ordered list of steps, 112 first, each with why it is there and whether anybody answers.

    Then 114 14 and the social services on call, when it is urgent; then, for advice, the support line, the coordinator
    of the coordination region and the municipality's own contact, and the lines and services that are for the caller.
    What is closed comes after what is open or may be staffed, with when it opens next. The order is that of the
    sources, which each step cites. The list is never empty; what the directory does not know stands in `notices`.
    With `Accept: text/plain`, short enough to read out.

    Vem man kontaktar nu: en ordnad lista med 112 först, skälet till varje steg och om någon svarar.
    """
    answer = referral(asking, wanted)
    if asking.request.state.format == "text/plain":
        return Response(plain_text(answer), media_type="text/plain; charset=utf-8")
    return answer
