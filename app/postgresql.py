"""A PostgreSQL that takes what it is sent and does not answer: its host is up, so that nothing else notices."""

import time
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


def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> BoundedConnection:
    """A connection for an engine: SQLAlchemy's event `do_connect`."""
    return BoundedConnection.connect(*arguments, **options)
