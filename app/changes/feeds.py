"""Changes for feed readers: Atom 1.0 (RFC 4287, paged by RFC 5005) and JSON Feed 1.1, from the same entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from app.changes.models import What
from app.changes.schemas import ChangeShown
from app.texts import Language, Text

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
HTML, JSON = "text/html", "application/json"
TITLE = Text(sv="Ändringar i Stödkatalogen", en="Changes in Stödkatalogen")
WORDS = {
    What.ADDED: Text(sv="Ny", en="New"),
    What.CHANGED: Text(sv="Ändrad", en="Changed"),
    What.ENDED: Text(sv="Gäller inte längre", en="No longer in force"),
    What.REMOVED: Text(sv="Borttagen", en="Removed"),
    What.RENAMED: Text(sv="Nytt id", en="New id"),
}
RENAMED = Text(
    sv="Posten hade id:t ”{}” och har nu ”{}”. Uppdatera länkar som leder till det gamla.",
    en="The record's id was “{}” and is now “{}”. Update links that lead to the former one.",
)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. Addresses are absolute; `updated` is the newest entry's."""

    identity: str
    language: Language
    author: str
    home: str
    """The start page, for people."""
    changes: str
    """The changes as JSON."""
    own: str
    following: str | None
    """The next page, of older changes; None on the last."""
    updated: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in a feed. `updated` is like no other entry's; `page` is for people, None where there is none."""

    change: ChangeShown
    updated: datetime
    page: str | None

    @property
    def record(self) -> str | None:
        """The record as JSON; None of one that was removed."""
        related = self.change.links.get("related")
        return related.href if related else None

    @property
    def title(self) -> str:
        """`Ny: Nationella stödtelefonen`."""
        return f"{WORDS[self.change.change][self.change.language]}: {self.change.name}"

    @property
    def content(self) -> str:
        """The title, and for a renamed record both ids."""
        former = self.change.former_record
        sentence = RENAMED[self.change.language].format(former, self.change.record) if former else None
        return ". ".join(filter(None, (self.title, sentence)))


def rfc3339(moment: datetime) -> str:
    """In UTC, to the second or finer where the moment is."""
    return moment.isoformat().replace("+00:00", "Z")


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as XML."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language})
    _add_texts(root, {"id": feed.identity, "title": TITLE[feed.language], "updated": rfc3339(feed.updated)})
    _add_texts(SubElement(root, "author"), {"name": feed.author})
    _add_link(root, "self", ATOM, feed.own)
    _add_link(root, "next", ATOM, feed.following)
    _add_link(root, "alternate", HTML, feed.home)
    _add_link(root, "alternate", JSON, feed.changes)
    for entry in entries:
        _add_entry(root, entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(root: Element, entry: Entry) -> None:
    change, element = entry.change, SubElement(root, "entry")
    dates = {"published": rfc3339(change.changed_at), "updated": rfc3339(entry.updated)}
    _add_texts(element, {"id": change.id.urn, "title": entry.title, **dates})
    for name in (change.kind, change.change, change.status):
        SubElement(element, "category", {"term": name})
    SubElement(element, "content", {"type": "text"}).text = entry.content
    _add_link(element, "alternate", HTML, entry.page)
    _add_link(element, "alternate", JSON, entry.record)


def _add_link(parent: Element, rel: str, media_type: str, href: str | None) -> None:
    if href is not None:
        SubElement(parent, "link", {"rel": rel, "type": media_type, "href": href})


def _add_texts(parent: Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text


def json_feed(feed: Feed, entries: Sequence[Entry]) -> dict[str, object]:
    """The feed as JSON."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE[feed.language],
        "home_page_url": feed.home,
        "feed_url": feed.own,
        **({"next_url": feed.following} if feed.following else {}),
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_json_item(entry) for entry in entries],
    }


def _json_item(entry: Entry) -> dict[str, object]:
    change, url = entry.change, entry.page or entry.record
    return {
        "id": change.id.urn,
        **({"url": url} if url else {}),
        "title": entry.title,
        "content_text": entry.content,
        "date_published": rfc3339(change.changed_at),
        "date_modified": rfc3339(entry.updated),
        "language": change.language,
        "tags": [change.kind, change.change, change.status],
        **({"_stodkatalogen": {"record": entry.record}} if entry.record else {}),
    }
