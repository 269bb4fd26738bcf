"""The feeds, read as feed readers do."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

ATOM = {"a": "http://www.w3.org/2005/Atom"}
CHANGES = {"limit": 100}


def atom(client: httpx.Client, **headers: str) -> ElementTree.Element:
    answer = client.get("/v1/changes.atom", headers=headers)
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def text(element: ElementTree.Element, path: str) -> str:
    (found,) = element.findall(path, ATOM)
    assert found.text
    return found.text


def changes(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = client.get("/v1/changes", params=CHANGES).json()
    found += page["items"]
    while "next" in page["_links"]:
        page = client.get(page["_links"]["next"]["href"]).json()
        found += page["items"]
    return found


def test_the_atom_feed_has_what_rfc_4287_asks_of_a_feed_and_of_each_entry(client: httpx.Client) -> None:
    feed = atom(client)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "sv"}
    assert text(feed, "a:id").startswith("urn:uuid:")
    assert text(feed, "a:author/a:name") == "Stödkatalogen"
    (own,) = feed.findall("a:link[@rel='self']", ATOM)
    assert own.attrib["href"] == f"{client.base_url}/v1/changes.atom"
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 20
    assert len({text(entry, "a:id") for entry in entries}) == 20
    for entry in entries:
        assert text(entry, "a:title")
        assert text(entry, "a:content")
        assert datetime.fromisoformat(text(entry, "a:updated")).tzinfo
        (alternate,) = entry.findall("a:link[@rel='alternate']", ATOM)
        assert alternate.attrib["href"].startswith("http")
    assert max(text(entry, "a:updated") for entry in entries) == text(feed, "a:updated")


def test_the_json_feed_has_what_version_1_1_asks(client: httpx.Client) -> None:
    answer = client.get("/v1/changes/feed.json")
    assert answer.headers["content-type"] == "application/feed+json"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == str(answer.url)
    assert feed["title"] == "Ändringar i Stödkatalogen"
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == 20
    for item in feed["items"]:
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert client.get(item["url"]).status_code == 200 if item is feed["items"][0] else item["url"]


def test_the_feeds_tell_the_newest_changes_first_under_the_ids_of_the_api(client: httpx.Client) -> None:
    newest = [f"urn:uuid:{one['id']}" for one in reversed(changes(client))][:20]
    assert [text(entry, "a:id") for entry in atom(client).findall("a:entry", ATOM)] == newest
    assert [item["id"] for item in client.get("/v1/changes/feed.json").json()["items"]] == newest


@pytest.mark.parametrize(("accept", "begins"), [("application/atom+xml", b"<?xml"), ("application/feed+json", b"{")])
def test_the_changes_are_a_feed_to_whom_asks_for_one(client: httpx.Client, accept: str, begins: bytes) -> None:
    answer = client.get("/v1/changes", headers={"Accept": accept})
    assert answer.headers["content-type"] == accept
    assert answer.content.startswith(begins)


def test_a_feed_speaks_english_to_whom_asks_for_it(client: httpx.Client) -> None:
    feed = atom(client, **{"Accept-Language": "en"})
    assert text(feed, "a:title") == "Changes in Stödkatalogen"
    swedish = atom(client)
    assert text(feed, "a:id") != text(swedish, "a:id")


def test_a_feed_is_answered_304_to_whom_has_it(client: httpx.Client) -> None:
    etag = client.get("/v1/changes.atom").headers["etag"]
    assert client.get("/v1/changes.atom", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["/v1/changes.rss", "/v1/changes/feed.xml"])
def test_a_feed_in_an_unknown_format_is_not_there(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_changes_in_an_unknown_format_are_not_acceptable(client: httpx.Client) -> None:
    assert client.get("/v1/changes", headers={"Accept": "application/rss+xml"}).status_code == 406
