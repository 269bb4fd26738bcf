"""Changes, adds and removes rows in the text of a CSV file without touching the rest."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from app.seeding.layout import Entry


def update_rows(text: str, entries: Sequence[Entry], before: Sequence[dict[str, str]]) -> str:
    """The text of a CSV file with just these rows, in this order. `before`: the cells of its rows now, by column."""
    header, *rows = _split_rows(text)
    (columns,) = csv.reader([header])
    missing = [name for name in dict.fromkeys(key for entry in entries for key in entry.fields) if name not in columns]
    names, padding = [*columns, *missing], "," * len(missing)
    lines = [_with_end(header) if not missing else _render_row(names)]
    for entry in entries:
        if entry.place is not None and entry.fields == before[entry.place]:
            row = _with_end(rows[entry.place])
            lines.append(f"{row[:-1]}{padding}\n" if padding else row)
        else:
            lines.append(_render_row([entry.fields.get(name, "") for name in names]))
    written = "".join(lines)
    return written if text.endswith("\n") or written != f"{text}\n" else text


def _split_rows(text: str) -> Iterator[str]:
    """The raw text of each row, without empty rows; a row with quoted cells may span several lines."""
    lines = text.splitlines(keepends=True)
    reader, start = csv.reader(lines), 0
    for cells in reader:
        if cells:
            yield "".join(lines[start : reader.line_num])
        start = reader.line_num


def _with_end(row: str) -> str:
    return row if row.endswith("\n") else f"{row}\n"


def _render_row(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
