"""Lists for people: what can be ticked, in an address that can be sent to somebody, with the API's answer behind it."""

import re
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser

from app.resources import slices
from tests.serving import Served

LISTS = {
    "hotlines": ("/sv/stodlinjer", "/en/hotlines"),
    "support-services": ("/sv/stodverksamheter", "/en/support-services"),
    "coordinators": ("/sv/regionkoordinatorer", "/en/coordinators"),
    "courses": ("/sv/utbildningar", "/en/courses"),
}


def ids_of(html: str) -> list[str]:
    """What the list of a page holds, in its order."""
    return re.findall(r'<li class="card[^"]*">\s*<h2><a href="/(?:sv/resurser|en/resources)/([^"]+)"', html)


def load_ids(client: httpx.Client, collection: str, wanted: dict[str, str]) -> list[str]:
    """What the API lists."""
    answer = client.get(f"/v1/{collection}", params={**wanted, "limit": "50"})
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("collection", "wanted"),
    [
        ("hotlines", {"open": "true"}),
        ("hotlines", {"channel": "chat"}),
        ("hotlines", {"open": "true", "channel": "chat"}),
        ("hotlines", {"free_of_charge": "true"}),
        ("hotlines", {"open": "true", "free_of_charge": "true"}),
        ("support-services", {"open": "true", "municipality": "Halmstad"}),
        ("coordinators", {"open": "true"}),
        ("courses", {"free": "true"}),
        ("courses", {"format": "online"}),
        ("courses", {"free": "true", "format": "online"}),
    ],
)
def test_what_is_ticked_is_what_the_api_filters(client: httpx.Client, collection: str, wanted: dict[str, str]) -> None:
    for page in LISTS[collection]:
        before = load_ids(client, collection, wanted)
        answer = client.get(page, params=wanted)
        assert answer.status_code == 200
        # A line may close between the answers.
        assert ids_of(answer.text) in (before, load_ids(client, collection, wanted))
        other = "en" if page.startswith("/sv/") else "sv"
        query = re.escape(urlencode(wanted).replace("&", "&amp;"))
        assert re.search(rf'href="/{other}/[a-z-]+\?{query}"', answer.text)


def test_a_filter_is_named_and_can_be_taken_away(client: httpx.Client) -> None:
    swedish = unescape(client.get("/sv/utbildningar?free=true&format=online").text)
    assert "Visar bara: kostnadsfritt, på webben." in swedish
    assert 'href="/sv/utbildningar">Visa alla</a>' in swedish
    assert "Showing only: free of charge." in client.get("/en/courses?free=true").text
    assert "Visar bara: öppet nu, kostnadsfritt." in client.get("/sv/stodlinjer?open=true&free_of_charge=true").text
    assert 'name="robots" content="noindex"' in swedish


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/sv/stodlinjer?channel=phone", "telefon"),
        ("/en/hotlines?channel=phone", "phone"),
        ("/sv/utbildningar?format=on_site", "på plats"),
    ],
)
def test_a_filter_that_cannot_be_ticked_is_named_and_ticks_no_other(
    client: httpx.Client, address: str, name: str
) -> None:
    html = unescape(client.get(address).text)
    assert f": {name}. <a" in html
    assert " checked>" not in html


def test_a_coordinator_whose_hours_are_not_certain_is_never_hidden_without_a_word(client: httpx.Client) -> None:
    html = unescape(client.get("/sv/regionkoordinatorer?municipality=Halmstad&open=true").text)
    assert ids_of(html) == []
    assert "Här finns inget att visa" not in html
    assert "En uppgift visas inte, eftersom det inte är säkert att det är öppet nu." in html
    assert '<a href="?municipality=Halmstad">Visa oavsett öppettider</a>' in html
    assert len(ids_of(client.get("/sv/regionkoordinatorer?municipality=Halmstad").text)) == 1
    assert 'type="checkbox"' not in client.get("/sv/regionkoordinatorer").text
    lines = client.get("/v1/hotlines").json()["_meta"]["total"]
    limited = client.get("/en/hotlines?open=true").text
    assert re.search(rf"\b{lines - len(ids_of(limited))} records are not shown, because", limited)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/sv/stodlinjer", "Mer än 2 uppgifter visas inte, eftersom"),
        ("/en/hotlines", "More than 2 records are not shown, because"),
    ],
)
def test_where_more_are_closed_than_are_counted_it_is_said_that_there_are_more(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str, sentence: str
) -> None:
    monkeypatch.setattr(slices, "MOST_COUNTED", 2)
    assert sentence in unescape(client.get(f"{path}?open=true&at=2031-03-06T03:06:07Z").text)


def test_a_list_with_what_is_over_keeps_its_municipality_and_filter(client: httpx.Client) -> None:
    asked = "municipality=Halmstad&open=true"
    html = unescape(client.get(f"/sv/stodverksamheter?{asked}").text)
    (older,) = re.findall(r'<p class="older"><a href="([^"]+)"', html)
    assert older == f"?{asked}&status=current&status=unverified&status=outdated&status=ended"
    html = unescape(client.get(f"/sv/stodverksamheter{older}").text)
    assert f'<p class="older"><a href="?{asked}">Visa bara det som gäller</a>' in html


def test_where_nothing_is_open_it_is_said_what_is(client: httpx.Client) -> None:
    answer = client.get("/sv/stodlinjer?channel=visit")
    assert ids_of(answer.text) == []
    assert "Öppet nu</h2>" in answer.text
    assert 'href="tel:112"' in answer.text.partition("<main")[2]


@pytest.mark.parametrize(
    "asked", ["open=yes", "open=false", "channel=pigeon", "free_of_charge=no", "open=true&open=true"]
)
def test_a_value_that_cannot_be_ticked_is_refused(client: httpx.Client, asked: str) -> None:
    answer = client.get(f"/sv/stodlinjer?{asked}")
    assert answer.status_code == 422
    assert "Vi förstod inte frågan" in answer.text


def test_a_list_is_filtered_without_javascript_and_its_address_can_be_sent(browser: Browser, site: Served) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{site.address}/sv/utbildningar")
        page.get_by_label("Kostnadsfritt").check()
        page.get_by_label("På webben").check()
        page.get_by_role("button", name="Visa").click()
        assert page.url == f"{site.address}/sv/utbildningar?free=true&format=online"
        ticked = page.locator(".card").count()
        assert ticked > 0
        assert page.get_by_label("Kostnadsfritt").is_checked()
        page.get_by_role("link", name="In English").click()
        assert page.url == f"{site.address}/en/courses?free=true&format=online"
        assert page.get_by_label("Online").is_checked()
        page.get_by_role("link", name="Show all").click()
        assert page.url == f"{site.address}/en/courses"
        assert page.locator(".card").count() > ticked
