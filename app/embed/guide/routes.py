"""`/embed/guide`: builds the lines to paste. A form that works without JavaScript, livelier with it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import BeforeValidator, Field, StringConstraints

from app.areas.finding import find_area
from app.areas.models import Area, AreaKind
from app.areas.queries import areas
from app.areas.suggesting import UnknownArea
from app.embed.assets import named
from app.embed.frame.routes import HTML, Theme
from app.embed.guide.snippets import (
    ACCENT,
    DARK_GROUND,
    LIGHT_GROUND,
    Choice,
    Pasted,
    accent,
    contrast,
    fallback,
    snippets,
)
from app.embed.numbers import numbers, pasted_numbers
from app.embed.offers import OFFERS, Embed
from app.embed.pages.addresses import address
from app.embed.pages.words import place_hints, texts_in
from app.embed.rendering import render
from app.http.contract import Parameters, answers
from app.http.routing import Router
from app.page_paths import NEUTRAL
from app.resources.filters import PlaceName
from app.resources.listing import Asking, AskingDep
from app.resources.reviewing import day_of
from app.texts import Language

router = Router(include_in_schema=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def _filled(value: object) -> object:
    """Leave out a field that a form sends empty."""
    return (value.strip() or None) if isinstance(value, str) else value


class GuideParameters(Parameters):
    """The fields of the form."""

    embed: Embed = Field(Embed.HOTLINES, description="What to show.")
    municipality: Annotated[PlaceName | None, BeforeValidator(_filled)] = Field(None, description="Code or name.")
    language: Language | None = Field(None, description="The language of the embed; by default the guide's own.")
    theme: Theme = Field(Theme.AUTO, description="Which colours.")
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)] = Field(
        ACCENT, description="The colour of links."
    )
    heading_level: int = Field(2, ge=1, le=6, description="The level of the title.")
    quick_exit: bool = Field(False, description="Whether there is a button to leave the page.")


@cache
def words(language: Language) -> dict[str, str]:
    """The guide's texts in one language."""
    texts = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    return {name: text[language] for name, text in texts.items()}


@router.get("/guide")
@answers(HTML, fresh=300, private_questions=True)
def show_guide(parameters: Annotated[GuideParameters, Query()], asking: AskingDep) -> HTMLResponse:
    """The guide, with the lines for what the form says. An unknown municipality: the nearest, and 422."""
    place, unknown = _place(asking, parameters.municipality)
    choice = Choice(
        embed=parameters.embed,
        language=parameters.language or asking.language,
        municipality=place.code if place else None,
        theme=parameters.theme,
        accent=parameters.accent,
        heading_level=parameters.heading_level,
        quick_exit=parameters.quick_exit,
    )
    return _page(asking, parameters, choice, unknown)


def _place(asking: Asking, municipality: str | None) -> tuple[Area | None, UnknownArea | None]:
    """The municipality, or else the nearest names to the text."""
    if municipality is None:
        return None, None
    try:
        return find_area(asking.session, AreaKind.MUNICIPALITY, municipality), None
    except UnknownArea as error:
        return None, error


def _page(asking: Asking, parameters: GuideParameters, choice: Choice, unknown: UnknownArea | None) -> HTMLResponse:
    base, session = asking.base_url, asking.session
    pasted = Pasted(pasted_numbers(session, choice.language), day_of(asking.at))
    lines = snippets(choice, pasted, base)
    html = render(
        "guide.html",
        say=words(asking.language),
        site=texts_in(asking.language),
        neutral=NEUTRAL,
        language=asking.language,
        emergency=numbers(session, asking.language)[0],
        parameters=parameters,
        choice=choice,
        offered=[(embed, offer.title[asking.language]) for embed, offer in OFFERS.items()],
        municipalities=[area.name_sv for area in session.scalars(areas(AreaKind.MUNICIPALITY))],
        unknown=unknown,
        hints=place_hints(unknown, asking.language) if unknown else [],
        legible=_is_legible(choice),
        accent=accent(choice) or "",
        lines=lines,
        pasted=pasted,
        preview=Markup(lines.element),  # noqa: S704  # its values are escaped, and from closed sets
        fallback=Markup(fallback(choice, pasted)),  # noqa: S704  # likewise
        base=base,
        home=address("start", asking.language),
        other=_in_other_language(asking.request, asking.language),
        assets={name: named(name) for name in ("guide.css", "guide.js", "stodkatalog.js")},
    )
    headers = {"Content-Security-Policy": POLICY, "Content-Language": asking.language.value}
    return HTMLResponse(html, 200 if unknown is None else 422, headers)


def _is_legible(choice: Choice) -> bool:
    if choice.accent == ACCENT:
        return True
    ground = DARK_GROUND if choice.theme is Theme.DARK else LIGHT_GROUND
    return contrast(choice.accent, ground) >= 4.5


def _in_other_language(request: Request, language: Language) -> tuple[Language, str]:
    other = next(candidate for candidate in Language if candidate is not language)
    return other, f"?{request.url.include_query_params(lang=other.value).query}"
