"""Who sets up a webhook has a message sent at once, and is told what the receiver answered."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select
from standardwebhooks import Webhook as Verifier

from app.access.models import AuditEntry, KeyRole
from app.main import create_app
from app.settings import Settings
from app.webhooks import testing
from app.webhooks.testing import AT_ONCE, PER_MINUTE
from tests.access.conftest import Header, MakeKey
from tests.records.conftest import Store
from tests.serving import serve
from tests.test_every_route import assert_problem
from tests.webhooks.conftest import Receiver
from tests.webhooks.test_webhooks import follow, key, lead_to, webhook_of

__all__ = ["key"]


@pytest.fixture
def client(store: Store, receiver: Receiver) -> Iterator[httpx.Client]:
    """The service, which may send to the receiver."""
    url = store.engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url, verify_test_port=receiver.port))) as running:
        yield running.client


def send_test(client: httpx.Client, key: Header, webhook: str) -> Any:
    answer = client.post(f"/v1/webhooks/{webhook}/test", headers=key)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store"), answer.text
    return answer.json()


def test_a_test_message_is_signed_tells_of_no_change_and_says_what_the_receiver_answered(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    made = follow(client, key)
    lead_to(store, receiver)
    before = webhook_of(store)
    assert send_test(client, key, made["id"]) == {"delivered": True, "status": 204, "reason": None}
    ((path, headers, body),) = receiver.messages
    told = Verifier(made["secret"]).verify(body, {name.lower(): value for name, value in headers.items()})
    assert (path, told["type"], told["data"]["count"]) == ("/changes", "directory.test", 0)
    assert client.get(told["data"]["path"]).json()["items"] == []
    receiver.status, receiver.location = 302, f"http://127.0.0.1:{receiver.port}/elsewhere"
    refused = {"delivered": False, "status": 302, "reason": "the receiver answered 302"}
    assert send_test(client, key, made["id"]) == refused
    assert [path for path, _, _ in receiver.messages] == ["/changes", "/changes"]
    after = webhook_of(store)
    assert (after.cursor, after.failing_since, after.disabled_at) == (before.cursor, None, None)
    with Session(store.engine) as session:
        acts = [entry.action for entry in session.exec(select(AuditEntry)) if "webhook" in entry.subject]
    assert acts == ["webhook added", "webhook tested", "webhook tested"]


def test_a_test_of_a_receiver_that_hangs_ends_and_holds_up_no_reader(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "SECONDS", 1.5)
    made = follow(client, key)
    lead_to(store, receiver)
    receiver.hangs = True
    with ThreadPoolExecutor(AT_ONCE + 2) as pool:
        tests = [pool.submit(client.post, f"/v1/webhooks/{made['id']}/test", headers=key) for _ in range(AT_ONCE + 2)]
        assert client.get("/v1/organizations").status_code == 200
        answers = [test.result() for test in tests]
    waited = [answer.json() for answer in answers if answer.status_code == 200]
    assert waited == AT_ONCE * [{"delivered": False, "status": None, "reason": "no answer within 1.5 seconds"}]
    for answer in answers:
        if answer.status_code != 200:
            assert "Others test" in assert_problem(answer, 429)["detail"]


def test_nothing_is_sent_into_our_network_and_nobody_is_told_what_is_in_it(
    client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    for host in ("localhost", "no-such-host.invalid"):
        made = follow(client, key, url=f"https://{host}:8443/")
        result = send_test(client, key, made["id"])
        assert result == {"delivered": False, "status": None, "reason": "the host has no public address"}
        assert "127.0.0.1" not in json.dumps(result)
    assert receiver.messages == []


def test_tests_are_few_of_ones_own_webhooks_and_none_for_a_test_key(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver, make_key: MakeKey
) -> None:
    made = follow(client, key)
    lead_to(store, receiver)
    other = make_key(KeyRole.EDITOR)
    assert_problem(client.post(f"/v1/webhooks/{made['id']}/test", headers=other), 404)
    checked = make_key(KeyRole.CONTRIBUTOR, None, "Kommunen", is_test=True)
    assert send_test(client, checked, made["id"])["reason"] == "nothing is sent for a test key"
    for _ in range(PER_MINUTE - 1):
        send_test(client, key, made["id"])
    refused = client.post(f"/v1/webhooks/{made['id']}/test", headers=key)
    assert_problem(refused, 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert len(receiver.messages) == PER_MINUTE - 1
