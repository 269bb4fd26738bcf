"""What is kept is given by the server itself, and is the same answer as ever."""

import logging
import socket
import time

import httpx
import pytest

from tests.serving import Served

PATH = "/v1/hotlines/kvinnofridslinjen"
ASIDE = {"x-api-key": "passes the cache by"}
OWN = ("traceparent", "date")


def test_a_kept_answer_has_what_one_made_anew_has(client: httpx.Client) -> None:
    for coding in ("identity", "gzip", "br"):
        made = client.get(PATH, headers={**ASIDE, "accept-encoding": coding})
        client.get(PATH, headers={"accept-encoding": coding})
        kept = client.get(PATH, headers={"accept-encoding": coding})
        assert (kept.status_code, kept.content) == (made.status_code, made.content)
        aside = (*OWN, "cache-control")
        assert _without(kept, *aside) == _without(made, *aside)
        assert kept.headers["cache-control"].startswith("public, max-age=")
        assert kept.headers["date"]


def test_head_and_304_of_a_kept_answer_have_no_body(client: httpx.Client) -> None:
    client.get(PATH)
    kept = client.get(PATH)
    head = client.head(PATH)
    assert (head.status_code, head.content, _without(head, *OWN)) == (200, b"", _without(kept, *OWN))
    known = client.get(PATH, headers={"if-none-match": kept.headers["etag"]})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", kept.headers["etag"])
    assert "content-length" not in known.headers


def test_each_kept_answer_has_its_own_span_in_the_callers_trace(client: httpx.Client) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    asked = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    spans = [client.get(PATH, headers=asked).headers["traceparent"].split("-") for _ in range(3)]
    assert {(version, id_, flags) for version, id_, _, flags in spans} == {("00", trace, "01")}
    assert len({span for _, _, span, _ in spans}) == 3


def test_a_request_that_came_by_https_gets_links_of_https(client: httpx.Client) -> None:
    for scheme in ("http", "https", "http", "https"):
        answer = client.get(PATH, headers={"x-forwarded-proto": scheme} if scheme == "https" else {})
        assert answer.json()["_links"]["self"]["href"].startswith(f"{scheme}://")


def test_kept_answers_and_others_come_in_the_order_asked_for_on_one_connection(served: Served) -> None:
    served.client.get(PATH)
    address = httpx.URL(served.address)
    paths = [PATH, f"{PATH}?lang=en", PATH, "/v1/none", PATH, PATH] * 20
    with socket.create_connection((address.host, address.port or 80), timeout=10) as caller:
        caller.sendall(b"".join(_request(path, "keep-alive") for path in paths) + _request("/health", "close"))
        received = b"".join(iter(lambda: caller.recv(65536), b""))
    statuses = [line.split()[1] for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1")]
    assert statuses[:-1] == [b"404" if path == "/v1/none" else b"200" for path in paths]


def test_a_kept_answer_is_logged_as_every_other(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    served.client.get(PATH)
    with caplog.at_level(logging.INFO, "stodkatalog.access"):
        served.client.get(PATH)
        time.sleep(0.1)  # the line is written after the answer is sent
    assert [line.startswith("GET /hotlines/{id} 200 ") for line in caplog.messages] == [True]


def _request(path: str, connection: str) -> bytes:
    return f"HEAD {path} HTTP/1.1\r\nHost: directory.example\r\nConnection: {connection}\r\n\r\n".encode()


def _without(answer: httpx.Response, *names: str) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in names}
