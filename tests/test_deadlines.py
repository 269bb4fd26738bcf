"""One deadline for a caller: waiting for a turn and for the store together take no longer, on both databases."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, text

from app import deadlines
from app.database import LONGEST, begin_writing, engine_for
from app.deadlines import FOR_THE_STORE
from app.http.turns import AT_ONCE
from app.main import create_app
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests import postgres
from tests.conftest import SEEDED, find_server
from tests.seeding.small import write_folder
from tests.serving import PLAIN, serve
from tests.stores import Stores, discard
from tests.test_store_faults import Proxy, assert_unavailable

WITHIN = FOR_THE_STORE + 0.5
"""Seconds, instead of ten."""

LATEST = WITHIN + 2.5
"""Seconds after which each caller has an answer, with time to spare for a busy machine; a statement alone may take more
(`LONGEST`)."""

CROWD = 3 * AT_ONCE

ENDLESS = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n)"


@pytest.fixture(autouse=True)
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "ANSWER_WITHIN", WITHIN)
    assert LATEST * 1000 < LONGEST


def create_small(stores: Stores, folder: Path, server: postgres.Server | None) -> str:
    """The address of a new store with the small seed."""
    files = read_seed(write_folder(folder / "seed"))
    return stores.create(folder, server, "one line", lambda engine: write_seed(engine, files, SEEDED))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, stores: Stores) -> Iterator[str]:
    created = create_small(stores, tmp_path, find_server(request))
    yield created
    discard(created, find_server(request))


@contextmanager
def locked_against_reading(url: str) -> Iterator[None]:
    """Nobody can read the table of resources."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")
        return
    engine = engine_for(url)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE resource IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


def ask_in_crowd(address: str) -> list[tuple[float, httpx.Response]]:
    """The answers to many who ask different things at the same time, and after how many seconds each came."""

    def ask(number: int) -> tuple[float, httpx.Response]:
        began = time.monotonic()
        answer = httpx.get(f"{address}/v1/hotlines?limit={number}", timeout=60, verify=PLAIN)
        return time.monotonic() - began, answer

    with ThreadPoolExecutor(CROWD) as callers:
        return list(callers.map(ask, range(1, CROWD + 1)))


def assert_all_unavailable_in_time(answers: list[tuple[float, httpx.Response]]) -> None:
    for _, answer in answers:
        assert_unavailable(answer)
    assert max(seconds for seconds, _ in answers) < LATEST


def test_who_waits_for_a_turn_and_then_for_a_locked_store_is_answered_by_one_deadline(url: str) -> None:
    with serve(create_app(Settings(database_url=url))) as running:
        with locked_against_reading(url):
            assert_all_unavailable_in_time(ask_in_crowd(running.address))
        assert running.client.get("/v1/hotlines?limit=50").json()["_meta"]["total"] == 1


def test_a_statement_that_does_not_end_is_ended_on_both_databases(url: str) -> None:
    condition = f"{ENDLESS} > 0" if url.startswith("sqlite") else "(SELECT pg_sleep(60)) IS NOT NULL"
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE resource RENAME TO readable"))
        connection.execute(text(f"CREATE VIEW resource AS SELECT * FROM readable WHERE {condition}"))
    engine.dispose()
    with serve(create_app(Settings(database_url=url))) as running:
        assert_all_unavailable_in_time(ask_in_crowd(running.address))
        assert running.client.get("/v1/sources").status_code == 200


def test_who_writes_while_another_holds_the_store_is_asked_to_come_again_by_the_deadline(url: str) -> None:
    opened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    report = {"record": "hotlines/linjen", "text": "Numret går inte fram.", "opened_at": opened}
    engine = engine_for(url)
    with serve(create_app(Settings(database_url=url))) as running:
        with begin_writing(engine, "publish"):
            began = time.monotonic()
            assert_unavailable(running.client.post("/v1/reports", json=report))
            assert time.monotonic() - began < LATEST
        assert running.client.post("/v1/reports", json=report).status_code == 202
    engine.dispose()


def test_a_postgresql_that_freezes_is_a_503_by_the_deadline_and_found_again(
    postgres_server: postgres.Server, stores: Stores, tmp_path: Path
) -> None:
    url = make_url(create_small(stores, tmp_path, postgres_server))
    with (
        Proxy(url.port or 0) as proxy,
        serve(create_app(Settings(database_url=url.set(port=proxy.port).render_as_string(False)))) as running,
    ):
        assert running.client.get("/v1/hotlines?limit=50").status_code == 200
        proxy.hang()
        assert_all_unavailable_in_time(ask_in_crowd(running.address))
        proxy.go_on()
        until = time.monotonic() + 10
        while running.client.get("/v1/hotlines?limit=51").status_code == 503:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_large_file_may_take_longer_than_the_deadline_once_it_is_begun(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(create_app(Settings(database_url=url))) as running:
        assert running.client.get("/v1/exports/resources.csv").status_code == 200
        monkeypatch.setattr(deadlines, "ANSWER_WITHIN", 0)
        assert_unavailable(running.client.get("/v1/hotlines?limit=2"))
        assert running.client.get("/v1/exports/resources.ndjson").text.count("\n") == 3
