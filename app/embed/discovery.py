"""What programs look for at the root: sitemap, robots.txt, llms.txt, security.txt, OpenSearch description."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import quote
from xml.etree import ElementTree as ET

from fastapi import Query, Request, Response

from app.database import SessionDep
from app.embed.pages.addresses import EASY, address, addresses
from app.embed.pages.visitors import FALLBACK, load_texts
from app.http.contract import Parameters, answers
from app.http.languages import LanguageDep
from app.http.links import base_url
from app.http.routing import Router
from app.texts import Language, Text

router = Router(include_in_schema=False)

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
OPEN_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
XML, TEXT, DESCRIPTION = "application/xml", "text/plain", "application/opensearchdescription+xml"

STARTED = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
"""The day this process started. Somebody maintained the service then: security.txt is valid for a year from it."""

LLMS = Path(__file__).with_name("llms.txt")
SHORT_NAME = "Stödkatalogen"
EXAMPLE = Text(sv="människohandel", en="human trafficking")
"""An example of a search with results, which OpenSearch 1.1 asks for."""
FINDS = Text(
    sv="Stöd vid prostitution, människohandel och sexuell exploatering",
    en="Support in cases of prostitution, human trafficking and sexual exploitation",
)


@router.get("/sitemap.xml")
@answers(XML, fresh=3600)
def get_sitemap(parameters: Annotated[Parameters, Query()], request: Request, session: SessionDep) -> Response:
    """Every page in force, each in both languages, the one in easy Swedish, and the pages of help in others.

    Alla sidor som gäller, på båda språken, den på lätt svenska, och hjälpsidorna på andra språk.
    """
    root, base = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML}), base_url(request)
    for paths in addresses(session):
        _add_pages(root, {language: base + paths[language] for language in Language}, base + paths.sv)
    _add_page(root, base + address(EASY, Language.SWEDISH), {})
    helping = {texts.lang: f"{base}/help/{code}" for code, texts in load_texts().items()}
    _add_pages(root, helping, helping[FALLBACK])
    return _xml(root, XML)


def _add_pages(root: ET.Element, pages: Mapping[str, str], otherwise: str) -> None:
    """A page in each of its languages, with the others. `otherwise`: the one for readers of any other language."""
    for location in pages.values():
        _add_page(root, location, {**pages, "x-default": otherwise})


def _add_page(root: ET.Element, location: str, alternates: Mapping[str, str]) -> None:
    page = ET.SubElement(root, "url")
    ET.SubElement(page, "loc").text = location
    for tag, other in alternates.items():
        ET.SubElement(page, "xhtml:link", {"rel": "alternate", "hreflang": tag, "href": other})


@router.get("/robots.txt")
@answers(TEXT, fresh=3600)
def get_robots(parameters: Annotated[Parameters, Query()], request: Request) -> Response:
    """Everything may be read; the pages are in the sitemap.

    Allt får läsas; sidorna står i webbplatskartan.
    """
    return Response(f"User-agent: *\nAllow: /\n\nSitemap: {base_url(request)}/sitemap.xml\n", media_type=TEXT)


@router.get("/llms.txt")
@answers(TEXT, fresh=3600)
def get_llms(parameters: Annotated[Parameters, Query()], request: Request) -> Response:
    """What a language model should know before it answers from the directory, and where to ask (llmstxt.org).

    Vad en språkmodell bör veta om katalogen, och var den frågar.
    """
    return Response(LLMS.read_text("utf-8").replace("{base}", base_url(request)), media_type=TEXT)


@router.get("/.well-known/security.txt")
@answers(TEXT, fresh=3600)
def get_security(parameters: Annotated[Parameters, Query()], request: Request) -> Response:
    """Where a fault in the security of this service is reported (RFC 9116).

    Vart man anmäler en säkerhetsbrist.
    """
    settings = request.app.state.settings
    lines = (
        f"Contact: mailto:{quote(settings.contact_email, safe='@+')}",
        *_web_address("Contact", str(settings.contact_url)),
        f"Expires: {STARTED + timedelta(days=365):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: sv, en",
        *_web_address("Canonical", f"{base_url(request)}/.well-known/security.txt"),
    )
    return Response("".join(f"{line}\n" for line in lines), media_type=TEXT)


def _web_address(field: str, address: str) -> tuple[str, ...]:
    """A line of security.txt; none for http, as RFC 9116 allows only https there."""
    return (f"{field}: {address}",) if address.startswith("https://") else ()


@router.get("/opensearch.xml")
@answers(DESCRIPTION, fresh=3600)
def get_open_search(parameters: Annotated[Parameters, Query()], request: Request, language: LanguageDep) -> Response:
    """How a browser searches the directory (OpenSearch 1.1).

    Hur en webbläsare söker i katalogen.
    """
    base = base_url(request)
    root = ET.Element("OpenSearchDescription", {"xmlns": OPEN_SEARCH})
    ET.SubElement(root, "ShortName").text = SHORT_NAME
    ET.SubElement(root, "Description").text = FINDS[language]
    pages = {"type": "text/html", "template": f"{base}{address('search', language)}?q={{searchTerms}}"}
    ET.SubElement(root, "Url", pages)
    ET.SubElement(
        root, "Url", {"type": DESCRIPTION, "rel": "self", "template": f"{base}/opensearch.xml?lang={language}"}
    )
    ET.SubElement(root, "Query", {"role": "example", "searchTerms": EXAMPLE[language]})
    ET.SubElement(root, "Language").text = language
    for name in ("InputEncoding", "OutputEncoding"):
        ET.SubElement(root, name).text = "UTF-8"
    return _xml(root, DESCRIPTION)


def _xml(root: ET.Element, media_type: str) -> Response:
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type=media_type)
