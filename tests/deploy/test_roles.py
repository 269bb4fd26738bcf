"""The roles that compose.yaml gives the database: who migrates, who writes, who answers callers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import URL, make_url
from sqlmodel import SQLModel

from app.main import create_app
from app.settings import ROOT, Settings
from tests import postgres
from tests.serving import serve

ROLES = ("migrator", "writer", "reader")
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


@dataclass(frozen=True)
class Database:
    """A database with the roles of the sample."""

    superuser: URL

    def url(self, role: str) -> str:
        changed = self.superuser.set(username=f"stodkatalog_{role}", password=f"{role}1")
        return changed.render_as_string(hide_password=False)

    def run(self, role: str, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run one of our commands as this role."""
        path = f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"STODKATALOG_DATABASE_URL": self.url(role), "PATH": path}
        return subprocess.run(
            [*COMMAND, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    def execute(self, role: str, statement: str) -> None:
        with psycopg.connect(self.url(role).replace("+psycopg", "")) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="module")
def database(postgres_server: postgres.Server) -> Iterator[Database]:
    url = postgres_server.create_database()
    programs = postgres.programs()
    assert programs is not None
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    passwords = {f"{role.upper()}_PASSWORD": f"{role}1" for role in ROLES}
    command = [str(programs / "psql"), "--no-psqlrc", "--quiet", "--file", str(ROOT / "deploy" / "roles.sql"), address]
    subprocess.run(command, env=os.environ | passwords, check=True)
    yield Database(make_url(url))
    postgres_server.drop_database(url)
    with postgres_server.connect() as connection:
        for role in ROLES:
            connection.execute(f"DROP ROLE stodkatalog_{role}".encode())


@pytest.fixture(scope="module")
def prepared(database: Database) -> Database:
    """As `docker compose up` does: migrated by one role, seeded by another."""
    for role, command in (("migrator", "migrate"), ("writer", "seed")):
        done = database.run(role, command)
        assert done.returncode == 0, done.stderr
    return database


def test_each_step_of_compose_runs_with_its_role_and_can_be_repeated(prepared: Database) -> None:
    assert "newest already" in prepared.run("migrator", "migrate").stdout
    assert prepared.run("writer", "seed").stdout.startswith("0 added, 0 changed,")


def test_the_service_answers_with_a_role_that_only_reads(prepared: Database) -> None:
    with serve(create_app(Settings(database_url=prepared.url("reader")))) as running:
        client: httpx.Client = running.client
        for _ in range(2):
            assert client.get("/healthz").text == "ok"
            for path in ("/v1/hotlines", "/v1/search?q=polisen", "/v1/referrals?municipality=Halmstad", "/v1/changes",
                         "/hsds/v3/services", "/sv/", "/v1/exports/resources.csv"):  # fmt: skip
                assert client.get(path).status_code == 200, path


def test_a_report_is_taken_with_the_role_that_compose_serves_with(prepared: Database) -> None:
    opened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    report = {"record": "hotlines/kvinnofridslinjen", "text": "Numret går inte fram.", "opened_at": opened}
    with serve(create_app(Settings(database_url=prepared.url("writer")))) as running:
        assert running.client.post("/v1/reports", json=report).status_code == 202


def test_the_reader_may_back_up_and_only_the_migrator_restores(prepared: Database, tmp_path: Path) -> None:
    file = str(tmp_path / "backup")
    done = prepared.run("reader", "backup", file)
    assert done.returncode == 0, done.stderr
    assert prepared.run("writer", "restore", file).returncode == 1
    done = prepared.run("migrator", "restore", file)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("reader", "DELETE FROM resource"),
        ("reader", "SET default_transaction_read_only = off; DELETE FROM resource"),
        ("reader", "CREATE TABLE mine (id int)"),
        ("reader", "CREATE TEMPORARY TABLE mine (id int)"),
        ("reader", "COPY resource TO PROGRAM 'true'"),
        ("writer", "DROP TABLE resource"),
        ("writer", "TRUNCATE resource CASCADE"),
        ("writer", "ALTER TABLE resource ADD mine int"),
        ("migrator", "CREATE ROLE mine"),
        ("migrator", "COPY resource TO PROGRAM 'true'"),
    ],
)
def test_no_role_may_do_more_than_its_work(prepared: Database, role: str, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        prepared.execute(role, statement)


def test_the_writer_may_write_each_table_and_the_reader_may_read_it(prepared: Database) -> None:
    for role, right in (("writer", "SELECT,INSERT,UPDATE,DELETE"), ("reader", "SELECT")):
        with psycopg.connect(prepared.url(role).replace("+psycopg", "")) as connection:
            for table in SQLModel.metadata.tables:
                for each in right.split(","):
                    row = connection.execute("SELECT has_table_privilege(%s, %s)", [f'"{table}"', each]).fetchone()
                    assert row == (True,), (role, table, each)


def test_compose_gives_each_step_its_role_and_nobody_the_superuser() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    steps = {"migrate": "migrator", "seed": "writer", "verify": "writer", "stodkatalog": "writer"}
    for step, role in steps.items():
        block = text.split(f"\n  {step}:\n", 1)[1].split("\n\n", 1)[0]
        assert f"postgresql+psycopg://stodkatalog_{role}:${{{role.upper()}_PASSWORD:?" in block
        assert block.count("postgresql+psycopg://") == 1
    assert "postgresql+psycopg://postgres" not in text
