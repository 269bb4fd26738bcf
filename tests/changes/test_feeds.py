"""The feeds, read as feed readers do."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.changes.models import Change, What
from app.main import create_app
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.conftest import SEEDED
from tests.serving import serve

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
        alternates = entry.findall("a:link[@rel='alternate']", ATOM)
        assert alternates
        assert all(one.attrib["href"].startswith("http") for one in alternates)
        sorts = [one.attrib["type"] for one in alternates]
        assert len(set(sorts)) == len(sorts), "RFC 4287 (4.1.2) wants a type of each alternate's own"
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


ADDRESSES = {"atom": "/v1/changes.atom", "json": "/v1/changes/feed.json"}


def entries_of(client: httpx.Client, address: str) -> tuple[list[dict[str, Any]], str | None]:
    """Of one page of a feed the entries, alike for both formats, and the address of the next page."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    if "json" in answer.headers["content-type"]:
        feed = answer.json()
        entries = [
            {"id": item["id"], "updated": item["date_modified"], "url": item.get("url"), "text": item["content_text"],
             "record": item.get("_stodkatalogen", {}).get("record")}
            for item in feed["items"]
        ]  # fmt: skip
        return entries, feed.get("next_url")
    root = ElementTree.fromstring(answer.content)
    entries = [
        {"id": text(entry, "a:id"), "updated": text(entry, "a:updated"), "text": text(entry, "a:content"),
         "url": href(entry, "alternate", "text/html"), "record": href(entry, "alternate", "application/json")}
        for entry in root.findall("a:entry", ATOM)
    ]  # fmt: skip
    return entries, href(root, "next", "application/atom+xml")


def href(element: ElementTree.Element, rel: str, media_type: str) -> str | None:
    link = element.find(f"a:link[@rel='{rel}'][@type='{media_type}']", ATOM)
    return None if link is None else link.attrib["href"]


def all_entries(client: httpx.Client, address: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while address:
        entries, address = entries_of(client, address)
        found += entries
    return found


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_following_next_gives_every_change_once_from_the_newest_to_the_oldest(
    client: httpx.Client, address: str
) -> None:
    everything = [f"urn:uuid:{one['id']}" for one in reversed(changes(client))]
    assert [one["id"] for one in all_entries(client, f"{address}?limit=50")] == everything


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_changes_that_were_published_together_are_in_order_by_their_own_moments(
    client: httpx.Client, address: str
) -> None:
    moments = [datetime.fromisoformat(one["updated"]) for one in all_entries(client, f"{address}?limit=50")]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) == len(moments)


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_an_entry_leads_to_the_page_for_people_and_beside_it_to_the_record(client: httpx.Client, address: str) -> None:
    entries = [
        one for one in all_entries(client, f"{address}?limit=100&lang=en") if "/organizations/" not in one["record"]
    ]
    for entry in (entries[0], entries[-1]):
        assert "/en/resources/" in entry["url"]
        assert client.get(entry["url"]).headers["content-type"] == "text/html; charset=utf-8"
        assert client.get(entry["record"]).headers["content-type"] == "application/json"


def test_a_feed_leads_to_the_start_page_and_beside_it_to_the_changes(client: httpx.Client) -> None:
    root = atom(client)
    for home in (href(root, "alternate", "text/html"), client.get("/v1/changes/feed.json").json()["home_page_url"]):
        assert home
        assert client.get(home).headers["content-type"].startswith("text/html")
    changes_as_json = href(root, "alternate", "application/json")
    assert changes_as_json
    assert client.get(changes_as_json).json()["items"]


def test_a_token_that_is_none_is_refused_under_the_name_of_its_parameter(client: httpx.Client) -> None:
    answer = client.get("/v1/changes.atom", params={"before": "AAAA"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "before"


def test_a_renamed_record_is_told_of_with_both_ids_in_the_api_and_in_the_feeds(engine: Engine, seed: Seed) -> None:
    write_seed(engine, seed, SEEDED)
    with Session(engine) as session:
        change = session.exec(select(Change).where(Change.slug == "kvinnofridslinjen")).one()
        change.what, change.former_slug = What.RENAMED, "kvinnofrid"
        session.add(change)
        session.commit()
    url = engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        (told,) = [one for one in changes(running.client) if one["change"] == "renamed"]
        assert (told["former_record"], told["record"]) == ("kvinnofrid", "kvinnofridslinjen")
        assert running.client.get(told["_links"]["related"]["href"]).status_code == 200
        for address in ADDRESSES.values():
            (entry,) = [
                one for one in all_entries(running.client, f"{address}?limit=100") if one["id"].endswith(told["id"])
            ]
            assert "”kvinnofrid” och har nu ”kvinnofridslinjen”" in entry["text"]
            assert entry["url"].endswith("/sv/resurser/kvinnofridslinjen")
