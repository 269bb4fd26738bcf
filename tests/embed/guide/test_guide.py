"""The guide: builds the lines, with a script and without."""

import re
from datetime import datetime

import httpx
import pytest
from playwright.sync_api import Browser, Page

from app.embed.guide.snippets import contrast
from app.times import STOCKHOLM
from tests.embed.elsewhere import Elsewhere
from tests.embed.pasting import NUMBERS, bare, filled, lines, seen_numbers, violations
from tests.serving import Served


@pytest.mark.parametrize("name", ["component", "wordpress", "sitevision", "optimizely", "frame", "include"])
def test_every_snippet_holds_the_real_numbers_as_text_and_link(client: httpx.Client, name: str) -> None:
    for language in ("sv", "en"):
        found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', lines(client, name, language=language))
        assert found[:3] == [("tel:112", "112"), ("tel:11414", "114 14"), ("tel:+4620390000", "020-39 00 00")]
        assert ("tel:+4620505050", "020-50 50 50") in found[3:]  # it never closes


def test_the_pasted_numbers_say_of_which_day_they_are(client: httpx.Client) -> None:
    found = lines(client, language="sv")
    made_on = re.findall(r'<ul data-stodkatalog="(\d{4}-\d\d-\d\d)">', found)
    assert made_on == [datetime.now(STOCKHOLM).date().isoformat()]
    assert "<p>Enligt Stödkatalogen den " in found
    assert ", according to Stödkatalogen.</p>" in lines(client, language="en")


def test_the_guide_compares_pasted_numbers_in_the_browser_and_sends_nothing(site: Served, browser: Browser) -> None:
    pasted = lines(site.client)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address}/embed/guide?lang=sv")
        page.wait_for_load_state("networkidle")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        status = page.locator("#check [role=status]")
        for text, told in (
            (pasted, "Numren stämmer."),
            (pasted.replace("tel:+4620390000", "tel:+4620390001"), "Saknas hos er: +4620390000."),
            ("<script>alert(1)</script><img src=/x onerror=alert(1)>", "inga nummer"),
        ):
            page.get_by_label("Raderna från er sida").fill(text)
            page.get_by_role("button", name="Jämför").click()
            assert told in status.inner_text()
        assert sent == []


def test_the_guide_asks_first_what_is_needed_and_leads_to_lines_that_come_before_the_preview(
    site: Served, browser: Browser
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(f"{site.address}/embed/guide?lang=en")
        headings = page.locator("main h2").all_inner_texts()
        assert headings[0] == "Which do you need?"
        assert headings.index("The lines to paste") < headings.index("What it looks like")
        targets = page.locator("main ul").first.locator("a").evaluate_all("links => links.map((one) => one.hash)")
        assert len(targets) == 6
        assert all(page.locator(target).count() == 1 for target in targets)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_label("Municipality").fill("Halmstad")
        page.get_by_label("Municipality").press("Tab")
        page.locator("#component", has_text='municipality="1380"').wait_for()


def test_the_lines_say_what_was_chosen(client: httpx.Client) -> None:
    found = lines(client, embed="coordinators", municipality="Halmstad", language="en", heading_level="3",
                  quick_exit="true")  # fmt: skip
    assert found.startswith(
        '<stodkatalog-coordinator lang="en" municipality="1380" heading-level="3" quick-exit="true">'
    )
    assert 'crossorigin="anonymous" referrerpolicy="no-referrer"' in found
    style = lines(client, "style", theme="dark", accent="#FFCC00")
    assert "color-scheme: dark;" in style
    assert "--stodkatalog-accent: #ffcc00;" in style
    assert not re.search(r"<style| style=| on\w+=|<script(?! type=\"module\" src=)", found)


def test_an_unknown_municipality_is_answered_with_the_nearest(client: httpx.Client) -> None:
    answer = client.get("/embed/guide", params={"municipality": '"><b>Halmstadd'})
    assert answer.status_code == 422
    assert 'value="&#34;&gt;&lt;b&gt;Halmstadd"' in answer.text
    assert "Halmstad (1380)" in client.get("/embed/guide", params={"municipality": "Halmstadd"}).text


def test_a_colour_that_cannot_be_read_is_warned_of(client: httpx.Client) -> None:
    assert "4.5:1" in client.get("/embed/guide", params={"accent": "#ffff00", "lang": "en"}).text
    assert "4.5:1" not in client.get("/embed/guide", params={"accent": "#004400", "lang": "en"}).text
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_form_works_without_javascript(site: Served, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.address}/embed/guide?lang=sv")
        page.get_by_label("Kommun").fill("Kristianstad")
        page.get_by_label("Vad ska visas?").select_option("courses")
        page.get_by_role("button", name="Visa raderna").click()
        assert 'municipality="1290"' in page.locator("#component").inner_text()
        assert page.locator("#preview").inner_text().startswith("Nödnumret: 112")


def test_with_javascript_it_shows_at_once_and_copies(site: Served, browser: Browser, elsewhere: Elsewhere) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site.address}/embed/guide?lang=sv")
        filled(page)
        page.get_by_label("Färg på länkar").fill("#7a1f00")
        page.locator("#style", has_text="#7a1f00").wait_for()
        page.get_by_label("Vad ska visas?").select_option("coordinators")
        filled(page, "stodkatalog-coordinator")
        assert (
            page.locator("#preview [part=entry] [part=number]").first.evaluate("one => getComputedStyle(one).color")
            == "rgb(122, 31, 0)"
        )
        page.get_by_role("button", name="Kopiera").first.click()
        page.get_by_role("button", name="Kopierat").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "embed=coordinators" in page.url
        assert complaints == []
        page.goto(elsewhere.put(bare(copied)))
        filled(page, "stodkatalog-coordinator")
        assert seen_numbers(page)[0] == NUMBERS[0]


def test_the_guide_shows_what_a_telephone_will_show_of_the_lines_the_frame_and_the_fallback(
    site: Served, browser: Browser
) -> None:
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site.address}/embed/guide?lang=en&embed=courses&theme=dark")
        filled(page, "#preview stodkatalog-courses")
        frame = page.locator("iframe.preview")
        frame.scroll_into_view_if_needed()
        frame.content_frame.get_by_role("heading", name="Courses for professionals").wait_for()
        assert "theme=dark" in (frame.get_attribute("src") or "")
        assert page.locator("#preview-fallback a[href='tel:112']").is_visible()
        for preview in page.locator(".preview").all():
            box = preview.bounding_box()
            assert box is not None
            assert box["width"] == 360
        page.get_by_label("What should be shown?").select_option("hotlines")
        frame.content_frame.get_by_role("heading", name="Kvinnofridslinjen").wait_for()
        assert complaints == []


def test_the_guide_leads_to_a_feed_of_changed_numbers(client: httpx.Client) -> None:
    address = lines(client, "feed", language="en")
    assert address.startswith(f"{client.base_url}".rstrip("/"))
    answer = client.get(address)
    assert answer.headers["content-type"] == "application/atom+xml"
    assert "Changes in Stödkatalogen: contact_points.value" in answer.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_in_the_guide_light_or_dark_at_320_pixels(
    language: str, site: Served, browser: Browser, axe: str
) -> None:
    with browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640}) as context:
        page: Page = context.new_page()
        page.goto(f"{site.address}/embed/guide?lang={language}&municipality=nowhere&quick_exit=true")
        filled(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert violations(page, axe) == []
