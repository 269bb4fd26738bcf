"""The store: one engine a process, one read snapshot a request."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, Request
from sqlalchemy import URL, Connection, Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, create_engine
from starlette.types import ASGIApp, Receive, Scope, Send

from app.deadlines import LIMIT, StatementLimit, is_past, keep_deadline, limit_by_deadline, seconds_left
from app.sqlite import open_located, watch_file
from app.stored_values import ReadingSession

LONGEST = 5000
"""Milliseconds that a caller's statement may take, waiting for a lock included; on SQLite, that it may wait for one.

Less where the caller has to be answered before (`app.deadlines`)."""

GONE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
"""After how many seconds, or milliseconds for `tcp_user_timeout`, a PostgreSQL that does not even answer is as good as
gone: a caller is told so while still listening. What the store's address or libpq's environment says comes first."""

UTF_8 = {"client_encoding": "utf8"}
"""What connections speak, whatever PGCLIENTENCODING is for other programs."""

WHICH_HOST = "target_session_attrs"
OF_LIBPQ = {"connect_timeout": "PGCONNECT_TIMEOUT", WHICH_HOST: "PGTARGETSESSIONATTRS"}
"""Variables of the environment in which libpq looks for what an address leaves out."""

PAGES, STATEMENTS = 400, 32
"""What each connection to SQLite keeps: kilobytes of pages (the system keeps them as well), prepared statements. Larger
made no answer faster; a worker has a dozen connections."""

SHAPES = 150
"""Statements that SQLAlchemy keeps compiled, some 50 kB each; all ordinary questions take 60, and callers can make up
very many more by putting filters together."""

STEPS = 200_000
"""Instructions of SQLite's machine after which it is asked whether the caller still waits: some ten milliseconds."""

SQLITE_MEMORY = 3_000_000
"""Bytes that SQLite is to get by with in a process, whatever is sorted in how many connections."""


def engine_for(url: str, *, for_callers: bool = False) -> Engine:
    """An engine whose sessions see one snapshot and, on SQLite, lose nothing that was committed.

    `for_callers`: on PostgreSQL a statement ends after `LONGEST`. Migrating and seeding take the time they need.
    """
    # Parameters stay out of errors and logs: they hold what people searched for.
    # Streams hold a connection each, beside the answers that are being made (Delivery). When the pool is exhausted,
    # further requests fail after `pool_timeout` seconds with 503.
    options: dict[str, Any] = {"hide_parameters": True, "max_overflow": 20, "pool_timeout": 5, "pool_use_lifo": True}
    options["query_cache_size"] = SHAPES
    if make_url(url).get_backend_name() == "sqlite":
        connection = {"timeout": LONGEST / 1000, "cached_statements": STATEMENTS}
        engine = create_engine(url, connect_args=connection, **options)
        event.listen(engine, "do_connect", open_located)
        watch_file(engine, engine.url.database or "")
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        keep_deadline(engine, "PRAGMA busy_timeout")
        return engine
    options["connect_args"] = fill_arguments(make_url(url))
    engine = create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, **options)
    from app.postgresql import adapt_connections  # noqa: PLC0415  # nine megabytes that SQLite can do without

    adapt_connections(engine, LONGEST if for_callers else None)
    return engine


def is_pooled(engine: Engine) -> bool:
    """Whether a pooler such as pgbouncer stands between this engine and a PostgreSQL."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        return bool(connection.info["pooled"])


def fill_arguments(url: URL) -> dict[str, int | str]:
    """What neither the address of a PostgreSQL nor the environment says: our limits and, of several hosts, which one.

    That is the primary: it is one server for the records and for the look whether they have changed.
    """
    stated_names = {*url.query, *(name for name, variable in OF_LIBPQ.items() if variable in os.environ)}
    defaults: dict[str, int | str] = {**GONE, **UTF_8, **({WHICH_HOST: "primary"} if has_several_hosts(url) else {})}
    return {name: value for name, value in defaults.items() if name not in stated_names}


def has_several_hosts(url: URL) -> bool:
    """Whether the address of a PostgreSQL, or else the environment, names more than one host."""
    named = url.query.get("host") or url.host or os.environ.get("PGHOST", "")
    return not isinstance(named, str) or "," in named


def is_one_server(engine: Engine) -> bool:
    """Whether all connections of an engine reach the same PostgreSQL, as far as its address tells."""
    target = engine.url.query.get(WHICH_HOST) or os.environ.get("PGTARGETSESSIONATTRS") or "primary"
    return not has_several_hosts(engine.url) or target in ("primary", "read-write")


def connection_arguments(engine: Engine) -> Mapping[str, Any]:
    """What the driver of a PostgreSQL is given to connect: all that the store's address says, and our limits.

    For connections beside the engine's own, so that they reach the same database in the same way.
    """
    _, arguments = engine.dialect.create_connect_args(engine.url)
    return {**arguments, **fill_arguments(engine.url)}


LOCK = """
SELECT set_config('lock_timeout', coalesce(nullif(current_setting('lock_timeout'), '0'), :longest), true),
       pg_advisory_xact_lock(hashtext(:name))
"""
"""A limit for this transaction, unless the store's address or role has one; then the lock."""


@contextmanager
def begin_writing(engine: Engine, task: str, longest: float = 0) -> Iterator[Connection]:
    """A transaction that writes, committed at the end; others with the same task wait until then.

    `longest`: seconds to wait for a lock on PostgreSQL; 0: any number. Raises DBAPIError.

    Under READ COMMITTED: whoever waited sees what the first has committed. A snapshot of the whole transaction would be
    older than the lock, and show the store as it was before.
    """
    options = {"sqlite_begin": "IMMEDIATE"}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"
    with engine.execution_options(**options).begin() as connection:
        if engine.dialect.name == "postgresql":
            values = {"name": f"stodkatalog {task}", "longest": f"{1000 * longest:.0f}"}
            connection.execute(text(LOCK), values)
        yield connection


@contextmanager
def begin_writing_unless_busy(engine: Engine) -> Iterator[Connection]:
    """A transaction for what is not worth waiting for. Raises DBAPIError at once where another one writes to SQLite.

    On PostgreSQL only a writer of the same rows is waited for.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        limit: StatementLimit = connection.info[LIMIT]
        limit.longest = 0
        try:
            with connection.begin():
                yield connection
        finally:
            limit.longest = LONGEST


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # SQLAlchemy opens transactions itself (below): the driver would leave reads outside of any.
    connection.isolation_level = None
    connection.set_progress_handler(is_past, STEPS)
    limit = record.info[LIMIT] = StatementLimit(LONGEST, limit_by_deadline(LONGEST, seconds_left()))
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={limit.in_force}")
    sizes = (f"cache_size=-{PAGES}", f"soft_heap_limit={SQLITE_MEMORY}")
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *sizes):
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except Exception:  # A read-only file cannot change its journal mode; reading still works.
            if not pragma.startswith("journal_mode"):
                raise
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # IMMEDIATE where a transaction is going to write: it waits for its turn instead of failing half way.
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


def session_of(request: Request) -> Session:
    """The session of a request, on one snapshot of the store. The statements run in the thread of the route."""
    session: Session | None = getattr(request.state, "session", None)
    if session is None:
        engine = getattr(request.state, "standby", None) or request.app.state.engine
        session = request.state.session = ReadingSession(engine)
    return session


async def _session_of(request: Request) -> Session:
    return session_of(request)  # async: FastAPI calls the others in a thread


SessionDep = Annotated[Session, Depends(_session_of)]


async def end_session(scope: Scope) -> None:
    """End the session of a request. Where nothing was asked of the store, there is nothing to end."""
    session = scope.get("state", {}).pop("session", None)
    if session is not None and session.in_transaction():
        with suppress(DBAPIError):
            if session.get_bind().dialect.name == "sqlite":
                session.close()
            else:
                await to_thread.run_sync(session.close)  # it tells the server


class Sessions:
    """ASGI middleware: ends the session of a request when its answer is made, or sent where it is a stream."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        finally:
            # The answer may have left: an error now would only cut the connection that the caller's next request came
            # on.
            await end_session(scope)
