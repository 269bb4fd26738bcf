"""Behind a pgbouncer that pools transactions, with its defaults and with what operators add, all is as without."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import OperationalError

from app.database import engine_for
from app.main import create_app
from app.seeding.files import Seed
from app.settings import Settings
from tests import pgbouncer, postgres
from tests.conftest import create_seeded
from tests.http.test_coherence import rename
from tests.seeding.small import write_folder
from tests.serving import serve
from tests.stores import Stores
from tests.test_starting import ask, starting

DEFAULTS, IGNORING = "", "ignore_startup_parameters = options,extra_float_digits"


@pytest.fixture
def seeded_url(postgres_server: postgres.Server, stores: Stores, seed: Seed, tmp_path: Path) -> Iterator[str]:
    made = create_seeded(stores, tmp_path, postgres_server, seed)
    yield made
    postgres_server.drop_database(made)


@contextlib.contextmanager
def holding(pooled_url: str) -> Iterator[None]:
    """Hold the server's connection that was used last, so that the next transaction gets another one."""
    with psycopg.connect(make_url(pooled_url).set(drivername="postgresql").render_as_string(False)) as other:
        other.execute("SELECT 1")
        yield


@contextlib.contextmanager
def counting_statements(engine: Engine) -> Iterator[list[str]]:
    """What an engine sends to its server until the block ends."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)


def test_a_store_is_made_and_served_and_the_start_says_what_stands_between(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    url = postgres_server.create_database()
    with (
        pgbouncer.pool(url, tmp_path) as pooled,
        starting(1, pooled, write_folder(tmp_path / "seed")) as ((address, process),),
    ):
        assert ask(address, process, "/v1/hotlines/linjen").status_code == 200
        process.terminate()
        log = process.communicate(timeout=20)[1]
    postgres_server.drop_database(url)
    assert "pooler        between us and PostgreSQL" in log


@pytest.mark.parametrize("more", [DEFAULTS, IGNORING], ids=["defaults", "ignoring"])
def test_answers_are_made_kept_and_renewed_whichever_connection_of_the_server_a_transaction_gets(
    seeded_url: str, tmp_path: Path, more: str
) -> None:
    engine = engine_for(seeded_url)
    with (
        pgbouncer.pool(seeded_url, tmp_path, more) as pooled,
        serve(create_app(Settings(database_url=pooled))) as running,
    ):
        for number in range(1, 9):  # more often than a driver needs to begin to prepare
            assert running.client.get(f"/v1/hotlines?limit={number}").status_code == 200
        with holding(pooled), holding(pooled):
            assert running.client.get("/v1/hotlines?limit=9").status_code == 200
            with counting_statements(running.application.state.engine) as statements:
                assert running.client.get("/v1/hotlines?limit=9").status_code == 200
            assert not statements
        rename(engine, "Omdöpt")
        assert "Omdöpt" in running.client.get("/v1/hotlines?limit=9").text
    engine.dispose()


def test_a_callers_limit_holds_for_callers_and_for_nobody_else_of_the_pool(seeded_url: str, tmp_path: Path) -> None:
    with pgbouncer.pool(seeded_url, tmp_path, "default_pool_size = 1") as pooled:
        for_callers, other = engine_for(pooled, for_callers=True), engine_for(pooled)
        for _ in range(2):
            with for_callers.connect() as connection:
                assert connection.scalar(text("SHOW statement_timeout")) == "5s"
            with other.connect() as connection:
                assert connection.scalar(text("SHOW statement_timeout")) == "0"
                assert connection.scalar(text("SHOW jit")) == "on", "nothing is left behind"
        for_callers.dispose()
        other.dispose()


def test_a_schema_that_the_pooler_drops_is_refused_in_one_line_and_one_of_the_role_is_served(
    seeded_url: str, tmp_path: Path
) -> None:
    with pgbouncer.pool(seeded_url, tmp_path, IGNORING) as pooled:
        other = make_url(pooled).update_query_dict({"options": "-csearch_path=katalog"})
        engine = engine_for(other.render_as_string(False))
        with pytest.raises(OperationalError, match="drops the option search_path"), engine.connect():
            pass
        same = make_url(pooled).update_query_dict({"options": '-c search_path="$user",\\ public'})
        engine = engine_for(same.render_as_string(False))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM edition")) == 1
        engine.dispose()
