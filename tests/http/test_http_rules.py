"""HTTP as its specifications have it: conditions, hosts, methods, addresses, preflights, traces."""

import re

import httpx
import pytest

from app.http.logging import carry_on
from app.standards.hsds import BASE
from tests.server.raw import HOST, exchange, read_answers, statuses
from tests.serving import Served

LIST = "/v1/counties?limit=1"
CLOSE = b"Connection: close\r\n"

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@only_sqlite
@pytest.mark.parametrize("path", [LIST, "/sv/", "/v1/exports/resources.csv"])
def test_tags_that_cannot_be_read_are_ignored(client: httpx.Client, path: str) -> None:
    for tags in ("abc", "", '"abc', ",", "'abc'", 'W/abc, "def"'):
        for _ in range(2):
            assert client.get(path, headers={"If-None-Match": tags}).status_code == 200
    tag = client.get(path).headers["etag"]
    for tags in (f', "a",,{tag}', f"{tag},", f"W/{tag} ,", f"abc, {tag}"):
        for _ in range(2):
            assert client.get(path, headers={"If-None-Match": tags}).status_code == 304


@only_sqlite
@pytest.mark.parametrize("path", [LIST, "/sv/", "/v1/exports/resources.csv", "/healthz"])
def test_if_match_is_evaluated_before_if_none_match(client: httpx.Client, path: str) -> None:
    for _ in range(2):
        tag = client.get(path).headers.get("etag")
        assert client.get(path, headers={"If-Match": "*"}).status_code == 200
        refused = client.get(path, headers={"If-Match": '"other"', "If-None-Match": "*"})
        assert (refused.status_code, refused.headers["content-type"]) == (412, "application/problem+json")
        assert "no-store" in refused.headers["cache-control"]
        assert client.head(path, headers={"If-Match": '"other"'}).status_code == 412
        if tag:
            assert client.get(path, headers={"If-Match": f'"other", {tag}'}).status_code == 200
            assert client.get(path, headers={"If-Match": f"W/{tag}"}).status_code == 412
            both = client.get(path, headers={"If-Match": tag, "If-None-Match": tag})
            assert both.status_code == 304
    assert client.get("/v1/nothing", headers={"If-Match": '"other"'}).status_code == 404


@only_sqlite
def test_http_1_1_without_a_host_is_refused_and_http_1_0_is_not(served: Served) -> None:
    for _ in range(2):
        assert statuses(exchange(served, b"GET /v1/counties HTTP/1.1\r\n" + CLOSE + b"\r\n")) == [400]
        assert statuses(exchange(served, b"GET /v1/counties HTTP/1.0\r\n\r\n")) == [200]


@only_sqlite
def test_a_host_with_a_final_dot_is_the_host_without(client: httpx.Client) -> None:
    for host in ("directory.example", "directory.example.", "Directory.Example"):
        page = client.get(LIST, headers={"Host": host})
        assert page.status_code == 200
        assert page.json()["_links"]["self"]["href"].startswith("http://directory.example/v1/counties?")
    page = client.get(LIST, headers={"Host": "directory.example.:8080"})
    assert page.json()["_links"]["self"]["href"].startswith("http://directory.example:8080/v1/counties?")


@only_sqlite
@pytest.mark.parametrize("target", [b"http://other.example/v1/counties?limit=1", b"HTTP://other.example./v1/counties"])
def test_the_host_of_an_absolute_target_outranks_the_header(served: Served, target: bytes) -> None:
    for _ in range(2):
        answer = read_answers(exchange(served, b"GET " + target + b" HTTP/1.1\r\n" + CLOSE + HOST + b"\r\n"))[0]
        assert answer.status == 200
        assert b'"http://other.example/v1/counties?' in answer.body
        assert b"directory.example" not in answer.body


@only_sqlite
@pytest.mark.parametrize(
    ("target", "status"),
    [(b"http://other.example", 200), (b"http://other.example?lang=en", 200), (b"http://a@b/v1", 400),
     (b"http:///v1", 400), (b"*", 400), (b"http://other.example/v1/counties/%ff", 400)],
)  # fmt: skip
def test_other_forms_of_a_target_are_read_or_refused(served: Served, target: bytes, status: int) -> None:
    assert statuses(exchange(served, b"GET " + target + b" HTTP/1.1\r\n" + CLOSE + HOST + b"\r\n")) == [status]


@only_sqlite
def test_options_of_the_whole_server_names_the_methods(served: Served) -> None:
    answer = read_answers(exchange(served, b"OPTIONS * HTTP/1.1\r\n" + CLOSE + HOST + b"\r\n"))[0]
    assert (answer.status, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert "x-content-type-options" in answer.headers


@only_sqlite
@pytest.mark.parametrize("method", ["FOO", "PROPFIND", "PATCH", "TRACE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/sv/", "/sv", "/v1/hotlines", "/v1", "/embed/guide", "/embed/v1/hotlines",
                                  f"{BASE}/", f"{BASE}/services", "/oembed", "/robots.txt", "/docs"])  # fmt: skip
def test_a_method_that_an_address_has_not_is_refused_with_the_usual_headers(
    client: httpx.Client, method: str, path: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code in ({405, 501} if method == "FOO" else {404, 405})
    assert "no-store" in answer.headers["cache-control"]
    assert "traceparent" in answer.headers
    if answer.status_code == 405:
        assert {"GET", "HEAD"} <= {one.strip() for one in answer.headers["allow"].split(",")}
        assert client.head(path).status_code != 405


@only_sqlite
@pytest.mark.parametrize("path", ["/v1/changes/feed.json", "/v1/exports/resources.csv",
                                  "/v1/exports/resources.ndjson", "/sitemap.xml", "/robots.txt",
                                  "/v1/resources.jsonld"])  # fmt: skip
@pytest.mark.parametrize("accept", ["application/json", "text/xml", "image/png", "*/*;q=0"])
def test_an_address_that_names_its_format_answers_in_it_whatever_is_accepted(
    client: httpx.Client, path: str, accept: str
) -> None:
    usual = client.get(path)
    assert usual.status_code == 200, usual.text
    for _ in range(2):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, usual.headers["content-type"])


@only_sqlite
@pytest.mark.parametrize("asked", ["tracestate", "baggage, request-id", "cache-control", "x-requested-with", "x-any"])
@pytest.mark.parametrize("path", ["/v1/hotlines", f"{BASE}/services", "/embed/v1/hotlines.json"])
def test_a_preflight_allows_any_header(client: httpx.Client, path: str, asked: str) -> None:
    headers = {"Origin": "https://k.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(path, headers=headers | {"Access-Control-Request-Headers": asked})
    allowed = {one.strip().lower() for one in answer.headers["access-control-allow-headers"].split(",")}
    assert (answer.status_code, "*" in allowed) == (204, True)
    assert not {"authorization", "x-api-key"} & allowed


TRACE, PARENT = "12345678901234567890123456789012", "1234567890123456"
GOOD = f"{TRACE}-{PARENT}-01"


@pytest.mark.parametrize(
    ("given", "trace", "flags"),
    [
        # Each case of W3C's trace-context test suite, level 1, that bears on what a service answers.
        ([], None, "00"),
        ([f"00-{GOOD}"], TRACE, "01"),
        ([f"00-{TRACE}-{PARENT}-00"], TRACE, "00"),
        ([f"00-{GOOD}", f"00-{GOOD}"], None, "00"),
        ([f"00-{GOOD}", f"00-{'2' * 32}-{PARENT}-01"], None, "00"),
        ([f"00-{GOOD}."], None, "00"),
        ([f"00-{GOOD}-what-the-future-will-be-like"], None, "00"),
        ([f"00-{GOOD}-"], None, "00"),
        ([f"cc-{GOOD}"], TRACE, "01"),
        ([f"cc-{GOOD}-what-the-future-will-be-like"], TRACE, "01"),
        ([f"cc-{GOOD}.what-the-future-will-not-be-like"], None, "00"),
        ([f"ff-{GOOD}"], None, "00"),
        ([f".0-{GOOD}"], None, "00"),
        ([f"0.-{GOOD}"], None, "00"),
        ([f"AA-{GOOD}"], None, "00"),
        ([f"000-{GOOD}"], None, "00"),
        ([f"0000-{GOOD}"], None, "00"),
        ([f"0-{GOOD}"], None, "00"),
        ([f"00-{'0' * 32}-{PARENT}-01"], None, "00"),
        ([f"00-.{TRACE[1:]}-{PARENT}-01"], None, "00"),
        ([f"00-{TRACE[:-1]}.-{PARENT}-01"], None, "00"),
        ([f"00-{'A' * 32}-{PARENT}-01"], None, "00"),
        ([f"00-{TRACE}3-{PARENT}-01"], None, "00"),
        ([f"00-{TRACE[1:]}-{PARENT}-01"], None, "00"),
        ([f"00-{TRACE}-{'0' * 16}-01"], None, "00"),
        ([f"00-{TRACE}-.{PARENT[1:]}-01"], None, "00"),
        ([f"00-{TRACE}-{PARENT[:-1]}.-01"], None, "00"),
        ([f"00-{TRACE}-{PARENT}7-01"], None, "00"),
        ([f"00-{TRACE}-{PARENT[1:]}-01"], None, "00"),
        ([f"00-{TRACE}-{PARENT}-.0"], None, "00"),
        ([f"00-{TRACE}-{PARENT}-0."], None, "00"),
        ([f"00-{TRACE}-{PARENT}-001"], None, "00"),
        ([f"00-{TRACE}-{PARENT}-1"], None, "00"),
        ([f"00-{TRACE}-{PARENT}-ff"], TRACE, "01"),
        ([f"00-{TRACE}-{PARENT}-fe"], TRACE, "00"),
        ([f" \t00-{GOOD}\t "], TRACE, "01"),
        ([f"00-{GOOD} x"], None, "00"),
    ],
)  # fmt: skip
def test_a_trace_is_carried_on_as_w3c_has_it(given: list[str], trace: str | None, flags: str) -> None:
    answered = re.fullmatch(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})", carry_on([v.encode() for v in given]))
    assert answered is not None
    assert answered[2] != PARENT
    assert answered[3] == flags
    assert (answered[1] == trace) is (trace is not None)


@only_sqlite
@pytest.mark.parametrize("name", [b"traceparent", b"TraceParent", b"TRACEPARENT"])
def test_a_trace_is_carried_on_over_http(served: Served, name: bytes) -> None:
    line = name + b":  00-" + GOOD.encode() + b" \t\r\n"
    for lines, carried in ((line, True), (line * 2, False), (b"trace-parent: 00-" + GOOD.encode() + b"\r\n", False)):
        for _ in range(2):
            answer = read_answers(exchange(served, b"GET /v1 HTTP/1.1\r\n" + CLOSE + HOST + lines + b"\r\n"))[0]
            assert (TRACE in answer.headers["traceparent"]) is carried
