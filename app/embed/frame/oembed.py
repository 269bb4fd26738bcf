"""`/oembed`: from a pasted link to an iframe, as https://oembed.com says."""

from enum import StrEnum
from html import escape
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app.database import SessionDep
from app.embed.numbers import Number, numbers
from app.embed.offers import OFFERS, Embed
from app.embed.pages.addresses import address
from app.http.context import context_of
from app.http.contract import Parameters, answers
from app.http.links import base_url
from app.http.problems import FormatNotImplemented, NotFound
from app.http.routing import Router
from app.texts import Language

router = Router(include_in_schema=False)

JSON, XML = "application/json", "text/xml"
WIDTH, HEIGHT = 640, 720
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols"
"""A frame in a sandbox has no storage and no way out of itself, but may open the telephone and a new tab."""


class Format(StrEnum):
    """The formats of the specification."""

    JSON = "json"
    XML = "xml"


class OembedParameters(Parameters):
    """What the specification names, and what WordPress adds (`dnt`)."""

    url: Annotated[str, Field(min_length=1, max_length=2000, description="The address to embed.")]
    format: Annotated[str, Field(max_length=20)] | None = Field(None, description="`json` or `xml`.")
    maxwidth: int | None = Field(None, ge=1, description="At most so many pixels wide.")
    maxheight: int | None = Field(None, ge=1, description="At most so many pixels high.")
    dnt: str | None = Field(None, description="Nobody is tracked here, asked or not.")


@router.get("/oembed")
@answers(JSON, XML, fresh=3600)
def get_oembed(wanted: Annotated[OembedParameters, Query()], request: Request, session: SessionDep) -> Response:
    """The iframe for one of our frames or lists: 404 for another address, 501 for another format."""
    form = _format(wanted.format, context_of(request.scope).format)
    base = base_url(request)
    embed, language, query = _embed(wanted.url, base)
    title = OFFERS[embed].title[language]
    width, height = min(WIDTH, wanted.maxwidth or WIDTH), min(HEIGHT, wanted.maxheight or HEIGHT)
    source = f"{base}/embed/frame/{embed}?{urlencode(query)}".rstrip("?")
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": f"{title} – Stödkatalogen",
        "provider_name": "Stödkatalogen",
        "provider_url": base,
        "cache_age": 86_400,
        "html": quoted(numbers(session, language)) + iframe(source, title, width, height),
        "width": width,
        "height": height,
    }
    return JSONResponse(told) if form is Format.JSON else Response(_xml(told), media_type=XML)


def _format(asked: str | None, accepted: str) -> Format:
    if asked is None:
        return Format.XML if accepted == XML else Format.JSON
    if asked not in tuple(Format):
        raise FormatNotImplemented(f"{asked!r} is not a format here. There are json and xml.")
    return Format(asked)


def _embed(url: str, base: str) -> tuple[Embed, Language, list[tuple[str, str]]]:
    """Which embed an address of ours stands for, with its parameters. Raises NotFound."""
    path, _, asked = url.partition("#")[0].partition("?")
    query = parse_qsl(asked)
    for embed, offer in OFFERS.items():
        if path == f"{base}/embed/frame/{embed}":
            known = dict(query).get("lang", Language.SWEDISH)
            return embed, Language(known) if known in tuple(Language) else Language.SWEDISH, query
        for language in Language:
            if path == base + address(offer.page, language):
                place = [pair for pair in query if pair[0] == "municipality"]
                return embed, language, [("lang", language.value), *place]
    raise NotFound(f"That is not an address of a frame or a list at {urlsplit(base).netloc}.")


def quoted(told: list[Number]) -> str:
    """The numbers as text and link, for where the frame does not load; WordPress hides it once the frame has."""
    lines = ", ".join(f'{escape(one.name)} <a href="{escape(one.uri)}">{escape(one.display)}</a>' for one in told)
    return f"<blockquote>{lines}</blockquote>"


def iframe(source: str, title: str, width: int | str, height: int) -> str:
    """The element, with no more rights than it needs and without telling us which page it stands on."""
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}" frameborder="0" '
        f'loading="lazy" referrerpolicy="no-referrer" sandbox="{SANDBOX}"></iframe>'
    )


def _xml(told: dict[str, Any]) -> bytes:
    root = Element("oembed")
    for name, value in told.items():
        SubElement(root, name).text = str(value)
    head = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return head + body
