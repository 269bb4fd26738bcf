"""What is kept is given by the server itself, and is the same answer as ever."""

import asyncio
import itertools
import logging
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from queue import Queue
from random import Random
from typing import Any

import httpx
import pytest

from app.http import delivery
from app.http.declared import Declarations
from app.main import create_app
from app.server import cached_answers
from app.server.cache_access import MOST_REMEMBERED, find_access
from app.settings import Settings
from tests.serving import Served, serve

PATH = "/v1/hotlines/kvinnofridslinjen"
ASIDE = {"content-length": "0"}  # passes the cache by
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


def test_a_request_that_no_answer_is_kept_for_is_looked_up_and_matched_once(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        function = getattr(owner, name)

        def count_call(*given: Any) -> Any:
            calls[name] += 1
            return function(*given)

        monkeypatch.setattr(owner, name, count_call)

    count(cached_answers, "lookup_of")
    count(delivery, "lookup_of")
    count(Declarations, "match")
    assert client.get("/v1/hotlines?limit=1&offset=7").status_code == 200
    assert calls == {"lookup_of": 1, "match": 1}
    assert client.get("/sv/om?fbclid=1").status_code == 200
    assert (calls["lookup_of"] <= 3, calls["match"]) == (True, 2), "what a stray is taken from has another address"


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


KNOWN = f"GET {PATH} HTTP/1.1\r\nHost: directory.example\r\n\r\n".encode()
"""Bytes that the service has seen as one request, and remembers."""

LAST = b"HEAD /healthz HTTP/1.1\r\nHost: directory.example\r\nConnection: close\r\n\r\n"
ITS_BODY = b"Host: directory.example\r\nContent-Length: %d\r\n\r\n%s" % (len(KNOWN), KNOWN)
CHUNK = b"Host: directory.example\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(KNOWN), KNOWN)


@pytest.mark.parametrize(
    ("parts", "statuses"),
    [
        ([KNOWN, KNOWN, KNOWN], [200, 200, 200]),
        ([KNOWN + KNOWN, KNOWN], [200, 200, 200]),
        ([KNOWN[:20], KNOWN[20:], KNOWN], [200, 200]),
        ([b"\r\n", KNOWN, b"\r\n", KNOWN], [200, 200]),
        ([b"POST /v1/hotlines HTTP/1.1\r\n" + ITS_BODY[: -len(KNOWN)], KNOWN, KNOWN], [405, 200]),
        ([b"GET /v1/none HTTP/1.1\r\n" + ITS_BODY[: -len(KNOWN)], KNOWN], [400]),  # no body belongs to a GET
        ([b"POST /v1/hotlines HTTP/1.1\r\n" + CHUNK.partition(KNOWN)[0], KNOWN, CHUNK.partition(KNOWN)[2]], [405]),
        ([b"GET /v1/none HTTP/1.1\r\nX-Piece: ", KNOWN], [404]),
    ],
)
def test_bytes_of_a_known_request_are_one_only_where_a_request_begins(
    served: Served, parts: list[bytes], statuses: list[int]
) -> None:
    for _ in range(2):
        _sent(served, [KNOWN, LAST])
    received = _sent(served, [*parts, LAST])
    assert _statuses(received) == [*statuses, 200]


def test_nothing_is_answered_after_the_callers_last_request(served: Served) -> None:
    _sent(served, [KNOWN, LAST])
    assert _statuses(_sent(served, [LAST + KNOWN])) == [200]
    assert _statuses(_sent(served, [LAST[:-1], LAST[-1:] + KNOWN])) == [200]


def test_a_stream_of_requests_is_answered_the_same_however_it_is_cut(served: Served) -> None:
    post = b"POST /v1/hotlines HTTP/1.1\r\n" + ITS_BODY
    stream = (KNOWN + post + KNOWN + b"GET /v1/none HTTP/1.1\r\nHost: directory.example\r\n\r\n" + KNOWN * 2) * 2 + LAST
    whole = _statuses(_sent(served, [stream]))
    assert whole == [200, 405, 200, 404, 200, 200] * 2 + [200]
    for seed in range(20):
        dice = Random(seed)
        places = sorted({*dice.sample(range(1, len(stream)), 6), *_beginnings(stream)})
        cut = [stream[start:end] for start, end in itertools.pairwise([0, *places, len(stream)])]
        assert _statuses(_sent(served, cut)) == whole


def test_an_idle_connection_is_closed_also_after_known_requests(database_url: str) -> None:
    with serve(create_app(Settings(database_url=database_url)), timeout_keep_alive=1) as own, _connected(own) as caller:
        for _ in range(5):
            caller.sendall(KNOWN)
            assert caller.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.4)  # all together longer than a connection may be idle
        began = time.monotonic()
        while caller.recv(65536):
            pass
        assert time.monotonic() - began < 5


def test_a_request_that_came_while_the_process_was_busy_is_answered_though_the_idle_time_is_over(
    database_url: str,
) -> None:
    begun, ports = threading.Event(), Queue[int]()
    servers: list[asyncio.Server] = []

    class Busy(asyncio.Protocol):
        def data_received(self, _data: bytes) -> None:
            begun.set()
            time.sleep(2.5)
            servers[0].close()

    async def listen() -> None:
        if not servers:
            servers.append(await asyncio.get_running_loop().create_server(Busy, "127.0.0.1", 0))
            ports.put(servers[0].sockets[0].getsockname()[1])

    options = {"timeout_keep_alive": 2, "callback_notify": listen, "timeout_notify": 0, "loop": "uvloop"}
    with (
        serve(create_app(Settings(database_url=database_url)), **options) as own,
        _connected(own) as caller,
        socket.create_connection(("127.0.0.1", ports.get(timeout=10))) as other,
    ):
        caller.sendall(KNOWN)
        assert caller.recv(65536).startswith(b"HTTP/1.1 200")
        other.sendall(b"x")
        assert begun.wait(10)
        caller.sendall(KNOWN)
        assert caller.recv(65536).startswith(b"HTTP/1.1 200")


def test_what_is_remembered_of_requests_has_an_end(served: Served) -> None:
    served.client.get(PATH)
    for number in range(MOST_REMEMBERED + 100):
        assert served.client.head(PATH, headers={"x-number": str(number)}).status_code == 200
    access = find_access(served.application)
    assert access is not None
    assert len(access.remembered) == MOST_REMEMBERED


def _connected(served: Served) -> socket.socket:
    address = httpx.URL(served.address)
    return socket.create_connection((address.host, address.port or 80), timeout=10)


def _sent(served: Served, parts: Sequence[bytes]) -> bytes:
    """What comes back for bytes that arrive in these parts, until the service ends the connection."""
    with _connected(served) as caller:
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            caller.sendall(part)
            time.sleep(0.005)  # so that each part arrives by itself
        return b"".join(iter(lambda: caller.recv(65536), b""))


def _statuses(received: bytes) -> list[int]:
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", received)]


def _beginnings(stream: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(KNOWN), stream)]


def _request(path: str, connection: str) -> bytes:
    return f"HEAD {path} HTTP/1.1\r\nHost: directory.example\r\nConnection: {connection}\r\n\r\n".encode()


def _without(answer: httpx.Response, *names: str) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in names}
