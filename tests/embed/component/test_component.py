"""The web component in Chromium, pasted into a page on another origin."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from app.embed.component.routes import Feed
from app.embed.wording import now
from app.main import create_app
from tests.embed.elsewhere import Elsewhere
from tests.embed.pasting import NUMBERS, all_elements, bare, filled, lines, seen_numbers, violations
from tests.serving import Served, serve

FEEDS = re.compile(r"/embed/v1/\w+\.json")
MODULE = re.compile(r"/embed/v1/stodkatalog\.\w+\.js")


def own_messages(page: Page) -> list[str]:
    """What the component says on the console, as it goes."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if "stodkatalog" in message.text else None)
    return told


def test_the_lines_from_the_guide_show_the_lines_with_their_state_and_the_numbers_when_the_plug_is_pulled(
    site: Served, elsewhere: Elsewhere, page: Page, browser: Browser
) -> None:
    with serve(create_app(site.application.state.settings)) as own:
        address = elsewhere.put(bare(lines(own.client, municipality="Halmstad")))
        page.goto(address)
        filled(page)
        assert page.get_by_role("heading", name="Kvinnofridslinjen").is_visible()
        assert page.get_by_text("Öppet dygnet runt").first.is_visible()
        assert page.locator("[part=emergency] a[href='tel:112']").is_visible()
    page.goto(address)
    filled(page)
    assert seen_numbers(page) == list(NUMBERS), "who has been here before has the lines in the browser's cache"
    with browser.new_context() as another:
        stranger = another.new_page()
        stranger.goto(address)
        assert seen_numbers(stranger) == list(NUMBERS)
        assert stranger.locator("stodkatalog-hotlines").inner_text().startswith("Nödnumret: 112.")


FAULTS: dict[str, tuple[re.Pattern[str], Any]] = {
    "404": (FEEDS, lambda route: route.fulfill(status=404, body="")),
    "500": (FEEDS, lambda route: route.fulfill(status=500, body='{"status": 500}')),
    "a hanging API": (FEEDS, lambda route: None),
    "garbage": (FEEDS, lambda route: route.fulfill(body="<!doctype html><p>Logga in")),
    "another JSON": (FEEDS, lambda route: route.fulfill(json={"entries": [], "words": {}, "emergency": []})),
    "null": (FEEDS, lambda route: route.fulfill(json=None)),
    "no network": (FEEDS, lambda route: route.abort()),
    "a blocked script": (MODULE, lambda route: route.abort()),
    "a wrong integrity hash": (MODULE, lambda route: route.fulfill(
        body="document.body.textContent = 'taken over'", content_type="text/javascript",
        headers={"Access-Control-Allow-Origin": "*"})),
    "a version that is gone": (MODULE, lambda route: route.fulfill(status=404, body="")),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_numbers_stay_visible(fault: str, site: Served, elsewhere: Elsewhere, page: Page) -> None:
    where, broken = FAULTS[fault]
    with_fault: list[Request] = []

    def answer(route: Route) -> None:
        with_fault.append(route.request)
        broken(route)

    page.route(where, answer)
    page.goto(elsewhere.put(bare(all_elements(site.client))))
    page.wait_for_timeout(200)
    assert with_fault
    assert seen_numbers(page) == list(NUMBERS)
    assert page.locator("[part=entry]").count() == 0


def test_the_numbers_are_visible_without_javascript(site: Served, elsewhere: Elsewhere, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(elsewhere.put(bare(lines(site.client))))
        assert seen_numbers(page) == list(NUMBERS)


def test_offline_after_the_first_load_it_goes_on_and_never_shows_a_stale_open(
    site: Served, elsewhere: Elsewhere, page: Page, context: BrowserContext
) -> None:
    page.clock.install()
    page.goto(elsewhere.put(bare(lines(site.client))))
    filled(page)
    context.set_offline(True)
    page.clock.fast_forward("48:00:00")
    assert page.get_by_text("Öppet dygnet runt").first.is_visible()
    page.clock.fast_forward(15 * 24 * 3600 * 1000)
    states = page.locator("[part~=state]").all_inner_texts()
    assert states
    assert set(states) <= {"Läget just nu är okänt", "Öppettider ej angivna"}
    assert seen_numbers(page) == list(NUMBERS)


def test_a_state_changes_when_its_span_ends_and_says_what_the_server_would_say(
    site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    for language in ("sv", "en"):
        feed = Feed.model_validate(site.client.get("/embed/v1/hotlines.json", params={"lang": language}).json())
        points = [point for entry in feed.entries for point in entry.points if point.spans and point.display]
        starts = sorted({span.start for point in points for span in point.spans or ()})[1:5]
        page.clock.install(time=datetime.fromtimestamp(starts[0] - 90, UTC))
        page.goto(elsewhere.put(bare(lines(site.client, language=language))))
        filled(page)
        for start in starts:
            page.clock.set_system_time(datetime.fromtimestamp(start - 30, UTC))
            page.clock.run_for(61_000)
            shown = page.locator("[part~=state]:not([part~=not_stated])").all_inner_texts()
            at = datetime.fromtimestamp(start + 31, UTC)
            assert shown == [now(point, feed, at).sentence for point in points]


def test_past_the_published_days_it_asks_again(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if FEEDS.search(request.url) else None)
    page.clock.install()
    page.goto(elsewhere.put(bare(lines(site.client))))
    filled(page)
    page.clock.fast_forward(16 * 24 * 3600 * 1000)
    page.wait_for_timeout(100)
    assert len(asked) == 2


def test_nothing_is_stored_told_or_asked_of_anybody_else(
    site: Served, elsewhere: Elsewhere, page: Page, context: BrowserContext
) -> None:
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # Playwright marks what it calls
    page.goto(elsewhere.put(bare(all_elements(site.client))))
    for element in ("stodkatalog-hotlines", "stodkatalog-coordinator", "stodkatalog-courses", "stodkatalog-referral"):
        filled(page, element)
    assert {request.url.split("/")[2] for request in asked} == {
        site.address.split("/")[2], elsewhere.address.split("/")[2]
    }  # fmt: skip
    ours = [request for request in asked if request.url.startswith(site.address)]
    assert len(ours) == 5, "the module once, and a feed for each element"
    for request in ours:
        assert not {"referer", "cookie"} & set(request.all_headers()), request.url
    assert context.cookies() == []
    assert page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, "
        "(await caches.keys()).length]"
    ) == [0, 0, 0, 0]


def test_a_host_that_allows_only_our_origin_sees_no_violation(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    policy = lines(site.client, "policy").replace("\n", " ")
    page.add_init_script(
        "window.violations = []; addEventListener('securitypolicyviolation', found => "
        "violations.push(`${found.violatedDirective} ${found.blockedURI}`))"
    )
    body = f"{all_elements(site.client)}"
    strict = {"Content-Security-Policy": f"default-src 'none'; img-src data:; {policy}"}
    page.goto(elsewhere.put(bare(body), strict))
    filled(page)
    filled(page, "stodkatalog-referral")
    assert page.locator("stodkatalog-hotlines [part=embed]").evaluate("one => getComputedStyle(one).padding") == "16px"
    assert page.evaluate("violations") == []


def test_the_hosts_rules_do_not_leak_in_and_its_theme_does(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    rules = (
        "<style>html { font-size: 62.5% } * { color: rgb(255, 0, 0) !important; letter-spacing: 9px; "
        "text-transform: uppercase } p, li, a { font-size: 7px !important; display: none !important }"
        "stodkatalog-hotlines { --stodkatalog-accent: rgb(1, 2, 3); --stodkatalog-radius: 20px }"
        "stodkatalog-hotlines::part(title) { font-size: 33px }</style>"
    )
    page.goto(elsewhere.put(bare(lines(site.client), rules)))
    filled(page)
    of = "(one, name) => getComputedStyle(one).getPropertyValue(name)"
    text = page.locator("[part=text]").first
    assert [text.evaluate(of, name) for name in ("color", "letter-spacing", "text-transform", "font-size")] == [
        "rgb(23, 38, 42)", "normal", "none", "16px"
    ]  # fmt: skip
    assert page.locator("[part=entry] [part=number]").first.evaluate(of, "color") == "rgb(1, 2, 3)"
    assert page.locator("[part=title]").evaluate(of, "font-size") == "33px"
    assert page.locator("[part=embed]").evaluate(of, "border-radius") == "20px"


@pytest.mark.parametrize(
    ("attribute", "named"),
    [
        ('municipality="Halmstadd"', "Halmstad (1380)"),
        ('audience="nobody"', "'nobody'"),
        ('limit="many"', "limit"),
        ('lang="tlh"', '"tlh"'),
        ('heading-level="9"', '"9"'),
        ('quick-exit="please"', '"please"'),
    ],
)
def test_a_wrong_value_leaves_the_fallback_and_one_message_that_names_it(
    attribute: str, named: str, site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    told = own_messages(page)
    page.clock.install()
    page.goto(elsewhere.put(bare(lines(site.client).replace(' lang="sv"', f" {attribute}"))))
    page.wait_for_timeout(150)
    page.clock.fast_forward("03:00:00")
    page.wait_for_timeout(50)
    deadline = time.monotonic() + 20
    while not told and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert seen_numbers(page) == list(NUMBERS)
    (message,) = told
    assert message.startswith("<stodkatalog-hotlines> ")
    assert named in message


def test_pasted_numbers_that_have_changed_since_are_told_once_on_the_console(
    site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    told = own_messages(page)
    unchanged = all_elements(site.client)
    page.goto(elsewhere.put(bare(unchanged)))
    filled(page)
    filled(page, "stodkatalog-referral")
    assert told == []
    page.goto(elsewhere.put(bare(unchanged.replace("tel:+4620390000", "tel:+4620390001"))))
    filled(page)
    filled(page, "stodkatalog-referral")
    (message,) = told
    assert message.endswith(f"pasted numbers have changed: {site.address}/embed/guide")


def test_attributes_choose_language_number_and_headings(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    module = lines(site.client).split("\n", 6)[-1].partition("<script")[2]
    body = '<stodkatalog-hotlines limit="2" heading-level="4" audience="exposed"></stodkatalog-hotlines>'
    page.goto(elsewhere.put(bare(f"{body}<script{module}", lang="en-GB")))
    filled(page)
    assert page.get_by_role("heading", level=4).inner_text() == "Hotlines and chats"
    assert page.get_by_role("heading", level=5).count() == 2
    page.locator("stodkatalog-hotlines").evaluate("one => one.setAttribute('lang', 'sv')")
    page.get_by_role("heading", name="Stödlinjer och chattar").wait_for()


def test_hostile_text_is_text(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e{title}"
    feed = site.client.get("/embed/v1/hotlines.json").json()
    feed["title"] = hostile
    feed["emergency"][0]["text"] = hostile
    feed["entries"] = [
        feed["entries"][2]
        | {"name": hostile, "text": hostile, "facts": [hostile], "url": "javascript:alert(1)"}
        | {"source": {"name": hostile, "url": " data:text/html,x", "date": hostile}}
        | {"points": [{"label": hostile, "display": hostile, "uri": "JaVaScRiPt:alert(1)", "stated": hostile,
                       "always": False, "spans": [[0, 9e9, "unknown", hostile]]}]}
    ]  # fmt: skip
    page.route(FEEDS, lambda route: route.fulfill(json=feed, headers={"Access-Control-Allow-Origin": "*"}))
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.goto(elsewhere.put(bare(lines(site.client))))
    filled(page)
    assert page.locator("img").count() == 0
    assert page.locator("[part=embed] a").evaluate_all("all => all.map(one => one.href)") == ["tel:112"]
    assert hostile in page.locator("[part=text]").inner_text()


def test_a_page_from_right_to_left_reads_our_numbers_from_left_to_right(
    site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    page.goto(elsewhere.put(bare(lines(site.client)).replace("<html ", '<html dir="rtl" ')))
    filled(page)
    assert page.locator("[part=embed]").evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_three_shifts_leave_and_escape_does_not(site: Served, elsewhere: Elsewhere, page: Page) -> None:
    left: list[Request] = []

    def arrived(route: Route) -> None:
        left.append(route.request)
        route.fulfill(body="weather")

    page.route("https://www.smhi.se/**", arrived)
    page.goto(elsewhere.put(bare(lines(site.client, quick_exit="true"))))
    filled(page)
    assert page.get_by_text("Webbhistoriken raderas inte.").is_visible()
    for key in ("Escape", "Shift", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    assert left == []
    page.keyboard.press("Shift")
    page.wait_for_url("https://www.smhi.se/")
    assert "referer" not in left[0].all_headers()
    page.go_back()
    assert page.url == "about:blank", "the page is not one step back in the history"


def test_every_link_is_reached_by_keyboard_and_its_focus_is_seen(
    site: Served, elsewhere: Elsewhere, page: Page
) -> None:
    page.goto(elsewhere.put(bare(lines(site.client, quick_exit="true"))))
    filled(page)
    links = page.locator("[part=embed] a").count()
    reached = []
    for _ in range(links):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(
            "() => { const root = document.activeElement.shadowRoot; const one = root?.activeElement;"
            " return one && [[...root.querySelectorAll('a')].indexOf(one), getComputedStyle(one).outlineWidth] }"
        ))  # fmt: skip
    assert all(one and one[1] == "3px" for one in reached)
    assert [one[0] for one in reached] == list(range(links))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_in_either_language_light_or_dark_at_320_pixels(
    language: str, site: Served, elsewhere: Elsewhere, page: Page, axe: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    dark = "<style>:root { color-scheme: light dark } body { margin: 0 }</style>"
    page.goto(elsewhere.put(bare(all_elements(site.client, language), dark, language)))
    for element in ("stodkatalog-hotlines", "stodkatalog-coordinator", "stodkatalog-courses", "stodkatalog-referral"):
        filled(page, element)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    of = "one => getComputedStyle(one).backgroundColor"
    assert page.locator("[part=embed]").first.evaluate(of) == "rgb(255, 255, 255)"
    assert violations(page, axe) == []
    assert page.locator("[part=embed]").first.evaluate(of) == "rgb(16, 25, 27)"
