"""No worker answers with old data once a write is committed: constant writes, several workers, on each database."""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text

from app.http.coherence import PostgresSignal, Signal, SqliteSignal
from app.main import create_app
from app.seeding.files import Seed
from app.seeding.writing import write
from app.settings import ROOT, Settings
from tests.serving import serve, wait_for

PATH = "/v1/hotlines/kvinnofridslinjen"
SECONDS = 2.5
READERS = 4


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def workers(engine: Engine, number: int) -> Iterator[str]:
    """The service with several processes; its address."""
    port = free_port()
    serve_them = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--no-access-log"]
    url = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [*serve_them, "--workers", str(number), "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"STODKATALOG_DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(15)


class Race:
    """One writer that counts a name up; readers that note what was committed before they asked."""

    def __init__(self, engine: Engine, address: str) -> None:
        self.engine, self.address = engine, address
        self.committed = 0
        self.answers, self.stale = 0, 0
        self.broken = ""
        self.over = time.monotonic() + SECONDS

    def write(self) -> None:
        while time.monotonic() < self.over:
            number = self.committed + 1
            with self.engine.begin() as connection:
                connection.execute(text("UPDATE resourcetext SET name = :name"), {"name": str(number)})
            self.committed = number
            time.sleep(0.02)

    def read(self) -> None:
        while time.monotonic() < self.over:
            # A connection for each few requests, so that every worker is asked.
            with httpx.Client(base_url=self.address, timeout=10) as client:
                for _ in range(5):
                    before = self.committed
                    answer = client.get(PATH)
                    if answer.status_code != 200:
                        self.broken = answer.text
                        continue
                    name = answer.json()["name"]
                    self.answers += 1
                    self.stale += not name.isdigit() or int(name) < before

    def run(self, disturb: threading.Timer | None = None) -> None:
        threads = [threading.Thread(target=self.write), *(threading.Thread(target=self.read) for _ in range(READERS))]
        for thread in [*threads, *([disturb] if disturb else [])]:
            thread.start()
        for thread in threads:
            thread.join()


def test_no_worker_gives_a_stale_answer_while_the_store_is_written_to(engine: Engine, seed: Seed) -> None:
    write(engine, seed, datetime.now(UTC))
    with engine.begin() as connection:
        connection.execute(text("UPDATE resourcetext SET name = '0'"))
    with workers(engine, 2) as address:
        race = Race(engine, address)
        drops: list[int] = []
        race.run(threading.Timer(1, lambda: drops.append(_drop_the_watchers(engine))))
    assert not race.broken
    assert race.answers > 50
    assert race.committed > 10
    assert race.stale == 0
    if engine.dialect.name == "postgresql":
        assert drops[0] >= 1


def _drop_the_watchers(engine: Engine) -> int:
    """On PostgreSQL, end the connections on which the workers look for changes; how many there were."""
    if engine.dialect.name != "postgresql":
        return 0
    with engine.begin() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'SELECT pg_current_snapshot%'"
            )
        )
        return len(ended.all())


def test_seeding_again_is_seen_at_once(engine: Engine, seed: Seed) -> None:
    write(engine, seed, datetime.now(UTC))
    url = engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        before = running.client.get(PATH)
        with engine.begin() as connection:
            connection.execute(text("UPDATE resourcetext SET name = 'annat'"))
        assert running.client.get(PATH).json()["name"] == "annat"
        write(engine, seed, datetime.now(UTC))
        assert running.client.get(PATH).json()["name"] == before.json()["name"]


def test_each_look_sees_all_that_was_committed_before_it_however_soon_after_another(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"

    async def looks() -> list[object]:
        signal, seen = SqliteSignal(str(path)), list[object]()
        for number in range(3):
            with closing(sqlite3.connect(path, isolation_level=None)) as writer:
                writer.execute(f"CREATE TABLE t{number} (x)")
            seen += [signal.at_once(), signal.at_once()]
        await signal.close()
        return seen

    first, again, *others = asyncio.run(looks())
    assert [first, *others[::2]] == [again, *others[1::2]]
    assert len({first, *others}) == 3


@pytest.mark.parametrize(
    "signal",
    [PostgresSignal({"host": "127.0.0.1", "port": 1, "dbname": "none"}), SqliteSignal("/none/none")],
    ids=["postgresql", "sqlite"],
)
def test_a_store_that_cannot_be_watched_has_no_version(signal: Signal) -> None:
    assert asyncio.run(_look(signal)) is None


async def _look(signal: Signal) -> object:
    return await signal.version()
