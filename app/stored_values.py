"""Types of columns that mean the same on every database, and column values that cannot be read.

Those are null where the column may be null; otherwise the row is left out: SQLite stores any value in any column, and
an enum is a plain string on every database. A value that was written past the checks must not take other records down
with it. Importing this takes care of the columns of all tables that are made after it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from threading import local
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Uuid,
    event,
    type_coerce,
)
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine
from sqlmodel import Session, SQLModel

from app.faults import report_fault

LARGEST_INTEGER = 2**31 - 1
"""Of PostgreSQL's `integer`; SQLite takes more."""

UNREADABLE = object()
"""Stands for a value that cannot be read, in a column that must have one, until its row is left out."""

_seen = local()
"""Whether this thread has met an UNREADABLE value."""

_read_uuid = lru_cache(maxsize=2048)(UUID)
"""SQLite has ids as text, and the rows that belong to a record repeat its id."""


class UtcDateTime(TypeDecorator[datetime]):
    """A timestamp that goes in aware and comes out aware, in UTC; SQLite keeps no zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(values: type[StrEnum]) -> Enum:
    """One of a set, stored as its value in a plain string column: a new member needs no migration."""
    return Enum(
        values, native_enum=False, length=30, values_callable=lambda members: [member.value for member in members]
    )


class StoredValue(TypeDecorator[Any]):
    """A column's type, with care for values that are none of it."""

    impl = NullType
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any], table: str, column: str, required: bool) -> None:
        super().__init__()
        self.impl = self.impl_instance = kind  # type: ignore[assignment]  # as TypeDecorator does itself
        self.kind, self.table, self.column, self.required = kind, table, column, required

    @property
    def python_type(self) -> type[Any]:
        """Of the values that can be read."""
        return self.kind.python_type

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Reads what the driver gives."""
        process: Callable[[Any], Any] | None = super().result_processor(dialect, coltype)
        if dialect.name != "sqlite" and not isinstance(self.kind, Enum):
            return process  # the database itself refuses what is not of the type
        if isinstance(self.kind, Uuid):
            process = _read_uuid
        check = self._find_check()
        convert = check if process is None else process if check is _keep else lambda value: check(process(value))

        def read(value: Any) -> Any:
            if value is None:
                return None
            try:
                return convert(value)
            except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
                return self._replace(value)

        return read

    def _find_check(self) -> Callable[[Any], Any]:
        if isinstance(self.kind, Enum):
            return _keep
        if isinstance(self.kind, Boolean):
            return _check_boolean
        if isinstance(self.kind, Integer):
            return _check_integer
        if isinstance(self.kind, LargeBinary):
            return _check_bytes
        return _check_text if isinstance(self.kind, String) else _keep

    def _replace(self, raw: Any) -> Any:
        report_fault(f"{self.table}.{self.column} cannot be read", str(raw))
        if not self.required:
            return None
        _seen.unreadable = True
        return UNREADABLE


def _keep(value: Any) -> Any:
    return value


def _check_boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _check_integer(value: Any) -> int:
    if not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise TypeError
    return value


def _check_bytes(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value


def _check_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")  # a text that was written as bytes
    if not isinstance(value, str):
        raise TypeError
    return value


@event.listens_for(Table, "after_parent_attach")
def _take_care_of_columns(table: Table, _: MetaData) -> None:
    # Before anything refers to the columns: statements keep the types that these had then.
    for column in table.columns:
        if not isinstance(column.type, StoredValue):
            column.type = StoredValue(column.type, table.name, column.name, not column.nullable)


class ReadingSession(Session):
    """A session whose SELECTs leave out rows that cannot be read. Not for writing: what is left out would be lost."""

    def __init__(self, bind: Engine | Connection) -> None:
        """Read from an engine, which PostgreSQL then allows only to read, or in the transaction of a connection."""
        super().__init__(bind.execution_options(postgresql_readonly=True) if isinstance(bind, Engine) else bind)


@event.listens_for(ReadingSession, "do_orm_execute")
def _read(state: ORMExecuteState) -> Any:
    return read_rows(state.invoke_statement()) if state.is_select else None


def read_rows(result: Any) -> Any:
    """What a SELECT has given, without rows of which a value cannot be read."""
    _seen.unreadable = False
    frozen = result.freeze()  # reads all rows
    if _seen.unreadable:
        frozen.data = [row for row in frozen.data if not _is_broken(row)]
    return frozen()


def list_readable(load: Callable[[], Sequence[Any]]) -> Sequence[Any]:
    """The rows that `load` gives, without those of which a value cannot be read."""
    _seen.unreadable = False
    rows = load()
    return [row for row in rows if not _is_broken(row)] if _seen.unreadable else rows


def may_be_null(column: Any) -> Any:
    """The same column, null where it cannot be read: for what is joined to a row that is to stay."""
    stored: StoredValue = column.type
    return type_coerce(column, StoredValue(stored.kind, stored.table, stored.column, required=False))


def _is_broken(part: Any) -> bool:
    if isinstance(part, SQLModel):
        return any(value is UNREADABLE for value in vars(part).values())
    return any(map(_is_broken, part)) if isinstance(part, Row | tuple) else part is UNREADABLE
