"""How requests are read: those that pipelines, trailers, offers of other protocols and old versions make hard."""

import json
import logging
import time

import pytest

from tests.server.raw import HOST, connect, exchange, read_answers, statuses
from tests.serving import Served

LINE = b"GET /v1/hotlines/kvinnofridslinjen HTTP/1.1\r\n" + HOST + b"\r\n"
LIST = b"GET /v1/counties?limit=1 HTTP/1.1\r\n" + HOST + b"\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n"
BODY = b'{"per_page": 1}'
QUESTION = b"POST /hsds/v3/services HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
USUAL = ("access-control-allow-origin", "x-content-type-options", "referrer-policy", "content-security-policy",
         "permissions-policy", "cross-origin-resource-policy", "vary", "cache-control", "traceparent")  # fmt: skip

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_trailer_that_says_close_ends_the_connection_after_its_answer(served: Served) -> None:
    chunked = QUESTION + b"Transfer-Encoding: chunked\r\n\r\nf\r\n" + BODY + b"\r\n0\r\nConnection: close\r\n\r\n"
    for parts in ([chunked + LINE + LIST], [chunked, LINE, LIST], [LIST + chunked, LINE + LIST]):
        answers = read_answers(exchange(served, *parts))
        assert [answer.status for answer in answers] == [200] * (len(answers)), answers
        assert len(answers) == (2 if parts[0].startswith(LIST) else 1)
        assert json.loads(answers[-1].body)["size"] == 1


def test_a_trailer_is_no_header(served: Served) -> None:
    chunked = QUESTION + b"Transfer-Encoding: chunked\r\n\r\nf\r\n" + BODY + b"\r\n0\r\nHost: evil.example\r\n\r\n"
    answer = read_answers(exchange(served, chunked + LAST))[0]
    assert (answer.status, b"evil" in answer.body) == (200, False)


@pytest.mark.parametrize("offer", [b"h2c", b"websocket", b"TLS/1.0"])
@pytest.mark.parametrize("cut", [1, 40, 130, 10_000])
def test_an_offer_of_another_protocol_is_not_taken_up_and_nothing_is_lost(
    served: Served, offer: bytes, cut: int
) -> None:
    offered = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + offer + b"\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    request = QUESTION + offered + b"Content-Length: 15\r\n\r\n" + BODY
    plain = read_answers(exchange(served, QUESTION + b"Content-Length: 15\r\n\r\n" + BODY + LAST))[0]
    stream = request + LIST + request + LINE.replace(b"Host", offered + b"Host") + LAST
    parts = [stream[start : start + cut] for start in range(0, len(stream), cut)]
    answers = read_answers(exchange(served, *parts, pause=0.0005))
    assert [answer.status for answer in answers] == [200] * 5
    assert answers[0].body == answers[2].body == plain.body
    assert json.loads(answers[0].body)["size"] == 1


def test_an_offer_with_a_chunked_body_keeps_the_body(served: Served) -> None:
    head = QUESTION + b"Connection: close, Upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers = read_answers(exchange(served, head + b'f\r\n{"nonsense": 1}\r\n0\r\n\r\n'))
    assert [answer.status for answer in answers] == [422]


@pytest.mark.parametrize(
    ("broken", "status", "slug"),
    [
        (b"nonsense\r\n\r\n", 400, "bad-request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400, "bad-request"),
        (b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400, "bad-request"),
        (b"GET / HTTP/1.1\r\nA b: c\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad-request"),
        (b"FOO /v1/hotlines HTTP/1.1\r\n" + HOST + b"\r\n", 501, "method-not-implemented"),
        (b"get /v1/hotlines HTTP/1.1\r\n" + HOST + b"\r\n", 501, "method-not-implemented"),
        (b"CONNECT directory.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501, "method-not-implemented"),
    ],
)
@pytest.mark.parametrize("before", [b"", LINE, LINE + LIST])
def test_what_is_no_request_is_refused_as_every_problem_is_after_those_before_it(
    served: Served, broken: bytes, status: int, slug: str, before: bytes
) -> None:
    *answered, refusal = read_answers(exchange(served, before + broken + LINE))
    assert [answer.status for answer in answered] == [200] * before.count(HOST)
    assert (refusal.status, refusal.headers["content-type"]) == (status, "application/problem+json")
    assert refusal.headers["connection"] == "close"
    assert "no-store" in refusal.headers["cache-control"]
    assert not [name for name in USUAL if name not in refusal.headers]
    problem = json.loads(refusal.body)
    assert problem["status"] == status
    assert problem["type"].endswith(f"/problems#{slug}")
    assert f'id="{slug}"' in served.client.get("/problems").text


def test_http_1_0_gets_its_answer_without_chunks(served: Served) -> None:
    address = b"/v1/exports/resources.ndjson"
    chunked = read_answers(exchange(served, b"GET " + address + b" HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n"))
    plain = read_answers(exchange(served, b"GET " + address + b" HTTP/1.0\r\n" + HOST + b"\r\n"))
    assert chunked[0].headers["transfer-encoding"] == "chunked"
    assert "transfer-encoding" not in plain[0].headers
    assert plain[0].body == chunked[0].body
    assert statuses(exchange(served, b"HEAD " + address + b" HTTP/1.0\r\n\r\n"), ["HEAD"]) == [200]


def test_nothing_that_callers_send_makes_the_log_say_warning_or_error(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    offered = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    streams = (
        b"nonsense\r\n\r\n",
        LINE * 3 + b"nonsense\r\n\r\n",
        LINE.replace(b"Host", offered + b"Host") + LAST,
        b"FOO / HTTP/1.1\r\n\r\n",
        QUESTION + b"Content-Length: 15\r\n\r\n{",
        QUESTION + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
        LIST * 3 + QUESTION + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        LIST * 600,
    )
    with caplog.at_level(logging.INFO):
        for stream in streams:
            for seconds in (0, 0.01, 0.2):
                with connect(served) as connection:
                    connection.sendall(stream)
                    time.sleep(seconds)
        time.sleep(0.3)
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []
    assert "nonsense" not in caplog.text
