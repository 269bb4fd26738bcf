"""The pages. They show the very objects that the API answers with, in words."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.routing import BaseRoute

from app.embed.pages import easy, problems, visitors
from app.embed.pages.addresses import CONFIRMATION, PATHS, REPORT, RESOURCE, THANKS, address
from app.embed.pages.answering import render
from app.embed.pages.asking import AskingDep
from app.embed.pages.confirmation import confirm, show_confirmation
from app.embed.pages.lists import (
    Endpoint,
    link_pages,
    list_kind,
    list_page,
    reached_page,
    show_coordinators,
    show_courses,
    show_hotlines,
)
from app.embed.pages.questions import MOST, PlaceQuestion, Question, ReferralQuestion, SearchQuestion
from app.embed.pages.referring import answer_posted, load_choices, show_referral
from app.embed.pages.rendering import FOLDER
from app.embed.pages.reporting import send_report, show_report_form, show_thanks
from app.embed.pages.resource import describe_page
from app.embed.pages.visitors import load_texts
from app.http.contract import Cost, Parameters, answers
from app.http.links import base_url
from app.http.problems import NotFound
from app.http.routing import Router, routes_of
from app.kinds import build_whole
from app.resources.listing import Id
from app.resources.models import REACHED, Kind
from app.resources.open_now import Person, load_open_now
from app.resources.queries import resource as resource_statement
from app.resources.renaming import redirect_renamed
from app.search.queries import count_left_out, find_hits
from app.search.reading import build_hits
from app.standards.schema_org import build_thing
from app.status import OFFERED
from app.texts import Language

HTML = "text/html"


def mount(whole_application: FastAPI, create: Callable[[Sequence[BaseRoute]], FastAPI]) -> None:
    """Mount the pages of each language, each an application of its own, and what they are drawn with."""
    whole_application.router.routes.extend(routes_of((beside, visitors.router)))
    for language in Language:
        pages = create(_routes(language))
        pages.state.language = language
        problems.register(pages)
        whole_application.mount(f"/{language}", pages)


@cache
def _routes(language: Language) -> list[BaseRoute]:
    """The pages of a language, at their addresses in it."""
    pages = Router()
    for page, endpoint in ENDPOINTS.items():
        path = PATHS[page][language]
        pages.add_api_route(path, endpoint, name=page, include_in_schema=False, response_class=HTMLResponse)
        if posted := POSTED.get(page):
            pages.add_api_route(path, posted, methods=["POST"], include_in_schema=False)
        for mixed in {PATHS[page][other] for other in Language} - {path}:
            pages.add_route(mixed, redirect_to(language, page))
    return routes_of([pages, easy.router] if language is Language.SWEDISH else [pages])


def redirect_to(language: Language, page: str) -> Callable[[Request], Response]:
    """From `/sv/hotlines`, which mixes the languages, to `/sv/stodlinjer`."""

    def redirect(request: Request) -> Response:
        path = address(page, language, quote(request.path_params.get("id", "")))
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{urlsplit(base_url(request)).path}{path}{query}", 308)

    return redirect


beside = Router(include_in_schema=False)


@beside.get("/sv")
@beside.get("/en")
@answers(HTML, fresh=300)
def to_start(parameters: Annotated[Parameters, Query()], request: Request) -> RedirectResponse:
    """The start page has a slash at its end."""
    return RedirectResponse(f"{request.url.path}/", 308)


@lru_cache
def _drawn(name: str) -> bytes:
    return (FOLDER / "assets" / name).read_bytes()


@beside.get("/pages/pages.css")
@answers("text/css", fresh=300)
def get_style(parameters: Annotated[Parameters, Query()]) -> Response:
    """How the pages look."""
    return Response(_drawn("pages.css"), media_type="text/css")


@beside.get("/pages/exit.js")
@answers("text/javascript", fresh=300)
def get_exit(parameters: Annotated[Parameters, Query()]) -> Response:
    """How the pages are left quickly."""
    return Response(_drawn("exit.js"), media_type="text/javascript")


@beside.get("/pages/icon.svg")
@answers("image/svg+xml", fresh=86_400)
def get_icon(parameters: Annotated[Parameters, Query()]) -> Response:
    """The mark that browsers show beside a page's title."""
    return Response(_drawn("icon.svg"), media_type="image/svg+xml")


@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_start(question: Annotated[Question, Query()], asking: AskingDep) -> HTMLResponse:
    """The form, the hotlines with their state, and the way to everything else.

    Light: what machines read of the lines is on the list of hotlines.
    """
    lines = list_kind(asking, Kind.HOTLINE, PlaceQuestion().parameters()).items
    values = {
        "lines": lines,
        "question": ReferralQuestion(),
        "others": load_texts(),
        "facts_from": asking.lasting or asking.at,
    }
    return render(asking.request, "start", values | load_choices(asking))


@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_resource(slug: Id, question: Annotated[Question, Query()], asking: AskingDep) -> HTMLResponse:
    """One resource of any kind, with its hours in words, its sources and dates."""
    rows = asking.session.scalars(resource_statement(slug)).all()
    if not rows:
        redirect_renamed(asking.request.url, asking.session, "resources", slug)
        raise NotFound(f"There is no resource with the id {slug[:80]!r}.")
    if not (readable := build_whole(asking, rows)):
        raise NotFound(f"The details of {slug[:80]!r} cannot be read at the moment.")
    resource = readable[0]
    return render(
        asking.request,
        RESOURCE,
        describe_page(asking, resource),
        listed=resource.status in OFFERED,
        structured=[build_thing(asking, resource)],
    )


@answers(HTML, fresh=300, private_questions=True, cost=Cost.DEAR)
def show_search(question: Annotated[SearchQuestion, Query()], asking: AskingDep) -> HTMLResponse:
    """What is found, best first."""
    kinds = [kind.value for kind in Kind]
    total, ids = find_hits(asking.session, question.q or "", OFFERED, kinds, MOST, question.offset)
    left_out = None if total else count_left_out(asking.session, question.q or "", OFFERED, kinds)
    values = {"question": question, "total": total, "hits": build_hits(asking, ids), "left_out": left_out}
    values |= {
        "now": load_open_now(asking, Person()) if question.q and not total else None,
        "facts_from": asking.lasting or asking.at,
    }
    has_next = question.offset + MOST < total
    around = link_pages(asking.request, question.offset, len(ids), total, has_next=has_next)
    return render(asking.request, "search", values | around, listed=question == SearchQuestion())


def text_page(name: str) -> Endpoint:
    """A page of plain text, written in each language."""

    @answers(HTML, fresh=300, private_questions=True, cost=Cost.HELP)
    def show_text(question: Annotated[Question, Query()], request: Request) -> HTMLResponse:
        return render(request, name, {})

    return show_text


ENDPOINTS: dict[str, Endpoint] = {
    "start": show_start,
    "referral": show_referral,
    **{kind: list_page(kind) for kind in Kind},
    **{kind: reached_page(kind) for kind in REACHED},
    Kind.HOTLINE: show_hotlines,
    Kind.COORDINATOR: show_coordinators,
    Kind.COURSE: show_courses,
    "search": show_search,
    RESOURCE: show_resource,
    CONFIRMATION: show_confirmation,
    **{name: text_page(name) for name in ("about", "accessibility", "privacy")},
    REPORT: show_report_form,
    THANKS: show_thanks,
}
POSTED: dict[str, Callable[..., Any]] = {CONFIRMATION: confirm, REPORT: send_report, "referral": answer_posted}
"""What the forms of pages are sent to."""
