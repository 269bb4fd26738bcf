"""The documentation of the API: to everybody who reads it, in a real browser, and the lines that it gives to paste."""

import re
import subprocess
import sys
from html import unescape
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request

from app.http.reference import read_swedish
from app.http.rendering import format_prose
from app.http.snippets import Call, write_snippets
from tests import npm
from tests.server.raw import exchange
from tests.serving import Served

FIRST_VIEW = 150 * 1024
KEPT_HEADERS = ("Idempotency-Key", "If-Match")

pytestmark = pytest.mark.parametrize(("database_url", "served"), [("sqlite", "fast")], indirect=True)
"""The pages are not read from the database."""


def groups(client: httpx.Client) -> list[str]:
    return sorted(set(re.findall(r'href="docs/([a-z-]+)\?', client.get("/docs").text)))


def test_every_operation_of_the_document_is_on_the_page_of_its_subject(client: httpx.Client) -> None:
    document = client.get("/v1/openapi.json").json()
    assert groups(client) == sorted(tag["name"] for tag in document["tags"])
    pages = {name: client.get(f"/docs/{name}").text for name in groups(client)}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            page = pages[operation["tags"][0]]
            assert f'id="{operation["operationId"]}"' in page
            assert f"<code>{method.upper()} {path}</code>" in page
            for parameter in operation["parameters"]:
                assert parameter["in"] == "header" or f"<code>{parameter['name']}</code>" in page


def test_what_a_page_refers_to_is_on_it(client: httpx.Client) -> None:
    for name in groups(client):
        page = client.get(f"/docs/{name}").text
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page)), name


def test_a_page_is_in_one_language(client: httpx.Client) -> None:
    swedish, english = (client.get("/docs", params={"lang": language}).text for language in ("sv", "en"))
    assert "Stödlinjer och chattar" in swedish
    assert "Hotlines and chats" not in swedish
    assert "Hotlines and chats" in english
    assert "Stödlinjer och chattar" not in english
    page = client.get("/docs/hotlines", params={"lang": "en"}).text
    assert "the emergency number first" in page
    assert "nödnumret" not in page


def test_parameters_are_described_in_the_language_of_the_page(client: httpx.Client) -> None:
    english, swedish = set[str](), read_swedish("parameters")
    for item in client.get("/v1/openapi.json").json()["paths"].values():
        for operation in item.values():
            english |= {one["description"] for one in operation["parameters"] if one["in"] != "header"}
            english |= {one["description"] for one in operation["parameters"] if one["name"] in KEPT_HEADERS}
    assert english == swedish.keys(), "write them in Swedish in app/http/parameters.toml"
    page = client.get("/docs/hotlines", params={"lang": "sv"}).text.partition('id="types"')[0]
    assert "Högst så många i svaret." in page
    assert 'lang="en"' not in page.partition("<main")[2]


def test_answers_and_bodies_are_described_in_the_language_of_the_page(client: httpx.Client) -> None:
    english, swedish = set[str](), read_swedish("schemas")
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]
    page = "".join(client.get(f"/docs/{name}", params={"lang": "sv"}).text for name in groups(client))
    for name in re.findall(r'class="schema" id="([^"]+)"', page):
        described = [schemas[name], *schemas[name].get("properties", {}).values()]
        english |= {one["description"] for one in described if one.get("description")}
    assert english == swedish.keys(), "write them in Swedish in app/http/schemas.toml"
    assert [text for text in swedish.values() if format_prose(text) not in page] == []
    assert [text for text in english if format_prose(text) in page] == []


def test_without_javascript_the_search_and_every_call_to_try_are_links_that_work(client: httpx.Client) -> None:
    listed = re.findall(r'docs/[a-z-]+\?lang=en#(\w+)"', client.get("/docs?lang=en&q=intervals calendar").text)
    assert listed == ["listIntervals"]
    assert "No call has these words." in client.get("/docs?lang=en&q=xyzzy").text
    for name in groups(client):
        page = client.get(f"/docs/{name}")
        for link in re.findall(r'href="([^"]+)" data-call', page.text):
            assert client.get(page.url.join(unescape(link))).status_code == 200, link


def test_without_a_host_the_links_lead_to_the_calls(served: Served) -> None:
    page = exchange(served, b"GET /docs/hotlines?lang=en HTTP/1.0\r\n\r\n").decode()
    links = re.findall(r'href="([^"]+)" data-call', page)
    assert links
    assert all(link.startswith("../v1/hotlines") and ".." not in link[3:] for link in links)


def test_an_unknown_subject_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/docs/finns-inte")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(("path", "status"), [("/docs/finns-inte", 404), (f"/docs?q={'a' * 101}", 422)])
def test_a_browser_gets_an_error_as_a_page(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert 'href="tel:112"' in answer.text.partition("<main")[2]
    assert client.get(path).headers["content-type"] == "application/problem+json"


def test_the_lines_to_paste_run_as_they_stand(served: Served) -> None:
    page = served.client.get("/docs?lang=en").text
    curl, python, javascript = map(unescape, re.findall(r"<code>((?:curl|import|const)[^<]+)</code>", page))
    lines: dict[str, tuple[Any, ...]] = {
        "curl": (["bash", "-c", f"{curl} --silent"], None),
        "python": ([sys.executable, "-"], python),
        "node": ([npm.node(), "--input-type=module"], javascript),
    }
    for name, (command, text) in lines.items():
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, (name, done.stderr)
        assert "sos-112" in done.stdout, name


def test_lines_for_a_call_with_a_key_name_the_key_and_the_body(client: httpx.Client) -> None:
    written = write_snippets(Call("POST", "https://katalog.example/v1/proposals", keyed=True, has_body=True))
    assert all("Bearer" in text and "body" in text for text in written.values())
    compile(written["Python"], "snippet.py", "exec")
    removed = write_snippets(Call("DELETE", "https://katalog.example/v1/webhooks/1", keyed=True))
    assert removed["curl"].startswith("curl --request DELETE ")
    assert 'method: "DELETE"' in removed["JavaScript"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_documentation_can_be_read_by_everybody(
    served: Served, browser: Browser, axe: str, scheme: Literal["light", "dark"]
) -> None:
    narrow: Any = {"width": 320, "height": 640}
    with browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=narrow) as context:
        page = context.new_page()
        for path in ("/docs", "/docs?lang=en", "/docs/hotlines", "/docs/proposals?lang=en", "/docs/areas"):
            page.goto(served.address + path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            if page.locator("[data-call]").count():
                page.locator("[data-call]").first.click()
                page.locator(".answer").first.wait_for()
            page.evaluate(axe)
            violations = page.evaluate("axe.run()")["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_the_first_call_takes_one_click_and_nothing_leaves_the_host(served: Served, browser: Browser) -> None:
    complaints: list[str] = []
    requests: list[Request] = []
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  # Playwright marks it
        page.goto(f"{served.address}/docs?lang=en", wait_until="networkidle")
        sizes = [request.sizes() for request in requests]
        assert sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes) <= FIRST_VIEW
        page.get_by_role("link", name="Make the call").click()
        answer = page.get_by_role("region", name="Answer")
        answer.wait_for()
        assert '"112"' in answer.inner_text()
        assert page.locator(".state").first.inner_text().startswith("200")
        assert page.url == f"{served.address}/docs?lang=en"
        page.get_by_role("button", name="Copy", exact=True).first.click()
        page.get_by_role("button", name="Copied", exact=True).wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"curl '{served.address}/v1/hotlines?limit=1&lang=en'"
    assert complaints == []
    assert [one.url for one in requests if not one.url.startswith(f"{served.address}/")] == []


def test_by_keyboard_somebody_searches_fills_in_and_calls(served: Served, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{served.address}/docs?lang=en")
        reach(page, "#q")
        page.keyboard.type("hotlines chats")
        assert page.locator(".operations li:visible").count() == 1
        reach(page, ".operations li:not([hidden]) a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/docs/hotlines?lang=en#listHotlines")
        reach(page, ".parameters summary")
        page.keyboard.press("Enter")
        reach(page, "#listHotlines-municipality")
        page.keyboard.type("Halmstad")
        page.keyboard.press("Enter")
        page.locator(".answer").first.wait_for()
        assert "municipality=Halmstad" in page.locator(".answer").first.inner_text()
        assert "municipality=Halmstad" in page.locator(".snippet code").first.inner_text()


def reach(page: Page, target: str) -> None:
    """Press Tab until the focus is on the first element of this kind."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(target) => document.activeElement === document.querySelector(target)", target):
            return
    raise AssertionError(f"Tab never reaches {target}")
