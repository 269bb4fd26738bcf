"""People who come to the pages, each in a real browser, until there is a number that answers or an honest next step."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.embed.conftest import AXE_RUN
from tests.serving import Served

PHONE: ViewportSize = {"width": 390, "height": 844}
NEUTRAL = "https://www.smhi.se/"


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Page]:
    """An empty tab of somebody's own browser; the neutral site is answered here."""
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    yield context.new_page()
    context.close()


def numbers(page: Page) -> list[str]:
    """The numbers in the main part of a page, as they are dialled."""
    return [link.get_attribute("href") or "" for link in page.locator("main a[href^='tel:']").all()]


def test_somebody_of_17_in_trouble_at_night_is_given_a_line_for_the_young_that_answers(
    browser: Browser, site: Served
) -> None:
    with visiting(browser, viewport=PHONE, java_script_enabled=False) as page:
        page.goto(f"{site.address}/sv/")
        page.get_by_label("Det gäller mig").check()
        page.get_by_text("Fler frågor").click()
        page.get_by_label("Ålder på den det gäller").fill("17")
        page.get_by_label("När?").fill("2026-11-29T02:00")
        page.get_by_role("button", name="Visa vem jag ska kontakta").click()
        expect(page).to_have_url(f"{site.address}/sv/vem-kontaktar-jag")
        expect(page).to_have_title("Svar – Stödkatalogen")
        first = page.locator(".step", has_text="Råd och stöd").first
        assert first.get_by_role("heading").inner_text().startswith("Bris")
        assert "Öppet" in first.inner_text()
        expect(first.locator("a[href='tel:116111']").first).to_be_visible()


def test_a_nurse_in_halmstad_on_a_sunday_night_has_the_order_and_the_socialjour(browser: Browser, site: Served) -> None:
    with visiting(browser) as page:
        page.goto(f"{site.address}/en/")
        page.get_by_label("Municipality").fill("Halmstad")
        page.get_by_label("I am asking as a professional").check()
        page.get_by_text("More questions").click()
        page.get_by_label("When?").fill("2026-11-29T02:00")
        page.get_by_role("button", name="Show whom to contact").click()
        expect(page.get_by_role("heading", name="Contact in this order, in Halmstad")).to_be_visible()
        assert numbers(page)[:2] == ["tel:112", "tel:11414"]
        on_call = page.locator(".step").nth(2)
        assert "social" in on_call.get_by_role("heading").inner_text().lower()
        assert on_call.locator("a[href^='tel:']").count() > 0


@pytest.mark.parametrize("path", ["/", "/docs", "/sv/", "/sv/finns-inte", "/en/resources/bris"])
def test_on_a_shared_device_every_page_is_left_at_once_and_back_does_not_show_it(
    browser: Browser, site: Served, path: str
) -> None:
    with visiting(browser) as page:
        page.goto(f"{site.address}{path}")
        page.goto(f"{site.address}{path}?again")
        page.locator(".exit").click()
        page.wait_for_url(NEUTRAL)
        page.go_back(wait_until="commit")
        page.wait_for_url(NEUTRAL)
        page.goto(f"{site.address}{path}")
        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url(NEUTRAL)


def test_on_a_shared_device_no_answer_is_in_the_history_or_the_browser(browser: Browser, site: Served) -> None:
    with visiting(browser) as page:
        addresses: list[str] = []
        page.on("framenavigated", lambda frame: addresses.append(frame.url))
        page.goto(f"{site.address}/sv/")
        page.get_by_role("button", name="Stöd för dig").click()
        page.get_by_label("Kommun").fill("Halmsta")
        page.get_by_role("button", name="Visa vem jag ska kontakta").click()
        page.get_by_role("button", name="Halmstad (1380)").click()
        page.get_by_role("heading", name="Kontakta i den här ordningen, i Halmstad").wait_for()
        page.locator(".step h3 a").nth(3).click()
        page.go_back()
        assert "Kontakta i den här ordningen" in page.content()
        assert set(addresses) > {f"{site.address}/sv/vem-kontaktar-jag"}
        assert not [address for address in addresses if "Halmsta" in address or "exposed" in address or "?" in address]
        assert page.evaluate("document.cookie + localStorage.length") == "0"


def test_at_400_percent_zoom_in_forced_colours_the_way_to_a_number_is_there(browser: Browser, site: Served) -> None:
    with visiting(browser, viewport={"width": 320, "height": 256}, forced_colors="active") as page:
        for path in ("/sv/", "/sv/resurser/pegasuschatten", "/sv/vem-kontaktar-jag"):
            page.goto(f"{site.address}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            number = page.locator("main a[href='tel:116111']").first
            number.scroll_into_view_if_needed()
            assert number.is_visible(), path


TWICE = """() => {
  const root = document.documentElement;
  root.style.fontSize = `${2 * parseFloat(getComputedStyle(root).fontSize)}px`;
}"""
LOST = """() => [...document.querySelectorAll("body *:not(.unseen, .unseen *, .skip)")].filter((part) => {
  const box = part.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
}).map((part) => part.outerHTML.slice(0, 80))"""
"""What stands beside the window."""
KINDS_OF_PAGES = (
    "/", "/problems", "/help/latt", "/help/ar", "/sv/", "/sv/vem-kontaktar-jag", "/sv/latt/vem-kontaktar-jag",
    "/sv/stodlinjer", "/sv/stodverksamheter", "/sv/resurser/nationella-stodtelefonen",
    "/en/resources/kartlaggning-sexkop-2014", "/sv/sok?q=chatt", "/sv/finns-inte", "/en/privacy", "/en/report",
)  # fmt: skip


@pytest.mark.parametrize("window", [PHONE, {"width": 320, "height": 256}], ids=["text at 200 %", "zoom at 400 %"])
def test_with_large_letters_nothing_is_lost(browser: Browser, site: Served, window: ViewportSize) -> None:
    lost = {}
    with visiting(browser, viewport=window) as page:
        for path in KINDS_OF_PAGES:
            page.goto(site.address + path)
            page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            if window is PHONE:
                page.evaluate(TWICE)
            if parts := page.evaluate(LOST):
                lost[path] = parts[:3]
    assert lost == {}


def test_lists_without_bullets_are_lists_to_a_screen_reader(browser: Browser, site: Served) -> None:
    # Safari takes the role from a list without bullets, but not within a nav.
    bare = """() => [...document.querySelectorAll("main ul, main ol")].filter((list) =>
      getComputedStyle(list).listStyleType === "none" && list.getAttribute("role") !== "list" && !list.closest("nav")
    ).map((list) => list.className)"""
    with visiting(browser) as page:
        for path in (*KINDS_OF_PAGES, "/docs", "/embed/frame/hotlines"):
            page.goto(site.address + path)
            assert page.evaluate(bare) == [], path


def test_an_error_page_has_the_form_with_what_was_answered(browser: Browser, site: Served) -> None:
    with visiting(browser, java_script_enabled=False) as page:
        page.goto(f"{site.address}/sv/vem-kontaktar-jag?age=old&audience=exposed&municipality=Halmstad")
        expect(page.get_by_text("Ett helt antal år, 0 till 120.")).to_be_visible()
        assert page.get_by_label("Kommun", exact=True).input_value() == "Halmstad"
        assert page.get_by_label("Det gäller mig").is_checked()
        page.get_by_role("button", name="Visa vem jag ska kontakta").click()
        expect(page.get_by_role("heading", name="Kontakta i den här ordningen, i Halmstad")).to_be_visible()
        page.goto(f"{site.address}/en/nothing")
        page.get_by_role("button", name="Show whom to contact").click()
        expect(page).to_have_url(f"{site.address}/en/whom-to-contact")


def focus_next_number(page: Page) -> tuple[str, str]:
    """Go by Tab to the next number that can be called: what is read out, and what is dialled."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a[href^=\"tel:\"]')"):
            words, uri = page.evaluate("[document.activeElement.innerText, document.activeElement.href]")
            return words, uri
    raise AssertionError("no number can be reached")


def test_by_keyboard_and_by_ear_the_answer_is_a_list_of_steps_with_headings(browser: Browser, site: Served) -> None:
    with visiting(browser) as page:
        page.goto(f"{site.address}/sv/vem-kontaktar-jag")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        page.get_by_label("Kommun").focus()
        page.keyboard.type("Halmstad")
        with page.expect_navigation():  # the answer has the address of the question
            page.keyboard.press("Enter")
        steps = page.get_by_role("list").filter(has=page.locator("li.step"))
        assert steps.get_by_role("listitem").first.get_by_role("heading", level=3).inner_text() == "Nödnumret 112"
        expect(page.get_by_role("region", name="Kontakta i den här ordningen, i Halmstad")).to_be_visible()
        assert focus_next_number(page) == ("112", "tel:112")
        assert focus_next_number(page) == ("112", "tel:112")
        assert focus_next_number(page) == ("114 14", "tel:11414")


def test_who_reads_arabic_finds_112_and_a_line_with_interpreters_from_right_to_left(
    browser: Browser, site: Served, axe: str
) -> None:
    with visiting(browser, locale="ar", viewport=PHONE) as page:
        page.goto(f"{site.address}/sv/")
        page.get_by_role("link", name="العربية").click()
        page.wait_for_url(f"{site.address}/help/ar")
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert page.locator("html").get_attribute("lang") == "ar"
        assert "tel:112" in [link.get_attribute("href") for link in page.locator("a[href^='tel:']").all()]
        assert numbers(page)[0] == "tel:+4620505050"
        expect(page.get_by_text("يتوفر مترجمون شفويون")).to_be_visible()
        expect(page.get_by_text("لم يقرأ هذا النص")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.evaluate(axe)
        assert page.evaluate(AXE_RUN) == []


def test_who_reads_easy_swedish_is_told_whom_to_contact_in_easy_swedish(
    browser: Browser, site: Served, axe: str
) -> None:
    with visiting(browser, locale="sv-SE", viewport={"width": 320, "height": 640}) as page:
        page.goto(f"{site.address}/help")
        expect(page).to_have_url(f"{site.address}/help/latt")
        page.get_by_role("link", name="Se vem du kan kontakta").click()
        page.get_by_label("Vilken kommun gäller det?").fill("Halmstad")
        page.get_by_label("Jag", exact=True).check()
        page.get_by_label("Hur gammal är den som behöver hjälp?").fill("16")
        with page.expect_navigation():  # the answer has the address of the question
            page.get_by_role("button", name="Visa vem jag kan kontakta").click()
        expect(page).to_have_url(f"{site.address}/sv/latt/vem-kontaktar-jag")
        expect(page).to_have_title("Svar – Stödkatalogen")
        assert numbers(page)[0] == "tel:112"
        assert "tel:116111" in numbers(page)
        expect(page.get_by_text("Om du vill ha råd och stöd:").first).to_be_visible()
        page.evaluate(axe)
        assert page.evaluate(AXE_RUN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", ["/sv/", "/en/", "/help/ar"])
def test_on_a_slow_line_the_first_visit_is_light(site: Served, path: str) -> None:
    packed = {"Accept-Encoding": "br, gzip"}
    heavy = 0
    for file in (path, "/pages/pages.css", "/pages/exit.js", "/pages/icon.svg"):
        with site.client.stream("GET", file, headers=packed) as answer:
            heavy += sum(len(part) for part in answer.iter_raw())
    assert heavy <= 15_000


def test_on_a_slow_line_without_javascript_the_numbers_come_before_style_and_script(
    browser: Browser, site: Served
) -> None:
    with visiting(browser, viewport=PHONE, java_script_enabled=False) as page:
        page.context.route("**/pages/*", lambda route: route.abort())
        page.goto(f"{site.address}/sv/")
        expect(page.get_by_role("link", name="112").first).to_be_visible()
        assert {"tel:112", "tel:11414", "tel:+4620505050", "tel:116111"} <= set(numbers(page))
        page.get_by_label("Kommun").fill("Halmstad")
        page.get_by_role("button", name="Visa vem jag ska kontakta").click()
        page.get_by_role("heading", name="Kontakta i den här ordningen, i Halmstad").wait_for()
        assert numbers(page)[:2] == ["tel:112", "tel:11414"]
        assert page.get_by_role("link", name="Lämna sidan").first.get_attribute("href") == NEUTRAL


def test_a_social_worker_gets_from_the_list_of_courses_to_where_a_course_is(browser: Browser, site: Served) -> None:
    with visiting(browser) as page:
        page.goto(f"{site.address}/sv/")
        page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Utbildningar").click()
        page.get_by_label("Kostnadsfritt").check()
        page.get_by_role("button", name="Visa", exact=True).click()
        page.get_by_text("Visar bara: kostnadsfritt.").wait_for()
        page.get_by_role("link", name="Människohandel med barn och unga").first.click()
        page.get_by_role("heading", name="Människohandel med barn och unga").wait_for()
        expect(page.get_by_text("kostnadsfri").first).to_be_visible()
        # No source of ours gives its address: who tells of it is the honest next step.
        expect(page.get_by_text("Våra källor anger ingen adress.")).to_be_visible()
        expect(page.locator("section[aria-labelledby=where] a[href^='https://']")).to_be_visible()
        page.goto(f"{site.address}/sv/resurser/socialstyrelsen-barn-och-unga")
        expect(page.locator(".point a[href^='https://www.socialstyrelsen.se/']")).to_be_visible()


def test_a_thumb_hits_the_number_of_a_line(browser: Browser, site: Served) -> None:
    with visiting(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        for path, number in (("resurser/kvinnofridslinjen", "+4620505050"), ("resurser/pegasuschatten", "116111")):
            page.goto(f"{site.address}/sv/{path}")
            box = page.locator(f"main a[href='tel:{number}']").first.bounding_box()
            assert box is not None
            assert box["height"] >= 44, path


def test_the_hours_of_a_line_are_a_week_with_today_marked_and_its_sources_are_folded(
    browser: Browser, site: Served
) -> None:
    with visiting(browser, viewport=PHONE, java_script_enabled=False) as page:
        page.goto(f"{site.address}/sv/resurser/nationella-stodtelefonen")
        week = page.get_by_role("table", name="Sju dagar framåt").first
        assert week.get_by_role("row").count() == 7
        assert "(i dag" in week.locator("[aria-current=date]").get_by_role("rowheader").inner_text()
        # The source says "kontorstid": nobody knows more, and the week does not either.
        assert "kan vara bemannad" in week.inner_text()
        source = page.locator(".sources > li").first
        assert not source.is_visible()
        page.get_by_text("Visa källorna och vad de anger").click()
        expect(source).to_be_visible()
        page.goto(f"{site.address}/en/resources/polisen-114-14")
        expect(page.get_by_text("Languages: English, Swedish")).to_be_visible()


def test_on_paper_the_sources_are_unfolded(browser: Browser, site: Served) -> None:
    with visiting(browser) as page:
        page.goto(f"{site.address}/sv/resurser/nationella-stodtelefonen")
        page.emulate_media(media="print")
        expect(page.locator(".sources > li").first).to_be_visible()
        expect(page.locator(".sources q").first).to_be_visible()


def test_on_paper_stand_the_address_the_day_the_moment_and_the_number(browser: Browser, site: Served) -> None:
    with visiting(browser) as page:
        page.goto(f"{site.address}/sv/resurser/nationella-stodtelefonen")
        assert not page.locator(".paper").is_visible()
        page.emulate_media(media="print")
        expect(page.get_by_text(f"{site.address}/sv/resurser/nationella-stodtelefonen", exact=True)).to_be_visible()
        expect(page.get_by_text(re.compile(r"^Så stod det i katalogen den \d{1,2} \w+ 20\d\d\.$"))).to_be_visible()
        expect(page.get_by_text("Läget ").first).to_be_visible()
        expect(page.get_by_text("020-39 00 00").first).to_be_visible()
        assert not page.locator(".exit").is_visible()
        page.goto(f"{site.address}/en/hotlines?free_of_charge=true")
        expect(page.get_by_text(f"{site.address}/en/hotlines?free_of_charge=true", exact=True)).to_be_visible()
        page.goto(f"{site.address}/sv/vem-kontaktar-jag?age=16&audience=exposed")
        expect(page.get_by_text(f"{site.address}/sv/vem-kontaktar-jag", exact=True)).to_be_visible()


def test_on_paper_the_marks_are_drawn_and_nothing_is_there_to_press(browser: Browser, site: Served) -> None:
    with visiting(browser, color_scheme="dark") as page:
        for path in ("/sv/", "/sv/stodlinjer", "/en/whom-to-contact?municipality=Halmstad", "/sv/finns-inte"):
            page.goto(f"{site.address}{path}")
            page.emulate_media(media="print")
            assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", path
            assert page.locator("button, input, select, nav, .exit").filter(visible=True).count() == 0, path
            assert page.locator(".danger a").is_visible(), path
            assert page.evaluate(UNDRAWN) == [], path
            assert page.evaluate(WITHOUT_CONTENT) == [], path
        page.goto(f"{site.address}/sv/resurser/ratt-att-valja")
        expect(page.get_by_text("Det är inte känt om linjen finns kvar.").first).to_be_visible()
        page.goto(f"{site.address}/en/resources/kartlaggning-sexkop-2014")
        expect(page.locator(".mark")).to_be_visible()
        assert page.pdf().startswith(b"%PDF")


UNDRAWN = """() => [...document.querySelectorAll(".sign")].filter((sign) =>
  getComputedStyle(sign).printColorAdjust !== "exact").map((sign) => sign.parentElement.innerText)"""
"""Signs of open, closed or unknown that printers draw alike."""
WITHOUT_CONTENT = """() => [...document.querySelectorAll("section")].filter((part) => {
  const rest = [...part.children].slice(1);
  return part.checkVisibility() && rest.length && !rest.some((one) => one.checkVisibility());
}).map((part) => part.innerText)"""
"""Headings with nothing under them."""
