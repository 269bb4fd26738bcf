"""Changes, adds and removes tables in the text of a TOML file without touching the rest."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Fields = dict[str, Any]


class UnclearLayout(Exception):
    """The tables of a file cannot be located in its text."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines: a table with the comments right above it and its inner tables, or the text between two tables."""

    text: str
    is_table: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A table as it should become. `place`: its index among the tables of the file now; None for a new table."""

    place: int | None
    fields: Fields


def split_tables(text: str, name: str) -> list[Part]:
    """The tables `[[name]]` of a text, and the text between them. Raises UnclearLayout."""
    lines = text.splitlines(keepends=True)
    parts, start, place = list[Part](), 0, 0
    while place < len(lines):
        if not _is_header(lines[place], name):
            place += 1
            continue
        first = _first_comment(lines, start, place)
        end = _end(lines, place + 1, name)
        parts += [Part("".join(lines[start:first]), False), Part("".join(lines[first:end]), True)]
        start = place = end
    parts.append(Part("".join(lines[start:]), False))
    if any(_count(part.text, name) != 1 for part in parts if part.is_table) or _count(text, name) != len(parts) // 2:
        raise UnclearLayout(f"the tables [[{name}]] cannot be told apart")
    return parts


def _is_header(line: str, name: str) -> bool:
    return re.match(rf"[ \t]*\[\[\s*{re.escape(name)}\s*\]\]", line) is not None


def _first_comment(lines: Sequence[str], start: int, header: int) -> int:
    """The line where the comments right above a header begin; comments at the top of a file belong to the file."""
    first = header
    while first > start and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return header if first == 0 else first


def _end(lines: Sequence[str], start: int, name: str) -> int:
    """The line after a table's last line, without empty lines and comments that belong to the next table."""
    end = start
    while end < len(lines) and not (lines[end].lstrip().startswith("[") and _ends_table(lines[end], name)):
        end += 1
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _ends_table(line: str, name: str) -> bool:
    """Whether a line is a header other than that of an inner table."""
    header = re.match(r"[ \t]*\[{1,2}\s*([\w.-]+)\s*\]{1,2}\s*(#.*)?$", line)
    return header is not None and not header[1].startswith(f"{name}.")


def _count(text: str, name: str) -> int:
    try:
        inner: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return -1
    for key in name.split("."):
        inner = inner[-1] if isinstance(inner, list) else inner
        inner = inner.get(key, [])
    return len(inner)


def update_tables(
    text: str,
    name: str,
    entries: Sequence[Entry],
    edit: Callable[[str, int, Fields], str],
    render: Callable[[Fields], str],
) -> str:
    """The text with just these tables `[[name]]`, in this order.

    `edit(table, place, fields)` returns the text of a table that stays, `render(fields)` that of a new one.
    """
    parts = split_tables(text, name)
    tables = [part.text for part in parts if part.is_table]
    staying_entries = iter([entry for entry in entries if entry.place is not None])
    staying = {entry.place for entry in entries}
    pieces, gaps = list[str | None](), [part.text for part in parts if not part.is_table]
    for nth in range(len(tables)):
        # Where the order changes, the tables change places and the text between them stays.
        entry = next(staying_entries) if nth in staying else None
        place = entry.place if entry is not None else None
        pieces.append(None if entry is None or place is None else edit(tables[place], place, entry.fields))
    followers: list[list[str]] = [[]]
    for entry in entries:
        if entry.place is None:
            followers[-1].append(render(entry.fields))
        else:
            followers.append([])
    return _join(gaps, pieces, followers)


def _join(gaps: Sequence[str], pieces: Sequence[str | None], followers: Sequence[Sequence[str]]) -> str:
    """Join gaps and tables in turn; the new tables that follow a staying table come right after it."""
    text, nth = gaps[0], 0
    if followers[0]:
        text = _append(text, followers[0])
        if any(piece is not None for piece in pieces):
            text += "\n"
    for piece, gap in zip(pieces, gaps[1:], strict=True):
        if piece is None:
            text += gap.lstrip("\n")
            continue
        nth += 1
        text = _append(text + piece, followers[nth]) + gap
    return text.rstrip("\n") + "\n" if pieces and pieces[-1] is None and text.strip() else text


def _append(text: str, tables: Sequence[str]) -> str:
    """Append tables to a text, with an empty line before each."""
    for table in tables:
        text = text.rstrip("\n") + "\n\n" * bool(text.strip()) + table
    return text
