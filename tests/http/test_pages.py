"""The front page, the documentation and the problems page, to a reader and to a real browser."""

import re
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser

from app.http.problems import PROBLEMS
from tests.serving import Served

PAGES = ("/", "/docs", "/problems")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "danger"), [("sv", "Ring 112"), ("en", "Call 112")])
def test_every_page_begins_with_112(client: httpx.Client, path: str, language: str, danger: str) -> None:
    answer = client.get(path, params={"lang": language})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    body = answer.text.partition("<body>")[2]
    assert danger in re.sub(r"<[^>]+>", "", body).strip().splitlines()[0]
    assert f'<html lang="{language}">' in answer.text


def test_the_front_page_leads_to_the_pages_the_api_its_documentation_and_the_data(client: httpx.Client) -> None:
    text = client.get("/").text
    for address in ("sv/", "docs", "v1/openapi.json", "v1/api-info", "v1/resources", "v1/sources", "problems"):
        assert f'href="{address}"' in text
        assert client.get(f"/{address}").status_code == 200, address


@pytest.mark.parametrize("path", ["/", "/problems"])
def test_a_page_to_read_has_its_style_and_its_way_out_and_loads_nothing_else(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert re.findall(r"<script[^>]*src=[^ >]+", answer.text) == ['<script src="pages/exit.js"']
    assert answer.text.count("<script") == 1
    assert 'href="https://www.smhi.se/" rel="nofollow noreferrer" data-exit' in answer.text
    assert "style=" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")


def test_every_problem_is_explained_where_its_type_leads(client: httpx.Client) -> None:
    text = client.get("/problems").text
    assert re.findall(r'<h2 id="([a-z-]+)"', text) == [*(kind.slug for kind in PROBLEMS), "other"]
    kind = client.get("/v1/hotlines/finns-inte").json()["type"]
    assert kind == f"{client.base_url}/problems#not-found".replace("//problems", "/problems")


def test_the_files_of_the_pages_are_kept_by_browsers_and_packed(client: httpx.Client) -> None:
    style = client.get("/static/site.css", headers={"accept-encoding": "br"})
    assert (style.headers["content-encoding"], style.headers["content-type"]) == (
        "br",
        "text/css; charset=utf-8",
    )
    assert re.search(r"max-age=(3600|359\d)\b", style.headers["cache-control"])  # it counts down
    assert (
        client.get(
            style.url.path, headers={"if-none-match": style.headers["etag"], "accept-encoding": "br"}
        ).status_code
        == 304
    )


in_a_browser = pytest.mark.parametrize(("database_url", "served"), [("sqlite", "fast")], indirect=True)
"""A browser can tell neither databases nor protocols apart."""


@in_a_browser
def test_the_pages_to_read_can_be_read_by_everybody(served: Served, browser: Browser, axe: str) -> None:
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    # The policy would keep the judge out, too.
    with browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.add_init_script(axe)
        for path in ("/?lang=sv", "/?lang=en", "/problems?lang=sv", "/problems?lang=en"):
            page.goto(served.address + path)
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                found = page.evaluate("axe.run()")["violations"]
                assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (path, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") == 320
