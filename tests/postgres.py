"""A throw-away PostgreSQL server for one test run.

    with postgres.server() as server:
        url = server.create_database()                # empty
        copy = server.create_database(template=url)   # like the first one, in some 50 ms

The template must have no open connection while it is copied: dispose of its engine first.

The server is a real one, started from the programs on the machine. It ends with the `with` block, and also when the
test run is killed: see postgres_guard.py. With STODKATALOG_TEST_POSTGRES_URL set, a server that already runs is used,
and only the databases made here are dropped. `python -m tests.postgres` starts one to look around in, until Ctrl-C.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.ports import free_port

RUNNING = "STODKATALOG_TEST_POSTGRES_URL"
GUARD, DISK = (Path(__file__).with_name(name) for name in ("postgres_guard.py", "postgres_disk.py"))
PROCESSES = """
SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int
UNION SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
LIMIT = 30.0  # seconds for a start or a stop, which take about one
PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)


class PostgresError(RuntimeError):
    """The server could not be started; the message says why."""


class Server:
    """A running server, and the databases made in it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._made: list[str] = []

    def create_database(self, template: str | None = None) -> str:
        """Make a database, empty or a copy of the one at `template`, and return its address."""
        name = f"stodkatalog_test_{secrets.token_hex(4)}"
        original = make_url(template).database if template else None
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, original or "template0")
        self._made.append(name)
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop a database made here, even if somebody is still connected."""
        name = make_url(url).database
        assert name in self._made, f"not made here: {name}"
        self._execute("DROP DATABASE {} WITH (FORCE)", name)
        self._made.remove(name)

    def drop_all(self) -> None:
        for name in list(self._made):
            self.drop_database(str(self.url.set(database=name)))

    def limit_files(self, size: int) -> None:
        """Let no connection of this server, one of our own, make a file larger than so many bytes; -1 for no limit."""
        with self.connect() as connection:
            processes = [str(process) for (process,) in connection.execute(PROCESSES)]
        subprocess.run([sys.executable, "-I", DISK, _account(), str(size), *processes], check=True)

    def connect(self) -> psycopg.Connection:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True, connect_timeout=5)

    def _execute(self, statement: str, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """The server that STODKATALOG_TEST_POSTGRES_URL names, or one of our own, which may lose what it committed.

    `durable`: it does not, and vacuums by itself: for measuring.
    """
    if running := os.environ.get(RUNNING):
        theirs = Server(make_url(running).set(drivername="postgresql+psycopg"))
        try:
            yield theirs
        finally:
            theirs.drop_all()
    else:
        with own_server(durable=durable) as ours:
            yield ours


def programs() -> Path | None:
    """The folder with `postgres` and `initdb`: the one on PATH, or else the newest that is installed."""
    on_path = shutil.which("postgres")
    installed = [folder for place in PLACES for folder in Path("/").glob(place)]
    newest_first = sorted(installed, key=_version, reverse=True)
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *newest_first]
    return next((folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


def _version(folder: Path) -> int:
    return int("".join(re.findall(r"\d+", str(folder))) or 0)


@contextlib.contextmanager
def own_server(primary: Server | None = None, *, durable: bool = False, folder: Path | None = None) -> Iterator[Server]:
    """A server of our own, by the programs in `folder`; with a `primary` its hot standby.

    It is killed where the block ends.
    """
    folder = folder or programs()
    if folder is None:
        raise PostgresError(f"PostgreSQL's server programs are not installed, and {RUNNING} is not set")
    home = Path(tempfile.mkdtemp(prefix="stodkatalog-postgres-", dir="/tmp"))  # a socket's path must be short
    account = _account()
    if account:
        shutil.chown(home, account)
    port = free_port()
    options = [str(primary.url.port) if primary else "", *(["durable"] if durable else [])]
    guard = subprocess.Popen(
        [sys.executable, "-I", GUARD, folder, home, str(port), account, *options],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the test run: the guard acts when the pipe closes
    )
    ours = Server(URL.create("postgresql+psycopg", username="test", host="127.0.0.1", port=port, database="postgres"))
    try:
        _wait_until_ready(ours, guard)
        yield ours
    finally:
        guard.communicate(timeout=10 * LIMIT)  # hundreds of databases are deleted


def _account() -> str:
    """Whom to run as, when we are root, which PostgreSQL refuses; nobody else otherwise."""
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


def _wait_until_ready(ours: Server, guard: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LIMIT
    while guard.poll() is None and time.monotonic() < deadline:
        try:
            ours.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise PostgresError("PostgreSQL did not start: its own words are above")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt), server() as started:
        print(started.create_database(), flush=True)
        while True:
            time.sleep(60)
