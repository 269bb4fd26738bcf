"""Feeds for readers of news: Atom 1.0 (RFC 4287, paged by RFC 5005) and JSON Feed 1.1, from the same entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from app.texts import Language

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
HTML, JSON = "text/html", "application/json"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. Addresses are absolute; `updated` is the newest entry's."""

    identity: str
    title: str
    language: Language
    author: str
    home: str
    """The start page, for people."""
    data: str
    """The same as JSON."""
    own: str
    following: str | None
    """The next page, of older entries; None on the last."""
    updated: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a feed. `updated` is like no other entry's; `page` is for people, `record` the record as JSON."""

    id: UUID
    title: str
    content: str
    published: datetime
    updated: datetime
    page: str | None
    record: str | None
    tags: Sequence[str]
    language: Language


def write_moment(moment: datetime) -> str:
    """In UTC, to the second or finer where the moment is (RFC 3339)."""
    return moment.isoformat().replace("+00:00", "Z")


def write_atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as XML."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language})
    _add_texts(root, {"id": feed.identity, "title": feed.title, "updated": write_moment(feed.updated)})
    _add_texts(SubElement(root, "author"), {"name": feed.author})
    _add_link(root, "self", ATOM, feed.own)
    _add_link(root, "next", ATOM, feed.following)
    _add_link(root, "alternate", HTML, feed.home)
    _add_link(root, "alternate", JSON, feed.data)
    for entry in entries:
        _add_entry(root, entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry")
    dates = {"published": write_moment(entry.published), "updated": write_moment(entry.updated)}
    _add_texts(element, {"id": entry.id.urn, "title": entry.title, **dates})
    for tag in entry.tags:
        SubElement(element, "category", {"term": tag})
    SubElement(element, "content", {"type": "text"}).text = entry.content
    _add_link(element, "alternate", HTML, entry.page)
    _add_link(element, "alternate", JSON, entry.record)


def _add_link(parent: Element, rel: str, media_type: str, href: str | None) -> None:
    if href is not None:
        SubElement(parent, "link", {"rel": rel, "type": media_type, "href": href})


def _add_texts(parent: Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text


def write_json_feed(feed: Feed, entries: Sequence[Entry]) -> dict[str, object]:
    """The feed as JSON."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.own,
        **({"next_url": feed.following} if feed.following else {}),
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_write_item(entry) for entry in entries],
    }


def _write_item(entry: Entry) -> dict[str, object]:
    url = entry.page or entry.record
    return {
        "id": entry.id.urn,
        **({"url": url} if url else {}),
        "title": entry.title,
        "content_text": entry.content,
        "date_published": write_moment(entry.published),
        "date_modified": write_moment(entry.updated),
        "language": entry.language,
        "tags": list(entry.tags),
        **({"_stodkatalogen": {"record": entry.record}} if entry.record else {}),
    }
