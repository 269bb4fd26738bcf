"""Starting the service on a PostgreSQL: it is reached as its address says, and several that start at once all serve."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text

from app.database import LONGEST, engine_for
from app.migrating import StoreError, configuration, is_ready, migrate, refuse_older
from app.operating.waiting import wait_for_store
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from tests import postgres
from tests.conftest import SEEDED
from tests.ports import free_port
from tests.seeding.small import edit, write_folder
from tests.serving import PLAIN
from tests.test_store_faults import Proxy

REPLICAS = 3
"""The first makes the store; the others wait for it, and for each other."""
HEAD = ScriptDirectory.from_config(configuration()).get_current_head() or ""


@contextlib.contextmanager
def starting(number: int, url: str, seed: Path, **more: str) -> Iterator[list[tuple[str, "subprocess.Popen[str]"]]]:
    """So many `stodkatalog serve` at once: their addresses and processes."""
    environment = os.environ | {"STODKATALOG_DATABASE_URL": url, "STODKATALOG_SEED_DIR": str(seed)} | more
    started = []
    for port in [free_port() for _ in range(number)]:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        started.append((f"http://127.0.0.1:{port}", process))
    try:
        yield started
    finally:
        for _, process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for _, process in started:
            process.communicate(timeout=20)


def ask(address: str, process: "subprocess.Popen[str]", path: str) -> httpx.Response:
    """The answer, as soon as the service gives answers."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{address}{path}", timeout=20, verify=PLAIN)
        time.sleep(0.05)
    raise AssertionError("the service did not start")


@pytest.fixture
def seed_folder(tmp_path: Path) -> Path:
    """A small seed."""
    return write_folder(tmp_path / "seed")


@pytest.fixture
def url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty PostgreSQL database."""
    made = postgres_server.create_database()
    yield made
    postgres_server.drop_database(made)


def seeded(url: str, folder: Path, back_to: str | None = None) -> None:
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(folder), SEEDED)
    if back_to is not None:
        with engine.begin() as connection:
            command.downgrade(configuration(connection), back_to)
    engine.dispose()


def psql(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True) as own:
        cursor = own.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("back_to", [None, "0001", "0003"], ids=["empty", "oldest", "older"])
def test_replicas_that_start_together_all_serve(url: str, seed_folder: Path, back_to: str | None) -> None:
    if back_to is not None:
        seeded(url, seed_folder, back_to)
    with starting(REPLICAS, url, seed_folder) as replicas:
        for replica in replicas:
            assert ask(*replica, "/v1/hotlines/linjen").status_code == 200
            assert ask(*replica, "/v1/search?q=linjen").json()["_meta"]["total"] == 1
    # Only a store that had an edition already has one more.
    assert psql(url, "SELECT count(*) FROM edition") == [(2 if back_to == "0003" else 1,)]


def test_a_replica_that_waited_leaves_what_the_first_has_seeded(url: str, tmp_path: Path, seed_folder: Path) -> None:
    other = write_folder(tmp_path / "other")
    edit(other, "hotlines.toml", "En linje.", "En annan linje.")
    with starting(1, url, seed_folder) as first, starting(1, url, other) as second:
        summaries = [ask(*replica, "/v1/hotlines/linjen").json()["summary"] for replica in (*first, *second)]
    assert len(set(summaries)) == 1
    assert psql(url, "SELECT count(*) FROM edition") == [(1,)]


@pytest.mark.parametrize("place", ["address", "environment"])
def test_all_connections_take_the_options_of_the_address_and_of_the_environment(
    url: str, tmp_path: Path, seed_folder: Path, place: str
) -> None:
    """`public` holds another installation, which must never be served."""
    other = write_folder(tmp_path / "other")
    edit(other, "hotlines.toml", "En linje.", "En annan linje.")
    seeded(url, other)
    psql(url, "CREATE SCHEMA katalog")
    options = "-csearch_path=katalog -c application_name=katalogen"
    ours = make_url(url).update_query_dict({"options": options} if place == "address" else {})
    more = {"PGOPTIONS": options} if place == "environment" else {}
    with starting(1, ours.render_as_string(False), seed_folder, **more) as (replica,):
        for _ in range(3):
            assert ask(*replica, "/v1/hotlines/linjen").json()["summary"] == "En linje."
        names = psql(url, "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
                          " AND pid <> pg_backend_pid()")  # fmt: skip
        assert len(names) >= 2  # a caller's, and the one that looks for changes
        assert set(names) == {("katalogen",)}


@pytest.mark.parametrize(
    ("options", "limit"), [("", LONGEST), ("-csearch_path=public", LONGEST), ("-cstatement_timeout=1234", 1234)]
)
def test_a_callers_statement_has_a_limit_beside_the_options_of_the_address(url: str, options: str, limit: int) -> None:
    engine = engine_for(make_url(url).update_query_dict({"options": options}).render_as_string(False), for_callers=True)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'").scalar()
    engine.dispose()
    assert found == str(limit)


@pytest.mark.parametrize(("options", "setting"), [("", "off"), ("-cjit=on", "on")])
def test_a_callers_statement_is_not_compiled_unless_the_address_says_so(url: str, options: str, setting: str) -> None:
    engine = engine_for(make_url(url).update_query_dict({"options": options}).render_as_string(False), for_callers=True)
    with engine.connect() as connection:
        chosen = connection.exec_driver_sql("SHOW jit").scalar()
    engine.dispose()
    assert chosen == setting


def test_a_time_to_connect_in_the_address_comes_before_ours(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def patience(address: str) -> object:
        engine = engine_for(address)
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            options = {option.keyword: option.val for option in driver.pgconn.info}
        engine.dispose()
        return options[b"connect_timeout"]

    assert patience(url) == b"5"
    assert patience(f"{url}?connect_timeout=3") == b"3"
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "7")
    assert patience(url) == b"7"


def test_connections_speak_utf_8_whatever_other_programs_are_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    engine = engine_for(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT '… ' || :word"), {"word": "şəhər"}) == "… şəhər"
    engine.dispose()


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations, copied to where a test may add some."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    monkeypatch.setattr("app.migrating.ROOT", tmp_path)
    return tmp_path / "migrations" / "versions"


def add_migration(folder: Path, name: str, revision: str, down: str) -> None:
    lines = (f'revision: str = "{revision}"', f'down_revision: str | None = "{down}"', "def upgrade() -> None: ...")
    (folder / name).write_text("\n".join(lines), "utf-8")


def test_a_migration_is_known_by_its_whole_id_and_not_by_the_name_of_its_file(
    empty_url: str, seed_folder: Path, migrations: Path
) -> None:
    add_migration(migrations, "9001_more.py", "9001_more_of_it", HEAD)
    seeded(empty_url, seed_folder)
    engine = engine_for(empty_url)
    assert is_ready(engine)
    refuse_older(engine)
    add_migration(migrations, "last.py", "9001_more", "9001_more_of_it")
    assert not is_ready(engine)
    with pytest.raises(StoreError, match=r"^After migrating, the store's schema is not the newest in .*9001_more\.$"):
        refuse_older(engine)
    engine.dispose()


def test_migrations_that_part_are_one_clear_line(empty_url: str, migrations: Path) -> None:
    add_migration(migrations, "9001_one.py", "9001a", HEAD)
    add_migration(migrations, "9001_two.py", "9001b", HEAD)
    engine = engine_for(empty_url)
    with pytest.raises(StoreError, match=r"^The migrations in .* cannot be followed: .*multiple heads[^\n]*$"):
        migrate(engine)
    engine.dispose()


def test_an_unknown_id_in_the_store_ends_serving_in_one_clear_line(url: str, seed_folder: Path) -> None:
    seeded(url, seed_folder)
    psql(url, "UPDATE alembic_version SET version_num = '0004_of_somebody_else'")
    with starting(1, url, seed_folder) as ((_, process),):
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said.startswith("stodkatalog: The store's schema is of revision 0004_of_somebody_else, which this version")
    assert said.count("\n") == 1


def test_a_postgresql_that_starts_after_the_service_is_waited_for(url: str, seed_folder: Path) -> None:
    with Proxy(make_url(url).port or 0) as proxy:
        proxy.cut()
        through = make_url(url).set(port=proxy.port).render_as_string(False)
        with starting(1, through, seed_folder) as ((address, process),):
            assert process.stderr
            assert process.stderr.readline().startswith("PostgreSQL does not answer yet; waiting for up to 60 seconds")
            proxy.mend()
            assert ask(address, process, "/v1/hotlines/linjen").status_code == 200


def test_a_service_that_is_ended_while_it_seeds_ends_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    with starting(1, f"sqlite:///{tmp_path / 'store.sqlite3'}", ROOT / "seed") as ((_, process),):
        deadline = time.monotonic() + 60
        while not (tmp_path / "store.sqlite3-wal").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.terminate()
        assert process.wait(10) == 128 + signal.SIGTERM
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)


def test_waiting_for_a_postgresql_ends_and_one_that_refuses_us_is_not_waited_for(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wait_for_store(engine_for(f"postgresql+psycopg://test@127.0.0.1:{free_port()}/katalog"), seconds=0.1)
    assert "does not answer yet" in capsys.readouterr().err
    wait_for_store(engine_for(make_url(url).set(username="nobody", database="none").render_as_string(False)))
    assert not capsys.readouterr().err


def test_a_database_that_is_not_in_utf_8_is_one_clear_line(postgres_server: postgres.Server) -> None:
    name = "stodkatalog_latin1"
    with postgres_server.connect() as admin:
        admin.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0".encode())
        try:
            engine = engine_for(postgres_server.url.set(database=name).render_as_string(False))
            with pytest.raises(
                StoreError, match=r"cannot be opened: the database is in LATIN1, and has to be in UTF-8[^\n]*$"
            ):
                migrate(engine)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_serve_without_migrating_refuses_a_store_that_is_not_ready_and_leaves_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    command = [sys.executable, "-m", "app", "serve", "--no-migrate", "--port", str(free_port())]
    environment = os.environ | {"STODKATALOG_DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("stodkatalog: The store has no records, or another schema than this version")
    with contextlib.closing(sqlite3.connect(tmp_path / "store.sqlite3")) as store:
        assert store.execute("SELECT name FROM sqlite_schema").fetchall() == []
