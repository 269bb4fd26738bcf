"""What is pasted, in Chromium on another origin, from a directory that means harm, for a visitor who is signed in."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Request
from sqlalchemy import text

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.conftest import SEEDED
from tests.embed.elsewhere import Elsewhere
from tests.embed.pasting import all_elements, bare, filled, lines
from tests.serving import Served, serve

HARM = (
    "</script></style></textarea></iframe>-->\"'><img src=x onerror='top.harmed=1'><script>top.harmed=1</script>"
    '<!--#include virtual="/secret" -->[shortcode]{{harmed}}${harmed}@harmed javascript:top.harmed=1'
)
URL = "javascript:top.harmed=1//https://"
STATEMENTS = (
    "UPDATE resourcetext SET name = :harm || name, summary = :harm, description = :harm",
    "UPDATE contactpoint SET label_sv = :harm, label_en = :harm, hours_stated = :harm, hours_reason_sv = :harm",
    "UPDATE contactpoint SET value = :url WHERE channel IN ('web', 'chat')",
    "UPDATE source SET title = :harm, publisher = :harm, url = :url",
    "UPDATE organizationtext SET name = :harm",
)
ELEMENTS = ("stodkatalog-hotlines", "stodkatalog-coordinator", "stodkatalog-courses", "stodkatalog-referral")
INSIDE = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter((one) => one)];
  const all = (css) => roots.flatMap((root) => [...root.querySelectorAll(css)]);
  return {
    harmed: window.harmed ?? null,
    images: all("img").map((one) => one.outerHTML),
    scripts: all("script:not([src])").map((one) => one.parentNode.outerHTML),
    links: all("a").map((one) => one.protocol).filter((one) => !/^(https?|tel|sms|mailto):$/.test(one)),
  };
}"""
UNHARMED: dict[str, Any] = {"harmed": None, "images": [], "scripts": [], "links": []}
SECRETS = ("hemlig", "journal", "session")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, seed: Seed) -> Iterator[Served]:
    """The service over the real data, in which every text and address has been replaced by one that means harm."""
    engine = engine_for(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'store.sqlite3'}")
    migrate(engine)
    write_seed(engine, seed, SEEDED)
    with engine.begin() as connection:
        for statement in STATEMENTS:
            assert connection.execute(text(statement), {"harm": HARM, "url": URL}).rowcount
    engine.dispose()
    with serve(create_app(Settings(database_url=str(engine.url)))) as running:
        yield running


def pasted(client: httpx.Client, name: str) -> str:
    """The lines for one sort of site, as its reader gets them."""
    if name == "component":
        return all_elements(client)
    if name == "oembed":
        found = client.get("/oembed", params={"url": f"{client.base_url}/embed/frame/hotlines"})
        assert found.status_code == 200, found.text
        return str(found.json()["html"])
    given = lines(client, name, quick_exit="true", municipality="Halmstad")
    if name == "optimizely":
        given = re.sub(r"@\*.*\*@\n", "", given).replace("@@", "@")
    return given + (lines(client, "height") if name == "frame" else "")


def sign_in(context: BrowserContext, *addresses: str) -> None:
    """Cookies of the visitor, for the site that was pasted into and for ours."""
    context.add_cookies([{"name": "session", "value": "hemlig", "url": address} for address in addresses])


def visit(context: BrowserContext, page: Page, site: Served, elsewhere: Elsewhere, body: str) -> list[Request]:
    """Show a page with these lines to a visitor who is signed in everywhere; what our service was sent."""
    sign_in(context, site.address, elsewhere.address)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.startswith(site.address) else None)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    elsewhere.put(bare(body), path="/journal?patient=hemlig")
    page.goto(f"{elsewhere.address}/journal?patient=hemlig")
    return sent


def assert_told_nothing(sent: list[Request]) -> None:
    assert sent
    for request in sent:
        headers = request.all_headers()
        assert not {"cookie", "referer", "authorization"} & set(headers), request.url
        whole = f"{request.url} {headers} {request.post_data or ''}"
        assert not any(secret in whole for secret in SECRETS), whole


@pytest.mark.parametrize("name", ["component", "wordpress", "sitevision", "optimizely", "frame", "oembed"])
def test_a_hostile_text_stays_text_and_nothing_of_a_visitor_is_sent(
    name: str, hostile: Served, elsewhere: Elsewhere, context: BrowserContext, page: Page
) -> None:
    sent = visit(context, page, hostile, elsewhere, pasted(hostile.client, name))
    if name in ("frame", "oembed"):
        frame = page.frame_locator("iframe")
        frame.get_by_text("</script>").first.wait_for()
        assert frame.locator("html").evaluate(f"({INSIDE})()") == UNHARMED
    else:
        for element in ELEMENTS if name == "component" else ELEMENTS[:1]:
            filled(page, element)
        assert page.locator("[part=name]").first.inner_text().startswith("</script>")
    assert page.evaluate(INSIDE) == UNHARMED
    assert {cookie["value"] for cookie in context.cookies()} == {"hemlig"}
    assert_told_nothing(sent)


@pytest.mark.parametrize("name", ["component", "wordpress", "sitevision", "frame"])
def test_the_pasted_fallback_is_text_where_no_script_runs_and_our_service_is_not_asked(
    name: str, hostile: Served, elsewhere: Elsewhere, context: BrowserContext, page: Page
) -> None:
    fallback = re.sub(r"<(script|iframe)\b.*?</\1>", "", pasted(hostile.client, name), flags=re.DOTALL)
    sent = visit(context, page, hostile, elsewhere, fallback)
    assert "</script>" in page.locator("main").inner_text()
    assert page.evaluate(INSIDE) == UNHARMED
    assert sent == []


def test_a_feed_that_means_harm_runs_nothing_in_the_page(
    site: Served, elsewhere: Elsewhere, context: BrowserContext, page: Page
) -> None:
    honest = site.client.get("/embed/v1/hotlines.json").json()

    def spoil(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: spoil(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [spoil(inner, name) for inner in value]
        return value if not isinstance(value, str) else URL if name in ("uri", "url", "leave_url") else HARM

    headers = {"Access-Control-Allow-Origin": "*", "Set-Cookie": "spy=1", "Refresh": "0; url=/evil", "Link": "</x>"}
    page.route(re.compile(r"/embed/v1/\w+\.json"), lambda route: route.fulfill(json=spoil(honest), headers=headers))
    sent = visit(context, page, site, elsewhere, lines(site.client, quick_exit="true"))
    filled(page)
    page.wait_for_timeout(200)
    assert page.evaluate(INSIDE) == UNHARMED
    assert page.url == f"{elsewhere.address}/journal?patient=hemlig"
    page.locator("[part=exit]").click()
    page.wait_for_url("about:blank")  # away from the page at once, though not to where the feed says
    assert_told_nothing(sent)


ATTACKING = """<!doctype html><p>evil</p><script>
for (const act of [
  () => { parent.harmed = 1 }, () => { parent.document.body.textContent = "evil" }, () => { top.location = "/evil" },
  () => alert(1), () => { parent.postMessage({message: "height", value: 1e9}, "*") },
  () => { parent.postMessage({message: "height", value: "9px;<script>"}, "*") },
  () => { parent.postMessage({message: "link", value: "javascript:harmed=1"}, "*") },
]) try { act() } catch { /* as it should be */ }
</script>"""


@pytest.mark.parametrize("name", ["frame", "oembed"])
def test_a_frame_that_means_harm_stays_in_its_frame(
    name: str, site: Served, elsewhere: Elsewhere, context: BrowserContext, page: Page
) -> None:
    page.route("**/embed/frame/**", lambda route: route.fulfill(body=ATTACKING, content_type="text/html"))
    sent = visit(context, page, site, elsewhere, pasted(site.client, name))
    page.frame_locator("iframe").get_by_text("evil").wait_for()
    page.wait_for_timeout(300)
    assert page.url == f"{elsewhere.address}/journal?patient=hemlig"
    assert page.evaluate("window.harmed ?? null") is None
    assert page.locator("h1").inner_text() == "Kommunen"
    assert int(page.locator("iframe").get_attribute("height") or 0) <= 10_000
    assert_told_nothing(sent)
