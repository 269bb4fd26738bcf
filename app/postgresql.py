"""Connections for callers: a PostgreSQL that takes what it is sent and does not answer is given up in time."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

Answer = TypeVar("Answer")

SILENCE = 6.0
"""Seconds; the server itself ends a caller's statement before (`app.database.LONGEST`)."""


class BoundedConnection(psycopg.Connection[Any]):
    """Waits for an answer so long and no longer; then it is closed, for what may come later answers nothing."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Let the server do one thing. Raises psycopg.OperationalError."""
        began = time.monotonic()
        try:
            return super().wait(gen, interval, SILENCE if timeout is None else timeout)
        except psycopg.OperationalError:
            if time.monotonic() - began >= SILENCE:
                self.pgconn.finish()
            raise


LIMIT_STATEMENTS = """
    SELECT set_config(name, %s, false) FROM pg_settings WHERE name = 'statement_timeout' AND source <> 'client'
"""
"""Adds our limit to what the store's address, PGOPTIONS or a service file says, and leaves a limit of theirs alone.
Sent after connecting: as an `options` of ours it would replace all of theirs."""


def connect_with(limit: int) -> Callable[..., BoundedConnection]:
    """What makes an engine's connections, for SQLAlchemy's event `do_connect`; `limit` of a statement in ms."""

    def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> BoundedConnection:
        connection = BoundedConnection.connect(*arguments, **options)
        try:
            connection.execute(LIMIT_STATEMENTS, [str(limit)])
            connection.commit()
        except psycopg.Error:
            connection.close()
            raise
        return connection

    return connect
