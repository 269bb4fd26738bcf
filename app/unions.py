"""Several SELECTs in one statement: what belongs to records is read in one go, not table by table."""

from collections import Counter, defaultdict, namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Enum,
    Select,
    String,
    cast,
    literal,
    null,
    type_coerce,
    union_all,
)
from sqlalchemy.types import NULLTYPE, TypeDecorator, TypeEngine

from app.stored_values import StoredValue, list_readable

Slot = tuple[TypeEngine[Any], int]
"""A column of a union: its type, and which one of this type."""
Reader = tuple[int, Callable[[Any], Any] | None]
"""Where a value stands in a row of a union, and what reads it as the driver gives it."""


class Union:
    """SELECTs by name, read in one statement. Columns of one type share a column of it; the others are null."""

    def __init__(self, parts: Mapping[str, tuple[Select[*tuple[Any, ...]], Sequence[str]]]) -> None:
        """`parts`: each with the names of the columns that its rows are ordered by: a union keeps no order."""
        self._orders = {name: order for name, (_, order) in parts.items()}
        self._columns = {name: list(select.selected_columns) for name, (select, _) in parts.items()}
        self._rows: dict[str, Any] = {
            name: namedtuple(name, [column.name for column in columns]) for name, columns in self._columns.items()
        }
        slots = {name: list(_list_slots(columns)) for name, columns in self._columns.items()}
        kinds = {str(slot): slot[0] for listed in slots.values() for slot in listed}
        places = {slot: place for place, slot in enumerate(kinds, start=1)}
        self._places = {name: [places[str(slot)] for slot in listed] for name, listed in slots.items()}
        # PostgreSQL takes the types from the first part; to SQLite each cast is work.
        first = next(iter(parts))
        empty = {name: [cast(null(), kind) if name == first else null() for kind in kinds.values()] for name in parts}
        self._statement = union_all(*(self._fit(name, select, empty[name]) for name, (select, _) in parts.items()))
        self._readers_for = lru_cache(self._list_readers)

    def read(self, connection: Connection, values: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
        """The rows of each part in its order, without those of which a value cannot be read."""
        raw = defaultdict[str, list[Any]](list)
        for row in connection.execute(self._statement, values).all():
            raw[row[0]].append(row)
        readers = self._readers_for(connection.dialect)
        return {name: self._read_part(name, raw[name], readers[name]) for name in self._rows}

    def _read_part(self, name: str, raw: Sequence[Any], readers: Sequence[Reader]) -> Sequence[Any]:
        make, order = self._rows[name]._make, self._orders[name]
        rows = list_readable(
            lambda: [
                make([row[place] if reader is None else reader(row[place]) for place, reader in readers]) for row in raw
            ]
        )
        return sorted(rows, key=attrgetter(*order)) if order else rows

    def _fit(self, name: str, select: Select[*tuple[Any, ...]], empty: Sequence[Any]) -> Select[*tuple[Any, ...]]:
        values = list(empty)
        for place, column in zip(self._places[name], self._columns[name], strict=True):
            values[place - 1] = column
        untyped = [type_coerce(value, NULLTYPE).label(f"value_{place}") for place, value in enumerate(values)]
        tag = literal(name, literal_execute=True).label("part")
        return select.with_only_columns(tag, *untyped, maintain_column_froms=True).order_by(None)

    def _list_readers(self, dialect: Dialect) -> dict[str, list[Reader]]:
        return {
            name: [
                (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
                for place, column in zip(self._places[name], columns, strict=True)
            ]
            for name, columns in self._columns.items()
        }


def _list_slots(columns: Sequence[ColumnElement[Any]]) -> Iterator[Slot]:
    counts = Counter[str]()
    for column in columns:
        kind = _find_stored_type(column.type)
        counts[str(kind)] += 1
        yield kind, counts[str(kind)]


def _find_stored_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """What the database knows of a type."""
    if isinstance(kind, StoredValue):
        return _find_stored_type(kind.kind)
    if isinstance(kind, TypeDecorator):
        return kind.impl_instance
    return String() if isinstance(kind, Enum | String) else kind
