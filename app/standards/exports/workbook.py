"""An Office Open XML workbook with a sheet for each table."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.standards.exports.columns import CONTACT_POINTS, RESOURCES
from app.standards.exports.tables import Cell, Table
from app.standards.exports.writing import PIECE, Batches, write_moment
from app.texts import Language, Text

LONGEST = 32_767
"""Characters that a cell of the format can hold."""
SHEETS: dict[str, Text] = {
    RESOURCES.name: Text(sv="Resurser", en="Resources"),
    CONTACT_POINTS.name: Text(sv="Kontaktvägar", en="Contact points"),
}


def workbook_pieces(batches: Batches, language: Language, made_at: datetime) -> Iterator[bytes]:
    """The file in pieces. Rows wait on disk: the format has its table of contents at the end."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
        with closing(xlsxwriter.Workbook(file, options)) as book:
            book.set_properties({"title": "Stödkatalogen", "created": made_at.replace(tzinfo=None)})
            bold = book.add_format({"bold": True})
            sheets = [_Sheet(book.add_worksheet(SHEETS[table.name][language]), table, bold)
                      for table in (RESOURCES, CONTACT_POINTS)]  # fmt: skip
            for resources in batches:
                for sheet in sheets:
                    for row in sheet.table.rows(resources):
                        sheet.write(row)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


class _Sheet:
    def __init__(self, sheet: Worksheet, table: Table[Any], heading: Format) -> None:
        self.table = table
        self._sheet, self._row = sheet, 0
        sheet.freeze_panes(1, 1)
        for place, name in enumerate(table.header):
            sheet.write_string(0, place, name, heading)

    def write(self, cells: list[Cell]) -> None:
        self._row += 1
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
