"""The frame in Chromium: in a sandbox on another origin, with its height, its theme and its numbers."""

import re
from html import unescape

import pytest
from playwright.sync_api import Browser, Page, Request

from app.embed.assets import named
from tests.embed.elsewhere import Elsewhere
from tests.embed.pasting import NUMBERS, bare, lines, seen_numbers, violations
from tests.serving import Served

FRAMES = ("hotlines", "coordinators", "courses", "referral")


def test_only_frames_may_be_framed(site: Served) -> None:
    assert "frame-ancestors *" in site.client.get("/embed/frame/hotlines").headers["Content-Security-Policy"]
    for path in ("/embed/hotlines", "/embed/guide", "/sv/", "/v1/hotlines"):
        assert "frame-ancestors 'none'" in site.client.get(path).headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", [*FRAMES, "hotlines?municipality=finns-inte"])
def test_a_frame_names_an_icon_that_it_may_load_so_that_no_browser_asks_for_another(site: Served, path: str) -> None:
    answer = site.client.get(f"/embed/frame/{path}")
    (icon,) = re.findall(r'<link rel="icon" href="([^"]+)">', answer.text)
    assert site.client.get(icon).headers["content-type"] == "image/svg+xml"
    assert "img-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_pasted_iframe_shows_the_lines_and_gets_the_height_it_asks_for(
    site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # Playwright marks what it calls
    pasted = lines(site.client, "frame", municipality="Halmstad") + lines(site.client, "height")
    policy = lines(site.client, "policy").replace("\n", " ")
    page.goto(elsewhere.put(bare(pasted), {"Content-Security-Policy": f"default-src 'none'; img-src data:; {policy}"}))
    assert seen_numbers(page) == list(NUMBERS), "they stand beside the frame, too"
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Kvinnofridslinjen").wait_for()
    assert frame.get_by_text("Öppet dygnet runt").first.is_visible()
    page.wait_for_function("document.querySelector('iframe').height > 1000")
    height = int(page.locator("iframe").get_attribute("height") or 0)
    assert height == frame.locator("html").evaluate("one => Math.ceil(one.getBoundingClientRect().height)")
    for request in asked:
        assert not {"referer", "cookie"} & set(request.all_headers()), request.url


@pytest.mark.parametrize(("secret", "is_told"), [("", True), ("#?secret=abc123", False)])
def test_in_the_strictest_sandbox_the_frame_runs_and_tells_its_height_but_not_to_wordpress(
    secret: str, is_told: bool, site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    """As soon as WordPress is told, it hides the numbers beside the frame (`tests/embed/guide/test_wordpress.py`)."""
    told = unescape(site.client.get("/oembed", params={"url": f"{site.address}/sv/stodlinjer"}).json()["html"])
    source = re.search(r'src="([^"]+)"', told)
    assert source
    listening = "<script>window.told = []; addEventListener('message', found => told.push(found.data))</script>"
    ready = "<script>document.querySelector('iframe').onload = ({ target }) => "
    ready += "target.contentWindow.postMessage({ message: 'ready' }, '*')</script>"
    frame = f'<iframe sandbox="allow-scripts" src="{source[1]}{secret}"></iframe>'
    page.goto(elsewhere.put(bare(f"{listening}{frame}{ready}")))
    assert page.frame_locator("iframe").get_by_text("112", exact=True).first.is_visible()
    if is_told:
        page.wait_for_function("told.length > 0")
        assert page.evaluate("told[0].value") > 200
    page.wait_for_timeout(200)
    assert bool(page.evaluate("told.length")) == is_told


def test_a_frame_left_open_renews_its_states_and_never_shows_a_stale_one(site: Served, page: Page) -> None:
    page.clock.install()
    page.goto(f"{site.address}/embed/frame/hotlines")
    page.route("**/embed/frame/*", lambda route: route.abort())
    page.clock.fast_forward(20 * 24 * 3600 * 1000)
    page.clock.run_for(16_000)
    states = page.locator(".stodkatalog-state").all_inner_texts()
    assert set(states) == {"Läget just nu är okänt", "Öppettider ej angivna"}
    assert seen_numbers(page) == list(NUMBERS)


def test_a_frame_left_open_in_the_strictest_sandbox_is_renewed(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    source = f"{site.address}/embed/frame/hotlines"
    page.clock.install()
    page.goto(elsewhere.put(bare(f'<iframe sandbox="allow-scripts" src="{source}"></iframe>')))
    main = page.frame_locator("iframe").locator("main")
    main.evaluate("one => one.classList.add('old')")
    with page.expect_response(f"{source}*"):
        page.clock.fast_forward("02:00:00")
    page.frame_locator("iframe").locator("main:not(.old)").wait_for()
    assert main.get_by_role("link", name="112", exact=True).first.is_visible()


def test_links_lead_out_of_the_frame(site: Served) -> None:
    links = re.findall(r'<a [^>]*href="http[^>]*>', site.client.get("/embed/frame/courses").text)
    assert links
    assert all('target="_blank"' in link and 'rel="noopener noreferrer"' in link for link in links)


def test_a_wrong_question_still_gives_the_numbers(site: Served, page: Page) -> None:
    page.goto(f"{site.address}/embed/frame/hotlines?municipality=Halmstadd")
    assert seen_numbers(page) == list(NUMBERS)
    assert page.get_by_text("Halmstad (1380)").is_visible()


def test_the_frame_asks_nobody_but_us_and_stores_nothing(site: Served, page: Page) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(f"{site.address}/embed/frame/referral")
    assert hosts == {site.address.split("/")[2]}
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_in_a_frame_light_or_dark_at_320_pixels(
    language: str, site: Served, browser: Browser, axe: str
) -> None:
    with browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        for name in FRAMES:
            page.goto(f"{site.address}/embed/frame/{name}?lang={language}")
            assert page.evaluate("document.documentElement.scrollWidth") == 320
            assert violations(page, axe) == []


def test_a_frame_has_the_theme_that_is_asked_for_or_else_the_readers(site: Served, page: Page) -> None:
    grounds = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 25, 27)"}
    for theme, scheme, ground in (("dark", "light", "dark"), ("light", "dark", "light"), ("auto", "dark", "dark")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        page.goto(f"{site.address}/embed/frame/courses?theme={theme}")
        assert page.locator("html").evaluate("one => getComputedStyle(one).backgroundColor") == grounds[ground]


def test_what_a_frame_is_made_of_has_a_hash_in_its_address(site: Served) -> None:
    html = site.client.get("/embed/frame/hotlines").text
    for name in ("frame.css", "frame.js"):
        assert f"/embed/v1/{named(name).name}" in html
        assert "immutable" in site.client.get(f"/embed/v1/{named(name).name}").headers["Cache-Control"]
