"""Help for visitors who read another language, on one short page each: 112, and the lines that never close."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import col

from app.embed.pages.addresses import EASY, address
from app.embed.pages.answering import HEADERS
from app.embed.pages.asking import asking_in_swedish
from app.embed.pages.questions import Question
from app.embed.pages.rendering import environment
from app.http.context import context_of
from app.http.contract import Cost, answers
from app.http.links import base_url
from app.http.negotiating import parse_choices
from app.http.routing import Router
from app.resources.building import build_common
from app.resources.models import Kind, Resource
from app.resources.open_now import open_points
from app.resources.queries import of_kind
from app.resources.renaming import find_current_slug
from app.resources.schemas import ContactPointShown
from app.status import OFFERED
from app.stored_values import ReadingSession
from app.texts import Language

HTML = "text/html"
FALLBACK = "en"
LINES = {"kvinnofridslinjen": "women", "bris": "children"}
"""The lines on the page, each with the text that says whom it is for."""

router = Router(include_in_schema=False)


class Texts(BaseModel):
    """What is said in one language."""

    model_config = ConfigDict(extra="forbid")

    lang: str
    dir: str
    read: bool
    name: str
    title: str
    danger: str
    exit: str
    women: str
    children: str
    interpreters: str
    anonymous: str
    free: str
    not_on_bill: str
    about: str
    more: str
    unread: str
    referral: str | None = None
    """The name of the page that tells whom to contact, where it is in this language too."""


class Line(BaseModel):
    """A line that never closes: its name, its number, and what is stated of it."""

    name: str
    point: ContactPointShown
    sentences: list[str]


@lru_cache
def load_texts() -> dict[str, Texts]:
    """The texts by the last part of their page's address, from visitors.toml."""
    written = tomllib.loads(Path(__file__).with_name("visitors.toml").read_text(encoding="utf-8"))
    return {code: Texts.model_validate(texts) for code, texts in written.items()}


def choose_page(header: str) -> str:
    """The page in the language of ours that an Accept-Language header likes best; else the English one."""
    pages = {texts.lang: code for code, texts in load_texts().items()}
    liked = sorted((choice for choice in parse_choices(header) if choice[1] > 0), key=lambda choice: -choice[1])
    languages = (name.partition("-")[0] for name, _ in liked)
    return next((pages[language] for language in languages if language in pages), FALLBACK)


@router.get("/help")
@answers(HTML, fresh=None)
def to_language(question: Annotated[Question, Query()], request: Request) -> RedirectResponse:
    """The page in the reader's own language; in English where we do not have it. Nobody keeps which it was."""
    code = choose_page(request.headers.get("accept-language", ""))
    return RedirectResponse(f"{urlsplit(base_url(request)).path}/help/{code}", 302)


@router.get("/help/{language}")
@answers(HTML, fresh=60, cost=Cost.HELP)
def show_help(language: str, question: Annotated[Question, Query()], request: Request) -> HTMLResponse:
    """Help in one language; in English where we do not have it."""
    code = language.lower().partition("-")[0]
    code = code if code in load_texts() else FALLBACK
    texts, base = load_texts()[code], base_url(request)
    root = urlsplit(base).path
    html = environment(Language.ENGLISH).get_template("visitor.html").render(
        texts=texts,
        lines=_load_lines(request, texts),
        others=load_texts(),
        root=root,
        canonical=f"{base}/help/{code}",
        alternates={other.lang: f"{base}/help/{name}" for name, other in load_texts().items()},
        referral=None if context_of(request.scope).lasting else f"{root}{address(EASY, Language.SWEDISH)}",
        starts={page_language: root + address("start", page_language) for page_language in Language},
    )  # fmt: skip
    return HTMLResponse(html, headers={**HEADERS, "Content-Language": texts.lang})


def _load_lines(request: Request, texts: Texts) -> list[Line]:
    """The lines that are open at every hour, as their records say; none where the store cannot be read."""
    try:
        with ReadingSession(request.app.state.engine) as session:
            text_keys = {find_current_slug(session, "resource", slug) or slug: text for slug, text in LINES.items()}
            where = [col(Resource.slug).in_(text_keys), col(Resource.status).in_(OFFERED)]
            asking = asking_in_swedish(request, session)
            records = build_common(asking, session.scalars(of_kind(Kind.HOTLINE, where)).all())
    except (DBAPIError, PoolTimeoutError):
        return []
    return [
        Line(name=record.name, point=point, sentences=_tell(getattr(texts, text_keys[record.id]), point, texts))
        for record in records
        for point in open_points(record)[:1]
        if point.opening_hours and point.opening_hours.always_open
    ]


def _tell(whom: str, point: ContactPointShown, texts: Texts) -> list[str]:
    stated = (
        (point.interpreters, texts.interpreters),
        (point.anonymous, texts.anonymous),
        (point.free_of_charge, texts.free),
        (point.on_phone_bill is False, texts.not_on_bill),
    )
    return [whom, *(sentence for is_stated, sentence in stated if is_stated)]
