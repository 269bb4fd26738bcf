"""`/embed/v1/`: the module, and one feed for each of its elements. `v1` is the format of the feeds, which stays."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import Field

from app.courses.schemas import CourseParameters
from app.embed.assets import by_address
from app.embed.content import Content
from app.embed.numbers import pasted_numbers
from app.embed.offers import OFFERS, Embed
from app.embed.wording import WORDS, Words
from app.http.contract import Parameters, answers
from app.http.problems import NotFound
from app.http.routing import Router
from app.referrals.schemas import ANYONE, AudienceSlug, ReferralParameters
from app.resources.filters import PlaceName, ReachableParameters, Slug
from app.resources.listing import Asking, AskingDep

router = Router(prefix="/v1", include_in_schema=False)

FRESH = 3600
"""Seconds. Spans do not go stale, but a corrected number has to reach a page within the hour."""


YEAR = 31_536_000


class Feed(Content):
    """What an element shows, and the words it shows it in."""

    title: str
    words: Words
    pasted: list[str] = Field(description="The addresses of the numbers that the guide's lines hold today.")


class PlaceParameters(Parameters):
    """The attributes that all elements have."""

    municipality: PlaceName | None = Field(None, description="Code (`1380`) or name (`Halmstad`).")
    limit: int = Field(20, ge=1, le=100, description="How many to show, at most.")


class FeedParameters(PlaceParameters):
    """The attributes of an element that shows a list."""

    audience: Slug | None = Field(None, description="A slug of `/v1/audiences`.")


class ReferralFeedParameters(PlaceParameters):
    """The attributes of `<stodkatalog-referral>`."""

    audience: AudienceSlug = Field(ANYONE, description="Who asks.")


@router.get("/hotlines.json")
@answers(fresh=FRESH)
def feed_hotlines(parameters: Annotated[FeedParameters, Query()], asking: AskingDep) -> Feed:
    """What `<stodkatalog-hotlines>` shows."""
    return _feed(Embed.HOTLINES, asking, ReachableParameters(**parameters.model_dump()))


@router.get("/coordinators.json")
@answers(fresh=FRESH)
def feed_coordinators(parameters: Annotated[FeedParameters, Query()], asking: AskingDep) -> Feed:
    """What `<stodkatalog-coordinator>` shows."""
    return _feed(Embed.COORDINATORS, asking, ReachableParameters(**parameters.model_dump()))


@router.get("/courses.json")
@answers(fresh=FRESH)
def feed_courses(parameters: Annotated[FeedParameters, Query()], asking: AskingDep) -> Feed:
    """What `<stodkatalog-courses>` shows."""
    return _feed(Embed.COURSES, asking, CourseParameters(**parameters.model_dump()))


@router.get("/referral.json")
@answers(fresh=300)
def feed_referral(parameters: Annotated[ReferralFeedParameters, Query()], asking: AskingDep) -> Feed:
    """What `<stodkatalog-referral>` shows. Its order depends on what is open: it is fresh for a minute."""
    asking.aging.note(asking.at + timedelta(minutes=1))
    question = ReferralParameters(
        lang=parameters.lang, municipality=parameters.municipality, audience=parameters.audience
    )
    feed = _feed(Embed.REFERRAL, asking, question)
    return feed.model_copy(update={"entries": feed.entries[: parameters.limit]})


@router.get("/{name}")
@answers("text/javascript", "text/css", fresh=YEAR, immutable=True)
def get_asset(name: Annotated[str, Path(max_length=100)], parameters: Annotated[Parameters, Query()]) -> Response:
    """A script or style. Its address holds its hash: what is at this address never changes."""
    file = by_address().get(name)
    if file is None:
        raise NotFound("There is no such version. /embed/guide gives the lines for the one in force.")
    return Response(file.body, media_type=file.media_type)


def _feed(embed: Embed, asking: Asking, parameters: ReachableParameters | ReferralParameters) -> Feed:
    # The client computes the states, so this answer does not age when they change.
    timeless = replace(asking, live=False)
    offer = OFFERS[embed]
    content = offer.show(timeless, parameters)
    return Feed(
        **content.model_dump(),
        title=offer.title[asking.language],
        words=WORDS[asking.language],
        pasted=[number.uri for number in pasted_numbers(asking.session, asking.language)],
    )
