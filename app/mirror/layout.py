"""Which file holds the answer of an address, so that a web server finds it by rule (deploy/mirror.nginx.conf)."""

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
"""The file name of each sort of answer; the web server knows the sort by it."""
PAGE = re.compile(r"^limit=\d+(&(offset=\d+|(after|before)=[\w-]+))?$")
"""The queries whose answers are held: those that lead from page to page."""
BOTH = "any"
"""The folder of answers that are the same in both languages; the others are in `sv` and `en`."""
READABLE = ("text/", "application/json", "application/xml", "application/feed", "application/atom", "application/open")
PATH = re.compile(r"^(/[A-Za-z0-9._~@-]*)+$")


class UnknownSort(Exception):
    """An answer of a sort that has no file name."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """An address of the service, but for the language: a path and, for later pages, a query."""

    path: str
    query: str = ""

    def asked_in(self, language: str | None) -> str:
        """The query with the language in it."""
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


def address_of(found: str, at: str, base: str) -> Address | None:
    """The address of a link found on the page `at`, if it is one that a mirror holds."""
    found = unescape(found)
    whole = f"{base}{found}" if re.match(r"/(?!/)", found) else urljoin(f"{base}{at}", found)
    if not whole.startswith(f"{base}/"):
        return None
    parts = urlsplit(whole)
    path = parts.path.removeprefix(urlsplit(base).path)
    query = "&".join(part for part in parts.query.split("&") if not part.startswith("lang="))
    if not PATH.match(path) or ".." in path.split("/") or (query and not PAGE.match(query)):
        return None
    return Address(path, query)


def linked(answer: Answer, at: str, base: str) -> Iterator[Address]:
    """The addresses of this service that an answer names."""
    if not answer.content_type.startswith(READABLE):
        return
    text = answer.body.decode()
    found = re.findall(re.escape(base) + r"/[^\s\"'<>\\)]*", text)
    if answer.content_type.startswith("text/html"):
        page = _Links()
        page.feed(text)
        found += page.found
    for one in dict.fromkeys(found):
        if (address := address_of(one, at, base)) is not None:
            yield address


class _Links(HTMLParser):
    """What a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]
