"""`/oembed`: answers the address of a page of ours with an iframe for it, as https://oembed.com defines."""

from enum import StrEnum
from html import escape
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app.embed.numbers import pasted_numbers
from app.embed.offers import OFFERS, Embed
from app.embed.pages.addresses import address
from app.embed.wording import AS_OF
from app.http.contract import Parameters, answers
from app.http.problems import FormatNotImplemented, NotFound
from app.http.routing import Router
from app.resources.listing import Asking, AskingDep
from app.resources.reviewing import day_of
from app.texts import Language
from app.times import day_in_words

router = Router(include_in_schema=False)

JSON, XML = "application/json", "text/xml"
WIDTH, HEIGHT = 640, 720
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols"
"""The sandbox of the iframe: it has no storage and cannot leave its place, but may start a call and open a new tab."""


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
@answers(JSON, XML, fresh=3600, forgiving=True)
def get_oembed(parameters: Annotated[OembedParameters, Query()], asking: AskingDep) -> Response:
    """The iframe for one of our frames or lists: 404 for another address, 501 for another format."""
    form = _format(parameters.format, asking.format)
    base = asking.base_url
    embed, language, query = _embed(parameters.url, base)
    title = OFFERS[embed].title[language]
    width, height = min(WIDTH, parameters.maxwidth or WIDTH), min(HEIGHT, parameters.maxheight or HEIGHT)
    source = f"{base}/embed/frame/{embed}?{urlencode(query)}".rstrip("?")
    fields: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": f"{title} – Stödkatalogen",
        "provider_name": "Stödkatalogen",
        "provider_url": base,
        "cache_age": 86_400,
        "html": _quote_numbers(asking, embed, language, query) + iframe(source, title, width, height),
        "width": width,
        "height": height,
    }
    return JSONResponse(fields) if form is Format.JSON else Response(_xml(fields), media_type=XML)


def _format(name: str | None, accepted: str) -> Format:
    if name is None:
        return Format.XML if accepted == XML else Format.JSON
    if name not in tuple(Format):
        raise FormatNotImplemented(f"{name!r} is not a format here. There are json and xml.")
    return Format(name)


def _embed(url: str, base: str) -> tuple[Embed, Language, list[tuple[str, str]]]:
    """Which embed an address of ours stands for, with its parameters. Raises NotFound."""
    path, _, query_string = url.partition("#")[0].partition("?")
    path = path.rstrip("/")
    query = parse_qsl(query_string)
    for embed, offer in OFFERS.items():
        if path == f"{base}/embed/frame/{embed}":
            code = dict(query).get("lang", Language.SWEDISH)
            return embed, Language(code) if code in tuple(Language) else Language.SWEDISH, query
        for language in Language:
            if path == base + address(offer.page, language):
                place = [pair for pair in query if pair[0] == "municipality"]
                return embed, language, [("lang", language.value), *place]
    raise NotFound(f"That is not an address of a frame or a list at {urlsplit(base).netloc}.")


def _quote_numbers(asking: Asking, embed: Embed, language: Language, query: list[tuple[str, str]]) -> str:
    """The numbers as text and links, their date, and a link to the page with the same content as the frame.

    WordPress shows only this until the frame has loaded (see frame.js), and keeps it for as long as it keeps the post.
    """
    listed = pasted_numbers(asking.session, language)
    numbers = ", ".join(f"{escape(number.name)} {_link(number.uri, number.display)}" for number in listed)
    as_of = AS_OF[language].format(day_in_words(day_of(asking.at), language))
    place = urlencode([pair for pair in query if pair[0] == "municipality"])
    page = f"{asking.base_url}{address(OFFERS[embed].page, language)}?{place}".rstrip("?")
    title = f"{OFFERS[embed].title[language]} – Stödkatalogen"
    return f"<blockquote>{numbers}. {as_of} {_link(page, title)}</blockquote>"


def _link(uri: str, text: str) -> str:
    """A link that WordPress does not change: it removes all attributes but `href`."""
    return f'<a href="{escape(uri)}">{escape(text)}</a>'


def iframe(source: str, title: str, width: int | str, height: int) -> str:
    """The iframe element, with no more rights than it needs, and without a Referer that names the page around it."""
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}" frameborder="0" '
        f'loading="lazy" referrerpolicy="no-referrer" sandbox="{SANDBOX}"></iframe>'
    )


def _xml(fields: dict[str, Any]) -> bytes:
    root = Element("oembed")
    for name, value in fields.items():
        SubElement(root, name).text = str(value)
    head = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return head + body
