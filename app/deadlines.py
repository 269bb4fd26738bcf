"""The moment by which a caller is answered: one for everything that a request waits for, be it a turn or the store.

It costs an ordinary request nothing: the database is told only where less is left than a statement may take anyway.
"""

import math
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import TimeoutError as StoreTimeoutError

ANSWER_WITHIN = 10.0
"""Seconds from when a request has arrived until its caller has an answer, a 503 if need be."""

FOR_THE_STORE = 1.0
"""Seconds of these that have to be left when a turn comes: who gets one later could not be answered in time."""

LIMIT = "limit"
"""Where `Connection.info` has the `StatementLimit`."""


class DeadlinePassed(StoreTimeoutError):
    """A statement was to begin after its caller had to be answered."""


@dataclass(slots=True)
class Deadline:
    """The deadline of one request, by `time.monotonic()`."""

    at: float = field(default_factory=lambda: time.monotonic() + ANSWER_WITHIN)


@dataclass(slots=True)
class StatementLimit:
    """Milliseconds that a statement may take on a connection; on SQLite, that it may wait for a lock."""

    longest: int
    in_force: int
    """What the database was told last."""


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""Threads that work for a request inherit it."""


def begin_deadline() -> None:
    """Give the request that is handled from here on its deadline."""
    _deadline.set(Deadline())


def renew_deadline() -> None:
    """Begin to count only now: the last bytes of the request have just arrived."""
    if (deadline := _deadline.get()) is not None:
        deadline.at = Deadline().at


def lift_deadline() -> None:
    """Let an answer that is large by its nature take the time that it needs."""
    if (deadline := _deadline.get()) is not None:
        deadline.at = math.inf


def seconds_left() -> float:
    """Seconds until the caller has to be answered, not negative; infinite outside of requests."""
    deadline = _deadline.get()
    return math.inf if deadline is None else max(deadline.at - time.monotonic(), 0.0)


def limit_by_deadline(longest: int, left: float) -> int:
    """Milliseconds: `longest`, or what is `left` (in seconds) where that is less."""
    return math.ceil(min(longest, 1000 * left))


def is_past() -> bool:
    """Whether the caller should have been answered by now."""
    return seconds_left() == 0


def keep_deadline(engine: Engine, setting: str) -> None:
    """Let no statement of a request outlast its deadline. `setting`: the SQL that limits a statement, without a value.

    The engine's connections have a `StatementLimit` in their `info`. Statements may raise DeadlinePassed.
    """

    def limit_statement(connection: Connection, cursor: Any, *_: object) -> None:
        limit: StatementLimit | None = connection.info.get(LIMIT)
        if limit is None:  # SQLAlchemy gets to know the server
            return
        if (left := seconds_left()) == 0:
            raise DeadlinePassed("the caller had to be answered before")
        milliseconds = limit_by_deadline(limit.longest, left)
        if milliseconds != limit.in_force:
            cursor.connection.execute(f"{setting} = {milliseconds}")
            limit.in_force = milliseconds

    event.listen(engine, "before_cursor_execute", limit_statement)
