"""Publishing where another writer holds the store, or where it cannot be written: a clear word, and nothing lost."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from app import database
from app.access.keys import KeyRequest, add_key, list_keys, revoke_key
from app.access.models import KeyRole
from app.cli import main
from app.database import begin_writing, engine_for
from app.main import create_app
from app.records import publishing
from app.records.drafts import RecordChange
from app.records.publishing import keep_trying, publish, publish_in, writing
from app.records.rebuilding import fingerprint
from app.settings import Settings
from tests.records.conftest import EDITOR, FIRST, Store
from tests.search.finding import find_ids
from tests.seeding.small import edit
from tests.serving import serve

LATER = FIRST + timedelta(days=1)
BRIEFLY = {"sqlite": "PRAGMA busy_timeout = 20", "postgresql": "SET lock_timeout = '20ms'"}
"""By database: how a connection is told to wait for a lock for 20 ms only."""


@contextmanager
def impatient(store: Store) -> Iterator[tuple[Engine, Semaphore]]:
    """Another engine that soon gives up waiting for the lock, and how often it has asked for it."""
    engine = engine_for(store.engine.url.render_as_string(hide_password=False))
    asked = Semaphore(0)

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement == "BEGIN IMMEDIATE" or "advisory_xact_lock" in statement:
            asked.release()

    event.listen(engine, "before_cursor_execute", note)
    wait_briefly(engine)
    yield engine, asked
    engine.dispose()


def wait_briefly(engine: Engine) -> None:
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(BRIEFLY[engine.dialect.name])
        connection.commit()

    event.listen(engine, "connect", prepare)


def other_summary(store: Store, words: str = "En annan linje.") -> RecordChange:
    current, document = store.current("hotline", "linjen"), store.document("hotline", "linjen")
    assert current is not None
    return RecordChange(
        "hotline", "linjen", document | {"summary": document["summary"] | {"sv": words}}, current.revision
    )


def publish_it(store: Store, engine: Engine) -> None:
    publish(engine, [other_summary(store)], EDITOR, LATER)
    assert store.document("hotline", "linjen")["summary"]["sv"] == "En annan linje."


def add_it(store: Store, engine: Engine) -> None:
    add_key(engine, KeyRequest("Redaktionen", KeyRole.EDITOR), LATER)
    with Session(store.engine) as session:
        assert [key.name for key, _ in list_keys(session)] == ["Redaktionen"]


def revoke_it(store: Store, engine: Engine) -> None:
    with Session(store.engine) as session:
        ((key, _),) = list_keys(session)
    assert revoke_key(engine, key.id, LATER).revoked_at == LATER


@pytest.mark.parametrize("act", [publish_it, add_it, revoke_it])
def test_who_finds_another_writer_in_the_way_tries_again(store: Store, act: Callable[[Store, Engine], None]) -> None:
    if act is revoke_it:
        add_key(store.engine, KeyRequest("Redaktionen", KeyRole.EDITOR), FIRST)
    with impatient(store) as (engine, asked), ThreadPoolExecutor(1) as pool:
        with begin_writing(store.engine, "publish"):
            done = pool.submit(act, store, engine)
            for _ in range(3):
                assert asked.acquire(timeout=20)
        done.result(timeout=20)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize("code", ["40001", "40P01"], ids=["serialization failure", "deadlock"])
def test_a_publication_that_postgresql_gave_up_is_tried_again(store: Store, code: str) -> None:
    attempts, change = list[str](), other_summary(store)

    def attempt() -> None:
        with writing(store.engine) as session:
            publish_in(session, [change], EDITOR, LATER)
            attempts.append(code)
            if len(attempts) < 3:
                session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$"))

    keep_trying(attempt)
    assert len(attempts) == 3
    assert store.document("hotline", "linjen")["summary"]["sv"] == "En annan linje."


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["revision", "searchposting", "change"])
def test_a_write_that_postgresql_refuses_is_told_and_leaves_all_as_it_was(store: Store, table: str) -> None:
    before, change = digest_all(store), other_summary(store)
    with store.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT full_up CHECK (false) NOT VALID"))
    with pytest.raises(DBAPIError, match="full_up"):
        publish(store.engine, [change], EDITOR, LATER)
    assert digest_all(store) == before
    with store.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT full_up"))
    publish_it(store, store.engine)


def test_an_editor_who_meets_a_long_writer_is_asked_to_come_again_and_then_publishes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.proposals.making.PATIENCE", 0.1)
    token, _ = add_key(store.engine, KeyRequest("Redaktionen", KeyRole.EDITOR), datetime.now(UTC))
    application = create_app(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))
    wait_briefly(application.state.engine)
    change = other_summary(store)
    asked = {"record": "hotlines/linjen", "base_revision": change.base, "reason": "The page says so.",
             "patch": {"summary": {"sv": "En annan linje."}}, "publish": True}  # fmt: skip
    with serve(application) as running:
        send = partial(running.client.post, "/v1/proposals", json=asked, headers={"Authorization": f"Bearer {token}"})
        with begin_writing(store.engine, "publish"):
            refused = send()
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "cannot be changed at the moment" in refused.json()["detail"]
        assert store.current("hotline", "linjen").revision == change.base  # type: ignore[union-attr]
        assert send().status_code == 201
    assert store.document("hotline", "linjen")["summary"]["sv"] == "En annan linje."


def test_a_seeding_that_meets_a_long_writer_ends_in_one_line_and_is_done_when_it_is_gone(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PATIENCE", 0.2)
    monkeypatch.setattr(database, "LONGEST", 200)
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("STODKATALOG_SEED_DIR", str(folder))
    before = digest_all(store)
    edit(folder, "hotlines.toml", "En linje.", "En annan linje.")
    with begin_writing(store.engine, "publish"), pytest.raises(SystemExit) as ended:
        main(["seed"])
    assert re.fullmatch(r"stodkatalog: The store .* (database is locked|due to lock timeout.*)", str(ended.value))
    assert digest_all(store) == before
    main(["seed"])
    assert store.document("hotline", "linjen")["summary"]["sv"] == "En annan linje."


def digest_all(store: Store) -> dict[str, str]:
    with Session(store.engine) as session:
        return fingerprint(session)


def found_by(store: Store, query: str) -> int:
    with Session(store.engine) as session:
        return len(find_ids(session, query))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_all_as_it_was_and_the_change_is_taken_when_there_is_room(store: Store) -> None:
    before = digest_all(store)
    full = engine_for(str(store.engine.url))

    @event.listens_for(full, "connect")
    def leave_no_room(connection: Any, _record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    change = other_summary(store, " ".join(f"ord{nth}" for nth in range(1000)))
    with pytest.raises(OperationalError, match="database or disk is full"):
        publish(full, [change], EDITOR, LATER)
    full.dispose()
    assert digest_all(store) == before
    publish(store.engine, [change], EDITOR, LATER)
    assert found_by(store, "ord777") == 1


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_command_says_in_one_line_that_the_store_is_read_only_and_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest_all(store)
    file = Path(store.engine.url.database or "")
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(SystemExit) as ended:
        main(["keys", "add", "Redaktionen", "--role", "editor"])
    assert str(ended.value) == "stodkatalog: The store cannot be used: attempt to write a readonly database"
    assert digest_all(store) == before
