"""CSV and NDJSON, in pieces."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from app.resources.schemas import ResourceShown
from app.standards.exports.tables import Cell, Table
from app.standards.growing_files import Pieces

Batches = Iterable[Sequence[ResourceShown]]

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins so may be run by a spreadsheet; the last four are the wide forms of the first."""
PIECE = 64 * 1024
"""Bytes of a file on disk that are read at a time."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Delimiter(StrEnum):
    """What stands between the cells: Excel expects a semicolon where the decimal sign is a comma, as in Sweden."""

    COMMA = "comma"
    SEMICOLON = "semicolon"

    @property
    def sign(self) -> str:
        return ";" if self is Delimiter.SEMICOLON else ","


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; RFC 4180 but for the delimiter, if it is another."""

    delimiter: Delimiter = Delimiter.COMMA
    bom: bool = False


def csv_pieces(table: Table[Any], batches: Batches, dialect: Dialect) -> Pieces:
    """A piece a batch, the first with the header: where nothing can be read, nothing is written."""
    header = csv_header(table, dialect)
    for resources in batches:
        yield header + csv_lines(table, resources, dialect)
        header = b""
    yield header


def csv_header(table: Table[Any], dialect: Dialect) -> bytes:
    """The names of the columns, after the byte order mark if one is wanted."""
    return ((BOM if dialect.bom else "") + _lines([table.header], dialect)).encode()


def csv_lines(table: Table[Any], resources: Sequence[ResourceShown], dialect: Dialect) -> bytes:
    """The lines of these resources."""
    return _lines((map(write_cell, row) for row in table.rows(resources)), dialect).encode()


def _lines(rows: Iterable[Iterable[str]], dialect: Dialect) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=dialect.delimiter.sign).writerows(rows)
    return text.getvalue()


def write_cell(cell: Cell) -> str:
    """A cell as text. What a spreadsheet would take for a formula gets an apostrophe before it."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return write_moment(cell)
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if cell.startswith(FORMULA) else str(cell)
        case _:
            return str(cell)


def write_moment(at: datetime) -> str:
    """In UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def ndjson_pieces(batches: Batches) -> Pieces:
    """One object a line, a piece a batch."""
    for resources in batches:
        yield "".join(f"{resource.model_dump_json(by_alias=True)}\n" for resource in resources).encode()
