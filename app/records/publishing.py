"""Publishing: the only way to write records, in one transaction under one lock.

Steps: lock, merge with newer changes, validate, write edition and revisions, project the rows, update the search index
for the records and their dependants, write the change log.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import uniform
from time import monotonic, sleep
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from app.changes.models import Edition
from app.database import begin_writing
from app.deadlines import seconds_left
from app.records.announcing import announce_changes
from app.records.documents import Document
from app.records.drafts import Draft, RecordChange, draft_changes, load_documents, renames
from app.records.faults import InvalidRecords
from app.records.models import CurrentRecord, Revision
from app.records.projection import project_drafts
from app.records.references import Reference, replace_references
from app.records.revising import Author, write_revisions
from app.records.rules import REFERRERS, check_directory, load_references
from app.records.shapes import AreaRow
from app.records.slugs import free_slugs
from app.records.writing import table_of
from app.search.contents import find_dependants
from app.search.indexing import IndexPatch

PATIENCE = 60.0
"""Seconds for which a publication waits, and is retried, while another writer holds the lock."""
BUSY = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes of transient errors: serialization failure, deadlock, lock not available."""
NAMING = frozenset({"organization", "audience", "topic", "area"})
"""Families whose names are searched to find resources."""

_LAST_REVISION = select(func.max(col(Revision.number)))
_EDITION = table_of(Edition)
_NEW_EDITION = (
    insert(_EDITION)
    .values(number=select(func.coalesce(func.max(_EDITION.c.number), 0) + 1).scalar_subquery())
    .returning(_EDITION.c.number)
)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Publication:
    """The edition and the revision of each record; no edition where nothing changed."""

    edition: int | None
    revisions: dict[tuple[str, str], int]
    added: int = 0
    changed: int = 0
    removed: int = 0


def publish(engine: Engine, changes: Sequence[RecordChange], author: Author, now: datetime) -> Publication:
    """Publish changes, all or none. Raises Conflict, InvalidRecords, or DBAPIError if the store cannot be written."""

    def attempt() -> Publication:
        with writing(engine) as session:
            return publish_in(session, changes, author, now)

    return keep_trying(attempt)


def keep_trying(attempt: Callable[[], Answer], patience: float | None = None) -> Answer:
    """Call `attempt`, and retry while it fails because of another writer: for at most `patience` seconds (`PATIENCE`
    by default), and never past the deadline of a request."""
    deadline, pause = monotonic() + min(PATIENCE if patience is None else patience, seconds_left()), 0.02
    while True:
        try:
            return attempt()
        except DBAPIError as error:
            if not _will_pass(error) or monotonic() > deadline:
                raise
        sleep(uniform(pause / 2, pause))  # noqa: S311  # spreads writers, hides nothing
        pause = min(2 * pause, 1.0)


@contextmanager
def writing(engine: Engine, *, takes_turns: bool = False) -> Iterator[Session]:
    """A session with the writers' lock, committed at the end. `takes_turns`: waits for it as long as others need."""
    longest = 0 if takes_turns else PATIENCE
    with begin_writing(engine, "publish", longest) as connection, Session(connection) as session:
        yield session
        session.flush()


def publish_in(session: Session, changes: Sequence[RecordChange], author: Author, now: datetime) -> Publication:
    """Publish within a transaction that holds the lock; the caller commits."""
    first, drafts, references = check_changes(session, changes)
    if not drafts:
        return Publication(None, {})
    edition = begin_edition(session, now)
    patch, existing = IndexPatch(session), [draft.id for draft in drafts if draft.current is not None]
    patch.remove(indexed := sorted({*existing, *find_dependants(session, _named(drafts, references))}))
    free_slugs(session, drafts)
    standing = write_revisions(session, drafts, author, edition, first, now)
    project_drafts(session, drafts, standing, references)
    patch.add(sorted({*indexed, *(draft.id for draft in drafts)}))
    patch.flush()
    if first == 1:
        patch.mark()
    announce_changes(session, drafts, edition, now)
    return Publication(
        edition,
        {(draft.kind, draft.slug): number for number, draft in enumerate(drafts, first)},
        added=sum(draft.current is None for draft in drafts),
        changed=sum(draft.current is not None and draft.document is not None for draft in drafts),
        removed=sum(draft.document is None for draft in drafts),
    )


def check_changes(session: Session, changes: Sequence[RecordChange]) -> tuple[int, list[Draft], dict[Reference, UUID]]:
    """The first revision, the drafts and the referenced ids that publishing would write. Writes nothing.

    Raises Conflict or InvalidRecords.
    """
    first = (session.connection().scalar(_LAST_REVISION) or 0) + 1
    drafts = draft_changes(session, changes, first)
    drafts += _draft_renamed_references(session, drafts, first)
    references = load_references(session, drafts) if drafts else {}
    if faults := check_directory(session, drafts, references) if drafts else []:
        raise InvalidRecords(faults)
    return first, drafts, references


def _named(drafts: Sequence[Draft], references: Mapping[Reference, UUID]) -> list[UUID]:
    """The renamed or moved records by whose names others are found, and the new parents of areas.

    A resource that serves an area is found by the names of all areas within, hence the new parents.
    """
    named = [draft for draft in drafts if draft.family in NAMING and _names(draft.before) != _names(draft.document)]
    parents = {
        references["area", draft.record.parent]
        for draft in named
        if isinstance(draft.record, AreaRow) and draft.record.parent
    }
    return [*(draft.id for draft in named if draft.current is not None), *parents]


def _names(document: Document | None) -> list[object]:
    return [(document or {}).get(name) for name in ("name", "name_sv", "name_en", "parent")]


def begin_edition(session: Session, now: datetime) -> int:
    """Add an edition, whose number invalidates caches, exports and feeds. Returns the number."""
    number: int = session.connection().execute(_NEW_EDITION, {"made_at": now}).scalar_one()
    return number


def _will_pass(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in BUSY or "database is locked" in str(error.orig)


def _draft_renamed_references(session: Session, drafts: Sequence[Draft], first: int) -> list[Draft]:
    """The records that refer to a renamed one, with its new slug."""
    renamed = {draft.id for draft in drafts if draft.is_renamed}
    if not renamed:
        return []
    owners = set[UUID]()
    for _, column, owner in REFERRERS:
        owners |= set(session.scalars(select(col(owner)).where(col(column).in_(list(renamed)))))
    owners -= {draft.id for draft in drafts}
    referring = select(CurrentRecord).where(col(CurrentRecord.id).in_(list(owners)))
    records = session.scalars(referring.order_by(col(CurrentRecord.first_revision))).all()
    documents = load_documents(session, [record.revision for record in records])
    changes = []
    for record in records:
        document = documents[record.revision] or {}
        document = replace_references(record.kind, document, dict(renames(drafts)))
        changes.append(RecordChange(record.kind, record.slug, document, record.revision))
    return draft_changes(session, changes, first + len(drafts))
