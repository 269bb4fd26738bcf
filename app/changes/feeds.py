"""Changes for feed readers: Atom 1.0 (RFC 4287) and JSON Feed 1.1, from the same entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from app.changes.models import What
from app.changes.schemas import ChangeShown
from app.texts import Language, Text

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
TITLE = Text(sv="Ändringar i Stödkatalogen", en="Changes in Stödkatalogen")
WORDS = {
    What.ADDED: Text(sv="Ny", en="New"),
    What.CHANGED: Text(sv="Ändrad", en="Changed"),
    What.ENDED: Text(sv="Gäller inte längre", en="No longer in force"),
    What.REMOVED: Text(sv="Borttagen", en="Removed"),
}


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. Addresses are absolute; `updated` is the newest change."""

    identity: str
    language: Language
    author: str
    home: str
    own: str
    updated: datetime


def heading(change: ChangeShown) -> str:
    """`Ny: Nationella stödtelefonen`."""
    return f"{WORDS[change.change][change.language]}: {change.name}"


def rfc3339(moment: datetime) -> str:
    """In UTC, to the second or finer where the moment is."""
    return moment.isoformat().replace("+00:00", "Z")


def atom(feed: Feed, changes: Sequence[ChangeShown]) -> bytes:
    """The feed as XML."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language})
    _say(root, {"id": feed.identity, "title": TITLE[feed.language], "updated": rfc3339(feed.updated)})
    _say(SubElement(root, "author"), {"name": feed.author})
    SubElement(root, "link", {"rel": "self", "type": ATOM, "href": feed.own})
    SubElement(root, "link", {"rel": "alternate", "type": "application/json", "href": feed.home})
    for change in changes:
        entry = SubElement(root, "entry")
        moment = rfc3339(change.changed_at)
        _say(entry, {"id": change.id.urn, "title": heading(change), "published": moment, "updated": moment})
        for name in (change.kind, change.change, change.status):
            SubElement(entry, "category", {"term": name})
        SubElement(entry, "content", {"type": "text"}).text = heading(change)
        if related := change.links.get("related"):
            SubElement(entry, "link", {"rel": "alternate", "type": "application/json", "href": related.href})
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(feed: Feed, changes: Sequence[ChangeShown]) -> dict[str, object]:
    """The feed as JSON."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE[feed.language],
        "home_page_url": feed.home,
        "feed_url": feed.own,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_json_item(change) for change in changes],
    }


def _json_item(change: ChangeShown) -> dict[str, object]:
    moment, related = rfc3339(change.changed_at), change.links.get("related")
    return {
        "id": change.id.urn,
        **({"url": related.href} if related else {}),
        "title": heading(change),
        "content_text": heading(change),
        "date_published": moment,
        "date_modified": moment,
        "language": change.language,
        "tags": [change.kind, change.change, change.status],
    }


def _say(parent: Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text
