"""What one caller may ask for: dear answers leave room for help, bodies and networks have limits."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Query
from starlette.types import Receive, Scope, Send

import app.search.routes
from app.http import allowances
from app.http.allowances import Allowances
from app.http.contract import Parameters, answers
from app.http.declared import Declarations
from app.http.delivery import Delivery
from app.http.enforcing import keep_contract
from app.http.guard import Guard
from app.http.problems import TooManyRequests
from app.main import create_app
from app.settings import Settings
from tests.http.test_turns import counted
from tests.serving import PLAIN, Served, serve

FILES = ("/v1/exports/resources.ndjson", "/hsds/v3/organizations?full_service=true&format=ndjson")


def test_a_crowd_of_slow_searches_leaves_a_place_for_those_who_need_help(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def slow(*_: Any) -> tuple[int, list[Any]]:
        release.wait(20)
        return 0, []

    monkeypatch.setattr(app.search.routes, "find_hits", slow)
    with ThreadPoolExecutor(12) as crowd:
        for number in range(12):
            crowd.submit(httpx.get, f"{served.address}/v1/search?q=slow{number}", timeout=30, verify=PLAIN)
        try:
            time.sleep(0.5)
            for path in ("/v1/referrals?at=2026-11-22T02:00:05Z", "/v1/hotlines?offset=1", "/v1/courses?offset=1"):
                assert httpx.get(served.address + path, timeout=8, verify=PLAIN).status_code == 200
        finally:
            release.set()


def test_slow_readers_of_files_leave_room_for_the_next(served: Served) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    readers = [socket.socket() for _ in range(6)]
    try:
        for reader in readers:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            reader.connect((host, int(port)))
            reader.sendall(f"GET {FILES[0]} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode())
        time.sleep(1)
        assert served.client.get("/v1/exports/resources.csv").status_code == 200
    finally:
        for reader in readers:
            reader.close()


@pytest.mark.parametrize("path", FILES)
def test_a_head_ends_at_the_head(served: Served, path: str) -> None:
    with counted(served) as whole:
        answer = served.client.get(path)
    with counted(served) as head_only:
        head = served.client.head(path)
    assert (answer.status_code, head.status_code, head.content) == (200, 200, b"")
    assert head.headers["content-type"] == answer.headers["content-type"]
    assert len(head_only) < len(whole) / 2


def test_organizations_with_their_services_are_read_many_at_a_time(served: Served) -> None:
    with counted(served) as statements:
        lines = served.client.get(FILES[1]).text.splitlines()
    assert len(lines) > 10
    assert len(statements) < 40


def _chunks(number: int) -> Iterator[bytes]:
    for _ in range(number):
        yield b" " * 1000


def test_a_body_longer_than_its_route_takes_is_a_413_that_says_how_long_it_may_be(client: httpx.Client) -> None:
    as_json = {"Content-Type": "application/json"}
    for body in (b" " * 9000, _chunks(9)):
        answer = client.post("/hsds/v3/services", content=body, headers=as_json)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert "8192 bytes" in answer.json()["detail"]
        assert answer.headers["cache-control"] == "private, no-store"
    assert client.post("/hsds/v3/services", content=_chunks(2), headers=as_json).status_code != 413


def test_a_route_takes_a_body_and_is_read_by_other_sites_only_as_it_declares() -> None:
    application = FastAPI(dependencies=[Depends(keep_contract)])

    @application.post("/private")
    @answers(fresh=None, body=10, cross_origin=False)
    def post_private(wanted: Annotated[Parameters, Query()], words: list[str]) -> list[str]:
        return words

    @application.post("/none")
    @answers(fresh=None)
    def post_none(wanted: Annotated[Parameters, Query()]) -> str:
        return "none"

    declarations = Declarations(application.routes)
    ours = Delivery(Guard(application, declarations), None, declarations)

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        await ours({**scope, "app": application}, receive, send)

    as_json = {"Content-Type": "application/json"}
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    with serve(enter, http="httptools") as own:  # type: ignore[arg-type]  # any ASGI will do
        for path, body, status in (
            ("/private", b'["a"]', 200), ("/private", b'["a", "bcdef"]', 413),
            ("/none", b"", 200), ("/none", b"x", 413),
        ):  # fmt: skip
            assert own.client.post(path, content=body, headers=as_json).status_code == status
            pieces = iter([body[:3], body[3:]])
            assert own.client.post(path, content=pieces, headers=as_json).status_code in (
                status,
                200 if path == "/none" else status,
            )
        for path, origin in (("/private", None), ("/none", "*")):
            assert own.client.post(path, content=b"").headers.get("access-control-allow-origin") == origin
            allowed = own.client.options(path, headers=preflight).headers
            assert allowed.get("access-control-allow-origin") == origin
            assert ("access-control-allow-methods" in allowed) == (origin is not None)


def test_a_network_that_asks_for_too_much_of_what_is_dear_is_told_when_to_go_on(database_url: str) -> None:
    settings = Settings(database_url=database_url, dear_per_minute=3)
    with serve(create_app(settings)) as own:

        def ask(path: str, address: str | None = None) -> httpx.Response:
            return own.client.get(path, headers={"X-Forwarded-For": address} if address else {})

        for number in range(3):
            assert ask(f"/v1/search?q=stöd&limit={number + 1}", f"203.0.113.{number}").status_code == 200
        refused = ask("/v1/search?q=stöd&limit=9", "203.0.113.200")
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
        assert 1 <= int(refused.headers["retry-after"]) <= 21
        assert refused.headers["ratelimit-policy"] == '"dear";q=3;w=60'
        assert refused.headers["ratelimit"].startswith('"dear";r=0;t=')
        assert "112" in refused.json()["detail"]
        assert refused.headers["access-control-allow-origin"] == "*"
        assert own.client.post(
            "/hsds/v3/services", json={}, headers={"X-Forwarded-For": "203.0.113.9"}
        ).status_code == 429  # fmt: skip
        assert ask("/v1/search?q=stöd&limit=9", "198.51.100.1").status_code == 200, "another network"
        assert ask("/v1/search?q=stöd&limit=9", "203.0.113.200").status_code == 200, "kept by now"
        for path in ("/v1/referrals?at=2026-11-22T02:00:06Z", "/v1/hotlines?offset=2"):
            assert ask(path, "203.0.113.200").status_code == 200
        for number in range(5):
            assert ask(f"/v1/search?q=polis&limit={number + 1}").status_code == 200, "a proxy that says nothing"


def test_networks_are_known_by_nothing_that_leads_to_an_address_and_so_many_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(allowances, "MOST_CALLERS", 10)
    ours, others = Allowances(1), Allowances(1)

    def scope(address: str) -> dict[str, Any]:
        return {"client": (address, 1)}

    assert ours.caller_of(scope("2001:db8:1:2::3")) == ours.caller_of(scope("2001:db8:1:ffff::9"))
    assert ours.caller_of(scope("2001:db8:1::1")) != ours.caller_of(scope("2001:db8:2::1"))
    assert ours.caller_of(scope("203.0.113.1")) == ours.caller_of(scope("::ffff:203.0.113.2"))
    assert ours.caller_of(scope("203.0.113.1")) != others.caller_of(scope("203.0.113.1"))
    ours.take(scope("203.0.113.1"))
    with pytest.raises(TooManyRequests):
        ours.take(scope("203.0.113.2"))
    for number in range(20):
        ours.take(scope(f"198.51.{number}.1"))
    ours.take(scope("203.0.113.1"))  # forgotten: the buckets are so many only
