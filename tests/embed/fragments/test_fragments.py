"""Fragments: plain HTML that stands in somebody else's page."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page
from sqlmodel import Session, col, select, update

from app.database import engine_for
from app.main import create_app
from app.resources.models import Channel, ContactPoint, Kind, Resource, ResourceText
from app.seeding.files import Seed
from app.settings import Settings
from app.status import Status
from tests.conftest import create_seeded
from tests.embed.elsewhere import Elsewhere
from tests.embed.pasting import NUMBERS, bare, violations
from tests.serving import Served, serve
from tests.stores import Stores

FRAGMENTS = ("hotlines", "coordinators", "courses", "referral")
HOSTILE = "</h3><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{ 7 * 7 }}"


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_is_plain_html_with_112_first(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/embed/{name}")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert not re.search(r"<script|<style|<link| style=| on\w+=|<html|<body", answer.text)
    links = re.findall(r'href="([^"]+)"', answer.text)
    assert links[0] == "tel:112"


def test_a_fragment_is_filtered_as_the_api_is(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "at": "2026-11-23T12:00:00+01:00", "lang": "en"}
    html = client.get("/embed/coordinators", params={**asked, "heading_level": "3"}).text
    assert "<h3 " in html
    assert "<h4 " in html
    assert "<h2 " not in html
    assert "Region Väst" in html
    assert "Region Syd" not in html
    assert "May be staffed now (office hours)" in html
    assert "State as of Monday 23 November at 12:00." in html
    limited = client.get("/embed/courses", params={"limit": "1", "free": "true"}).text
    assert limited.count("stodkatalog-name") == 1
    assert "kostnadsfri" in limited
    assert "90 minuter" in client.get("/embed/courses", params={"free": "true"}).text


def test_a_fragment_says_how_long_it_holds(client: httpx.Client) -> None:
    assert "must-revalidate" in client.get("/embed/hotlines").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "uppgifter som är inaktuella eller avslutade visas inte"),
        ("en", "records that are outdated or have ended"),
    ],
)
def test_an_empty_embed_says_how_many_outdated_or_ended_records_are_left_out(
    tmp_path: Path, stores: Stores, seed: Seed, language: str, words: str
) -> None:
    engine = engine_for(create_seeded(stores, tmp_path, None, seed))
    with Session(engine) as session:
        kinds = (Kind.COURSE, Kind.COORDINATOR)
        session.execute(update(Resource).where(col(Resource.kind).in_(kinds)).values(status=Status.ENDED))
        session.commit()
    engine.dispose()
    with serve(create_app(Settings(database_url=str(engine.url)))) as running:
        for embed, kind in (("courses", Kind.COURSE), ("coordinators", Kind.COORDINATOR)):
            count = sum(resource.kind is kind for resource in seed.resources)
            for path in (f"/embed/{embed}", f"/embed/frame/{embed}"):
                assert f"{count} {words}" in running.client.get(path, params={"lang": language}).text
        assert words not in running.client.get("/embed/hotlines", params={"lang": language}).text


@pytest.mark.parametrize("asked", ["hotlines?municipality=Halmstadd", "courses?format=telepathic", "referral?age=x"])
def test_a_wrong_question_still_gives_the_numbers(client: httpx.Client, asked: str) -> None:
    answer = client.get(f"/embed/{asked}")
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert re.findall(r'href="([^"]+)"', answer.text) == list(NUMBERS)


def test_a_store_that_cannot_be_read_still_gives_the_emergency_number(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with serve(create_app(settings)) as broken:
        for path in ("/embed/hotlines", "/embed/frame/hotlines", "/embed/guide"):
            answer = broken.client.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert 'href="tel:112">112<' in answer.text
            assert 'href="tel:11414">114 14<' in answer.text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, stores: Stores, seed: Seed) -> Iterator[Served]:
    """The service, with a record whose texts attack whoever shows them."""
    url = create_seeded(stores, tmp_path_factory.mktemp("hostile"), None, seed)
    engine = engine_for(url)
    with Session(engine) as session:
        ids = select(col(Resource.id)).where(col(Resource.slug) == "kvinnofridslinjen")
        for text in session.exec(select(ResourceText).where(col(ResourceText.resource_id).in_(ids))):
            text.name = text.summary = HOSTILE
        for point in session.exec(select(ContactPoint).where(col(ContactPoint.resource_id).in_(ids))):
            point.channel, point.value = Channel.WEB, "javascript:alert(1)"
            point.label_sv = point.label_en = point.hours_stated = HOSTILE
        session.commit()
    engine.dispose()
    with serve(create_app(Settings(database_url=url))) as running:
        yield running


def test_hostile_records_come_out_as_text(hostile: Served, page: Page, elsewhere: Elsewhere) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    fragment = hostile.client.get("/embed/hotlines").text
    for address in (elsewhere.put(bare(fragment)), f"{hostile.address}/embed/frame/hotlines"):
        page.goto(address)
        assert page.locator("img, script:not([src])").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        assert page.get_by_role("heading", name="{{ 7 * 7 }}").inner_text() == HOSTILE
        assert page.get_by_text("javascript:alert(1)").first.evaluate("one => one.localName") == "bdi"


def test_axe_finds_nothing_in_a_page_made_of_fragments(
    site: Served, elsewhere: Elsewhere, page: Page, axe: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for language in ("sv", "en"):
        parts = [site.client.get(f"/embed/{name}", params={"lang": language}).text for name in FRAGMENTS]
        for colors in ("light", "dark"):
            page.emulate_media(color_scheme=colors)
            page.goto(elsewhere.put(bare("".join(parts), lang=language)))
            assert violations(page, axe) == []
