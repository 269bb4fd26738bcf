"""POST asks what GET asks, and leaves nothing in addresses, logs or caches."""

import asyncio
import logging
import time
from typing import Any

import httpx
import pytest

from app.http import turns
from tests.serving import Served
from tests.standards.hsds.walking import BASE, LISTS, got

ASKED: tuple[dict[str, Any], ...] = ({}, {"page": 2, "per_page": 3}, {"search": "stöd", "lang": "en"}, {"page": 1.0})


@pytest.mark.parametrize("collection", LISTS)
def test_a_post_is_answered_as_the_get(client: httpx.Client, collection: str) -> None:
    for asked in ASKED:
        path = f"{BASE}/{collection}"
        expected = client.get(path, params=asked)
        for posted in (
            client.post(path, json=asked),
            client.post(path, data=asked),
            client.post(path, params=asked),
        ):
            assert (posted.status_code, posted.content) == (expected.status_code, expected.content)
            assert posted.headers.get("content-language") == expected.headers.get("content-language")
            assert posted.headers["cache-control"] == "private, no-store"
            assert "etag" not in posted.headers


def test_switches_are_posted_as_json_has_them(client: httpx.Client) -> None:
    assert client.post(f"{BASE}/services", json={"full": True, "per_page": 2}).json() == got(
        client, "services", full="true", per_page=2
    )
    streamed = client.post(f"{BASE}/services", json={"format": "ndjson"})
    assert streamed.headers["content-type"].startswith("application/x-ndjson")
    assert len(streamed.text.splitlines()) == got(client, "services")["total_items"]


def test_what_is_posted_is_in_no_log(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="stodkatalog"):
        client.post(f"{BASE}/services", json={"search": "hemligheten"})
        late = time.monotonic() + 5
        while "POST /services 200" not in caplog.text:  # it is written once the answer has left
            assert time.monotonic() < late, caplog.text
            time.sleep(0.01)
    assert "hemligheten" not in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (415, b"search=x", "text/plain"),
        (415, b"search=x", None),
        (400, b"{", "application/json"),
        (400, b"[]", "application/json"),
        (400, b'"search"', "application/json"),
        (400, b"[" * 5000, "application/json"),
        (400, b'{"search": "\xff"}', "application/json"),
        (400, b'{"search": "\\ud800"}', "application/json"),
        (400, b'{"search": "a\\u0000b"}', "application/json"),
        (413, b'{"search": "' + b"x" * 9000 + b'"}', "application/json"),
        (422, b'{"search": null}', "application/json"),
        (422, b'{"search": ["x"]}', "application/json"),
        (422, b'{"search": {"x": 1}}', "application/json"),
        (422, b'{"page": 0}', "application/json"),
        (422, b'{"page": 1, "page": 2}', "application/json"),
        (422, b'{"pages": 1}', "application/json"),
        (422, b"pages=1", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_cannot_be_understood_is_refused(
    client: httpx.Client, status: int, body: bytes, kind: str | None
) -> None:
    answer = client.post(f"{BASE}/services", content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_parameter_in_both_the_address_and_the_body_is_refused(client: httpx.Client) -> None:
    answer = client.post(f"{BASE}/services", params={"page": 1}, json={"page": 2})
    assert (answer.status_code, "more than once" in answer.json()["detail"]) == (422, True)


def test_other_methods_are_refused_and_told_what_is_not(client: httpx.Client) -> None:
    lists = client.put(f"{BASE}/services", json={})
    assert (lists.status_code, lists.headers["allow"]) == (405, "GET, HEAD, POST")
    single = client.post(f"{BASE}/taxonomies/00000000-0000-0000-0000-000000000000", json={})
    assert (single.status_code, single.headers["allow"]) == (405, "GET, HEAD")


def test_a_web_page_elsewhere_may_post(client: httpx.Client) -> None:
    answer = client.options(
        f"{BASE}/services",
        headers={
            "Origin": "https://kommun.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_what_is_posted_waits_for_its_turn_as_every_other_answer(served: Served) -> None:
    most = 0

    async def crowd() -> set[int]:
        nonlocal most
        async with httpx.AsyncClient(base_url=served.address, timeout=30) as client:
            asked = [client.post(f"{BASE}/services", json={"page": number, "per_page": 50}) for number in range(1, 80)]
            answers = [asyncio.create_task(each) for each in asked]
            while not all(each.done() for each in answers):
                most = max(most, served.application.state.engine.pool.checkedout())
                await asyncio.sleep(0.001)
            return {each.result().status_code for each in answers}

    assert asyncio.run(crowd()) == {200}
    assert 0 < most <= 2 * turns.AT_ONCE  # a session ends a little after its answer is made
