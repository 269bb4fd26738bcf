"""The manners that every answer has: paging, languages, encodings, preflights, traces, links; and what is refused."""

import gzip
import http.client
import json
import re
from typing import Any

import brotli
import httpx
import pytest

from app.http.logging import carry_on
from app.http.negotiating import choose_format, choose_language
from app.main import create_app
from app.settings import Settings
from app.texts import Language
from tests.serving import Served, serve

SHAPE = ["detail", "errors", "instance", "status", "title", "type"]


def assert_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert sorted(problem) == SHAPE
    assert problem["status"] == status
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "traceparent" in answer.headers
    return problem


def raw(served: Served, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
    """A request as no well-behaved client would send it."""
    connection = http.client.HTTPConnection(served.address.removeprefix("http://"), timeout=10)
    connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body or None)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("GET", "/v1/hotlines?q=%ff", {}, 400),
        ("GET", "/v1/hotlines/%ff", {}, 400),
        ("GET", "/v1/hotlines?q=%00", {}, 400),
        ("GET", "/v1/hotlines/a%00b", {}, 400),
        ("GET", "/v1/hotlines?q=%ED%A0%80", {}, 400),
        ("GET", "/v1/hotlines?q=a%0d%0aSet-Cookie:x", {}, 400),
        ("GET", "/v1/hotlines", {"Host": "a b"}, 400),
        ("GET", "/v1/hotlines", {"Host": "evil.example/path"}, 400),
        ("GET", "/v1/hotlines", {"Host": 'evil.example"><script>'}, 400),
        ("GET", f"/v1/hotlines?q={'x' * 8192}", {}, 414),
        ("GET", f"/{'x' * 8193}", {}, 414),
        ("GET", "/v1/nothing", {}, 404),
        ("GET", "/v1/hotlines//", {}, 404),
        ("GET", "/V1/hotlines", {}, 404),
        ("GET", "/v1/hotlines/%2e%2e%2fetc", {}, 404),
        ("GET", "/v1/hotlines/finns-inte", {}, 404),
        ("POST", "/v1/hotlines", {}, 405),
        ("PUT", "/v1/hotlines/sos-112", {}, 405),
        ("DELETE", "/v1/hotlines/sos-112", {}, 405),
        ("GET", "/v1/hotlines", {"Accept": "image/png"}, 406),
        ("GET", "/v1/hotlines", {"Accept": "application/json;q=0"}, 406),
        ("GET", "/v1/hotlines?limit=0", {}, 422),
        ("GET", "/v1/hotlines?limit=101", {}, 422),
        ("GET", "/v1/hotlines?offset=-1", {}, 422),
        ("GET", f"/v1/hotlines?offset={'9' * 40}", {}, 422),
        ("GET", "/v1/hotlines?limit=5&limit=5", {}, 422),
        ("GET", "/v1/hotlines?Limit=5", {}, 422),
        ("GET", "/v1/hotlines?lang=de", {}, 422),
        ("GET", "/v1/hotlines?open=kanske", {}, 422),
        ("GET", "/v1/hotlines?status=", {}, 422),
    ],
)
def test_what_cannot_be_served_is_one_problem_of_the_right_status(
    served: Served, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    code, body = raw(served, method, target, headers)
    assert code == status, body
    assert sorted(json.loads(body)) == SHAPE
    assert b"script>" not in body


def test_a_browser_at_an_address_that_nothing_has_is_given_a_page_with_112(client: httpx.Client) -> None:
    for path in ("/stodlinjer", "/hjalp/nu", "/embed/nothing", f"/{'x' * 8193}"):
        lost = client.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "sv"})
        assert lost.status_code in (404, 414), path
        assert lost.headers["content-type"].startswith("text/html"), path
        assert "no-store" in lost.headers["cache-control"]
        assert 'href="tel:112"' in lost.text, path
        assert "stodlinjer" in lost.text, path
        assert client.get(path).headers["content-type"] == "application/problem+json", path
    for path in ("/v1/nothing", "/hsds/v3/nothing"):
        machine = client.get(path, headers={"Accept": "text/html"})
        assert (machine.status_code, machine.headers["content-type"]) == (404, "application/problem+json"), path


@pytest.mark.parametrize("headers", [{"Content-Length": "1"}, {"Transfer-Encoding": "chunked"}])
def test_a_body_on_a_get_is_refused(served: Served, headers: dict[str, str]) -> None:
    body = b"x" if "Content-Length" in headers else b"1\r\nx\r\n0\r\n\r\n"
    assert raw(served, "GET", "/v1/hotlines", headers, body)[0] == 400


def test_a_problem_leads_to_what_explains_it_and_repeats_no_query(client: httpx.Client) -> None:
    problem = assert_problem(client.get("/v1/hotlines?kommun=hemligt"), 422)
    assert "hemligt" not in json.dumps(problem)
    assert problem["instance"] == "/v1/hotlines"
    page, _, anchor = problem["type"].partition("#")
    assert f'id="{anchor}"' in client.get(page).text


def test_a_method_that_is_not_allowed_is_told_which_are(client: httpx.Client) -> None:
    answer = client.post("/v1/hotlines")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_page_tells_where_it_is_and_leads_on_with_every_other_parameter(client: httpx.Client) -> None:
    page = client.get("/v1/municipalities", params={"limit": 100, "offset": 100, "coordination_region": "syd", "lang": "en"}).json()  # fmt: skip  # noqa: E501  # one request
    total = page["_meta"]["total"]
    page = client.get("/v1/municipalities", params={"limit": 30, "offset": 30, "coordination_region": "syd", "lang": "en"}).json()  # fmt: skip  # noqa: E501  # one request
    assert page["_meta"] == {"total": total, "count": min(30, total - 30), "limit": 30, "offset": 30, "left_out": None}
    for rel, link in page["_links"].items():
        address = httpx.URL(link["href"])
        assert (address.is_absolute_url, link["rel"], link["method"]) == (True, rel, "GET")
        assert {"coordination_region": "syd", "lang": "en"}.items() <= dict(address.params).items()
    offsets = {rel: int(httpx.URL(link["href"]).params["offset"]) for rel, link in page["_links"].items()}
    assert offsets == {"self": 30, "first": 0, "prev": 0, "last": (total - 1) // 30 * 30} | (
        {"next": 60} if total > 60 else {}
    )


def test_links_walk_the_whole_list_once(client: httpx.Client) -> None:
    seen, following = [], "/v1/municipalities?limit=33&county=Sk%C3%A5ne"
    while following:
        page = client.get(following).json()
        seen += [one["id"] for one in page["items"]]
        following = page["_links"].get("next", {}).get("href", "")
    assert len(seen) == len(set(seen)) == 33


def test_past_the_end_is_an_empty_page_that_leads_back(client: httpx.Client) -> None:
    page = client.get("/v1/counties", params={"offset": 1000, "limit": 5}).json()
    assert (page["items"], page["_meta"]["count"], page["_meta"]["total"]) == ([], 0, 21)
    assert httpx.URL(page["_links"]["prev"]["href"]).params["offset"] == "20"
    assert "next" not in page["_links"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "sv"), ("en", "en"), ("en-GB,en;q=0.9,sv;q=0.8", "en"), ("de, en;q=0.5", "en"), ("de", "sv"), ("*", "sv"),
        ("sv;q=0.1, en;q=0.2", "en"), ("en;q=0", "sv"), ("en;q=nan", "sv"), ("en;q=x", "sv"), (",,;;", "sv"),
        ("sv;q=0, *;q=0.5", "en"), ("sv;q=0", "en"), ("sv;q=0, de", "en"), ("*;q=0.5, en;q=0.4", "sv"),
        ("sv-SE;q=0.2, EN-us; Q=0.9", "en"), ("*;q=0", "sv"), ("sv;q=0, en;q=0", "sv"), ("sv;q=1.5, en;q=0.1", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_best_of_those_asked_for(header: str, language: str) -> None:
    assert choose_language(header.encode()) == Language(language)


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "application/json"), ("*/*", "application/json"), ("text/*", "text/calendar"),
        ("text/calendar, application/json;q=0.5", "text/calendar"), ("application/json;q=0, */*", "text/calendar"),
        ("text/html, */*; q=.2", "application/json"), ("APPLICATION/JSON", "application/json"),
    ],
)  # fmt: skip
def test_the_format_is_the_best_of_those_asked_for(header: str, chosen: str) -> None:
    assert choose_format(header.encode(), ("application/json", "text/calendar")) == chosen


@pytest.mark.parametrize("header", ["text/html", "*/*;q=0", "application/json;q=nan", "application/json;q=-1", "json"])
def test_a_format_that_we_have_not_is_refused(header: str) -> None:
    assert choose_format(header.encode(), ("application/json",)) is None


def test_an_answer_is_packed_as_asked_and_each_packing_has_its_own_tag(client: httpx.Client) -> None:
    tags, bodies = set(), set()
    for coding, unpack in (("identity", bytes), ("gzip", gzip.decompress), ("br", brotli.decompress)):
        with client.stream("GET", "/v1/counties?limit=21", headers={"Accept-Encoding": coding}) as answer:
            packed = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding", "identity") == coding
        assert int(answer.headers["content-length"]) == len(packed)
        tags.add(answer.headers["etag"])
        bodies.add(unpack(packed))
    assert (len(tags), len(bodies)) == (3, 1)
    for refused in ("gzip;q=0, br;q=0", "zstd", "br;q=0.000, identity"):
        assert "content-encoding" not in client.get("/v1/counties", headers={"Accept-Encoding": refused}).headers


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("br;q=0, *", "gzip"), ("gzip;q=0.5, identity", ""), ("gzip; Q=0.5, identity;q=0.1", "gzip"),
        ("x-gzip", "gzip"), ("gzip;q=1.5, br;q=0.2", "br"), ("*;q=0", ""), ("identity;q=0, gzip", "gzip"), ("", ""),
        ("gzip;level=9", "gzip"),
    ],
)  # fmt: skip
def test_the_encoding_is_the_best_of_those_asked_for(client: httpx.Client, header: str, coding: str) -> None:
    answer = client.get("/v1/counties?limit=21", headers={"Accept-Encoding": header})
    assert answer.headers.get("content-encoding", "") == coding


def test_whoever_refuses_swedish_is_answered_in_english(client: httpx.Client) -> None:
    for path in ("/v1/hotlines", "/v1/hotlines", "/v1/referrals", "/embed/hotlines"):  # the second comes from the cache
        answer = client.get(path, headers={"Accept-Language": "sv;q=0, *;q=0.5"})
        assert answer.headers["content-language"] == "en"


def test_any_of_the_tags_at_hand_will_do_for_304(client: httpx.Client) -> None:
    tag = client.get("/v1/counties").headers["etag"]
    for known in (tag, f"W/{tag}", f'"a", {tag}', "*"):
        assert client.get("/v1/counties", headers={"If-None-Match": known}).status_code == 304
    assert client.get("/v1/counties?lang=en", headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/v1/nothing", headers={"If-None-Match": "*"}).status_code == 404


def test_a_preflight_is_answered_for_every_origin_without_credentials(client: httpx.Client) -> None:
    asked = {"Origin": "https://kommun.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/v1/hotlines", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "if-none-match" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers


def test_a_trace_is_carried_on_with_a_span_of_our_own(client: httpx.Client) -> None:
    theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    ours = client.get("/v1/api-info", headers={"traceparent": theirs}).headers["traceparent"]
    assert ours.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert ours.endswith("-01")
    assert "b7ad6b7169203331" not in ours


@pytest.mark.parametrize(
    "broken", [b"", b"x", b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", b"ff-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"]
)
def test_a_trace_that_cannot_be_read_begins_anew(broken: bytes) -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", carry_on([broken]))
    assert carry_on([broken]) != carry_on([broken])


def test_links_follow_the_host_that_was_asked(client: httpx.Client) -> None:
    page = client.get("/v1/counties", headers={"Host": "katalog.kommun.example:8080"}).json()
    assert page["_links"]["self"]["href"].startswith("http://katalog.kommun.example:8080/v1/counties?")


def test_links_follow_the_setting_whatever_host_was_asked(database_url: str) -> None:
    settings = Settings(database_url=database_url, base_url="https://katalog.example/stod")
    with serve(create_app(settings)) as running:
        page = running.client.get("/v1/hotlines", headers={"Host": "evil.example"})
    assert "evil.example" not in page.text
    assert page.json()["_links"]["self"]["href"].startswith("https://katalog.example/stod/v1/hotlines?")


def test_the_root_of_the_api_says_what_it_is_and_where_its_documentation_is(client: httpx.Client) -> None:
    assert client.get("/v1").json() == client.get("/v1/api-info").json()


def test_a_request_that_cannot_be_read_leads_to_its_explanation_on_the_same_host(client: httpx.Client) -> None:
    kind = client.get("/v1/hotlines?q=%00").json()["type"]
    assert kind == f"{str(client.base_url).rstrip('/')}/problems#bad-request"
    broken = client.get("/v1/hotlines", headers={"Host": "a b"})
    assert broken.status_code == 400
    assert broken.json()["type"] == "/problems#bad-request"
