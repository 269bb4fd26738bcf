"""The page and the embed of a resource as they would be after a change, before it is published."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlmodel import Session

from app.console.changing import Asked, read_body
from app.console.rendering import render
from app.console.visitors import Visitor
from app.embed.assets import named
from app.embed.frame.routes import Theme
from app.embed.offers import OFFERS, Offer, show_alone
from app.embed.pages.addresses import RESOURCE
from app.embed.pages.rendering import Frame, write_page
from app.embed.pages.resource import describe_page
from app.embed.rendering import fragment
from app.embed.rendering import render as render_embed
from app.http.links import base_url
from app.http.problems import NotFound
from app.kinds import build_whole
from app.proposals.bodies import ProposalRequest
from app.proposals.previewing import preview_change
from app.records.kinds import BY_COLLECTION
from app.records.kinds import RESOURCE as RESOURCES
from app.resources.queries import resource as resource_statement
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown
from app.settings import Settings
from app.texts import Language


@dataclass(frozen=True, slots=True)
class Preview:
    """A document of HTML, and what it is called."""

    title: str
    html: str


TITLES = {Language.SWEDISH: "Sidan på svenska", Language.ENGLISH: "Sidan på engelska"}


def has_page(address: str) -> bool:
    """Whether a record has a page of its own: resources have, sources and terms have not."""
    return BY_COLLECTION[address.partition("/")[0]].family == RESOURCES


def render_preview(request: Request, visitor: Visitor, asked: Asked) -> Response:
    """What a change would make of the pages. Raises a ProblemError."""
    wanted = read_body(ProposalRequest, {**asked, "publish": False})
    if not has_page(wanted.record) or not wanted.document:
        raise NotFound("This record has no page.")
    slug, now = str(wanted.document["id"]), visitor.caller.at.replace(second=0, microsecond=0)
    settings: Settings = request.app.state.settings

    def show(session: Session) -> list[Preview]:
        return _write_previews(session, base_url(request), settings, slug, now)

    previews = preview_change(request.app.state.engine, visitor.caller, wanted, show)
    return render(request, "preview.html", previews=previews, title_of_record=wanted.record)


def _write_previews(session: Session, base: str, settings: Settings, slug: str, now: datetime) -> list[Preview]:
    previews = list[Preview]()
    for language, title in TITLES.items():
        reading = Reading(session=session, base_url=base, language=language, at=now, live=False)
        (resource,) = build_whole(reading, session.scalars(resource_statement(slug)).all())
        frame = Frame(base, language, settings, slug)
        previews.append(Preview(title, write_page(frame, RESOURCE, describe_page(reading, resource), listed=False)))
        offer = next((offer for offer in OFFERS.values() if offer.page == resource.kind), None)
        if offer is not None and language is Language.SWEDISH:
            previews.append(Preview("Inbäddad på andras webbplatser", _write_embed(reading, offer, resource)))
    return previews


def _write_embed(reading: Reading, offer: Offer, resource: ResourceShown) -> str:
    inside = fragment(offer, show_alone(reading, resource), 1, reading.at, framed=True)
    return render_embed(
        "frame.html",
        language=reading.language,
        title=offer.title[reading.language],
        theme=Theme.AUTO,
        inside=Markup(inside),  # noqa: S704  # made by our own template, which escapes
        base=reading.base_url,
        style=named("frame.css"),
        script=named("frame.js"),
        oembed=None,
    )
