"""A PostgreSQL with a standby: records and the signal of changes come from one server, after a failover, too."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import URL, Connection, Engine, event, make_url

from app import postgresql
from app.database import engine_for, is_one_server
from app.http import coherence
from app.main import create_app
from app.migrating import migrate
from app.operating.metrics import describe_standby
from app.operating.state import read_standby, read_state
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests import postgres
from tests.conftest import SEEDED
from tests.seeding.small import edit, write_folder
from tests.serving import Served, serve
from tests.test_poolers import counting_statements
from tests.test_starting import psql

PATH = "/v1/hotlines/linjen"
SECONDS = 20
"""That a standby may take to catch up, and the service to find it, on a busy machine."""


def reach(url: str, *servers: postgres.Server, **more: str) -> str:
    """The address of a database on several servers."""
    hosts = [f"127.0.0.1:{server.url.port}" for server in servers]
    several: URL = make_url(url).set(host=None, port=None).update_query_dict({"host": hosts, **more})
    return several.render_as_string(hide_password=False)


def ask_standby(url: str, standby: postgres.Server, statement: str) -> list[tuple[object, ...]]:
    """What a server answers that has a copy of the database at this address."""
    return psql(make_url(url).set(port=standby.url.port).render_as_string(hide_password=False), statement)


def publish(engine: Engine, folder: Path, before: str, after: str) -> None:
    edit(folder, "hotlines.toml", before, after)
    write_seed(engine, read_seed(folder), SEEDED)


def wait_until_equal(url: str, standby: postgres.Server) -> None:
    """Wait until the standby holds the newest edition."""
    newest = psql(url, "SELECT max(number) FROM edition")
    deadline = time.monotonic() + SECONDS
    while ask_standby(url, standby, "SELECT max(number) FROM edition") != newest:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask_until_served(client: httpx.Client) -> str:
    """What is answered as soon as it is more than 503."""
    deadline = time.monotonic() + SECONDS
    while (answer := client.get(PATH)).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return str(answer.json()["summary"])


@pytest.fixture
def servers() -> Iterator[tuple[postgres.Server, postgres.Server, ExitStack]]:
    """A primary, its standby, and what kills the primary when it is closed."""
    with ExitStack() as killing:
        primary = killing.enter_context(postgres.own_server())
        with postgres.own_server(primary) as standby:
            yield primary, standby, killing


def test_after_a_failover_the_service_goes_on_with_nothing_stale_and_nothing_lost(
    servers: tuple[postgres.Server, postgres.Server, ExitStack], tmp_path: Path
) -> None:
    primary, standby, killing = servers
    url, folder = primary.create_database(), write_folder(tmp_path / "seed")
    both = reach(url, standby, primary)  # the standby first: an order decides nothing
    engine = engine_for(both)
    migrate(engine)
    write_seed(engine, read_seed(folder), SEEDED)
    wait_until_equal(url, standby)
    with serve(create_app(Settings(database_url=both))) as running:
        assert ask_until_served(running.client) == "En linje."
        ask_standby(url, standby, "SELECT pg_wal_replay_pause()")
        publish(engine, folder, "En linje.", "En annan linje.")
        assert running.client.get(PATH).json()["summary"] == "En annan linje."
        with counting_statements(running.application.state.engine) as statements:
            running.client.get(PATH)
        assert not statements  # the answer was kept
        ask_standby(url, standby, "SELECT pg_wal_replay_resume()")
        wait_until_equal(url, standby)
        killing.close()
        assert running.client.get("/v1/courses?limit=7").status_code == 503
        ask_standby(url, standby, "SELECT pg_promote()")
        assert ask_until_served(running.client) == "En annan linje."
        publish(engine, folder, "En annan linje.", "En tredje linje.")
        assert running.client.get(PATH).json()["summary"] == "En tredje linje."
    engine.dispose()


@dataclass(frozen=True, slots=True)
class Followed:
    """A service that reads from a standby, and what each of its servers was asked."""

    url: str
    standby: postgres.Server
    running: Served
    on_primary: list[str]
    on_standby: list[str]

    def ask(self, path: str, **headers: str) -> tuple[str, bool, bool]:
        """The summary, and whether each server was asked for it."""
        self.on_primary.clear()
        self.on_standby.clear()
        answer = self.running.client.get(path, headers=headers)
        assert answer.status_code == 200
        body = answer.json()
        summary = (body["items"][0] if "items" in body else body)["summary"]
        return summary, bool(self.on_primary), bool(self.on_standby)

    def read_metrics(self) -> dict[str, float]:
        """What `/metrics` says of the standby."""
        state = self.running.application.state
        metrics = describe_standby(read_standby(state.standby), read_state(state.engine))
        return {metric.name.removeprefix("stodkatalog_standby_"): metric.samples[0].value for metric in metrics}


@contextmanager
def following(url: str, standby: postgres.Server) -> Iterator[Followed]:
    reading = make_url(url).set(port=standby.url.port).render_as_string(hide_password=False)
    settings = Settings(database_url=url, read_database_url=reading)
    with serve(create_app(settings)) as running:
        state = running.application.state
        with counting_statements(state.engine) as first, counting_statements(state.standby) as second:
            yield Followed(url, standby, running, first, second)


def test_public_answers_come_from_a_standby_that_has_caught_up_and_a_publication_is_read_at_once(
    servers: tuple[postgres.Server, postgres.Server, ExitStack],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    primary, standby, killing = servers
    url, folder = primary.create_database(), write_folder(tmp_path / "seed")
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(folder), SEEDED)
    wait_until_equal(url, standby)
    monkeypatch.setattr(coherence, "AWAY", 0.5)
    with following(url, standby) as followed:
        assert followed.ask(PATH) == ("En linje.", False, True)
        assert followed.ask(PATH) == ("En linje.", False, False)  # kept
        assert followed.ask(PATH, Authorization="Bearer x") == ("En linje.", True, False)
        check_lagging_standby(followed, engine, folder)
        check_conflict_of_standby(followed, caplog)
        check_frozen_standby(followed, monkeypatch)
        killing.close()
        assert ask_until_served(followed.running.client) == "En annan linje."
        assert followed.running.client.get(PATH, headers={"Authorization": "Bearer x"}).status_code == 503
    engine.dispose()


def check_lagging_standby(followed: Followed, engine: Engine, folder: Path) -> None:
    """While the standby lags behind, a publication is read from the primary, and kept."""
    assert followed.read_metrics() == {"used": 1, "lag_seconds": 0}
    ask_standby(followed.url, followed.standby, "SELECT pg_wal_replay_pause()")
    publish(engine, folder, "En linje.", "En annan linje.")
    for path in (PATH, "/v1/hotlines", "/v1/hotlines?limit=7"):
        assert followed.ask(path) == ("En annan linje.", True, False)
        assert followed.ask(path) == ("En annan linje.", False, False)
    metrics = followed.read_metrics()
    assert metrics["used"] == 0
    assert metrics["lag_seconds"] > 0
    ask_standby(followed.url, followed.standby, "SELECT pg_wal_replay_resume()")
    wait_until_equal(followed.url, followed.standby)
    assert followed.ask("/v1/hotlines?limit=8") == ("En annan linje.", False, True)


def check_conflict_of_standby(followed: Followed, caplog: pytest.LogCaptureFixture) -> None:
    """What the standby ends, because it replays what does not go with it, is answered from the primary."""
    for statement in ("ALTER SYSTEM SET max_standby_streaming_delay = 0", "SELECT pg_reload_conf()"):
        ask_standby(followed.url, followed.standby, statement)
    lock = "DO $$ BEGIN LOCK TABLE resource IN ACCESS EXCLUSIVE MODE; END $$"
    locking = threading.Thread(target=psql, args=(followed.url, lock))

    def meet_conflict(connection: Connection, *_: object) -> None:
        connection.exec_driver_sql("SELECT 1 FROM resource LIMIT 1")
        locking.start()
        connection.exec_driver_sql("SELECT pg_sleep(4)")

    event.listen(followed.running.application.state.standby, "after_cursor_execute", meet_conflict, once=True)
    assert followed.ask("/v1/hotlines?limit=9") == ("En annan linje.", True, True)
    locking.join()
    assert "the standby failed on /hotlines, and the primary is asked: OperationalError 40001" in caplog.text


def check_frozen_standby(followed: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is being answered from a standby that freezes is answered from the primary, and so is who comes later."""
    query = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int UNION SELECT pid FROM pg_stat_activity"
    state, processes = followed.running.application.state, ask_standby(followed.url, followed.standby, query)

    def signal_all(which: signal.Signals) -> None:
        for (process,) in processes:
            with suppress(ProcessLookupError):  # such as the connection that has just asked
                os.kill(int(str(process)), which)

    monkeypatch.setattr(postgresql, "SILENCE", 0.5)
    event.listen(state.standby, "after_cursor_execute", lambda *_: signal_all(signal.SIGSTOP), once=True)
    try:
        assert followed.ask("/v1/hotlines?limit=10") == ("En annan linje.", True, True)
        assert followed.ask("/v1/hotlines?limit=11") == ("En annan linje.", True, False)
        assert followed.read_metrics() == {"used": 0}
    finally:
        signal_all(signal.SIGCONT)
    monkeypatch.undo()
    limits = count(12)
    deadline = time.monotonic() + SECONDS
    while not followed.ask(f"/v1/hotlines?limit={next(limits)}")[2]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("store", "reading"),
    [
        ("sqlite:////srv/store.sqlite3", "postgresql+psycopg://a/b"),
        ("postgresql+psycopg://a/b", "sqlite:////srv/store.sqlite3"),
        ("postgresql+psycopg://a/b", "postgresql+psycopg://c,d/b"),
        ("postgresql+psycopg://a/b", "postgresql+psycopg:///b?host=c&host=d"),
    ],
)
def test_a_standby_for_reading_is_one_postgresql_beside_another(store: str, reading: str) -> None:
    with pytest.raises(ValidationError, match="read_database_url"):
        Settings(database_url=store, read_database_url=reading)


def test_where_connections_may_reach_different_servers_no_answer_is_kept(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    url = postgres_server.create_database()
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    engine.dispose()
    several = reach(url, postgres_server, postgres_server, target_session_attrs="any")
    with serve(create_app(Settings(database_url=several))) as running:
        assert running.client.get(PATH).status_code == 200
        with counting_statements(running.application.state.engine) as statements:
            assert running.client.get(PATH).status_code == 200
        assert statements
    postgres_server.drop_database(url)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("katalog@a/katalog", True),
        ("katalog@/katalog?host=a&host=b", True),
        ("katalog@a,b/katalog", True),
        ("katalog@/katalog?host=a,b&target_session_attrs=read-write", True),
        ("katalog@/katalog?host=a,b&target_session_attrs=prefer-standby", False),
        ("katalog@/katalog?host=a:5432&host=b:5433&target_session_attrs=any", False),
    ],
)
def test_of_several_hosts_the_primary_is_meant_unless_the_address_says_otherwise(address: str, is_one: bool) -> None:
    engine = engine_for(f"postgresql+psycopg://{address}")
    assert is_one_server(engine) is is_one


def test_a_password_may_hold_any_character(postgres_server: postgres.Server) -> None:
    password = "p%@:/?#[]& 'å\"\\+=x"
    role = f"passworded_{postgres_server.url.port}"
    with postgres_server.connect() as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN".encode())
        try:
            url = postgres_server.url.set(username=role, password=password, database="postgres")
            settings = Settings(database_url=url.render_as_string(hide_password=False))
            engine = engine_for(settings.database_url, for_callers=True)
            with engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                assert driver.info.password == password
            engine.dispose()
        finally:
            admin.execute(f"DROP ROLE {role}".encode())
