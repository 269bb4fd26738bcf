"""Finds records that are broken in the store: the projected tables differ from every valid revision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import Table, select
from sqlmodel import Session, col

from app.records.documents import decode, parse_document
from app.records.drafts import BATCH
from app.records.faults import InvalidRecords
from app.records.kinds import KINDS
from app.records.models import CurrentRecord, Revision
from app.records.projection import INHERITED
from app.records.rebuilding import replay_revisions
from app.records.record_rules import check_record
from app.records.references import References
from app.records.rows import path_of, project
from app.records.shapes import AreaRow, Record, TermRecord
from app.records.tables import key_of, load_rows
from app.records.writing import Row, table_of
from app.resources.models import ContactPoint

DERIVED = frozenset({"verified_at", "called_on", "confirmed_on", "review_due", *INHERITED})
"""Columns that are not derived from the record's own revision alone."""

Records = dict[UUID, tuple[CurrentRecord, Record]]


def find_broken(session: Session) -> Iterator[tuple[UUID, list[str]]]:
    """The id of each record with values in the store that its valid revision does not give, and their fields."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    standing = sorted(replay_revisions(session), key=lambda place: order[place.kind])
    references = References({(place.family, place.slug): place.id for place in standing}, {})
    for kind, places in groupby(standing, lambda place: place.kind):
        of_kind, records = list(places), Records()
        for first in range(0, len(of_kind), BATCH):
            part, faults = _load_records(session, of_kind[first : first + BATCH])
            records |= part
            yield from faults.items()
        references = References(references.ids, {**references.paths, **_find_paths(records.values(), references.paths)})
        ids = list(records)
        for first in range(0, len(ids), BATCH):
            part = {key: records[key] for key in ids[first : first + BATCH]}
            yield from _compare(session, kind, part, references).items()


def _load_records(session: Session, places: Sequence[CurrentRecord]) -> tuple[Records, dict[UUID, list[str]]]:
    """The parsed records, and the faults of those whose documents are not valid."""
    numbers = [place.revision for place in places]
    statement = select(col(Revision.number), col(Revision.document)).where(col(Revision.number).in_(numbers))
    texts = {row.number: row.document for row in session.execute(statement)}
    records, broken = Records(), dict[UUID, list[str]]()
    for place in places:
        try:
            record = parse_document(place.kind, place.slug, decode(texts[place.revision] or ""))
            if faults := list(check_record(place.kind, place.slug, record)):
                raise InvalidRecords(faults)
            records[place.id] = place, record
        except InvalidRecords as error:
            broken[place.id] = [fault.field for fault in error.faults]
        except (ValueError, TypeError):
            broken[place.id] = ["document"]
    return records, broken


def _find_paths(
    records: Iterable[tuple[CurrentRecord, Record]], above: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """The paths of areas or terms of one kind, whose parents may come after them."""
    paths = dict(above)
    left = [(place, record) for place, record in records if isinstance(record, AreaRow | TermRecord)]
    while ready := [pair for pair in left if not pair[1].parent or (pair[0].family, pair[1].parent) in paths]:
        for place, record in ready:
            paths[place.family, place.slug] = path_of(record, place.family, paths)
        left = [pair for pair in left if pair not in ready]
    return paths


def _compare(session: Session, kind: str, records: Records, references: References) -> dict[UUID, list[str]]:
    """The fields that differ between the store and these records, by record id."""
    stored = load_rows(session, kind, list(records))
    broken = defaultdict[UUID, list[str]](list)
    for key, (place, record) in records.items():
        try:
            rows = [(table_of(type(row)), row.model_dump()) for row in project(record, place, references)]
        except LookupError:
            broken[key].append("a reference to what is not there")
            rows = []
        for table, row in rows:
            _, other = stored.pop((table, key_of(table, row)), (key, None))
            broken[key] += _name_differences(table, row, other)
    for (table, _), (owner, _) in stored.items():
        broken[owner].append(table.name)
    return {key: list(dict.fromkeys(fields)) for key, fields in broken.items() if fields}


def _name_differences(table: Table, row: Row, stored: Row | None) -> list[str]:
    """The fields of a row that differ in the store."""
    if stored is None:
        return [table.name]
    names = [name for name, value in row.items() if name not in DERIVED and stored[name] != value]
    if table is table_of(ContactPoint):
        return [f"contact_points.{row['slug']}.{name}" for name in names]
    return [f"{table.name}.{name}" for name in names]
