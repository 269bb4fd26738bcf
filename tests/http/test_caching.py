"""The response cache, through the door: who may share an answer, who may not, and what is never kept."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import permutations

import httpx
import pytest

from app.http import caching
from app.http.caching import ResponseCache
from app.http.contract import Caching
from app.http.lookups import key_of
from app.http.representing import Representation
from app.main import Surrounded, create_app
from app.settings import Settings
from tests.serving import serve

LINE = "/v1/hotlines/kvinnofridslinjen"


@pytest.fixture(scope="module")
def fresh(database_url: str) -> Iterator[httpx.Client]:
    """A service whose cache no other test has filled."""
    with serve(create_app(Settings(database_url=database_url))) as running:
        yield running.client


def age(answer: httpx.Response) -> int:
    """For how many seconds an answer of /search has been kept: its 300 seconds of freshness count down."""
    control = dict(part.strip().partition("=")[::2] for part in answer.headers["cache-control"].split(","))
    return 300 - int(control["max-age"])


def test_a_kept_answer_counts_its_freshness_down(fresh: httpx.Client) -> None:
    first = fresh.get("/v1/search?q=stödtelefonen")
    time.sleep(1.1)
    second = fresh.get("/v1/search?q=stödtelefonen")
    assert age(first) <= 1
    assert age(second) >= 1
    assert second.headers["etag"] == first.headers["etag"]
    assert second.content == first.content


def test_clients_whose_headers_ask_for_the_same_share_one_answer(fresh: httpx.Client) -> None:
    fresh.get("/v1/search?q=polisen", headers={"Accept": "*/*", "Accept-Language": "sv"})
    time.sleep(1.1)
    same = {"Accept": "application/json, text/plain;q=0.5", "Accept-Language": "sv-SE, de;q=0.7", "User-Agent": "other"}
    assert age(fresh.get("/v1/search?q=polisen", headers=same)) >= 1


def test_languages_formats_encodings_and_hosts_never_mix(fresh: httpx.Client) -> None:
    for _ in range(2):
        assert fresh.get(LINE, headers={"Accept-Language": "sv"}).json()["language"] == "sv"
        assert fresh.get(LINE, headers={"Accept-Language": "en"}).json()["language"] == "en"
        assert fresh.get(LINE, params={"lang": "en"}, headers={"Accept-Language": "sv"}).json()["language"] == "en"
        assert fresh.get(LINE, headers={"Accept": "image/png"}).status_code == 406
        for coding in ("gzip", "br", "identity"):
            answer = fresh.get(LINE, headers={"Accept-Encoding": coding})
            assert answer.headers.get("content-encoding", "identity") == coding
            assert answer.json()["id"] == "kvinnofridslinjen"
        for host in ("a.example", "b.example"):
            answer = fresh.get(LINE, headers={"Host": host})
            assert answer.json()["_links"]["self"]["href"] == f"http://{host}{LINE}"


def test_a_word_in_another_parameter_is_not_taken_for_the_language(fresh: httpx.Client) -> None:
    for language in ("sv", "en", "sv"):
        found = fresh.get("/v1/search?q=lang=sv%20polisen", headers={"Accept-Language": language})
        assert found.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
        assert {hit["language"] for hit in found.json()["items"]} <= {language}


def test_a_hostile_host_is_refused_also_where_the_answer_is_kept(fresh: httpx.Client) -> None:
    fresh.get(LINE)
    for host in ("evil.example/x", "a b", '"><script>'):
        answer = fresh.get(LINE, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.text


def test_what_the_guard_refuses_is_refused_also_where_the_answer_is_kept(fresh: httpx.Client) -> None:
    fresh.get(LINE)
    assert fresh.request("HEAD", LINE, content=b"body").status_code == 400
    assert fresh.request("GET", LINE, content=b"body").status_code == 400


def test_a_head_is_a_get_without_its_body_whichever_comes_first(fresh: httpx.Client) -> None:
    for path in ("/v1/search?q=head", "/v1/search?q=get"):
        methods = ("HEAD", "GET", "HEAD") if "head" in path else ("GET", "HEAD", "GET")
        answers = [fresh.request(method, path) for method in methods]
        assert len({(one.headers["etag"], one.headers["content-length"]) for one in answers}) == 1
        for method, answer in zip(methods, answers, strict=True):
            assert bool(answer.content) == (method == "GET")


def test_a_known_tag_gets_304_with_what_a_cache_needs_and_no_body(fresh: httpx.Client) -> None:
    whole = fresh.get(LINE, headers={"Accept-Encoding": "gzip"})
    headers = {"Accept-Encoding": "gzip", "If-None-Match": f'"other", W/{whole.headers["etag"]}'}
    known = fresh.get(LINE, headers=headers)
    assert known.status_code == 304
    assert not known.content
    for name in ("etag", "vary"):
        assert known.headers[name] == whole.headers[name]
    assert "max-age" in known.headers["cache-control"]
    other = fresh.get(LINE, headers={**headers, "Accept-Encoding": "identity"})
    assert other.status_code == 200, "each encoding has a tag of its own"


def test_what_nobody_looks_at_changes_nothing_for_those_who_come_after(fresh: httpx.Client) -> None:
    hostile = {
        "X-Forwarded-Host": "evil.example",
        "X-Host": "evil.example",
        "Forwarded": "host=evil.example;proto=https",
        "X-Original-URL": "/evil",
        "X-Rewrite-URL": "/evil",
        "X-HTTP-Method-Override": "DELETE",
        "Cookie": "session=evil",
        "Origin": "https://evil.example",
        "Range": "bytes=0-0",
        "If-Modified-Since": "Sat, 21 Nov 2037 00:00:00 GMT",
        "Accept-Charset": "utf-7",
        "Accept-Encoding": "gzip;q=nan, br;q=inf, evil, *;q=1e999",
        "Accept": "evil/evil;q=2, */*;q=0.1" + ", a/b" * 500,
        "Accept-Language": "evil;q=nan, sv;q=0.1" + ", de" * 500,
    }
    for number, (name, value) in enumerate(hostile.items()):
        path = f"/v1/search?q=polisen&limit={number + 1}"
        first = fresh.get(path, headers={name: value})
        kept = fresh.get(path)
        anew = fresh.get(path, headers={"X-API-Key": "passes the cache by"})
        assert (first.status_code, kept.status_code) == (200, 200), name
        assert kept.content == anew.content == first.content, name
        assert kept.headers.get("content-encoding") == anew.headers.get("content-encoding"), name
        assert "evil" not in f"{kept.headers} {kept.text}", name
        assert "set-cookie" not in kept.headers


def test_a_header_given_twice_is_neither_looked_up_nor_kept(fresh: httpx.Client) -> None:
    for name, one, other in (("Accept-Language", "en", "sv"), ("Accept", "text/vcard", "application/json")):
        path = f"{LINE}?at=2026-11-21T12:00:0{len(name) % 10}Z"
        for _ in range(2):
            fresh.get(path, headers=[(name, one), (name, other)])
            plain = fresh.get(path, headers={name: other})
            assert (plain.headers["content-type"], plain.json()["language"]) == ("application/json", "sv")


def test_formats_of_one_address_never_mix_whichever_comes_first(fresh: httpx.Client) -> None:
    for nth, order in enumerate(permutations(("application/json", "application/ld+json", "text/vcard"))):
        path = f"/v1/resources/kvinnofridslinjen?at=2026-11-21T12:01:0{nth}Z"
        for format_ in order * 2:
            answer = fresh.get(path, headers={"Accept": format_})
            assert answer.headers["content-type"].startswith(format_)


def test_a_304_or_a_head_that_comes_first_leaves_a_whole_answer(fresh: httpx.Client) -> None:
    first = fresh.get("/v1/search?q=hot&limit=7", headers={"If-None-Match": "*"})
    assert (first.status_code, first.content) == (304, b"")
    second = fresh.get("/v1/search?q=hot&limit=7")
    assert (second.status_code, second.headers["etag"]) == (200, first.headers["etag"])
    assert second.json()["items"]
    assert fresh.head("/v1/hotlines/none").status_code == 404
    assert fresh.get("/v1/hotlines/none").json()["status"] == 404


def test_a_body_is_never_taken_for_a_request_nor_its_answer_for_anothers(fresh: httpx.Client) -> None:
    asked = f"GET {LINE} HTTP/1.1\r\nHost: smuggled.example\r\n\r\n".encode()
    address = (fresh.base_url.host, fresh.base_url.port or 80)
    for method, path, status in (("GET", LINE, b"400"), ("POST", "/hsds/v3/services", b"415"), ("POST", LINE, b"405")):
        head = f"{method} {path} HTTP/1.1\r\nHost: a.example\r\nContent-Length: {len(asked)}\r\n\r\n".encode()
        for pieces in ([head + asked], [head, asked]):
            with socket.create_connection(address, timeout=10) as caller:
                caller.sendall(asked)  # it is known now
                assert b"smuggled.example" in caller.recv(65_536)
                with suppress(ConnectionError):  # it may be closed after the head
                    for piece in pieces:
                        caller.sendall(piece)
                        time.sleep(0.05)
                answers = caller.recv(65_536)
            assert [line.split()[1] for line in answers.split(b"\r\n") if line.startswith(b"HTTP/1.1")] == [status]
            assert b"smuggled.example" not in answers


def test_a_condition_that_fails_leaves_a_whole_answer_for_those_who_come_after(fresh: httpx.Client) -> None:
    path = "/v1/search?q=polisen&limit=17"
    for _ in range(2):
        refused = fresh.get(path, headers={"If-Match": '"evil"'})
        assert (refused.status_code, refused.headers["cache-control"]) == (412, "private, no-store")
        whole = fresh.get(path)
        assert whole.status_code == 200
        assert "evil" not in f"{whole.headers} {whole.text}"
        assert fresh.get(path, headers={"If-Match": whole.headers["etag"]}).content == whole.content


def test_a_whole_address_in_the_request_line_outranks_the_host_for_that_request_only(fresh: httpx.Client) -> None:
    address = (fresh.base_url.host, fresh.base_url.port or 80)
    lines = {f"http://target.example{LINE}": b"target.example", LINE: b"whole.example"}
    with socket.create_connection(address, timeout=10) as caller:
        for first_line, host in [*lines.items()] * 2:
            caller.sendall(f"GET {first_line} HTTP/1.1\r\nHost: whole.example\r\n\r\n".encode())
            answer = caller.recv(65_536)
            assert b"http://%b/" % host in answer
            assert not any(other in answer for other in lines.values() if other != host)


def test_errors_are_never_kept(fresh: httpx.Client) -> None:
    for path in ("/v1/hotlines/none", "/v1/hotlines?limit=x", "/v1/nowhere", "/healthz"):
        for _ in range(2):
            assert fresh.get(path).headers["cache-control"] == "private, no-store"


def test_the_order_of_parameters_does_not_matter_but_that_of_a_repeated_one_does() -> None:
    assert key_of(b"/v1/x", b"b=1&a=2", b"h", "http") == key_of(b"/v1/x", b"a=2&b=1", b"h", "http")
    assert key_of(b"/v1/x", b"a=1&a=2", b"h", "http") != key_of(b"/v1/x", b"a=2&a=1", b"h", "http")


def test_an_answer_too_large_to_be_kept_takes_no_room_from_the_others(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "LARGEST", 2_000)
    with serve(create_app(Settings(database_url=database_url))) as own:
        assert isinstance(own.application, Surrounded)
        assert own.application.delivery is not None
        cache = own.application.delivery.cache
        for coding in ("identity", "gzip", "br"):
            answer = own.client.get("/v1/organizations?limit=20", headers={"accept-encoding": coding})
            assert answer.headers["cache-control"].startswith("public")
            assert len(answer.content) > 2_000
        assert cache is not None
        assert cache.size == 0


def test_no_answer_outlives_a_clock_that_is_set_forward_or_back(
    fresh: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    for hours in (0, 9, 0, -9):
        monkeypatch.setattr(time, "time", lambda hours=hours: real() + hours * 3600)
        for _ in range(2):
            told = fresh.get("/v1/hotlines").headers["cache-control"]
            assert int(told.split("max-age=")[1].split(",")[0]) <= 60


class SteadySignal:
    is_followed = False

    async def version(self) -> int:
        return 1

    def at_once(self) -> int:
        return 1

    async def close(self) -> None: ...


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_cache_stays_within_its_bytes_whatever_is_asked_for() -> None:
    cache = ResponseCache(SteadySignal(), max_bytes=100_000)
    version = await cache.look()
    for number in range(500):
        headers = {b"accept-language": b"x" * 5000, b"accept": b"*/*", b"host": b"%d.example" % number}
        key = key_of(b"/v1/x", b"q=%d" % number, headers[b"host"], "http")
        answer = Representation([(b"content-type", b"application/json")], b"x" * 2000, Caching(60), None, "/x")
        cache.keep(key, headers, ("application/json",), version, answer)
        answer.encoded(b"gzip")
        cache.count_encodings(answer)
        assert cache.find(key, headers) is answer
        assert cache.size <= 100_000
    assert cache.find(key_of(b"/v1/x", b"q=1", b"1.example", "http"), {}) is None
