"""The same directory on PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlmodel import SQLModel

from app.database import engine_for
from app.migrating import migrate
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from tests import postgres

UNCHECKED = """SELECT set_config('session_replication_role', 'replica', false)
WHERE current_setting('is_superuser') = 'on'"""
"""What refers to what was checked when the original was written; to check it row by row takes most of the time."""


@contextmanager
def on_postgresql(store: Path, *, durable: bool = False) -> Iterator[str]:
    """A server for the block, and the address of a copy of the SQLite store in it.

    `durable`: what is committed is on the disk, which writing is measured with.
    """
    with postgres.server(durable=durable) as server:
        url = server.create_database()
        copy_into(url, store)
        yield url


def fill_with_real(url: str) -> None:
    """Put the real directory into an empty database."""
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(ROOT / "seed"), datetime.now(UTC))
    engine.dispose()


def copy_into(url: str, store: Path) -> None:
    """Fill an empty PostgreSQL database with what a SQLite store holds."""
    engine = engine_for(url)
    migrate(engine)
    engine.dispose()
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(sqlite3.connect(store)) as original, psycopg.connect(address) as copy:
        copy.execute(UNCHECKED)
        for table in SQLModel.metadata.sorted_tables:
            _copy(original, copy, table.name, [column.name for column in table.columns])
        copy.commit()
        copy.autocommit = True
        copy.execute("VACUUM ANALYZE")


def _copy(original: sqlite3.Connection, copy: psycopg.Connection, table: str, columns: list[str]) -> None:
    kinds = _kinds(copy, table)
    names = ", ".join(columns)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with copy.cursor().copy(into) as written:
        for row in original.execute(f"SELECT {names} FROM {table}"):
            written.write_row([_as(kinds[name], value) for name, value in zip(columns, row, strict=True)])


def _kinds(copy: psycopg.Connection, table: str) -> dict[str, str]:
    asked = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
    return dict(copy.execute(asked, [table]).fetchall())


def _as(kind: str, value: object) -> object:
    if kind == "boolean" and value is not None:
        return bool(value)
    return value
