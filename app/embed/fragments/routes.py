"""`/embed/hotlines` and its siblings: plain HTML, for a server to include in a page of its own."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import Field

from app.courses.schemas import CourseParameters
from app.embed.offers import OFFERS, Embed
from app.embed.rendering import fragment
from app.http.contract import Cost, Parameters, answers
from app.http.routing import Router
from app.referrals.schemas import ReferralParameters
from app.resources.filters import ReachableParameters
from app.resources.listing import Asking, AskingDep

router = Router(include_in_schema=False)

HTML = "text/html"


class HeadingParameters(Parameters):
    """How an embed fits into the page around it."""

    heading_level: int = Field(2, ge=1, le=6, description="The level of the title; names are one below.")


class ReachableFragment(ReachableParameters, HeadingParameters):
    """As the API's lists, and the level of the headings."""


class CourseFragment(CourseParameters, HeadingParameters):
    """As `/v1/courses`, and the level of the headings."""


class ReferralFragment(ReferralParameters, HeadingParameters):
    """As `/v1/referrals`, and the level of the headings."""


@router.get("/hotlines")
@answers(HTML, fresh=60, cost=Cost.HELP)
def include_hotlines(parameters: Annotated[ReachableFragment, Query()], asking: AskingDep) -> HTMLResponse:
    """Lines and chats, with their state and the moment it is for."""
    return _fragment(Embed.HOTLINES, asking, parameters)


@router.get("/coordinators")
@answers(HTML, fresh=60, cost=Cost.HELP)
def include_coordinators(parameters: Annotated[ReachableFragment, Query()], asking: AskingDep) -> HTMLResponse:
    """Regional coordinators, with the line that refers on."""
    return _fragment(Embed.COORDINATORS, asking, parameters)


@router.get("/courses")
@answers(HTML, fresh=60, cost=Cost.HELP)
def include_courses(parameters: Annotated[CourseFragment, Query()], asking: AskingDep) -> HTMLResponse:
    """Training courses."""
    return _fragment(Embed.COURSES, asking, parameters)


@router.get("/referral")
@answers(HTML, fresh=60, cost=Cost.HELP)
def include_referral(parameters: Annotated[ReferralFragment, Query()], asking: AskingDep) -> HTMLResponse:
    """Whom to contact now, in order."""
    return _fragment(Embed.REFERRAL, asking, parameters)


def _fragment(embed: Embed, asking: Asking, parameters: HeadingParameters) -> HTMLResponse:
    offer = OFFERS[embed]
    html = fragment(offer, offer.show(asking, parameters), parameters.heading_level, asking.moment)
    return HTMLResponse(html, headers={"Content-Language": asking.language.value})
