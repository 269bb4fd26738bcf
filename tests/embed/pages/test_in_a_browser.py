"""The pages in a real browser: accessible, reachable by keyboard, without JavaScript, quick to leave, silent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from app.embed.pages.addresses import EASY, PATHS, RESOURCE, address
from app.embed.pages.visitors import load_texts
from app.texts import Language
from tests.embed.conftest import AXE_CONTRAST, AXE_RUN
from tests.serving import Served

RESOURCES = (
    "nationella-stodtelefonen",
    "regionkoordinator-vast",
    "evonhuset",
    "manniskohandel-med-barn-och-unga",
    "betanketid",
    "kartlaggning-sexkop-2014",
    "temadag-lulea-2016",
)
"""One of each kind; the last two are outdated and ended."""

QUESTIONS = {
    "referral": ("?municipality=Halmstad&audience=professionals&age=17", "?municipality=Halmsta"),
    "coordinator": ("?municipality=1380",),
    "search": ("?q=Kristianstad", "?q=zzz"),
    "publication": ("?status=current&status=outdated&status=ended",),
}


def paths(language: Language) -> Iterator[str]:
    """Every page, with the questions that change its looks, and what an error looks like."""
    for page in PATHS:
        if page != RESOURCE:
            yield address(page, language)
        yield from (address(page, language) + asked for asked in QUESTIONS.get(page, ()))
    # The templates are the same in both languages: every kind in one, some in the other.
    yield from (address(RESOURCE, language, slug) for slug in RESOURCES[:: 1 if language == "sv" else 3])
    yield f"/{language}/nothing-here"
    if language is Language.SWEDISH:
        yield address(EASY, language)
        yield f"{address(EASY, language)}?municipality=Halmstad&age=16"
        yield from (f"/help/{code}" for code in load_texts())


@dataclass
class Visit:
    """A page, what it asked the network for, and what the console said."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Visit]:
    """A fresh context with one page."""
    context = browser.new_context(**options)
    context.set_default_timeout(5000)
    visit = Visit(context.new_page(), context)
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()


NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.mark.parametrize("language", Language)
def test_every_page_is_accessible_narrow_and_silent(
    browser: Browser, site: Served, axe: str, language: Language
) -> None:
    found = {}
    with visiting(browser, viewport=NARROW) as visit:
        visit.page.add_init_script(axe)
        for path in paths(language):
            visit.page.emulate_media(color_scheme="light")
            visit.page.goto(site.address + path)
            visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            faults = visit.page.evaluate(AXE_RUN)
            visit.page.emulate_media(color_scheme="dark")
            faults += visit.page.evaluate(AXE_CONTRAST)
            if visit.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                faults.append("scrolls sideways")
            if visit.page.evaluate("localStorage.length + sessionStorage.length"):
                faults.append("stores something")
            if faults:
                found[path] = faults
        assert found == {}
        assert visit.context.cookies() == []
        assert [url for url in visit.requests if not url.startswith((site.address, "data:"))] == []
        # The browser itself notes the answers that are errors; anything else would be a script, style or CSP at fault.
        assert [one for one in visit.complaints if "status of 4" not in one] == []


def test_a_report_is_sent_without_javascript_and_a_refused_form_is_accessible(
    browser: Browser, site: Served, axe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reports.routes.FASTEST", timedelta(0))
    with visiting(browser, viewport=NARROW, java_script_enabled=False) as visit:
        visit.page.goto(f"{site.address}/sv/resurser/kvinnofridslinjen")
        visit.page.get_by_role("link", name="Är något fel på sidan?").click()
        visit.page.get_by_label("Beskriv felet").fill("Numret går inte fram.")
        visit.page.get_by_role("button", name="Skicka").click()
        assert visit.page.url == f"{site.address}/sv/tack"
        assert visit.page.get_by_role("main").get_by_role("link", name="112").count() == 1
        assert visit.context.cookies() == []
    with visiting(browser, viewport=NARROW) as visit:
        visit.page.goto(f"{site.address}/en/report?record=hotlines/kvinnofridslinjen")
        visit.page.get_by_label("Describe what is wrong").fill("Wrong.")
        visit.page.get_by_label("Your e-mail address").fill("name@example com")
        visit.page.evaluate("document.querySelector('form').noValidate = true")
        visit.page.get_by_role("button", name="Send").click()
        assert visit.page.get_by_label("Describe what is wrong").input_value() == "Wrong."
        visit.page.evaluate(axe)
        assert visit.page.evaluate(AXE_RUN) == []
        visit.page.emulate_media(color_scheme="dark")
        assert visit.page.evaluate(AXE_CONTRAST) == []


def test_the_wide_pages_are_accessible_too(browser: Browser, site: Served, axe: str) -> None:
    found = {}
    with visiting(browser, viewport=WIDE) as visit:
        visit.page.add_init_script(axe)
        for path in ("/sv/", "/en/whom-to-contact?municipality=Malm%C3%B6", "/sv/resurser/kvinnofridslinjen"):
            visit.page.goto(site.address + path)
            if faults := visit.page.evaluate(AXE_RUN):
                found[path] = faults
    assert found == {}


def test_every_function_is_reached_by_keyboard_and_shows_its_focus(browser: Browser, site: Served) -> None:
    with visiting(browser, viewport=WIDE) as visit:
        visit.page.goto(f"{site.address}/sv/")
        visit.page.evaluate(
            """() => document.querySelectorAll("a[href], button, input, select, summary").forEach(
                 (one, number) => { one.dataset.number = number; })"""
        )
        # A group of radio buttons is one stop; what is folded away is none.
        wanted = visit.page.evaluate(
            """() => [...document.querySelectorAll("[data-number]")]
                 .filter((one) => one.checkVisibility() && (one.type !== "radio" || one.checked))
                 .map((one) => one.dataset.number)"""
        )
        reached, hidden = set(), []
        for _ in range(len(wanted) + 2):
            visit.page.keyboard.press("Tab")
            number, seen = visit.page.evaluate(
                """() => {
                     const one = document.activeElement, box = one.getBoundingClientRect();
                     const style = getComputedStyle(one);
                     const inside = box.bottom > 0 && box.top >= 0 && box.top < innerHeight;
                     return [one.dataset.number, style.outlineStyle !== "none" && inside];
                   }"""
            )
            reached.add(number)
            if number is not None and not seen:
                hidden.append(number)
        assert set(wanted) - reached == set()
        assert hidden == []


def test_the_first_stops_lead_to_the_content_and_out(browser: Browser, site: Served) -> None:
    with visiting(browser) as visit:
        visit.page.goto(f"{site.address}/en/hotlines")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == "Skip to content"
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == "Exit this page"
        visit.page.keyboard.press("Shift+Tab")
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "content"


@contextmanager
def leaving(browser: Browser, site: Served) -> Iterator[Page]:
    """A page whose neutral target is answered here, after a while: nothing leaves this machine."""

    def answer(route: Route) -> None:
        route.fulfill(body="<title>Weather</title>", content_type="text/html")

    with visiting(browser) as visit:
        visit.context.route("https://www.smhi.se/**", answer)
        visit.page.goto(f"{site.address}/sv/stodlinjer")
        yield visit.page


def test_three_shifts_leave(browser: Browser, site: Served) -> None:
    with leaving(browser, site) as page:
        page.keyboard.press("Shift")
        page.keyboard.press("Shift")
        assert page.get_by_role("status").inner_text() == "Shift, tryck en gång till för att lämna sidan."
        page.keyboard.press("Shift")
        page.wait_for_url("https://www.smhi.se/")
        page.go_back()
        assert page.url == "about:blank"  # the way back does not lead here


def test_neither_escape_nor_capital_letters_leave(browser: Browser, site: Served) -> None:
    with leaving(browser, site) as page:
        for key in ("Escape", "Escape", "Escape", "Shift+A", "Shift+B", "Shift+C", "Shift", "Shift", "x", "Shift"):
            page.keyboard.press(key)
        page.wait_for_timeout(100)
        assert page.url == f"{site.address}/sv/stodlinjer"
        assert page.locator("main").is_visible()


def test_leaving_blanks_the_page_at_once(browser: Browser, site: Served) -> None:
    with visiting(browser) as visit:
        # An answer without content leaves the browser where it is: as if the other site were slow.
        visit.context.route("https://www.smhi.se/**", lambda route: route.fulfill(status=204))
        visit.page.goto(f"{site.address}/sv/stodlinjer")
        visit.page.locator(".exit").click()
        assert not visit.page.locator("main").is_visible()
        assert "Stöd" not in visit.page.title()


def test_who_goes_back_after_leaving_is_taken_away_again(browser: Browser, site: Served) -> None:
    with leaving(browser, site) as page:
        page.goto(f"{site.address}/sv/")
        page.locator(".exit").click()
        page.wait_for_url("https://www.smhi.se/")
        page.go_back(wait_until="commit")
        page.wait_for_url("https://www.smhi.se/")
        assert page.title() == "Weather"


def test_who_comes_again_on_purpose_after_leaving_stays(browser: Browser, site: Served) -> None:
    with leaving(browser, site) as page:
        page.locator(".exit").click()
        page.wait_for_url("https://www.smhi.se/")
        page.goto(f"{site.address}/sv/")
        assert page.locator("main").is_visible()
        page.goto(f"{site.address}/sv/stodlinjer")
        page.go_back()
        assert page.locator("main").is_visible()


def test_three_shifts_are_suggested_only_where_there_is_a_keyboard(browser: Browser, site: Served) -> None:
    for touch in (False, True):
        with visiting(browser, viewport=NARROW, has_touch=touch, is_mobile=touch) as visit:
            visit.page.goto(f"{site.address}/sv/")
            assert visit.page.get_by_text("tryck Shift tre gånger").is_visible() is not touch


def test_without_javascript_the_form_answers_and_the_way_out_is_a_link(browser: Browser, site: Served) -> None:
    with visiting(browser, java_script_enabled=False, viewport=NARROW) as visit:
        visit.page.goto(f"{site.address}/sv/")
        visit.page.get_by_label("Kommun").fill("Halmstad")
        visit.page.get_by_label("Bråttom, men ingen akut fara").check()
        visit.page.get_by_role("button", name="Visa vem jag ska kontakta").click()
        assert visit.page.get_by_role("heading", name="Kontakta i den här ordningen, i Halmstad").is_visible()
        steps = visit.page.locator(".step h3").all_inner_texts()
        assert steps[:2] == ["Nödnumret 112", "Polisen 114 14"]
        way_out = visit.page.locator(".exit")
        assert way_out.get_attribute("href") == "https://www.smhi.se/"
        assert way_out.get_attribute("rel") == "nofollow noreferrer"
        assert not visit.page.get_by_text("tryck Shift tre gånger").is_visible()


PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    "path", ["/sv/", "/en/", "/sv/vem-kontaktar-jag?municipality=Halmstad&audience=professionals&at=2026-11-22T02:00"]
)
def test_on_a_phone_the_two_emergency_numbers_stand_on_the_first_screen(
    browser: Browser, site: Served, path: str
) -> None:
    with visiting(browser, viewport=PHONE) as visit:
        visit.page.goto(site.address + path)
        for number in ("112", "11414"):
            box = visit.page.locator(f"main a[href='tel:{number}']").first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < PHONE["height"], number


def test_the_menu_unfolds_on_a_phone_without_javascript_and_stands_open_on_a_desk(
    browser: Browser, site: Served
) -> None:
    for window, folded in ((PHONE, True), (WIDE, False)):
        with visiting(browser, java_script_enabled=False, viewport=window) as visit:
            visit.page.goto(f"{site.address}/sv/")
            menu = visit.page.get_by_role("navigation", name="Huvudmeny")
            assert menu.get_by_text("Meny", exact=True).is_visible() is folded
            if folded:
                assert not menu.get_by_role("link", name="Utbildningar").is_visible()
                menu.get_by_text("Meny", exact=True).click()
            menu.get_by_role("link", name="Utbildningar").click()
            assert visit.page.url == f"{site.address}/sv/utbildningar"


def test_at_400_percent_zoom_nothing_covers_the_text(browser: Browser, site: Served) -> None:
    with visiting(browser, viewport={"width": 320, "height": 256}) as visit:
        visit.page.goto(f"{site.address}/sv/resurser/nationella-stodtelefonen")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert visit.page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "static"


def test_on_paper_only_what_is_of_use_remains(browser: Browser, site: Served) -> None:
    with visiting(browser) as visit:
        visit.page.goto(f"{site.address}/sv/resurser/kvinnofridslinjen")
        visit.page.emulate_media(media="print")
        assert visit.page.get_by_text("020-50 50 50").first.is_visible()
        assert visit.page.get_by_role("link", name="112", exact=True).is_visible()
        assert not visit.page.get_by_role("navigation", name="Huvudmeny").is_visible()
        assert not visit.page.locator(".exit").is_visible()
