"""A store that fails: one line at the start, a 503 problem while serving, nothing lost, and all well afterwards."""

import contextlib
import os
import shutil
import socket
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from app import database, postgresql
from app.database import GONE, engine_for
from app.main import create_app
from app.migrating import StoreError, migrate
from app.resources.models import Resource
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests import postgres
from tests.conftest import SEEDED
from tests.seeding.small import edit, write_folder
from tests.serving import PLAIN, serve


@pytest.fixture(autouse=True)
def shorter_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for a lock or a statement instead of five: how long it is changes nothing of what comes then."""
    monkeypatch.setattr(database, "LONGEST", 1000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A seeded SQLite file."""
    found = tmp_path / "store.sqlite3"
    engine = engine_for(f"sqlite:///{found}")
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    engine.dispose()
    return found


def served(url: str) -> Iterator[httpx.Client]:
    with serve(create_app(Settings(database_url=url))) as running:
        yield running.client


def assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "private, no-store"
    problem = answer.json()
    assert problem["status"] == 503
    assert "112" in problem["detail"]
    for technical in ("sqlite", "psycopg", "locked", "connection", "select"):
        assert technical not in answer.text.lower()


@pytest.mark.parametrize("url", ["sqlite:////proc/missing/store.sqlite3", "sqlite:////etc"])
def test_a_store_that_cannot_be_opened_is_one_line(url: str) -> None:
    with pytest.raises(StoreError, match=r"^The store .* cannot be opened: unable to open database file$"):
        migrate(engine_for(url))


def test_a_file_that_is_no_database_is_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Kära läsare, " * 200)
    with pytest.raises(StoreError, match=r"^The store .* cannot be opened: file is not a database$"):
        migrate(engine_for(f"sqlite:///{tmp_path / 'letter.txt'}"))
    assert (tmp_path / "letter.txt").read_text().startswith("Kära läsare")


def test_a_postgresql_that_is_not_there_is_one_line() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://user:hemligt@127.0.0.1:{unused.getsockname()[1]}/name"
        with pytest.raises(StoreError, match=r"^The store .* cannot be opened: .*refused") as refused:
            migrate(engine_for(url))
    assert "hemligt" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_locked_file_is_one_line_at_the_start(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"^The store .* cannot be opened: database is locked$"):
            migrate(engine_for(f"sqlite:///{file}"))
    assert migrate(engine_for(f"sqlite:///{file}")) is False


def test_who_reads_does_not_wait_for_who_writes(file: Path) -> None:
    for client in served(f"sqlite:///{file}"):
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE resource SET slug = 'x' WHERE slug = 'linjen'")
            assert client.get("/v1/hotlines/linjen", timeout=3).status_code == 200
            other.execute("ROLLBACK")


def test_a_file_that_is_locked_against_reading_is_a_503_and_well_afterwards(file: Path) -> None:
    for client in served(f"sqlite:///{file}"):
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            assert_unavailable(client.get("/v1/hotlines", timeout=20))
            other.execute("ROLLBACK")
        assert client.get("/v1/hotlines").json()["_meta"]["total"] == 1


def test_a_read_only_store_is_refused_a_change_in_one_line_and_keeps_what_it_has(file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    hotlines = tmp_path / "seed" / "hotlines.toml"
    hotlines.write_text(hotlines.read_text("utf-8").replace("En linje.", "En annan linje."), "utf-8")
    with pytest.raises((StoreError, OperationalError), match=r"readonly|read-only"):
        write_seed(engine_for(url), read_seed(tmp_path / "seed"), SEEDED)
    for client in served(url):
        assert client.get("/v1/hotlines/linjen").status_code == 200


def test_a_store_in_a_folder_that_is_read_only_is_served_from_its_plain_path(file: Path) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are for one user only
        folder = Path(name)
        shutil.copy(file, folder / "store.sqlite3")
        folder.chmod(0o555)
        with read_only_user():
            for client in served(f"sqlite:///{folder / 'store.sqlite3'}"):
                for _ in range(2):
                    assert client.get("/v1/hotlines/linjen").status_code == 200
        folder.chmod(0o755)


@contextlib.contextmanager
def read_only_user() -> Iterator[None]:
    """As somebody for whom permissions hold."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize(
    "address", ["sqlite:///{}", "sqlite:///file:{}?uri=true", "sqlite:///file://{}?mode=rw&uri=true"]
)
def test_another_file_in_the_place_of_the_store_is_noticed_and_never_mixed_with_it(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file)) as store, closing(sqlite3.connect(other)) as copy:
        store.backup(copy)
    for client in served(address.format(file)):
        assert client.get("/v1/hotlines/linjen").status_code == 200
        other.replace(file)
        deadline = time.monotonic() + 10
        while client.get("/v1/hotlines/linjen").status_code == 200:  # a kept answer, for a second at most
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert_unavailable(client.get("/v1/hotlines"))
        assert client.get("/readyz").status_code == 503
    assert "another file is in the place of the store" in caplog.text


def test_a_full_store_changes_nothing_and_takes_the_change_when_there_is_room(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "seed"
    line = (folder / "hotlines.toml").read_text("utf-8").replace("En linje.", "Lång text. " * 80)
    with (folder / "hotlines.toml").open("a", encoding="utf-8") as hotlines:
        hotlines.writelines(line.replace('"linjen"', f'"linje-{number}"') for number in range(40))
    engine = engine_for(f"sqlite:///{file}")
    pages = sqlite3.connect(file).execute("PRAGMA page_count").fetchone()[0]
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(OperationalError, match="database or disk is full"):
        write_seed(engine, read_seed(folder), SEEDED)
    with Session(engine) as session:
        assert len(session.exec(select(Resource)).all()) == 3
    engine.dispose()
    assert write_seed(engine_for(f"sqlite:///{file}"), read_seed(folder), SEEDED).added == 40


def test_a_schema_that_is_gone_while_serving_is_a_503(file: Path) -> None:
    for client in served(f"sqlite:///{file}"):
        with closing(sqlite3.connect(file)) as other:
            other.execute("ALTER TABLE resource RENAME TO gone")
            other.commit()
        assert_unavailable(client.get("/v1/hotlines"))


def test_a_postgresql_that_goes_while_serving_is_a_503_and_found_again(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    url = postgres_server.create_database()
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    engine.dispose()
    with Proxy(make_url(url).port or 0) as proxy:
        through = make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
        # One connection for all: a store that goes right after an answer is not to cut it (some rounds hit that).
        for client in served(through):
            for number in range(1, 7):
                assert client.get(f"/v1/hotlines?limit={number}").status_code == 200
                proxy.cut()
                for path in (f"/v1/hotlines?limit={number + 50}", f"/v1/search?q=linje&limit={number}", "/healthz"):
                    assert_unavailable(client.get(path, timeout=20))
                proxy.mend()
                assert client.get(f"/v1/courses?limit={number}").json()["_meta"]["total"] == 0


def test_a_postgresql_that_hangs_is_a_503_in_time_and_found_again(
    postgres_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "SILENCE", 0.5)
    monkeypatch.setattr(postgresql, "PAUSE", 0)
    monkeypatch.setitem(GONE, "connect_timeout", 2)
    url = postgres_server.create_database()
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    engine.dispose()
    with Proxy(make_url(url).port or 0) as proxy:
        through = make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
        for client in served(through):
            assert client.get("/v1/hotlines?limit=1").status_code == 200
            proxy.hang()
            for number in (2, 3):
                assert_unavailable(client.get(f"/v1/hotlines?limit={number}", timeout=5))
            proxy.go_on()
            assert client.get("/v1/hotlines?limit=4").status_code == 200
            monkeypatch.setattr(postgresql, "PAUSE", 1)
            check_crowd_before_silence(client, proxy)


def ask(address: str) -> httpx.Response:
    """The answer to somebody who comes alone."""
    return httpx.get(address, timeout=30, verify=PLAIN)


def check_crowd_before_silence(client: httpx.Client, proxy: "Proxy") -> None:
    """Of many callers few wait for a server that hangs, and the others do not wait for them."""
    proxy.hang()
    before = proxy.taken
    with ThreadPoolExecutor(40) as callers:
        for answer in callers.map(lambda number: ask(f"{client.base_url}/v1/courses?limit={number}"), range(1, 41)):
            assert_unavailable(answer)
    assert proxy.taken - before <= 8
    proxy.go_on()
    deadline = time.monotonic() + 10
    while client.get("/v1/hotlines?limit=5").status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_postgresql_that_is_locked_against_reading_is_a_503_and_well_afterwards(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    url = postgres_server.create_database()
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    for client in served(url):
        with engine.begin() as other:
            other.execute(text("LOCK TABLE resource IN ACCESS EXCLUSIVE MODE"))
            assert_unavailable(client.get("/v1/hotlines", timeout=20))
        assert client.get("/v1/hotlines").json()["_meta"]["total"] == 1
    engine.dispose()


def test_the_sessions_of_a_restarted_postgresql_are_renewed(postgres_server: postgres.Server, tmp_path: Path) -> None:
    url = postgres_server.create_database()
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    for client in served(url):
        assert client.get("/v1/hotlines").status_code == 200
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        assert client.get("/v1/hotlines?limit=2").status_code == 200
    engine.dispose()


def test_where_postgresql_has_no_connection_left_it_is_a_503_that_the_log_explains(
    postgres_server: postgres.Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url, role = postgres_server.create_database(), f"limited_{postgres_server.url.port}"
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    for client in served(make_url(url).set(username=role).render_as_string(hide_password=False)):
        assert_unavailable(client.get("/v1/hotlines"))
        assert "too many connections for role" in caplog.text
        with engine.begin() as connection:
            connection.execute(text(f"ALTER ROLE {role} CONNECTION LIMIT 10"))
        assert client.get("/v1/hotlines").status_code == 200
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def test_a_host_whose_name_does_not_resolve_is_a_503_and_the_process_stays_alive() -> None:
    for client in served("postgresql+psycopg://somebody@store.invalid/x"):
        assert_unavailable(client.get("/v1/hotlines", timeout=20))
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").status_code == 503


def test_a_disk_that_is_full_while_serving_takes_no_report_and_keeps_answering(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    report = {"record": "hotlines/linjen", "text": "Numret går inte fram. " * 40, "opened_at": opened}
    application = create_app(Settings(database_url=f"sqlite:///{file}"))
    with closing(sqlite3.connect(file)) as store:
        (pages,) = store.execute("PRAGMA page_count").fetchone()
        store.executescript("CREATE TABLE filling (words TEXT); PRAGMA wal_checkpoint(TRUNCATE)")
    event.listen(application.state.engine, "connect", lambda connection, _: fill(connection, pages))
    with serve(application) as running:
        assert running.client.get("/v1/hotlines").status_code == 200
        answers = [running.client.post("/v1/reports", json=report) for _ in range(9)]
        assert_unavailable(answers[-1])
        assert "SQLITE_FULL" in caplog.text
        assert running.client.get("/v1/hotlines?limit=3").status_code == 200
        assert running.client.get("/readyz").status_code == 200


def fill(connection: sqlite3.Connection, pages: int) -> None:
    """The file may grow no more, as on a full disk."""
    connection.execute(f"PRAGMA max_page_count={pages + 1}")


def test_a_change_is_seen_at_once(file: Path, tmp_path: Path) -> None:
    for client in served(f"sqlite:///{file}"):
        assert client.get("/v1/hotlines/linjen").json()["summary"] == "En linje."
        edit(tmp_path / "seed", "hotlines.toml", "En linje.", "En ny linje.")
        write_seed(engine_for(f"sqlite:///{file}"), read_seed(tmp_path / "seed"), SEEDED)
        assert client.get("/v1/hotlines/linjen").json()["summary"] == "En ny linje."


class Proxy:
    """A way to a server that can be cut."""

    def __init__(self, target: int) -> None:
        self._target, self._open, self._pairs = target, True, list[socket.socket]()
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.taken = 0
        """How many connections were made to it."""

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on()
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """Close what is open and whatever comes."""
        self._open = False
        for one in self._pairs:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # closing it is for the thread that reads it
        self._pairs.clear()

    def mend(self) -> None:
        self._open = True

    def hang(self) -> None:
        """Take what comes and pass nothing on."""
        self._goes_on.clear()

    def go_on(self) -> None:
        self._goes_on.set()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self.taken += 1
            if not self._open:
                caller.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._target))
            self._pairs += [caller, server]
            for one, other in ((caller, server), (server, caller)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with one, contextlib.suppress(OSError):
            while piece := one.recv(65536):
                self._goes_on.wait()
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)
