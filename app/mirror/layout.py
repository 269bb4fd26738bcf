"""Maps addresses to files by a rule that a web server can follow (deploy/mirror.nginx.conf)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from posixpath import splitext
from urllib.parse import urljoin, urlsplit

from app.mirror.asking import Answer

EXTENSIONS = {
    "application/atom+xml": ".atom",
    "application/feed+json": ".jsonfeed",
    "application/json": ".json",
    "application/ld+json": ".jsonld",
    "application/opensearchdescription+xml": ".osdx",
    "application/problem+json": ".problem",
    "application/rdf+xml": ".rdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/x-ndjson": ".ndjson",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "text/calendar; charset=utf-8": ".ics",
    "text/css; charset=utf-8": ".css",
    "text/csv; charset=utf-8": ".csv",
    "text/html; charset=utf-8": ".html",
    "text/javascript; charset=utf-8": ".js",
    "text/plain; charset=utf-8": ".txt",
    "text/vcard; charset=utf-8": ".vcf",
}
"""The file extension of each media type, by which the web server sets the type."""
PAGE = re.compile(r"^limit=\d+(&(offset=\d+|(after|before)=[\w-]+))?$")
"""The queries whose answers the mirror holds: those of links from page to page."""
BOTH = "any"
"""The folder of answers that are the same in both languages; the others are in `sv` and `en`."""
READABLE = ("text/", "application/json", "application/xml", "application/feed", "application/atom", "application/open")
PATH = re.compile(r"^(/[A-Za-z0-9._~@-]*)+$")


class UnknownSort(Exception):
    """An answer of a media type that has no file extension."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """An address of the service without the language: a path and, for later pages, a query."""

    path: str
    query: str = ""

    def query_in(self, language: str | None) -> str:
        """The query, with the language if one is given."""
        return "&".join(part for part in (f"lang={language}" if language else "", self.query) if part)


def file_of(address: Address, content_type: str) -> str:
    """The file, relative to the language's folder. Raises UnknownSort."""
    extension = EXTENSIONS.get(content_type)
    if extension is None:
        raise UnknownSort(f"{address.path} answers in {content_type!r}, which has no file name in the mirror")
    path, page = address.path.lstrip("/"), f"@{address.query}" if address.query else ""
    if splitext(path)[1] == extension:
        return f"{path}{page}{extension}" if page else path
    return f"{path.rstrip('/')}/index{page}{extension}".lstrip("/")


def address_of(link: str, at: str, base: str) -> Address | None:
    """The address of a link on the page `at`; None for links to what a mirror does not hold."""
    link = unescape(link)
    whole = f"{base}{link}" if re.match(r"/(?!/)", link) else urljoin(f"{base}{at}", link)
    if not whole.startswith(f"{base}/"):
        return None
    parts = urlsplit(whole)
    path = parts.path.removeprefix(urlsplit(base).path)
    query = "&".join(part for part in parts.query.split("&") if not part.startswith("lang="))
    if not PATH.match(path) or ".." in path.split("/") or (query and not PAGE.match(query)):
        return None
    return Address(path, query)


def find_links(answer: Answer, at: str, base: str) -> Iterator[Address]:
    """The addresses of this service that an answer links to."""
    if not answer.content_type.startswith(READABLE):
        return
    text = answer.body.decode()
    links = re.findall(re.escape(base) + r"/[^\s\"'<>\\)]*", text)
    if answer.content_type.startswith("text/html"):
        page = _Links()
        page.feed(text)
        links += page.links
    for link in dict.fromkeys(links):
        if (address := address_of(link, at, base)) is not None:
            yield address


class _Links(HTMLParser):
    """Collects the links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
