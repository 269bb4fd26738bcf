"""What was typed survives the ways in which people leave a form in a real browser."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Dialog, expect

from app.console.sessions import end_session
from tests.console.conftest import RECORD, Newsroom
from tests.console.test_in_a_browser import on_sqlite, signing_in

FORM = f"/redaktion/poster/{RECORD}/andra?falt=contact_points.telefon.value"
TYPED = {"Nummer eller adress": "031-367 66 00", "Varför ändrar du?": "Numret är bytt."}


@on_sqlite
def test_a_form_is_filled_in_after_leaving_it_and_going_back(browser: Browser, newsroom: Newsroom) -> None:
    with signing_in(browser, newsroom, java_script_enabled=False) as page:
        page.goto(f"{newsroom.address}{FORM}")
        for label, text in TYPED.items():
            page.get_by_label(label).fill(text)
        page.get_by_label("Källans egna ord").first.fill("Ring 031-367 66 00")
        page.get_by_role("link", name="Poster").click()
        expect(page.get_by_role("heading", name="Poster")).to_be_visible()
        page.go_back()
        for label, text in TYPED.items():
            expect(page.get_by_label(label)).to_have_value(text)
        expect(page.get_by_label("Källans egna ord").first).to_have_value("Ring 031-367 66 00")


@on_sqlite
def test_the_browser_asks_before_what_was_typed_is_left_and_not_when_it_is_sent(
    browser: Browser, newsroom: Newsroom
) -> None:
    asked = list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    with signing_in(browser, newsroom) as page:
        page.on("dialog", stay)
        page.goto(f"{newsroom.address}{FORM}")
        page.get_by_label("Varför ändrar du?").fill("Numret är bytt.")
        page.get_by_label("Nummer eller adress").fill("12")
        page.get_by_role("link", name="Poster").click(no_wait_after=True)
        expect(page.get_by_label("Nummer eller adress")).to_be_visible()
        assert asked == ["beforeunload"]
        page.get_by_role("button", name="Se ändringen").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert asked == ["beforeunload"], "sending asks nothing"
        page.get_by_role("link", name="Poster").click(no_wait_after=True)
        expect(page.get_by_role("alert")).to_be_visible()
        assert len(asked) == 2, "what was refused is not sent"
        page.remove_listener("dialog", stay)
        page.on("dialog", lambda dialog: dialog.accept())


@on_sqlite
@pytest.mark.parametrize("scripts", [False, True], ids=["no scripts", "scripts"])
def test_who_was_signed_out_signs_in_in_another_tab_and_goes_on(
    browser: Browser, newsroom: Newsroom, scripts: bool
) -> None:
    with signing_in(browser, newsroom, java_script_enabled=scripts) as page:
        page.goto(f"{newsroom.address}{FORM}")
        for label, text in TYPED.items():
            page.get_by_label(label).fill(text)
        (cookie,) = [one for one in page.context.cookies() if one.get("name") == "stodkatalog"]
        end_session(newsroom.engine, str(cookie.get("value")), datetime.now(UTC))
        page.get_by_role("button", name="Se ändringen").click()
        expect(page.get_by_text("Det du skrev finns kvar på den här sidan.")).to_be_visible()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Logga in i en ny flik").click()
        other = opened.value
        expect(other.get_by_role("heading", name="Logga in")).to_be_visible()
        other.goto(f"{newsroom.address}/redaktion/logga-in?kod={newsroom.link()}")
        other.get_by_role("button", name="Logga in").click()
        expect(other.get_by_role("heading", name="Mina ärenden")).to_be_visible()
        other.close()
        page.get_by_role("button", name="Öppna formuläret igen").click()
        expect(page.get_by_text("Du har loggat in på nytt")).to_be_visible()
        for label, text in TYPED.items():
            expect(page.get_by_label(label)).to_have_value(text)
        page.get_by_label("Källans egna ord").first.fill("Ring 031-367 66 00")
        page.get_by_role("button", name="Se ändringen").click()
        expect(page.get_by_role("heading", name="Så här blir ändringen")).to_be_visible()
