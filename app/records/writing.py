"""Writing rows by their keys: statements that are made once for each table."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Delete, Insert, Table, Update, and_, bindparam, delete, insert, update
from sqlmodel import Session, SQLModel

Row = dict[str, Any]


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model: statements over tables cost less than those over models."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # every model with a table has it
    return table


def insert_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Add rows."""
    if rows:
        session.connection().execute(_insert(table), rows)


def update_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Give the rows with these keys the other values."""
    if rows:
        session.connection().execute(_update(table), [_prefixed(row) for row in rows])


def delete_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Delete the rows with these keys."""
    if rows:
        session.connection().execute(_delete(table), [_prefixed(row) for row in rows])


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _update(table: Table) -> Update:
    values: dict[str, Any] = {
        column.name: bindparam(f"of_{column.name}") for column in table.columns if not column.primary_key
    }
    return update(table).where(_is(table)).values(values)


@cache
def _delete(table: Table) -> Delete:
    return delete(table).where(_is(table))


def _is(table: Table) -> Any:
    return and_(*(column == bindparam(f"of_{column.name}") for column in table.primary_key))


def _prefixed(row: Row) -> Row:
    return {f"of_{name}": value for name, value in row.items()}  # bare names are those of the columns
