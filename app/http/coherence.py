"""Detects changes of the directory by its newest edition, its number and moment.

Only publishing makes an edition (`app/records/publishing.py`), and `stodkatalog rebuild` where it mends something. Its
moment tells stores apart: one restored from a copy may have the same number and other content.

A look is made after a request has arrived and before anything kept is used for it. So no answer is older than an
edition that its asker could know of. Notifications would not do: they arrive some time after the commit has returned,
and none is repeated after a broken connection.
"""

import asyncio
import sqlite3
import time
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Engine

from app.database import connection_arguments, is_one_server
from app.sqlite import StoreFile, locate

if TYPE_CHECKING:  # its import takes nine megabytes, which a service over SQLite does not need
    import psycopg

PATIENCE = 1.0
"""Seconds to wait for PostgreSQL's answer, and between attempts to reach it."""

BRIEFLY = 0.05
"""Seconds to wait for a SQLite that is locked even against reading: meanwhile the process answers nobody."""

AWAY = 10.0
"""Seconds that a standby which did not answer is left alone."""


NEWEST = "SELECT number, made_at FROM edition ORDER BY number DESC LIMIT 1"


class Signal(Protocol):
    """Tells versions of the directory apart."""

    is_followed: bool
    """Whether a standby holds what the last look saw."""

    async def version(self) -> Hashable | None:
        """Equal for two checks only if nothing was published in between; None where the store has no edition.

        Such a store is empty, or about to be filled.
        """

    def at_once(self) -> Hashable | None:
        """`version` without waiting; None where it would have to wait."""

    async def close(self) -> None:
        """Let go of the connection."""


def signal_for(engine: Engine, standby: Engine | None = None) -> Signal:
    """The signal of this store. `standby`: a PostgreSQL that follows it, and answers whenever it has caught up."""
    if engine.dialect.name == "sqlite":
        (path,), options = engine.dialect.create_connect_args(engine.url)
        return SqliteSignal(path, uri=bool(options.get("uri")))
    if not is_one_server(engine):
        return NoSignal()
    if standby is not None:
        return FollowedSignal(connection_arguments(engine), connection_arguments(standby))
    return PostgresSignal(connection_arguments(engine))


class NoSignal:
    """A signal for stores on several servers, where checking one says nothing about the others."""

    is_followed = False

    async def version(self) -> Hashable | None:
        """None."""
        return None

    def at_once(self) -> Hashable | None:
        """None."""
        return None

    async def close(self) -> None:
        """Nothing is open."""


class SqliteSignal:
    """The newest edition, read again only after a commit: `PRAGMA data_version` differs after those of all processes.

    On a connection that does nothing else.
    """

    is_followed = False

    def __init__(self, path: str, *, uri: bool = False) -> None:
        self._path, self._uri = path, uri
        self._file, self._is_replaced, self._look_at_file = StoreFile(path), False, 0.0
        self._connection: sqlite3.Connection | None = None
        self._commits: int | None = None
        self._edition: Hashable | None = None

    async def version(self) -> Hashable | None:
        """Number and moment of the edition."""
        return self.at_once()

    def at_once(self) -> Hashable | None:
        """The same: SQLite answers from shared memory, without waiting."""
        try:
            return self._look()
        except sqlite3.Error:
            self._commits = None
            return None

    async def close(self) -> None:
        """Close the connection; the next look opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = self._commits = None

    def _look(self) -> Hashable | None:
        if time.monotonic() >= self._look_at_file:
            self._look_at_file = time.monotonic() + PATIENCE
            self._is_replaced = self._file.is_replaced()
        if self._is_replaced:
            return None
        if self._connection is None:
            path, uri = locate(self._path, uri=self._uri)
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=BRIEFLY, check_same_thread=False, uri=uri
            )
        commits: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if commits != self._commits:
            # After the pragma: an edition that is committed between the two is only read twice.
            self._edition = self._connection.execute(NEWEST).fetchone()
            self._commits = commits
        return self._edition


class PostgresSignal:
    """The newest edition that is visible now.

    Requests that arrive while a look is under way share the next one.
    """

    is_followed = False

    def __init__(self, arguments: Mapping[str, Any], pause: float = PATIENCE) -> None:
        self._arguments, self._pause = arguments, pause
        self._connection: psycopg.AsyncConnection | None = None
        self._under_way: asyncio.Task[Hashable | None] | None = None
        self._next: asyncio.Task[Hashable | None] | None = None
        self._retry_at = 0.0

    async def version(self) -> Hashable | None:
        """Number and moment of the edition."""
        if self._next is None:
            self._next = asyncio.create_task(self._look_after(self._under_way))
        look = self._next
        # Not awaited itself: where PostgreSQL hangs, psycopg takes ten seconds more to give its query up.
        await asyncio.wait({look}, timeout=PATIENCE)
        failed = not look.done() or look.cancelled() or look.exception() is not None
        return None if failed else look.result()

    def at_once(self) -> Hashable | None:
        """None: PostgreSQL is a round trip away."""
        return None

    async def close(self) -> None:
        """Close the connection; the next look opens it again."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _look_after(self, other: asyncio.Task[Hashable | None] | None) -> Hashable | None:
        if other is not None:
            await asyncio.wait({other})
        self._under_way, self._next = self._next, None
        return await self._look()

    async def _look(self) -> Hashable | None:
        import psycopg  # noqa: PLC0415  # see above

        if self._connection is None and time.monotonic() < self._retry_at:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                connection = self._connection or await self._connect()
                cursor = await connection.execute(NEWEST, prepare=True)
                return await cursor.fetchone()
        except (psycopg.Error, OSError, TimeoutError):
            self._retry_at = time.monotonic() + self._pause
            await PostgresSignal.close(self)
            return None

    async def _connect(self) -> "psycopg.AsyncConnection":
        import psycopg  # noqa: PLC0415  # see above

        from app.postgresql import PROCESS, is_pooler  # noqa: PLC0415

        connection = self._connection = await psycopg.AsyncConnection.connect(autocommit=True, **self._arguments)
        cursor = await connection.execute(PROCESS)
        if is_pooler(connection, await cursor.fetchone()):
            connection.prepare_threshold = None
        return connection


class FollowedSignal(PostgresSignal):
    """The newest edition of a primary, and whether a standby holds it too.

    A standby only moves forward: one that holds the newest edition answers with nothing older. Where the primary cannot
    be reached, the last edition that was seen there counts.
    """

    def __init__(self, primary: Mapping[str, Any], standby: Mapping[str, Any]) -> None:
        super().__init__(primary)
        self._standby = PostgresSignal(standby, pause=AWAY)
        self._newest: Hashable | None = None

    async def close(self) -> None:
        """Close both connections."""
        await super().close()
        await self._standby.close()

    async def _look(self) -> Hashable | None:
        newest, standby_version = await asyncio.gather(super()._look(), self._ask_standby())
        self._newest = self._newest if newest is None else newest
        self.is_followed = standby_version is not None and standby_version == self._newest
        return newest

    async def _ask_standby(self) -> Hashable | None:
        """The standby's edition; None where it does not answer soon."""
        try:
            async with asyncio.timeout(PATIENCE / 4):
                return await self._standby.version()
        except TimeoutError:
            return None
