"""Followers are told of what is new: signed, at least once, by one sender, and never within our network."""

import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import time_machine
from sqlalchemy.event import listen, remove
from sqlmodel import Session, select
from standardwebhooks import Webhook as Verifier

from app.access.keys import revoke_key
from app.access.models import KeyRole
from app.records.documents import Document
from app.reports.keeping import Complaint, keep_report
from app.webhooks.delivering import LEASE, PAUSES, Delivery, deliver
from app.webhooks.messages import compose_message
from app.webhooks.models import Webhook
from app.webhooks.sending import Sender
from tests.access.conftest import Header, MakeKey
from tests.records.conftest import Store
from tests.test_every_route import assert_problem
from tests.webhooks.conftest import Receiver

HOSTILE = "<script>alert(1)</script> {{7*7}}"
HOOK = {"url": "https://follower.example/changes"}
WRONG_ADDRESSES = (
    "http://follower.example/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/",
    "https://user:password@follower.example/", "ftp://follower.example/", "https:///path", "https://a b.example/",
    "https://a..example/", "https://.example/", f"https://{'a' * 64}.example/", f"https://{'a.' * 130}example/",
    "https://follower.example:99999/", "https://follower.example:0/", "https://follower.example:x/", "https://[::1/",
)  # fmt: skip


@pytest.fixture
def key(make_key: MakeKey) -> Header:
    """The key of a municipality."""
    return make_key(KeyRole.CONTRIBUTOR, "municipality=1380", "Kommunen")


def follow(client: httpx.Client, key: Header, **more: Any) -> dict[str, Any]:
    made = client.post("/v1/webhooks", json={**HOOK, **more}, headers=key)
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def lead_to(store: Store, receiver: Receiver) -> None:
    """Let every webhook lead to the receiver, which no caller can: it is on loopback and has no certificate."""
    with Session(store.engine) as session:
        for webhook in session.exec(select(Webhook)):
            webhook.url = f"http://127.0.0.1:{receiver.port}/changes"
        session.commit()


def change(store: Store, text: str, slug: str = "linjen", kind: str = "hotline") -> None:
    def edit(document: Document) -> None:
        document["summary"] = {"sv": text, "en": text}

    store.change(kind, slug, edit)


def run(store: Store, receiver: Receiver, now: datetime | None = None, seconds: float = 5) -> Sequence[Delivery]:
    return deliver(store.engine, Sender("Test", receiver.port, seconds), now or datetime.now(UTC))


def webhook_of(store: Store) -> Webhook:
    with Session(store.engine, expire_on_commit=False) as session:
        return session.exec(select(Webhook)).one()


def test_a_follower_is_told_once_of_what_is_new_and_can_check_who_says_so(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    made = follow(client, key)
    lead_to(store, receiver)
    assert run(store, receiver) == []
    change(store, "Nytt.")
    run(store, receiver)
    run(store, receiver)
    ((path, headers, body),) = receiver.messages
    assert (path, headers["Content-Type"]) == ("/changes", "application/json")
    told = Verifier(made["secret"]).verify(body, {name.lower(): value for name, value in headers.items()})
    assert told["type"] == "directory.changed"
    changes = client.get(told["data"]["path"]).json()
    assert [one["record"] for one in changes["items"]] == ["linjen"]
    assert changes["_meta"]["after"] == told["data"]["cursor"]
    assert made["secret"] not in client.get("/v1/webhooks", headers=key).text


def test_a_follower_of_numbers_is_told_of_a_changed_number_and_of_no_other_change(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    made = follow(client, key, fields=["contact_points.value"])
    assert made["fields"] == ["contact_points.value"]
    lead_to(store, receiver)
    change(store, "Nytt.")
    run(store, receiver)
    assert receiver.messages == []

    def renumber(document: Document) -> None:
        document["contact_points"][0]["value"] = "+4620505051"

    store.change("hotline", "linjen", renumber)
    change(store, "Nyare.")
    run(store, receiver)
    ((_, _, body),) = receiver.messages
    data = json.loads(body)["data"]
    assert data["count"] == 1
    (item,) = client.get(data["path"]).json()["items"]
    assert (item["record"], item["fields"]) == ("linjen", ["contact_points", "contact_points.value"])


def test_a_webhook_from_before_it_could_follow_fields_is_told_of_everything(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    follow(client, key)
    lead_to(store, receiver)
    with Session(store.engine) as session:
        webhook = session.exec(select(Webhook)).one()
        webhook.filters = json.dumps({"kinds": [], "municipality": None, "records": []})
        session.commit()
    change(store, "Nytt.")
    run(store, receiver)
    assert len(receiver.messages) == 1
    assert client.get("/v1/webhooks", headers=key).json()["items"][0]["fields"] == []


def test_what_fails_redirects_or_hangs_is_sent_again_with_the_same_id_later_and_later(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    verifier = Verifier(follow(client, key)["secret"])
    lead_to(store, receiver)
    change(store, "Nytt.")
    now = datetime.now(UTC)
    receiver.status = 500
    run(store, receiver, now)
    run(store, receiver, now + timedelta(seconds=59))
    receiver.status, receiver.location = 302, f"http://127.0.0.1:{receiver.port}/elsewhere"
    run(store, receiver, now + timedelta(minutes=PAUSES[0]))
    receiver.status, receiver.location, receiver.hangs = 204, None, True
    (hung,) = run(store, receiver, now + timedelta(minutes=10), seconds=0.3)
    assert "no answer within" in str(hung.failure)
    (listed,) = client.get("/v1/webhooks", headers=key).json()["items"]
    assert listed["state"] == "failing"
    receiver.hangs = False
    (arrived,) = run(store, receiver, now + timedelta(minutes=50))
    assert arrived.failure is None
    assert {path for path, _, _ in receiver.messages} == {"/changes"}
    assert len(receiver.messages) == 4
    assert len({headers["webhook-id"] for _, headers, _ in receiver.messages}) == 1
    for _, headers, body in receiver.messages:
        signed = {name.lower(): value for name, value in headers.items()}
        with time_machine.travel(int(signed["webhook-timestamp"])):  # it is refused when it is old
            assert verifier.verify(body, signed)["type"] == "directory.changed"
    assert webhook_of(store).failing_since is None


def test_after_seven_days_of_failure_or_at_the_receivers_word_a_webhook_ends_with_a_task(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver, make_key: MakeKey
) -> None:
    follow(client, key)
    lead_to(store, receiver)
    change(store, "Nytt.")
    now, receiver.status = datetime.now(UTC), 500
    for days in (0, 3, 6, 7, 8):
        run(store, receiver, now + timedelta(days=days))
    assert len(receiver.messages) == 4
    (task,) = client.get("/v1/tasks", headers=make_key()).json()["items"]
    assert (task["kind"], "Kommunen" in task["why"]) == ("webhook_disabled", True)
    (listed,) = client.get("/v1/webhooks", headers=key).json()["items"]
    assert listed["state"] == "disabled"
    assert client.delete(f"/v1/webhooks/{listed['id']}", headers=key).status_code == 204
    follow(client, key)
    lead_to(store, receiver)
    change(store, "Nyare.")
    receiver.status = 410
    run(store, receiver)
    assert webhook_of(store).disabled_at is not None


def test_one_of_several_senders_sends_a_message(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    follow(client, key)
    lead_to(store, receiver)
    change(store, "Nytt.")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: run(store, receiver), range(4)))
    assert len(receiver.messages) == 1


class Died(BaseException):
    """The end of a process."""


class DyingSender(Sender):
    """Ends with its process once the message has arrived, before anybody writes that down."""

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        await super().send(url, body, headers)
        raise Died


def test_what_a_sender_sent_that_died_is_sent_again_by_another_after_five_minutes_with_its_id(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    follow(client, key)
    lead_to(store, receiver)
    change(store, "Nytt.")
    now = datetime.now(UTC)
    with pytest.raises(Died):
        deliver(store.engine, DyingSender("Test", receiver.port), now)
    assert run(store, receiver, now + LEASE - timedelta(seconds=1)) == []
    (arrived,) = run(store, receiver, now + LEASE)
    assert arrived.failure is None
    assert len(receiver.messages) == 2
    assert len({headers["webhook-id"] for _, headers, _ in receiver.messages}) == 1


def test_no_word_of_a_record_a_proposal_or_a_report_is_in_a_message(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver, make_key: MakeKey
) -> None:
    follow(client, key, records=["hotlines/linjen"])
    lead_to(store, receiver)
    keep_report(store.engine, Complaint("hotlines/linjen", None, HOSTILE, "nagon@example.com"), datetime.now(UTC))
    proposed = {
        "record": "hotlines/linjen",
        "base_revision": client.get("/v1/records/hotlines/linjen").json()["number"],
    }
    patch = {"patch": {"summary": {"sv": HOSTILE, "en": HOSTILE}}, "reason": HOSTILE, "publish": True}
    assert client.post("/v1/proposals", json=proposed | patch, headers=make_key()).status_code == 201
    run(store, receiver)
    ((_, headers, body),) = receiver.messages
    told = json.loads(body)
    assert set(told["data"]) == {"after", "cursor", "count", "path"}
    assert "alert" not in body.decode() + json.dumps(headers)


def test_a_webhook_tells_only_of_what_it_was_made_for_and_ends_with_its_key(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    (kind,) = [follow(client, key, kinds=["coordinator"])]
    follow(client, key, records=["hotlines/linjen"])
    follow(client, key, municipality="1380")
    lead_to(store, receiver)
    change(store, "Nytt.")
    now = datetime.now(UTC)
    with Session(store.engine) as session:
        webhooks = {str(one.id): one for one in session.exec(select(Webhook))}
        counts = {
            name: json.loads(message.body)["data"]["count"] if message else 0
            for name, (_, message) in ((one, compose_message(session, hook, now)) for one, hook in webhooks.items())
        }
    assert counts.pop(kind["id"]) == 0
    assert set(counts.values()) == {1}
    revoke_key(store.engine, webhook_of_key(store), now)
    assert run(store, receiver) == []


def test_a_webhook_whose_key_has_ended_is_listed_as_disabled_and_a_new_key_makes_new_ones(
    store: Store, client: httpx.Client, key: Header, make_key: MakeKey
) -> None:
    made = follow(client, key)
    revoke_key(store.engine, webhook_of_key(store), datetime.now(UTC))
    new = make_key(KeyRole.CONTRIBUTOR, "municipality=1380", "Kommunen")
    (listed,) = client.get("/v1/webhooks", headers=new).json()["items"]
    assert (listed["id"], listed["state"], listed["disabled_at"] is None) == (made["id"], "disabled", False)
    follow(client, new)
    assert [one["state"] for one in client.get("/v1/webhooks", headers=new).json()["items"]] == ["disabled", "active"]


def test_a_webhook_that_cannot_be_served_keeps_nobody_else_from_the_news(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    served = follow(client, key)["id"]
    broken = {
        "url": ["https://a..example/", f"https://{'a' * 64}.example/", "https://8.8.8.8:99999/", "https://xn--a/"],
        "secret": ["whsec_x"],
        "filters": [json.dumps({"kinds": [], "records": [], "municipality": "9999"})],
    }
    lead_to(store, receiver)
    with Session(store.engine) as session:
        for column, value in [(column, value) for column, values in broken.items() for value in values]:
            webhook = session.get(Webhook, UUID(follow(client, key)["id"]))
            assert webhook is not None
            webhook.url = f"http://127.0.0.1:{receiver.port}/changes"
            setattr(webhook, column, value)
            session.commit()
    change(store, "Nytt.")
    done = {str(one.webhook.id): one.failure for one in run(store, receiver)}
    assert (len(done), [name for name, failure in done.items() if failure is None]) == (7, [served])
    listed = client.get("/v1/webhooks", headers=key).json()["items"]
    assert [one["state"] for one in listed] == ["active", *["failing"] * 6]
    assert (len(receiver.messages), run(store, receiver)) == (1, [])
    assert ".example" not in caplog.text


def test_a_webhook_deleted_while_the_outcome_is_written_down_undoes_no_other(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    ids = [follow(client, key)["id"] for _ in range(2)]
    lead_to(store, receiver)
    change(store, "Nytt.")
    deletions: list[threading.Thread] = []

    def delete_meanwhile(*event: Any) -> None:
        if receiver.messages and not deletions and event[2].startswith("SELECT webhook"):
            address = f"/v1/webhooks/{ids[0]}"
            deletions.append(threading.Thread(target=client.delete, args=[address], kwargs={"headers": key}))
            deletions[0].start()
            deletions[0].join(0.5)  # or it waits until the outcome is written

    listen(store.engine, "after_cursor_execute", delete_meanwhile)
    run(store, receiver)
    remove(store.engine, "after_cursor_execute", delete_meanwhile)
    deletions[0].join(10)
    left = webhook_of(store)
    assert (str(left.id), left.leased_until) == (ids[1], None)
    assert (len(receiver.messages), run(store, receiver)) == (2, [])


def webhook_of_key(store: Store) -> str:
    with Session(store.engine) as session:
        return session.exec(select(Webhook.key)).first() or ""


def test_an_address_that_is_not_public_or_cannot_exist_and_an_unknown_municipality_are_refused(
    client: httpx.Client, key: Header
) -> None:
    for url in WRONG_ADDRESSES:
        assert_problem(client.post("/v1/webhooks", json={"url": url}, headers=key), 422)
    assert client.get("/v1/webhooks", headers=key).json()["items"] == []
    assert_problem(client.post("/v1/webhooks", json={**HOOK, "municipality": "9999"}, headers=key), 422)


def test_a_name_that_leads_into_our_network_is_never_connected_to(
    store: Store, client: httpx.Client, key: Header, receiver: Receiver
) -> None:
    follow(client, key, url="https://localhost:8443/")
    change(store, "Nytt.")
    (refused,) = deliver(store.engine, Sender("Test"), datetime.now(UTC))
    assert "not public" in str(refused.failure)
    lead_to(store, receiver)
    later = datetime.now(UTC) + timedelta(hours=1)
    (refused,) = deliver(store.engine, Sender("Test"), later)
    assert "https" in str(refused.failure)
    assert receiver.messages == []


def test_webhooks_are_seen_and_ended_by_their_own_key_or_an_admin(
    client: httpx.Client, key: Header, make_key: MakeKey
) -> None:
    made = follow(client, key)
    other, admin = make_key(KeyRole.EDITOR), make_key(KeyRole.ADMIN, None, "Driften")
    assert client.get("/v1/webhooks", headers=other).json()["items"] == []
    assert_problem(client.delete(f"/v1/webhooks/{made['id']}", headers=other), 404)
    assert len(client.get("/v1/webhooks", headers=admin).json()["items"]) == 1
    test_key = make_key(KeyRole.CONTRIBUTOR, None, "Kommunen", is_test=True)
    assert client.delete(f"/v1/webhooks/{made['id']}", headers=test_key).status_code == 204
    follow(client, test_key)
    assert len(client.get("/v1/webhooks", headers=key).json()["items"]) == 1
    for _ in range(9):
        follow(client, key)
    assert_problem(client.post("/v1/webhooks", json=HOOK, headers=key), 429)
    gone = client.delete(f"/v1/webhooks/{made['id']}", headers=admin)
    assert (gone.status_code, gone.content, gone.headers["cache-control"]) == (204, b"", "private, no-store")
