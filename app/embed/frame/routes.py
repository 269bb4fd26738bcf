"""`/embed/frame/hotlines` and its siblings: the whole page that stands in an iframe."""

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import Field

from app.courses.schemas import CourseParameters
from app.embed.assets import named
from app.embed.offers import OFFERS, Embed
from app.embed.rendering import fragment, render
from app.http.context import context_of
from app.http.contract import Cost, Parameters, answers
from app.http.links import base_url
from app.http.routing import Router
from app.referrals.schemas import ReferralParameters
from app.resources.filters import ReachableParameters
from app.resources.listing import Asking, AskingDep
from app.texts import Language

router = Router(prefix="/frame", include_in_schema=False)

HTML = "text/html"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""Any site may frame these pages, and only these."""


class Theme(StrEnum):
    """Which colours a frame has: the reader's own setting, or one of the two."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class FrameParameters(Parameters):
    """How a frame looks."""

    theme: Theme = Field(Theme.AUTO, description="`auto` follows the reader's own setting.")


class ReachableFrame(ReachableParameters, FrameParameters):
    """As the API's lists, and the colours."""


class CourseFrame(CourseParameters, FrameParameters):
    """As `/v1/courses`, and the colours."""


class ReferralFrame(ReferralParameters, FrameParameters):
    """As `/v1/referrals`, and the colours."""


@router.get("/hotlines")
@answers(HTML, fresh=60, cost=Cost.HELP)
def frame_hotlines(parameters: Annotated[ReachableFrame, Query()], asking: AskingDep) -> HTMLResponse:
    """Lines and chats, with their state."""
    return _frame(Embed.HOTLINES, asking, parameters)


@router.get("/coordinators")
@answers(HTML, fresh=60, cost=Cost.HELP)
def frame_coordinators(parameters: Annotated[ReachableFrame, Query()], asking: AskingDep) -> HTMLResponse:
    """Regional coordinators, with the line that refers on."""
    return _frame(Embed.COORDINATORS, asking, parameters)


@router.get("/courses")
@answers(HTML, fresh=60, cost=Cost.HELP)
def frame_courses(parameters: Annotated[CourseFrame, Query()], asking: AskingDep) -> HTMLResponse:
    """Training courses."""
    return _frame(Embed.COURSES, asking, parameters)


@router.get("/referral")
@answers(HTML, fresh=60, cost=Cost.HELP)
def frame_referral(parameters: Annotated[ReferralFrame, Query()], asking: AskingDep) -> HTMLResponse:
    """Whom to contact now, in order."""
    return _frame(Embed.REFERRAL, asking, parameters)


def _frame(embed: Embed, asking: Asking, parameters: FrameParameters) -> HTMLResponse:
    offer = OFFERS[embed]
    inside = fragment(offer, offer.show(asking, parameters), 1, asking.moment, framed=True)
    return page(asking.request, asking.language, offer.title[asking.language], inside, theme=parameters.theme)


def page(
    request: Request, language: Language, title: str, inside: str, *, theme: Theme = Theme.AUTO, status: int = 200
) -> HTMLResponse:
    """A fragment with a document around it, and the links by which oEmbed is discovered; a file leads to no oEmbed."""
    base = base_url(request)
    embedded = urlencode({"url": f"{base}{request.url.path}?{request.url.query}".rstrip("?")})
    html = render(
        "frame.html",
        language=language,
        title=title,
        theme=theme,
        inside=Markup(inside),  # noqa: S704  # made by our own template, which escapes
        base=base,
        style=named("frame.css"),
        script=named("frame.js"),
        oembed=None if context_of(request.scope).lasting else f"{base}/oembed?{embedded}",
    )
    headers = {"Content-Security-Policy": POLICY, "Content-Language": language.value}
    return HTMLResponse(html, status, headers)
