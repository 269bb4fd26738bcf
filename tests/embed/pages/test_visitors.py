"""Visitors who read another language get 112 and the lines that never close, and nothing that no record states."""

import re
from html import unescape

import httpx
import pytest

from app.embed.pages.visitors import load_texts
from app.main import create_app
from app.settings import Settings
from tests.serving import serve

CODES = ("uk", "ro", "es", "ar", "th", "pl", "en", "latt")


@pytest.mark.parametrize("code", CODES)
def test_each_language_has_112_the_lines_and_its_direction(client: httpx.Client, code: str) -> None:
    texts = load_texts()[code]
    answer = client.get(f"/help/{code}")
    assert (answer.status_code, answer.headers["content-language"]) == (200, texts.lang)
    html = unescape(answer.text)
    assert f'<html lang="{texts.lang}" dir="{"rtl" if code == "ar" else "ltr"}">' in html
    assert html.index('href="tel:112"') < html.index("<main")
    for number, sentence in (("tel:+4620505050", texts.women), ("tel:116111", texts.children)):
        assert f'href="{number}"' in html
        assert sentence in html
    assert html.count(texts.interpreters) == 1  # of one line alone a source states them
    assert (texts.unread in html) is not texts.read
    assert "data-exit" in html


def test_a_language_that_we_do_not_have_is_answered_in_english(client: httpx.Client) -> None:
    for code in ("fa", "so", "xx"):
        answer = client.get(f"/help/{code}")
        assert (answer.status_code, answer.headers["content-language"]) == (200, "en")
    assert client.get("/help/AR").headers["content-language"] == "ar"
    assert client.get("/help/th-Thai-TH-x-private-use").headers["content-language"] == "th"
    assert client.get("/help/zh-Hant-HK-x-private-use").headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("en;q=0.5, uk", "uk"),
        ("so, th;q=0.3", "th"),
        ("sv-SE,sv;q=0.9", "latt"),
        ("so,fa;q=0.8", "en"),
        ("ro;q=0, fr", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_help_is_in_the_language_of_the_browser_else_in_english(client: httpx.Client, header: str, code: str) -> None:
    answer = client.get("/help", headers={"Accept-Language": header}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/help/{code}")
    # A cache that kept it would answer the next reader in this one's language.
    assert "no-store" in answer.headers["cache-control"]


def test_the_start_pages_lead_to_every_language(client: httpx.Client) -> None:
    for page in ("/sv/", "/en/", "/"):
        linked = set(re.findall(r'href="/?(?:\.\./)?help/(\w+)"', client.get(page).text))
        assert set(CODES) - linked <= {"en"}, page


def test_without_a_store_there_is_still_112(empty_url: str) -> None:
    with serve(create_app(Settings(database_url=empty_url))) as running:
        answer = running.client.get("/help/th")
        assert answer.status_code == 200
        assert 'href="tel:112"' in answer.text


def test_what_a_record_does_not_state_is_not_said(client: httpx.Client) -> None:
    for code in CODES:
        children = client.get(f"/help/{code}").text.partition('href="tel:116111"')[2].partition("</section>")[0]
        assert load_texts()[code].interpreters not in unescape(children)
