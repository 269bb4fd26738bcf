"""An editor's day in a real browser, without JavaScript; and whether everybody can use the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.models import KeyRole
from tests.console.conftest import RECORD, Newsroom
from tests.console.test_proposals import propose
from tests.console.test_tasks import report
from tests.embed.conftest import AXE_CONTRAST, AXE_RUN

on_sqlite = pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)
"""A browser cannot tell which database is behind a page."""
NARROW: Any = {"width": 320, "height": 640}


@contextmanager
def signing_in(browser: Browser, newsroom: Newsroom, role: KeyRole = KeyRole.EDITOR, **options: Any) -> Iterator[Page]:
    """A tab of somebody who has followed a link and pressed its button."""
    with browser.new_context(locale="sv-SE", **options) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{newsroom.address}/redaktion/logga-in?kod={newsroom.link('Redaktionen', role)}")
        page.get_by_role("button", name="Logga in").click()
        expect(page.get_by_role("heading", name="Mina ärenden")).to_be_visible()
        yield page


@on_sqlite
def test_an_editor_answers_a_report_with_another_number_and_takes_it_back(browser: Browser, newsroom: Newsroom) -> None:
    report(newsroom, "Numret går inte fram.", answer_to="anna@example.se")
    public = f"{newsroom.address}/sv/resurser/mottagningen"
    with signing_in(browser, newsroom, java_script_enabled=False) as page:
        page.get_by_role("link", name="Mottagningen").click()
        expect(page.get_by_text("Numret går inte fram.")).to_be_visible()
        expect(page.get_by_role("link", name="anna@example.se")).to_be_visible()
        page.get_by_role("link", name="Ändra Telefon: nummer eller adress").click()
        page.get_by_label("Nummer eller adress").fill("031-367 61 00")
        page.get_by_label("Källans egna ord").first.fill("Ring 031-367 61 00")
        page.get_by_label("Varför ändrar du?").fill("Numret är bytt.")
        page.get_by_role("button", name="Se ändringen").click()
        expect(page.get_by_role("heading", name="Så här blir ändringen")).to_be_visible()
        page.get_by_role("button", name="Publicera").click()
        expect(page.get_by_text("Ändringen är publicerad.")).to_be_visible()
        record = page.url.partition("?")[0]
        page.goto(public)
        expect(page.get_by_role("link", name="031-367 61 00")).to_be_visible()
        page.goto(f"{record}/historik")
        page.get_by_role("link", name="Gå tillbaka till den här").first.click()
        page.get_by_label("Varför går du tillbaka?").fill("Det var fel sida.")
        page.get_by_role("button", name="Gå tillbaka").click()
        expect(page.get_by_text("Ändringen är publicerad.")).to_be_visible()
        page.goto(public)
        page.reload()  # a browser may keep a page for a minute
        expect(page.get_by_role("link", name="031-367 60 00")).to_be_visible()
        page.goto(f"{newsroom.address}/redaktion/")
        page.get_by_role("link", name="Mottagningen").click()
        page.get_by_label("Uppgiften stämde redan").check()
        page.get_by_role("button", name="Avsluta").click()
        expect(page.get_by_text("Rapporten är avslutad.")).to_be_visible()
        page.get_by_role("link", name="Till Mina ärenden").click()
        expect(page.get_by_text("Inget väntar på dig just nu.")).to_be_visible()
        page.get_by_role("button", name="Logga ut").click()
        page.goto(f"{newsroom.address}/redaktion/")
        expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


@on_sqlite
def test_a_change_is_looked_at_in_frames_before_it_is_published(browser: Browser, newsroom: Newsroom) -> None:
    with signing_in(browser, newsroom, java_script_enabled=False) as page:
        page.goto(f"{newsroom.address}/redaktion/poster/{RECORD}/andra?falt=contact_points.telefon.value")
        page.get_by_label("Nummer eller adress").fill("031-367 61 00")
        page.get_by_label("Källans egna ord").first.fill("Ring 031-367 61 00")
        page.get_by_label("Varför ändrar du?").fill("Numret är bytt.")
        page.get_by_role("button", name="Se ändringen").click()
        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Förhandsgranska").click()
        for title in ("Sidan på svenska", "Sidan på engelska"):
            frame = opened.value.frame_locator(f"iframe[title='{title}']")
            expect(frame.get_by_text("031-367 61 00").first).to_be_visible()


@on_sqlite
def test_the_main_pages_are_accessible_and_fit_a_narrow_screen(browser: Browser, newsroom: Newsroom, axe: str) -> None:
    task, proposal, found = report(newsroom, "Fel."), propose(newsroom, "020-39 00 09"), {}
    edit = f"/poster/{RECORD}/andra?falt=contact_points.telefon."
    paths = (
        "/", "/logga-in?kod=x", task, "/poster", f"/poster/{RECORD}", f"{edit}value", f"{edit}opening_hours",
        f"{edit}exceptions", f"/poster/{RECORD}/historik", "/forslag", proposal, "/kallor/ny", "/nycklar", "/logg",
        "/webhookar", "/nypost/hotlines", f"/poster/{RECORD}/ny-kontaktvag", f"/poster/{RECORD}/ta-bort", "/finns-inte",
    )  # fmt: skip
    with signing_in(browser, newsroom, KeyRole.ADMIN, viewport=NARROW) as page:
        for path in paths:
            page.goto(f"{newsroom.address}/redaktion{path}")
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            page.evaluate(axe)
            faults = page.evaluate(AXE_RUN)
            page.emulate_media(color_scheme="dark")
            faults += page.evaluate(AXE_CONTRAST)
            page.emulate_media(color_scheme="light")
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                faults.append("wider than the screen")
            if faults:
                found[path] = faults
    assert found == {}


@on_sqlite
def test_a_number_is_changed_by_keyboard_alone(browser: Browser, newsroom: Newsroom) -> None:
    began = datetime.now(UTC)
    with signing_in(browser, newsroom) as page:
        page.goto(f"{newsroom.address}/redaktion/poster/{RECORD}/andra?falt=contact_points.telefon.value")
        focus = "document.activeElement.id || document.activeElement.name"
        for name, text in (("varde", "031-367 62 00"), ("belagg.0", "031-367 62 00"), ("skal", "Numret är bytt.")):
            while page.evaluate(focus) != name:
                page.keyboard.press("Tab")
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Så här blir ändringen")).to_be_visible()
        while page.evaluate("document.activeElement.value") != "skicka":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Ändringen är publicerad.")).to_be_visible()
    record = newsroom.get(f"/v1/records/{RECORD}")
    assert record["document"]["contact_points"][0]["value"] == "+46313676200"
    assert datetime.fromisoformat(record["made_at"]) >= began.replace(microsecond=0)
