"""Writes the store's records back into the seed files, which keep their comments, order and style.

Only reads the store. Where the files have edits that were not seeded, nothing is written, or the edits would be lost.
"""

import os
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.records.documents import Document, parse_document
from app.records.drafts import load_documents
from app.records.kinds import KINDS, RecordKind
from app.records.models import CurrentRecord
from app.records.shapes import TermRecord
from app.search.everyday import EVERYDAY_WORDS
from app.seeding.checking import read_seed
from app.seeding.editing import detect_style, edit_table, render_table, to_fields
from app.seeding.files import seed_files
from app.seeding.following import follow_records
from app.seeding.layout import Entry, Fields, UnclearLayout, update_tables
from app.seeding.matching import FileRecord, Key, load_standing, read_records
from app.seeding.merging import plan_merge
from app.seeding.placing import plan_order
from app.seeding.rows import update_rows
from app.status import OFFERED, Status


class ExportRefused(Exception):
    """The store cannot be written into this folder; the message says why. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file to write, and how many of its records are added, changed and removed."""

    file: str
    text: str
    added: int
    changed: int
    removed: int

    def __str__(self) -> str:
        return f"{self.file}: {self.added} added, {self.changed} changed, {self.removed} removed"


def export_seed(engine: Engine, folder: Path) -> list[Written]:
    """Write the store's records into the files of a seed folder. Returns the files that were changed.

    Raises ExportRefused, or BrokenSeed where the folder has faults.
    """
    if missing := [name for name in seed_files() if not (folder / name).is_file()]:
        raise ExportRefused(f"{folder} is no seed folder: it lacks {', '.join(missing)}")
    records = read_records(read_seed(folder))
    with Session(engine) as session:
        standing = _match(session, records)
        stored = session.exec(select(CurrentRecord).order_by(col(CurrentRecord.position))).all()
        documents = load_documents(session, [record.revision for record in stored])
    stored_by_kind: dict[str, list[CurrentRecord]] = {name: [] for name in KINDS}
    for record in stored:
        stored_by_kind[record.kind].append(record)
    written = list[Written]()
    for kind in KINDS.values():
        before = [(record, standing.get(record.key)) for record in records if record.kind == kind.name]
        entries = _entries(kind, before, stored_by_kind[kind.name], documents)
        if (file := _plan_file(folder, kind, before, entries)) is not None:
            written.append(file)
    # A document leaves out defaults, and the default status is in force.
    offered = {
        record.slug for record in stored if (documents[record.revision] or {}).get("status", Status.CURRENT) in OFFERED
    }
    slugs = {record.id: record.slug for record in stored}
    renamed = {record.slug: slugs[standing[record.key]] for record in records if standing.get(record.key) in slugs}
    if (words := follow_records(folder, renamed, offered)) is not None:
        written.append(Written(EVERYDAY_WORDS, words[0], 0, words[1], 0))
    _replace_files(folder, written)
    return written


def _match(session: Session, records: Sequence[FileRecord]) -> Mapping[Key, UUID]:
    """The id in the store of each record of the files that still exists. Raises ExportRefused."""
    plan = plan_merge(session, records)
    plan_order(session, plan, records)
    news = {f"{change.kind} {change.slug}" for change in (*plan.changes.values(), *plan.moves)}
    news |= {f"{conflict.proposed.kind} {conflict.proposed.slug}" for conflict in plan.disagreements}
    if news:
        first = ", ".join(sorted(news)[:5]) + (" …" if len(news) > 5 else "")
        raise ExportRefused(
            f"The files say what has not been seeded yet, and it would be lost: {first}. Run `stodkatalog seed` first."
        )
    return {key: record.id for key, record in load_standing(session, records, plan.ids).items()}


def _entries(
    kind: RecordKind,
    before: Sequence[tuple[FileRecord, UUID | None]],
    stored: Sequence[CurrentRecord],
    documents: Mapping[int, Document | None],
) -> list[Entry]:
    """The records that one file should have, in their order."""
    places = {key: place for place, (_, key) in enumerate(before) if key is not None}
    entries = [
        Entry(places.get(record.id), _to_fields(kind.name, record.slug, documents[record.revision] or {}))
        for record in stored
    ]
    return _parents_first(entries) if kind.shape is TermRecord else entries


def _parents_first(entries: Sequence[Entry]) -> list[Entry]:
    """Terms in their order, but each after its parent, as the files require."""
    remaining, order, written = list(entries), list[Entry](), {None}
    while remaining:
        entry = next((candidate for candidate in remaining if candidate.fields.get("parent") in written), remaining[0])
        remaining.remove(entry)
        order.append(entry)
        written.add(entry.fields["id"])
    return order


def _to_fields(kind: str, slug: str, document: Document) -> Fields:
    fields: Fields = to_fields(parse_document(kind, slug, document).model_dump(exclude_defaults=True))
    return fields


def _plan_file(
    folder: Path, kind: RecordKind, before: Sequence[tuple[FileRecord, UUID | None]], entries: Sequence[Entry]
) -> Written | None:
    """The new text of one file; None where it does not change. Writes nothing yet."""
    raw = (folder / kind.file).read_bytes().decode("utf-8")
    has_carriage_returns = "\r\n" in raw
    text = raw.replace("\r\n", "\n")
    fields = [_to_fields(kind.name, record.slug, record.document or {}) for record, _ in before]
    changed = sum(entry.place is not None and entry.fields != fields[entry.place] for entry in entries)
    places = [entry.place for entry in entries if entry.place is not None]
    added, removed = len(entries) - len(places), len(before) - len(places)
    if not (added or removed or changed or places != sorted(places)):
        return None
    written = _update(text, kind, fields, entries)
    if has_carriage_returns:
        written = written.replace("\n", "\r\n")
    return Written(kind.file, written, added, changed, removed)


def _update(text: str, kind: RecordKind, before: Sequence[Fields], entries: Sequence[Entry]) -> str:
    """The text of a file with these records, verified by reading it back. Raises ExportRefused."""
    if not kind.table:
        return update_rows(text, entries, before)
    style = detect_style(text)

    def edit(table: str, place: int, fields: Fields) -> str:
        if fields == before[place]:
            return table
        edited = edit_table(table, kind.table, before[place], fields, style)
        # A layout too unusual to edit in place: write the record anew.
        return edited if _reads_as(edited, kind, [fields]) else render_table(kind.table, fields, style)

    try:
        written = update_tables(text, kind.table, entries, edit, lambda fields: render_table(kind.table, fields, style))
    except UnclearLayout as error:
        raise ExportRefused(f"{kind.file}: {error}") from None
    if not _reads_as(written, kind, [entry.fields for entry in entries]):
        raise ExportRefused(f"{kind.file} is laid out in a way that cannot be written: use [[{kind.table}]] tables")
    return written


def _reads_as(text: str, kind: RecordKind, expected: Sequence[Fields]) -> bool:
    """Whether the text of a file is read as just these records."""
    try:
        content: Any = tomllib.loads(text).get(kind.table, [])
        records = [kind.shape.model_validate(record) for record in content]
    except ValueError:
        return False
    return [to_fields(record.model_dump(exclude_defaults=True)) for record in records] == list(expected)


def _replace_files(folder: Path, files: Sequence[Written]) -> None:
    """Write each new file next to the old one, then replace the old ones."""
    ready = list[tuple[str, Path]]()
    try:
        for file in files:
            path = (folder / file.file).resolve()  # replaces the target of a link, not the link
            with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
                ready.append((temporary.name, path))
                temporary.write(file.text.encode("utf-8"))
                temporary.flush()
                os.fsync(temporary.fileno())
            shutil.copymode(path, temporary.name)
        while ready:
            Path(ready[0][0]).replace(ready[0][1])
            ready.pop(0)
    finally:
        for name, _ in ready:
            Path(name).unlink(missing_ok=True)
