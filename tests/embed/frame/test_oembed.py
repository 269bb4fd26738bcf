"""oEmbed, as https://oembed.com says."""

import re
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from tests.serving import Served

REQUIRED = {"type", "version", "html", "width", "height"}


def asked(served: Served, path: str, **more: str) -> httpx.Response:
    return served.client.get("/oembed", params={"url": served.address + path, **more})


def test_json_and_xml_say_the_same(served: Served) -> None:
    as_json, as_xml = (asked(served, "/embed/frame/hotlines?lang=en", format=form) for form in ("json", "xml"))
    assert as_json.headers["Content-Type"] == "application/json"
    assert as_xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    told = as_json.json()
    assert set(told) >= REQUIRED
    assert (told["type"], told["version"]) == ("rich", "1.0")
    root = ElementTree.fromstring(as_xml.content)
    assert root.tag == "oembed"
    assert {one.tag: one.text for one in root} == {name: str(value) for name, value in told.items()}


def test_a_page_stands_for_its_frame_with_its_language_and_municipality(served: Served) -> None:
    html = asked(served, "/en/coordinators?municipality=Halmstad&offset=0").json()["html"]
    source = re.search(r'<iframe src="([^"]+)"', html)
    assert source
    assert unescape(source[1]) == f"{served.address}/embed/frame/coordinators?lang=en&municipality=Halmstad"
    assert served.client.get(unescape(source[1])).status_code == 200


def test_the_size_stays_within_what_is_asked(served: Served) -> None:
    told = asked(served, "/embed/frame/courses", maxwidth="300", maxheight="200").json()
    assert (told["width"], told["height"]) == (300, 200)
    assert 'width="300" height="200"' in told["html"]


def test_the_numbers_stand_as_text_for_where_the_frame_does_not_load(served: Served) -> None:
    html = asked(served, "/en/hotlines?municipality=1380", dnt="1").json()["html"]
    quoted = re.match(r"<blockquote>(.*?)</blockquote><iframe .*?></iframe>$", html)
    assert quoted, "the shape that WordPress lets through"
    numbers = re.findall(r'<a href="tel:[+\d]+">([\d -]+)</a>', quoted[1])
    assert numbers[:3] == ["112", "114 14", "020-39 00 00"]
    assert "020-50 50 50" in numbers, "it never closes"
    assert re.search(r"As of \d+ \w+ \d{4}, according to Stödkatalogen\.", quoted[1]), "they may stand for years"
    assert f'<a href="{served.address}/en/hotlines?municipality=1380">' in quoted[1]


def test_what_others_append_or_leave_empty_costs_nothing(served: Served) -> None:
    plain = asked(served, "/sv/stodlinjer?municipality=Halmstad").json()
    tracked = asked(served, "/sv/stodlinjer/?municipality=Halmstad&fbclid=x&ver=6.8#top", maxwidth="", utm_source="x")
    assert (tracked.status_code, tracked.json()) == (200, plain)
    framed = asked(served, "/embed/frame/hotlines/?srsltid=x").json()["html"]
    source = re.search(r'<iframe src="([^"]+)"', framed)
    assert source
    assert served.client.get(unescape(source[1])).status_code == 200


def test_hostile_parameters_stay_inside_the_address(served: Served) -> None:
    html = asked(served, '/embed/frame/hotlines?q="><script>alert(1)</script>').json()["html"]
    assert "<script" not in html
    assert html.count("<iframe") == 1


@pytest.mark.parametrize("url", ["https://elsewhere.example/embed/frame/hotlines", "javascript:alert(1)", "x"])
def test_a_foreign_address_is_not_found(client: httpx.Client, url: str) -> None:
    assert client.get("/oembed", params={"url": url}).status_code == 404


def test_a_page_that_is_no_embed_is_not_found(served: Served) -> None:
    for path in ("/sv/om", "/v1/hotlines", "/embed/frame/nothing", ""):
        assert asked(served, path).status_code == 404


def test_another_format_is_not_implemented(served: Served) -> None:
    assert asked(served, "/embed/frame/hotlines", format="yaml").status_code == 501


@pytest.mark.parametrize("path", ["/sv/stodlinjer", "/en/courses", "/sv/regionkoordinatorer", "/en/whom-to-contact"])
def test_a_page_tells_where_its_oembed_is(served: Served, path: str) -> None:
    found = re.findall(r'<link rel="alternate" type="[^"]+\+oembed" href="([^"]+)"', served.client.get(path).text)
    assert len(found) == 2
    for href in found:
        assert served.client.get(unescape(href).removeprefix(served.address)).status_code == 200


def test_a_frame_tells_where_its_oembed_is(served: Served) -> None:
    html = served.client.get("/embed/frame/hotlines?lang=sv&municipality=1380").text
    found = dict(re.findall(r'<link rel="alternate" type="(\w+/\w+)\+oembed" href="([^"]+)"', html))
    assert set(found) == {"application/json", "text/xml"}
    for kind, href in found.items():
        parts = urlsplit(unescape(href))
        answer = served.client.get(f"{parts.path}?{parts.query}")
        assert answer.headers["Content-Type"].startswith(kind)
        assert "municipality=1380" in answer.text
