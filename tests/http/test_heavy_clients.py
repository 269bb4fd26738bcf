"""Clients that ask for too much or are too slow: bounded time and memory, and the others are served."""

import asyncio
import socket
import time

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app import deadlines
from app.http import delivery, turns
from tests.serving import PLAIN, Served

SOON = 3.0
"""Seconds in which somebody else's plain request is answered all the same."""


def connect(served: Served) -> socket.socket:
    host, port = served.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def assert_others_are_served(served: Served, query: str) -> None:
    began = time.monotonic()
    assert httpx.get(f"{served.address}/v1/hotlines/sos-112", timeout=SOON).status_code == 200
    assert httpx.get(f"{served.address}/v1/search", params={"q": query}, timeout=SOON).status_code == 200
    assert time.monotonic() - began < SOON


def test_a_query_that_matches_everything_is_a_page_like_any_other(client: httpx.Client) -> None:
    for words in ("och", "av och i", "st", "s* OR a", "%", "_" * 200, "a " * 100):
        answer = client.get("/v1/search", params={"q": words, "limit": 100})
        assert answer.status_code == 200
        assert len(answer.json()["items"]) <= 100


@pytest.mark.parametrize("length", [201, 5_000, 10_000])
def test_a_query_of_ten_thousand_characters_is_refused(client: httpx.Client, length: int) -> None:
    answer = client.get("/v1/search", params={"q": "a" * length})
    assert answer.status_code == (414 if length > 8_192 else 422)
    assert len(answer.content) < 2_000


def test_a_thousand_filters_are_refused_or_answered_in_time(client: httpx.Client) -> None:
    unknown = "&".join(f"f{number}=1" for number in range(1_000))
    assert client.get(f"/v1/hotlines?{unknown}").status_code in (414, 422)
    repeated = "&".join("kind=course" for _ in range(600))
    began = time.monotonic()
    assert client.get(f"/v1/resources?{repeated}").status_code in (200, 422)
    assert time.monotonic() - began < SOON


def test_a_crowd_that_asks_for_different_things_at_once_is_served_in_turn(served: Served) -> None:
    async def ask_all() -> list[int]:
        limits = httpx.Limits(max_connections=150)
        async with httpx.AsyncClient(base_url=served.address, timeout=20, limits=limits, verify=PLAIN) as client:
            paths = [f"/v1/hotlines?limit=5&offset={number}" for number in range(150)]
            return [answer.status_code for answer in await asyncio.gather(*map(client.get, paths))]

    assert set(asyncio.run(ask_all())) == {200}


def test_two_hosts_in_one_request_are_refused_also_where_the_answer_is_kept(served: Served) -> None:
    request = b"GET /v1/hotlines/sos-112 HTTP/1.1\r\nHost: a.example\r\n%sConnection: close\r\n\r\n"
    for more, status in ((b"", b"200"), (b"Host: b.example\r\n", b"400"), (b"", b"200")):
        with connect(served) as raw:
            raw.sendall(request % more)
            answer = b"".join(iter(lambda: raw.recv(65_536), b""))
        assert answer.split(b" ", 2)[1] == status
        assert b"b.example" not in answer


def test_who_waits_too_long_for_a_turn_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "ANSWER_WITHIN", deadlines.FOR_THE_STORE + 0.1)

    async def stuck(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(30)

    async def crowd() -> httpx.Response:
        application = FastAPI()
        application.state.settings = None
        ours = delivery.Delivery(stuck)

        async def entered(scope: Scope, receive: Receive, send: Send) -> None:
            deadlines.begin_deadline()
            await ours({**scope, "app": application}, receive, send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(entered), base_url="http://test") as client:
            waiting = [asyncio.create_task(client.get("/")) for _ in range(turns.AT_ONCE)]
            await asyncio.sleep(0.05)
            answer = await client.get("/")
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            return answer

    answer = asyncio.run(crowd())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "112" in answer.json()["detail"]
