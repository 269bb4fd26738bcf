"""Keys over HTTP and from the command line."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app import main
from app.access.callers import PER_MINUTE, WRITES_PER_DAY
from app.access.keys import PATTERN, KeyRefused, KeyRequest, add_key, find_key, revoke_key
from app.access.models import AccessKey, AuditEntry, KeyRole
from app.database import begin_writing
from app.records.faults import InvalidRecords
from app.resources.reviewing import day_of
from app.settings import ROOT, Settings
from tests.access.conftest import MakeKey
from tests.records.conftest import Store
from tests.serving import serve
from tests.test_every_route import assert_problem

CURRENT = "/v1/keys/current"


def command(store: Store, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"STODKATALOG_DATABASE_URL": store.engine.url.render_as_string(hide_password=False)}
    return subprocess.run(
        [sys.executable, "-m", "app", "keys", *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_key_says_what_it_is_for_and_its_answer_is_kept_by_nobody(client: httpx.Client, make_key: MakeKey) -> None:
    header = make_key(KeyRole.CONTRIBUTOR, "municipality=1380", "Halmstads kommun", days=100)
    answer = client.get(CURRENT, headers=header)
    shown = answer.json()
    assert (shown["name"], shown["role"], shown["scope"]) == ("Halmstads kommun", "contributor", "municipality=1380")
    assert (shown["is_test"], shown["expires_soon"]) == (False, False)
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    assert "stodkatalog-key-expires" not in answer.headers
    assert header["Authorization"].rpartition("_")[2] not in answer.text
    assert_problem(client.get(CURRENT), 401)


def test_no_script_of_another_site_may_use_a_key(client: httpx.Client) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    assert "access-control-allow-origin" not in client.options(CURRENT, headers=asked).headers


def test_without_a_key_that_holds_the_answer_is_401_and_says_why(
    store: Store, client: httpx.Client, make_key: MakeKey
) -> None:
    unknown = "Bearer stodkatalog_live_0123abcd_" + 64 * "0"
    right = make_key()["Authorization"]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    for value, reason in (
        (unknown, "not known"), (wrong, "not known"), ("Bearer x", "not known"), ("Bearer", "not known"),
        ("Basic eDp5", "is given once"),
    ):  # fmt: skip
        answer = client.get(CURRENT, headers={"Authorization": value})
        assert reason in assert_problem(answer, 401)["detail"], value
        assert answer.headers["www-authenticate"] == 'Bearer realm="stodkatalog", error="invalid_token"'
    assert client.get(CURRENT).headers["www-authenticate"] == 'Bearer realm="stodkatalog"'
    twice = [("Authorization", right), ("Authorization", unknown)]
    assert_problem(client.get(CURRENT, headers=twice), 401)


def test_nothing_tells_an_unknown_key_from_one_whose_secret_is_wrong(
    store: Store, client: httpx.Client, make_key: MakeKey
) -> None:
    right = make_key()["Authorization"].partition(" ")[2]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    early = f"{right[:-64]}{'0' if right[-64] != '0' else '1'}{right[-63:]}"
    unknown = "stodkatalog_live_0123abcd_" + 64 * "0"
    answers, statements = list[object](), list[str]()
    listen(store.engine, "before_cursor_execute", lambda *event: statements.append(event[2]))
    for token in (wrong, early, unknown):
        answer = client.get(CURRENT, headers={"Authorization": f"Bearer {token}"})
        answers.append((answer.json(), answer.headers["www-authenticate"], sorted(answer.headers)))
        with Session(store.engine) as session:
            assert find_key(session, token) is None
    assert all(answer == answers[0] for answer in answers)
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert selects == 3 * selects[:1], "the same is asked of the store, and compare_digest compares whole digests"


def test_a_key_ends_when_it_is_revoked_or_expires_and_warns_before(
    store: Store, client: httpx.Client, make_key: MakeKey
) -> None:
    soon = make_key(days=30)
    answer = client.get(CURRENT, headers=soon)
    assert answer.json()["expires_soon"]
    assert datetime.fromisoformat(answer.headers["stodkatalog-key-expires"]) > datetime.now(UTC)
    later = client.get(CURRENT, headers=make_key(days=31))
    assert (later.json()["expires_soon"], "stodkatalog-key-expires" in later.headers) == (False, False)
    key_id = answer.json()["id"]
    assert "make another" in command(store, "list").stdout
    assert "is revoked" in command(store, "revoke", key_id).stdout
    assert "revoked" in assert_problem(client.get(CURRENT, headers=soon), 401)["detail"]
    with pytest.raises(KeyRefused, match="already"):
        revoke_key(store.engine, key_id, datetime.now(UTC))
    old, _ = add_key(store.engine, KeyRequest("Gammal", KeyRole.EDITOR, days=1), datetime.now(UTC) - timedelta(days=2))
    expired = client.get(CURRENT, headers={"Authorization": f"Bearer {old}"})
    assert "expired on" in assert_problem(expired, 401)["detail"]


def test_a_key_in_an_address_is_refused_wherever_it_is_sent(client: httpx.Client, make_key: MakeKey) -> None:
    token = make_key()["Authorization"].partition(" ")[2]
    for address in (f"{CURRENT}?key={token}", f"/?utm={token}", f"/v1/hotlines/{token}", f"/?x=%73{token[1:]}"):
        answer = client.get(address)
        assert "Authorization: Bearer" in assert_problem(answer, 400)["detail"]
        assert token[-64:] not in answer.text
    assert_problem(client.get(f"{CURRENT}?access_token=abc"), 422)


def test_each_key_may_ask_so_much_a_minute_and_no_other_key_pays_for_it(
    client: httpx.Client, make_key: MakeKey
) -> None:
    greedy, other = make_key(), make_key()
    statuses = [client.get(CURRENT, headers=greedy).status_code for _ in range(PER_MINUTE + 20)]
    assert statuses[:PER_MINUTE] == PER_MINUTE * [200]
    refused = client.get(CURRENT, headers=greedy)
    while refused.status_code != 429:  # a slow machine may have earned a few more
        refused = client.get(CURRENT, headers=greedy)
    assert_problem(refused, 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["ratelimit"].startswith('"dear";r=0;t=')
    assert client.get(CURRENT, headers=other).status_code == 200


def test_a_key_writes_so_often_a_day_and_reads_on(
    store: Store, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WRITES_PER_DAY == 1_000
    monkeypatch.setattr(main, "WRITES_PER_DAY", 3)
    greedy = make_key(KeyRole.CONTRIBUTOR)
    with serve(main.create_app(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))) as own:
        made = [own.client.post("/v1/webhooks", json={"url": "https://a.example/"}, headers=greedy) for _ in range(4)]
        assert [answer.status_code for answer in made] == [201, 201, 201, 429]
        assert "a day" in assert_problem(made[3], 429)["detail"]
        assert made[3].headers["ratelimit-policy"] == '"dear";q=3;w=86400'
        assert 3600 < int(made[3].headers["retry-after"]) <= 28_800
        assert len(own.client.get("/v1/webhooks", headers=greedy).json()["items"]) == 3


def test_the_store_holds_no_key_but_who_made_and_ended_it_and_when_it_was_last_used(
    store: Store, client: httpx.Client, make_key: MakeKey
) -> None:
    token = make_key(name="Linjen")["Authorization"].partition(" ")[2]
    client.get(CURRENT, headers={"Authorization": f"Bearer {token}"})
    with Session(store.engine) as session:
        key = session.exec(select(AccessKey)).one()
        assert token.rpartition("_")[2] not in key.model_dump_json()
        assert key.last_used_on is not None
        revoke_key(store.engine, key.id, datetime.now(UTC))
    with Session(store.engine) as session:
        acts = [(entry.actor, entry.action, entry.subject) for entry in session.exec(select(AuditEntry))]
    subject = f"key {key.id}"
    assert acts == [("command line", "key added", subject), ("command line", "key revoked", subject)]
    for statement in ("DELETE FROM auditentry", "UPDATE auditentry SET actor = 'x'"):
        with pytest.raises(DBAPIError, match="never changed"), store.engine.begin() as connection:
            connection.execute(text(statement))


def test_use_of_a_key_is_written_once_a_day_and_empties_no_cache(store: Store, make_key: MakeKey) -> None:
    header, writes = make_key(), list[str]()

    def note(*event: Any) -> None:
        if not event[2].startswith(("SELECT", "PRAGMA", "BEGIN")):
            writes.append(event[2])

    def use() -> date | None:
        for _ in range(3):
            assert own.client.get(CURRENT, headers=header).status_code == 200
        with Session(store.engine) as session:
            return session.exec(select(AccessKey)).one().last_used_on

    with serve(main.create_app(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))) as own:
        kept = own.client.get("/v1/hotlines").headers["etag"]
        listen(own.application.state.engine, "before_cursor_execute", note)
        today = day_of(datetime.now(UTC))
        assert (use(), len(writes)) == (today, 1), writes
        with Session(store.engine) as session:
            session.exec(select(AccessKey)).one().last_used_on = today - timedelta(days=1)
            session.commit()
        assert (use(), len(writes)) == (today, 2), writes
        assert own.client.get("/v1/hotlines").headers["etag"] == kept


def test_who_uses_a_key_waits_for_no_writer(store: Store, client: httpx.Client, make_key: MakeKey) -> None:
    header = make_key()
    with begin_writing(store.engine, "publish"):  # a writer is waited for five seconds
        assert client.get(CURRENT, headers=header, timeout=4).status_code == 200
    assert client.get(CURRENT, headers=header).status_code == 200
    with Session(store.engine) as session:
        assert session.exec(select(AccessKey)).one().last_used_on is not None, "the next request notes it"


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (KeyRequest("", KeyRole.EDITOR), "role or an organization"),
        (KeyRequest("a\nb", KeyRole.EDITOR), "on one line"),
        (KeyRequest("Linje\u200bn", KeyRole.EDITOR), "Latin letters only"),
        (KeyRequest("Linj\u0435n", KeyRole.EDITOR), "Latin letters only"),
        (KeyRequest("\u041b\u0438\u043d\u0438\u044f", KeyRole.EDITOR), "Latin letters only"),
        (KeyRequest("Linj\u202een", KeyRole.EDITOR), "Latin letters only"),
        (KeyRequest("Linj\u0336en", KeyRole.EDITOR), "Latin letters only"),
        (KeyRequest("Linjen", KeyRole.EDITOR, days=367), "from 1 to 366 days"),
        (KeyRequest("Linjen", KeyRole.EDITOR, days=0), "from 1 to 366 days"),
        (KeyRequest("Linjen", KeyRole.ADMIN, "municipality=1380"), "has no scope"),
        (KeyRequest("Linjen", KeyRole.EDITOR, "kommun=1380"), "is none of records="),
        (KeyRequest("Linjen", KeyRole.EDITOR, "municipality=13"), "is no municipality"),
        (KeyRequest("Linjen", KeyRole.EDITOR, "municipality=9999"), "no such record stands: 9999"),
        (KeyRequest("Linjen", KeyRole.EDITOR, "organization=ingen"), "no such record stands: ingen"),
        (
            KeyRequest("Linjen", KeyRole.EDITOR, "records=hotlines/linjen,hotlines/ingen"),
            "no such record stands: ingen",
        ),
        (KeyRequest("Linjen", KeyRole.EDITOR, "records=linjer/linjen"), "is none of sources"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_with_the_reason(store: Store, wanted: KeyRequest, reason: str) -> None:
    with pytest.raises((KeyRefused, InvalidRecords), match=reason):
        add_key(store.engine, wanted, datetime.now(UTC))
    with Session(store.engine) as session:
        assert session.exec(select(AccessKey)).all() == []


def test_the_command_shows_a_key_once_and_lists_it_with_its_scope(store: Store, client: httpx.Client) -> None:
    added = command(store, "add", "Linjen", "--role", "operator", "--scope", "records=hotlines/linjen", "--test")
    token = added.stdout.strip()
    assert PATTERN.fullmatch(token)
    assert token.startswith("stodkatalog_test_")
    shown = client.get(CURRENT, headers={"Authorization": f"Bearer {token}"}).json()
    assert (shown["is_test"], shown["scope"]) == (True, "records=hotlines/linjen")
    listed = command(store, "list").stdout
    assert "Linjen  operator  records=hotlines/linjen" in listed
    assert token not in listed
    refused = command(store, "revoke", "00000000")
    assert (refused.returncode, refused.stderr) == (
        1, "stodkatalog: There is no key 00000000; `stodkatalog keys list` shows those that are\n"
    )  # fmt: skip
