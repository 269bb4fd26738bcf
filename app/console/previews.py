"""The page and the embed of a resource as they would be after a change, before it is published."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlmodel import Session

from app.console.changing import ChangeBody, read_body
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
from app.http.allowances import Allowances
from app.http.links import base_url
from app.http.problems import Fault, NotFound, StaleRevision, TooManyRequests
from app.kinds import build_whole
from app.proposals.bodies import ProposalRequest
from app.proposals.making import find_proposal
from app.proposals.previewing import preview_change
from app.proposals.reading import ProposedChange, read_proposal, read_request
from app.records.documents import decode
from app.records.kinds import BY_COLLECTION
from app.records.kinds import RESOURCE as RESOURCES
from app.records.models import ProposalState
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


PREVIEWS_PER_MINUTE = 6
"""What an account may look at in a minute, per process: a preview publishes and takes it back, while others wait."""
TOO_MANY = (
    f"Du kan förhandsgranska {PREVIEWS_PER_MINUTE} gånger i minuten. Vänta en stund och försök igen. Inget har sparats."
)
TITLES = {Language.SWEDISH: "Sidan på svenska", Language.ENGLISH: "Sidan på engelska"}


def has_page(address: str) -> bool:
    """Whether a record has a page of its own: resources have, sources and terms have not."""
    return BY_COLLECTION[address.partition("/")[0]].family == RESOURCES


def render_preview(request: Request, visitor: Visitor, change: ChangeBody) -> Response:
    """What a change would make of the pages. Raises a ProblemError."""
    body = read_body(ProposalRequest, {**change, "publish": False})
    if not has_page(body.record) or not body.document:
        raise NotFound("This record has no page.")
    return _render(request, visitor, lambda session: read_request(session, visitor.caller, body, states=False))


def render_proposal_preview(request: Request, visitor: Visitor, key: UUID) -> Response:
    """What a proposal that waits would make of the pages. Raises a ProblemError."""

    def read(session: Session) -> ProposedChange:
        proposal = find_proposal(session, visitor.caller, key)
        if proposal.state is not ProposalState.OPEN:
            raise StaleRevision(f"The proposal is {proposal.state} already, by {proposal.decided_by}.")
        if proposal.document is None or proposal.family != RESOURCES:
            raise NotFound("This record has no page.")
        return read_proposal(session, proposal, decode(proposal.document), proposal.base)

    return _render(request, visitor, read)


def _render(request: Request, visitor: Visitor, read_change: Callable[[Session], ProposedChange]) -> Response:
    _take_allowance(request, visitor)
    now, settings = visitor.caller.at.replace(second=0, microsecond=0), request.app.state.settings

    def show(session: Session, slug: str) -> tuple[str, list[Preview]]:
        return slug, _write_previews(session, base_url(request), settings, slug, now)

    slug, previews = preview_change(request.app.state.engine, visitor.caller, read_change, show)
    return render(request, "preview.html", previews=previews, title_of_record=slug)


def _take_allowance(request: Request, visitor: Visitor) -> None:
    """Raise TooManyRequests where an account has looked at many previews: other writers wait for each of them."""
    allowances: Allowances = request.app.state.preview_allowances
    try:
        allowances.take_for(visitor.caller.key.encode())
    except TooManyRequests as error:
        fault = Fault(parameter="record", detail=TOO_MANY, allowed=None)
        raise TooManyRequests(error.detail, [fault], error.headers) from None


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
