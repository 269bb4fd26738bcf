"""Reads and writes rows of the index, many at a time, in one statement that stays the same however many there are.

PostgreSQL takes a list for each column; SQLite carries a statement out for each row, which costs it little.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from app.records.writing import Row

Statement = Mapping[str, str]
"""By database, as its driver takes it: SQLAlchemy would look at each parameter of each row."""


def _statement(sqlite: str, postgresql: str) -> Statement:
    return {"sqlite": sqlite, "postgresql": postgresql}


LOAD_POSTINGS = _statement(
    "SELECT token, chunk, numbers FROM searchposting "
    "WHERE token IN (SELECT value FROM json_each(:tokens)) AND chunk IN (SELECT value FROM json_each(:chunks))",
    "SELECT token, chunk, numbers FROM searchposting WHERE token = ANY(%(tokens)s) AND chunk = ANY(%(chunks)s)",
)
"""Tokens and chunks apart: SQLite reads the whole index where it is asked for pairs."""
LOAD_TOKENS = _statement(
    "SELECT DISTINCT token FROM searchposting WHERE token IN (SELECT value FROM json_each(:tokens))",
    "SELECT DISTINCT token FROM searchposting WHERE token = ANY(%(tokens)s)",
)
LOAD_TRIGRAMS = _statement(
    "SELECT trigram, words FROM searchtrigram WHERE trigram IN (SELECT value FROM json_each(:trigrams))",
    "SELECT trigram, words FROM searchtrigram WHERE trigram = ANY(%(trigrams)s)",
)
PUT_POSTINGS = _statement(
    "INSERT INTO searchposting (token, chunk, numbers) VALUES (:token, :chunk, :numbers) "
    "ON CONFLICT (token, chunk) DO UPDATE SET numbers = excluded.numbers",
    "INSERT INTO searchposting (token, chunk, numbers) "
    "SELECT * FROM unnest(CAST(%(token)s AS text[]), CAST(%(chunk)s AS integer[]), CAST(%(numbers)s AS bytea[])) "
    "ON CONFLICT (token, chunk) DO UPDATE SET numbers = excluded.numbers",
)
PUT_TRIGRAMS = _statement(
    "INSERT INTO searchtrigram (trigram, words) VALUES (:trigram, :words) "
    "ON CONFLICT (trigram) DO UPDATE SET words = excluded.words",
    "INSERT INTO searchtrigram (trigram, words) "
    "SELECT * FROM unnest(CAST(%(trigram)s AS text[]), CAST(%(words)s AS text[])) "
    "ON CONFLICT (trigram) DO UPDATE SET words = excluded.words",
)
DELETE_POSTINGS = _statement(
    "DELETE FROM searchposting WHERE token = :token AND chunk = :chunk",
    "DELETE FROM searchposting "
    "USING unnest(CAST(%(token)s AS text[]), CAST(%(chunk)s AS integer[])) AS gone (token, chunk) "
    'WHERE searchposting.token = gone.token COLLATE "C" AND searchposting.chunk = gone.chunk',
)
DELETE_TRIGRAMS = _statement(
    "DELETE FROM searchtrigram WHERE trigram = :trigram",
    "DELETE FROM searchtrigram WHERE trigram = ANY(CAST(%(trigram)s AS text[]))",
)


def load(session: Session, statement: Statement, **lists: Sequence[Any]) -> Sequence[Any]:
    """The rows that a statement finds by lists of values."""
    connection = session.connection()
    name = connection.dialect.name
    values = {column: json.dumps(some) for column, some in lists.items()} if name == "sqlite" else lists
    return connection.exec_driver_sql(statement[name], values).all()


def write(session: Session, statement: Statement, rows: Sequence[Row]) -> None:
    """Carry a statement out for these rows, which have the same columns."""
    if not rows:
        return
    connection = session.connection()
    name = connection.dialect.name
    many: Any = rows if name == "sqlite" else {column: [row[column] for row in rows] for column in rows[0]}
    connection.exec_driver_sql(statement[name], many)
