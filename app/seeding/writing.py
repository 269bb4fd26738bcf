"""Making the store hold just what the seed says: one transaction, safe to repeat."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, insert, inspect, update
from sqlmodel import Session, SQLModel, col, select

from app.areas.models import Area, AreaName
from app.changes.models import Change, Edition
from app.changes.recording import listing, record
from app.coordinators.models import CoordinatorDetails
from app.migrating import is_empty, lacks_index, writing
from app.organizations.models import Organization
from app.referrals.models import EscalationStep
from app.resources.models import Resource
from app.search.models import SearchEntry, SearchPosting, SearchTrigram
from app.seeding.files import Seed
from app.seeding.finding import SAID, entries
from app.seeding.rows import rows
from app.sources.models import Citation, Source
from app.vocabularies.models import Term

RECORDS = (Source, Area, Term, Organization, Resource, EscalationStep)
"""The tables whose rows an editor would call records; the others belong to them."""
BELONGING: dict[type[SQLModel], str] = {Citation: "subject_id", AreaName: "area_id"}
"""Tables whose rows are a part of the record that this column names: a change in them is one of the record."""
GROWING = (Edition, Change)
"""What a seeding adds to, and never takes away: no seed file holds it."""
INDEX = (SearchEntry, SearchPosting, SearchTrigram)
"""What says anew what the others say, to be found by."""
SWAPPING = (*INDEX, CoordinatorDetails)
"""Tables that are written anew: unique columns may pass from one row to another (a rank, a region), or most rows change
when one record does."""

Key = tuple[Any, ...]
Row = dict[str, Any]


@dataclass(slots=True)
class Report:
    """How many records were added, changed, left as they were, and removed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rows: int = 0
    """Rows that were written or deleted, of all tables but the search index."""
    alike: set[UUID] = field(default_factory=set)
    """Records whose own rows say what they said."""
    touched: set[UUID] = field(default_factory=set)
    """Records of which a part is other."""

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged, {self.removed} removed"


def write(engine: Engine, seed: Seed, now: datetime) -> Report:
    """Write the seed. A fault on the way leaves the store as it was."""
    with _writing(engine) as session:
        return _write(session, seed, now)


def write_first(engine: Engine, seed: Seed, now: datetime) -> Report | None:
    """Write the seed into an empty store; None where another process was first, whose records stay."""
    with _writing(engine) as session:
        return _write(session, seed, now) if is_empty(session.connection()) else None


def index_missing(engine: Engine) -> None:
    """Make what records are found by anew from the store itself, where a migration left nothing to find them by."""
    with _writing(engine) as session:
        if not lacks_index(session.connection()):
            return
        found = list(entries(_stored(session)))
        for model in INDEX:
            session.execute(delete(model))
            session.execute(insert(model), [row.model_dump() for row in found if isinstance(row, model)])


def _write(session: Session, seed: Seed, now: datetime) -> Report:
    before = listing(session)
    report = _synchronize(session, list(rows(seed, now)))
    if report.rows:
        record(session, before, now)
    return report


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    # Two at once would both find an empty store: the first holds the lock until it is done.
    with writing(engine, "seed") as connection, Session(connection) as session:
        yield session
        session.flush()


def _stored(session: Session) -> Iterator[SQLModel]:
    """The rows that records are found by, records in the order of lists."""
    for listed in (Resource, Organization):
        yield from session.exec(select(listed).order_by(col(listed.position), col(listed.slug)))
    for model in SAID:
        yield from session.exec(select(model))


def _synchronize(session: Session, wanted: list[SQLModel]) -> Report:
    by_table: dict[type[SQLModel], dict[Key, Row]] = {}
    for row in [*wanted, *entries(wanted)]:
        by_table.setdefault(type(row), {})[_key(row)] = row.model_dump()
    tables = {mapper.class_.__table__: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    in_order = [tables[table] for table in SQLModel.metadata.sorted_tables if tables.get(table) not in (None, *GROWING)]
    report, stale = Report(), list[tuple[type[SQLModel], list[Key]]]()
    for model in in_order:  # what others refer to comes first
        gone = _write_table(session, model, by_table.get(model, {}), report)
        stale.append((model, gone))
    for model, keys in reversed(stale):
        _delete(session, model, keys)
    report.changed += len(report.alike & report.touched)
    report.unchanged = len(report.alike - report.touched)
    return report


def _write_table(session: Session, model: type[SQLModel], wanted: dict[Key, Row], report: Report) -> list[Key]:
    """Insert and update; the keys of the rows that are no longer wanted."""
    there = _there(session, model)
    for key, row in wanted.items():
        # A record keeps its date of change while its digest says that nothing in it has changed.
        if "digest" in row and key in there and there[key]["digest"] == row["digest"]:
            row["updated_at"] = there[key]["updated_at"]
    added = [row for key, row in wanted.items() if key not in there]
    changed = [key for key, row in wanted.items() if key in there and there[key] != row]
    gone = [key for key in there if key not in wanted]
    if "path" in model.model_fields:  # a tree: what is within another goes first
        gone.sort(key=lambda key: str(there[key]["path"]), reverse=True)
    if model in SWAPPING and (changed or gone):
        session.execute(delete(model))
        added, changed, gone = list(wanted.values()), [], []
    if added:
        session.execute(insert(model), added)
    for key in changed:
        session.execute(update(model).where(*_is(model, key)).values(wanted[key]))
    if model not in INDEX:
        report.rows += len(added) + len(changed) + len(gone)
    if model in RECORDS:
        other = {key for key in changed if _is_other(there[key], wanted[key])}
        report.added += len(added)
        report.changed += len(other)
        report.removed += len(gone)
        report.alike |= {key[0] for key in there.keys() & wanted.keys() - other}
    if owner := BELONGING.get(model):
        parts = [*added, *(wanted[key] for key in changed), *(there[key] for key in gone)]
        report.touched |= {part[owner] for part in parts}
    return gone


def _there(session: Session, model: type[SQLModel]) -> dict[Key, Row]:
    key = [column.name for column in inspect(model).primary_key]
    found = session.connection().execute(select(inspect(model).local_table)).mappings()
    return {tuple(row[name] for name in key): dict(row) for row in found}


def _is_other(there: Row, wanted: Row) -> bool:
    """Whether a row says something else, and does not only stand in another place of the list."""
    return any(there[name] != value for name, value in wanted.items() if name != "position")


def _delete(session: Session, model: type[SQLModel], keys: Iterable[Key]) -> None:
    for key in keys:
        session.execute(delete(model).where(*_is(model, key)))


def _is(model: type[SQLModel], key: Key) -> list[Any]:
    return [column == value for column, value in zip(inspect(model).primary_key, key, strict=True)]


def _key(row: SQLModel) -> Key:
    return tuple(getattr(row, column.name) for column in inspect(type(row)).primary_key)
