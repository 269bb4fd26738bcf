"""No worker answers with old data once a write is committed: constant writes, several workers, on each database."""

import asyncio
import os
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
from sqlalchemy import Engine, insert, text
from sqlmodel import Session

from app.database import engine_for
from app.http.coherence import PostgresSignal, Signal, SqliteSignal, signal_for
from app.main import create_app
from app.records.commands import change_record
from app.records.models import Redaction
from app.records.publishing import begin_edition
from app.records.rebuilding import rebuild
from app.seeding.files import Seed
from app.settings import ROOT, Settings
from tests.conftest import create_seeded
from tests.ports import free_port
from tests.serving import PLAIN, serve, wait_for
from tests.stores import Stores

RECORD = "hotlines/kvinnofridslinjen"
PATH = f"/v1/{RECORD}"
SECONDS, LONGEST = 2.5, 60
WRITES, ANSWERS = 12, 50
READERS = 3


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


def rename(engine: Engine, name: str) -> None:
    """Publish another name of the record."""
    patch = {"name": {"sv": name, "en": name}}
    change_record(engine, RECORD, patch, "editor", "it is counted up", datetime.now(UTC))


@contextmanager
def running(engine: Engine) -> Iterator[httpx.Client]:
    """The service over a store."""
    with serve(create_app(Settings(database_url=engine.url.render_as_string(hide_password=False)))) as served:
        yield served.client


class Race:
    """One publisher that counts a name up; readers that note what was committed before they asked."""

    def __init__(self, engine: Engine, address: str) -> None:
        self.engine, self.address = engine, address
        self.committed = 0
        self.answers, self.stale = 0, 0
        self.broken = ""
        self.begun = time.monotonic()

    def is_over(self) -> bool:
        """Whether enough was published and asked; a busy machine is given longer."""
        seconds = time.monotonic() - self.begun
        return seconds > LONGEST or (seconds > SECONDS and self.committed >= WRITES and self.answers >= ANSWERS)

    def write(self) -> None:
        while not self.is_over():
            number = self.committed + 1
            rename(self.engine, str(number))
            self.committed = number
            time.sleep(0.02)

    def read(self) -> None:
        while not self.is_over():
            # A connection for each few requests, so that every worker is asked.
            with httpx.Client(base_url=self.address, timeout=10, verify=PLAIN) as client:
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


def test_no_worker_gives_a_stale_answer_while_records_are_published(seeded_engine: Engine) -> None:
    rename(seeded_engine, "0")
    with workers(seeded_engine, 2) as address:
        race = Race(seeded_engine, address)
        drops: list[int] = []
        race.run(threading.Timer(1, lambda: drops.append(_drop_the_watchers(seeded_engine))))
    assert not race.broken
    assert race.answers >= ANSWERS
    assert race.committed >= WRITES
    assert race.stale == 0
    if seeded_engine.dialect.name == "postgresql":
        assert drops[0] >= 1


def _drop_the_watchers(engine: Engine) -> int:
    """On PostgreSQL, end the connections on which the workers look for changes; how many there were."""
    if engine.dialect.name != "postgresql":
        return 0
    with engine.begin() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'SELECT number, made_at FROM edition%'"
            )
        )
        return len(ended.all())


def test_what_is_published_is_seen_at_once_in_answers_and_exports(seeded_engine: Engine) -> None:
    with running(seeded_engine) as client:
        for path in (PATH, "/v1/exports/resources.csv", "/v1/exports/resources.ndjson"):
            before = client.get(path)
            assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
            rename(seeded_engine, f"annat för {path}")
            after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
            assert after.status_code == 200
            assert f"annat för {path}" in after.text


def test_a_write_in_sql_is_undone_everywhere_by_a_rebuild(seeded_engine: Engine) -> None:
    export = "/v1/exports/resources.csv"
    with seeded_engine.begin() as connection:
        connection.execute(text("UPDATE resourcetext SET name = 'fel'"))
    with running(seeded_engine) as client:
        wrong = {path: client.get(path) for path in (PATH, export)}
        assert all("fel" in answer.text for answer in wrong.values())
        assert rebuild(seeded_engine, datetime.now(UTC)) == ["resourcetext"]
        for path, answer in wrong.items():
            mended = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
            assert (mended.status_code, "Kvinnofridslinjen" in mended.text) == (200, True)


def test_a_write_that_publishes_nothing_leaves_every_kept_answer(seeded_engine: Engine) -> None:
    signal = signal_for(seeded_engine)

    async def look_around_a_write() -> tuple[object, object]:
        before = await signal.version()
        with seeded_engine.begin() as connection:
            row = {"revision": 1, "actor": "editor", "reason": "none", "made_at": datetime.now(UTC)}
            connection.execute(insert(Redaction), [row])
        after = await signal.version()
        await signal.close()
        return before, after

    before, after = asyncio.run(look_around_a_write())
    assert before is not None
    assert before == after


def test_a_publication_that_is_rolled_back_is_not_seen(seeded_engine: Engine) -> None:
    with running(seeded_engine) as client:
        before = client.get(PATH)
        with Session(seeded_engine) as session:
            begin_edition(session, datetime.now(UTC))
            session.execute(text("UPDATE resourcetext SET name = 'aldrig'"))
            session.flush()
            assert client.get(PATH).headers["ETag"] == before.headers["ETag"]
            session.rollback()
        assert client.get(PATH).headers["ETag"] == before.headers["ETag"]
        rename(seeded_engine, "annat")
        assert client.get(PATH).json()["name"] == "annat"


def test_a_store_restored_with_the_same_number_of_editions_is_told_apart(
    tmp_path: Path, stores: Stores, seed: Seed
) -> None:
    urls = [create_seeded(stores, tmp_path / name, None, seed) for name in ("one", "two")]
    paths = [url.removeprefix("sqlite:///") for url in urls]
    for url, name in zip(urls, ("one", "two"), strict=True):
        engine = engine_for(url)
        rename(engine, name)
        engine.dispose()
    with running(engine_for(urls[0])) as client:
        assert client.get(PATH).json()["name"] == "one"
        with closing(sqlite3.connect(paths[1])) as copy, closing(sqlite3.connect(paths[0])) as store:
            copy.backup(store)
        assert client.get(PATH).json()["name"] == "two"


def test_each_look_sees_the_edition_that_was_committed_before_it_however_soon_after_another(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"

    async def look_around_commits() -> list[object]:
        signal, seen = SqliteSignal(str(path)), list[object]()
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("CREATE TABLE edition (number, made_at)")
            seen += [signal.at_once(), signal.at_once()]
            for number in range(3):
                writer.execute("INSERT INTO edition VALUES (?, 'now')", [number])
                seen += [signal.at_once(), signal.at_once()]
        await signal.close()
        return seen

    none, none_again, *others = asyncio.run(look_around_commits())
    assert (none, none_again) == (None, None)  # no edition yet: nothing is kept
    assert others == [(number, "now") for number in range(3) for _ in range(2)]


@pytest.mark.parametrize(
    "signal",
    [PostgresSignal({"host": "127.0.0.1", "port": 1, "dbname": "none"}), SqliteSignal("/none/none")],
    ids=["postgresql", "sqlite"],
)
def test_a_store_that_cannot_be_watched_has_no_version(signal: Signal) -> None:
    assert asyncio.run(_look(signal)) is None


async def _look(signal: Signal) -> object:
    return await signal.version()
