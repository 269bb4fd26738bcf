"""An Office Open XML workbook with a sheet for each table."""

from collections.abc import Sequence
from datetime import date, datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from app.resources.schemas import ResourceShown
from app.standards.exports.columns import CONTACT_POINTS, RESOURCES
from app.standards.exports.tables import Cell, Table
from app.standards.exports.writing import PIECE, Batches, write_moment
from app.standards.growing_files import Pieces
from app.texts import Language, Text

LONGEST = 32_767
"""Characters that a cell of the format can hold."""
MOST_ROWS = 1_048_576
"""Rows that a sheet of the format can hold, the heading included; the next sheet takes what is left."""
SHEETS: dict[str, Text] = {
    RESOURCES.name: Text(sv="Resurser", en="Resources"),
    CONTACT_POINTS.name: Text(sv="Kontaktvägar", en="Contact points"),
}


def workbook_pieces(batches: Batches, language: Language, made_at: datetime) -> Pieces:
    """The file in pieces, the first with bytes after all has been read: the library packs the sheets at their end.

    Until then rows wait on disk, in a folder that is gone as well when writing ends half way.
    """
    with TemporaryDirectory() as folder, TemporaryFile() as file:
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "tmpdir": folder, "use_zip64": True}
        book = Workbook(file, options)
        book.set_properties({"title": "Stödkatalogen", "created": made_at.replace(tzinfo=None)})
        tables = [_Rows(book, table, SHEETS[table.name][language]) for table in (RESOURCES, CONTACT_POINTS)]
        try:
            for resources in batches:
                for rows in tables:
                    rows.write(resources)
                yield b""
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # the library itself would pack them first
            raise
        try:
            book.close()
        except FileCreateError as error:  # the library's name for any failure to write
            raise error.args[0] from None
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


class _Rows:
    """The rows of a table, on one sheet or, where they are too many, on several."""

    def __init__(self, book: Workbook, table: Table[Any], title: str) -> None:
        self._table = table
        self._book, self._title, self._sheets = book, title, 0
        self._heading = book.add_format({"bold": True})
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(self._title if self._sheets == 1 else f"{self._title} {self._sheets}")
        self._sheet.freeze_panes(1, 1)
        self._row = 0
        for place, name in enumerate(self._table.header):
            self._sheet.write_string(0, place, name, self._heading)

    def write(self, resources: Sequence[ResourceShown]) -> None:
        """Add the rows of these resources."""
        for row in self._table.rows(resources):
            self._write_row(row)

    def _write_row(self, cells: list[Cell]) -> None:
        self._row += 1
        if self._row == MOST_ROWS:
            self._begin_sheet()
            self._row = 1
        for place, cell in enumerate(cells):
            match cell:
                case None:
                    continue
                case bool():
                    self._sheet.write_boolean(self._row, place, cell)
                case int():
                    self._sheet.write_number(self._row, place, cell)
                case datetime():
                    self._sheet.write_string(self._row, place, write_moment(cell))
                case date():
                    self._sheet.write_datetime(self._row, place, cell)
                case str():  # as text, never as a formula or a link, whatever it begins with
                    self._sheet.write_string(self._row, place, cell[:LONGEST])
