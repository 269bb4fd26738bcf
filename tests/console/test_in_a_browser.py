"""An editor's day in a real browser, without JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.models import KeyRole
from tests.console.conftest import RECORD, Newsroom
from tests.console.test_tasks import report

on_sqlite = pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)
"""A browser cannot tell which database is behind a page."""


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
