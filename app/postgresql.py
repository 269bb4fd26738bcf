"""Connections to PostgreSQL, directly or through a pooler such as pgbouncer.

A pooler that pools transactions may carry out each transaction on another connection of the server. So through a pooler
nothing is left behind on a connection: no prepared statement, and no setting for longer than a transaction.
"""

import math
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import Connection, Engine, event

from app.deadlines import LIMIT, StatementLimit, keep_deadline, seconds_left

Answer = TypeVar("Answer")

SILENCE = 6.0
"""Seconds; the server itself ends a caller's statement before (`app.database.LONGEST`)."""

GRACE = 1.0
"""Seconds after a caller's deadline in which the server may say that it has ended the statement."""

UNLIMITED = 2**31 - 1
"""Milliseconds; the most that PostgreSQL takes for a limit."""

PAUSE = 1.0
"""Seconds in which nobody tries a server that did not answer."""


class Silence:
    """Whether a server does not answer. Then one connection tries it at a time, and all others fail at once.

    Otherwise callers would wait for it one after the other.
    """

    def __init__(self) -> None:
        self._until: float | None = None

    def begin(self) -> None:
        """The server did not answer in time."""
        self._until = time.monotonic() + PAUSE

    def end(self) -> None:
        """The server has answered."""
        self._until = None

    def check(self) -> None:
        """Return to whoever may try the server. Raises psycopg.OperationalError for all others."""
        if self._until is None:
            return
        now = time.monotonic()
        if now < self._until:
            raise psycopg.OperationalError("the server did not answer a moment ago")
        self._until = now + SILENCE  # until then, who tries it now will know


class BoundedConnection(psycopg.Connection[Any]):
    """Waits for an answer so long and no longer; then it is closed, for what may come later answers nothing."""

    silence: Silence | None = None
    """That of its server, where others are to know of it."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Let the server do one thing. Raises psycopg.OperationalError."""
        began, longest = time.monotonic(), min(SILENCE, seconds_left() + GRACE)
        try:
            return super().wait(gen, interval, longest if timeout is None else timeout)
        except psycopg.OperationalError:
            if time.monotonic() - began >= longest:
                self.pgconn.finish()
                if self.silence is not None:
                    self.silence.begin()
            raise

    def rollback(self) -> None:
        """End the transaction. One that only reads is committed: else psycopg forgets what it has prepared."""
        if self.read_only and self.info.transaction_status == TransactionStatus.INTRANS:
            self.commit()
        else:
            super().rollback()


PROCESS = "SELECT pg_backend_pid()"
"""Whose number a pooler replaces by one of its own when it tells a client how to cancel."""

STANDING = "standing"
"""Where `Connection.info` has the limit that each transaction begins with."""

LIMITED = "SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout' AND source = 'client'"
"""How long statements may take by the store's address, PGOPTIONS or a service file, if these say so; 0: no limit."""

WITHOUT_COMPILING = "SELECT set_config('jit', 'off', false) FROM pg_settings WHERE name = 'jit' AND source = 'default'"
"""Unless somebody chose: PostgreSQL compiles a statement for longer than it carries out any that a caller asks for."""

_OPTION = re.compile(r"(?:-c\s*|--)([\w.]+)=((?:\\.|[^\s\\])*)")


class WrongEncoding(psycopg.OperationalError):
    """A database that cannot hold every letter."""


class OptionIgnored(psycopg.OperationalError):
    """A pooler has dropped an option, so that another schema than the operator named might be served."""


def adapt_connections(engine: Engine, limit: int | None) -> None:
    """Let an engine's connections work through a pooler, too. `limit`: of a caller's statement, in ms."""
    event.listen(engine, "connect", _adapt_with(limit))
    if limit is not None:
        event.listen(engine, "do_connect", _connect_with(Silence()))
        event.listen(engine, "begin", _begin_transaction)
        keep_deadline(engine, "SET LOCAL statement_timeout")


def _connect_with(silence: Silence) -> Callable[[object, object, list[Any], dict[str, Any]], BoundedConnection]:
    def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> BoundedConnection:
        silence.check()
        if (left := seconds_left()) < float(options.get("connect_timeout", 0)):
            options["connect_timeout"] = max(1, math.ceil(left))
        try:
            connection = BoundedConnection.connect(*arguments, **options)
        except psycopg.errors.ConnectionTimeout:
            silence.begin()
            raise
        except psycopg.Error:  # a refusal is an answer
            silence.end()
            raise
        silence.end()
        connection.silence = silence
        return connection

    return connect


def _adapt_with(limit: int | None) -> Callable[[psycopg.Connection[Any], Any], None]:
    def adapt(connection: psycopg.Connection[Any], record: Any) -> None:
        try:
            _refuse_encoding(connection)
            connection.adapters.register_dumper(list, ListBinaryDumper)  # no text of bytes
            record.info["pooled"] = is_pooler(connection, connection.execute(PROCESS).fetchone())
            if record.info["pooled"]:
                connection.prepare_threshold = None
                _refuse_ignored_options(connection)
            if limit is not None:
                _limit(connection, record, limit)
            connection.commit()
        except psycopg.Error:
            connection.close()
            raise

    return adapt


def _limit(connection: psycopg.Connection[Any], record: Any, limit: int) -> None:
    theirs = connection.execute(LIMITED).fetchone()
    longest = limit if theirs is None else theirs[0] or UNLIMITED
    if not record.info["pooled"]:
        connection.execute(WITHOUT_COMPILING)
    if theirs is None and not record.info["pooled"]:
        # After connecting: as an `options` of ours it would replace all of theirs.
        connection.execute("SELECT set_config('statement_timeout', %s, false)", [str(limit)])
    is_limited = theirs is not None or not record.info["pooled"]
    record.info[STANDING] = longest if is_limited else 0  # through a pooler, each transaction is limited by itself
    record.info[LIMIT] = StatementLimit(longest, record.info[STANDING])


def is_pooler(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any], row: Any) -> bool:
    """Whether what a client was connected to is not the process that answered `PROCESS` with this row."""
    return (connection.info.backend_pid,) != tuple(row)


def _refuse_encoding(connection: psycopg.Connection[Any]) -> None:
    """Raise WrongEncoding where the database is not in UTF-8."""
    if (encoding := connection.info.parameter_status("server_encoding")) not in ("UTF8", None):
        raise WrongEncoding(
            f"the database is in {encoding}, and has to be in UTF-8: make another one, by "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )


def _refuse_ignored_options(connection: psycopg.Connection[Any]) -> None:
    """Raise OptionIgnored where a setting has another value than the connection was to have."""
    for name, value in _OPTION.findall(connection.info.options):
        query = sql.SQL("SELECT current_setting({}, true)").format(name)
        if connection.execute(query).fetchone() != (re.sub(r"\\(.)", r"\1", value),):
            raise OptionIgnored(
                f"the pooler before PostgreSQL drops the option {name}: leave it out of the address and of PGOPTIONS, "
                f"and set it for the role (ALTER ROLE … SET {name} = …)"
            )


def _begin_transaction(connection: Connection) -> None:
    connection.info[LIMIT].in_force = connection.info[STANDING]  # what `SET LOCAL` said has ended with the last one
