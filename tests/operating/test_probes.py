"""Probes: alive is not ready, and neither waits behind callers."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, text

from app import postgresql
from app.database import GONE, engine_for
from app.main import create_app
from app.migrating import migrate
from app.seeding.files import Seed
from app.settings import ROOT, Settings
from tests import postgres
from tests.conftest import create_seeded
from tests.serving import PLAIN, serve
from tests.stores import Stores
from tests.test_store_faults import Proxy


def served(url: str, seed_dir: Path = ROOT / "seed") -> Iterator[httpx.Client]:
    with serve(create_app(Settings(database_url=url, seed_dir=seed_dir))) as running:
        yield running.client


def assert_not_ready(client: httpx.Client) -> None:
    answer = client.get("/readyz", timeout=3)
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.headers["retry-after"] == "5"
    assert client.get("/livez", timeout=3).text == "ok"


def test_a_service_that_can_answer_is_alive_and_ready_and_no_answer_is_kept(database_url: str) -> None:
    for client in served(database_url):
        assert client.get("/livez").text == "ok"
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["store"], ready.json()["unseeded_files"]) == (200, "ok", [])
        assert ready.json()["edition"] >= 1
        for path in ("/livez", "/readyz"):
            head = client.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["cache-control"] == "private, no-store"
            assert head.headers["x-content-type-options"] == "nosniff"
            assert client.post(path).status_code in (404, 405)


def test_a_store_without_records_or_with_another_schema_is_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    migrate(engine_for(f"sqlite:///{file}"))
    for client in served(f"sqlite:///{file}"):
        assert_not_ready(client)
        with closing(sqlite3.connect(file)) as other:
            other.execute("UPDATE alembic_version SET version_num = '0001'")
            other.commit()
        assert_not_ready(client)
    for client in served(f"sqlite:///{tmp_path / 'none.sqlite3'}"):
        assert_not_ready(client)


def test_seed_files_that_are_not_in_the_store_yet_are_named(database_url: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seed", tmp_path / "seed")
    with (tmp_path / "seed" / "hotlines.toml").open("a") as file:
        file.write("# changed\n")
    for client in served(database_url, tmp_path / "seed"):
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["unseeded_files"]) == (200, ["hotlines.toml"])


def test_a_postgresql_that_hangs_leaves_it_alive_and_not_ready_within_two_seconds(
    postgres_server: postgres.Server, stores: Stores, seed: Seed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "SILENCE", 0.5)
    monkeypatch.setattr(postgresql, "PAUSE", 0)
    monkeypatch.setitem(GONE, "connect_timeout", 2)
    url = create_seeded(stores, tmp_path, postgres_server, seed)
    with Proxy(make_url(url).port or 0) as proxy:
        for client in served(make_url(url).set(port=proxy.port).render_as_string(hide_password=False)):
            assert client.get("/readyz").status_code == 200
            proxy.hang()
            callers = [threading.Thread(target=_ask, args=(client.base_url, number)) for number in range(30)]
            for caller in callers:
                caller.start()
            assert_not_ready(client)
            proxy.go_on()
            for caller in callers:
                caller.join()
            assert client.get("/readyz").status_code == 200


def _ask(address: httpx.URL, number: int) -> None:
    httpx.get(f"{address}/v1/hotlines?limit=1&offset={number}", timeout=30, verify=PLAIN)


def test_where_lists_are_unavailable_it_is_not_ready(
    postgres_server: postgres.Server, stores: Stores, seed: Seed, tmp_path: Path
) -> None:
    url = create_seeded(stores, tmp_path, postgres_server, seed)
    engine = engine_for(url)
    for client in served(url):
        with engine.begin() as other:
            other.execute(text("LOCK TABLE resource IN ACCESS EXCLUSIVE MODE"))
            assert_not_ready(client)
    engine.dispose()
