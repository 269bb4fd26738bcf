"""Turns a requested change into the revision that it would make, merged with changes since its base."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session, col

from app.identity import identify
from app.records.documents import (
    Document,
    decode,
    parse_document,
    to_document,
)
from app.records.faults import Conflict, InvalidRecords, RecordFault
from app.records.kinds import KINDS, slug_of
from app.records.merging import merge
from app.records.models import CurrentRecord, Revision
from app.records.references import Reference
from app.records.shapes import Record
from app.records.writing import table_of

Standing = tuple[CurrentRecord, Document | None]
"""A record and its document."""
BATCH = 500
"""The most records in one statement; SQLite takes some 30,000 parameters."""

IS_NAMED = and_(
    col(CurrentRecord.family).in_(bindparam("families", expanding=True)),
    col(CurrentRecord.slug).in_(bindparam("slugs", expanding=True)),
)
"""Finds records by family and slug, and perhaps some that have a family of one and the slug of another: SQLite reads
the whole table where it is asked for several pairs."""

_CURRENT = select(table_of(CurrentRecord)).where(IS_NAMED)
_STANDING = _CURRENT.add_columns(col(Revision.document)).join(
    table_of(Revision), col(Revision.number) == col(CurrentRecord.revision)
)
_DOCUMENTS = select(col(Revision.number), col(Revision.document)).where(
    col(Revision.number).in_(bindparam("numbers", expanding=True))
)
_TAKEN = select(col(Revision.record)).where(col(Revision.record).in_(bindparam("ids", expanding=True)))
# Built once: building a statement takes longer than running it for one record.


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A requested change of one record.

    `slug`: the current one; for a new record, its own. `document`: None removes the record. `base`: the revision that
    the change was made against; None creates a record. `position`: its place in lists; None leaves it, or puts a new
    record last.
    """

    kind: str
    slug: str
    document: Document | None
    base: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change to publish. `current` and `before`: the record and its document now; None for a new record."""

    kind: str
    slug: str
    document: Document | None
    record: Record | None
    id: UUID
    identity: str
    position: int | None
    base: int | None
    current: CurrentRecord | None
    before: Document | None

    @property
    def family(self) -> str:
        return KINDS[self.kind].family

    @property
    def is_renamed(self) -> bool:
        return self.current is not None and self.document is not None and self.slug != self.current.slug


def load_current(session: Session, references: Iterable[Reference]) -> dict[Reference, CurrentRecord]:
    """The records with these families and slugs that exist, by family and slug."""
    keys, records = list(references), dict[Reference, CurrentRecord]()
    for first in range(0, len(keys), BATCH):
        part = set(keys[first : first + BATCH])
        rows = session.connection().execute(_CURRENT, name_keys(part)).mappings()
        records |= {key: CurrentRecord(**row) for row in rows if (key := (row["family"], row["slug"])) in part}
    return records


def load_standing(session: Session, references: Iterable[Reference]) -> dict[Reference, Standing]:
    """The same, each with its document."""
    keys, records = list(references), dict[Reference, Standing]()
    for first in range(0, len(keys), BATCH):
        part = set(keys[first : first + BATCH])
        for row in session.connection().execute(_STANDING, name_keys(part)).mappings():
            fields = dict(row)
            text = fields.pop("document")
            if (key := (row["family"], row["slug"])) in part:
                records[key] = CurrentRecord(**fields), None if text is None else decode(text)
    return records


def name_keys(keys: Iterable[Reference]) -> dict[str, list[str]]:
    """The parameters of `IS_NAMED` that find these families and slugs."""
    families, slugs = zip(*keys, strict=True)
    return {"families": sorted(set(families)), "slugs": sorted(set(slugs))}


def load_documents(session: Session, revisions: Iterable[int]) -> dict[int, Document | None]:
    """The documents of some revisions, by number."""
    numbers, documents = list(revisions), dict[int, Document | None]()
    for first in range(0, len(numbers), BATCH):
        rows = session.connection().execute(_DOCUMENTS, {"numbers": numbers[first : first + BATCH]})
        documents |= {number: None if text is None else decode(text) for number, text in rows}
    return documents


def draft_changes(session: Session, changes: Sequence[RecordChange], next_revision: int) -> list[Draft]:
    """Drafts of the changes that have an effect. Raises Conflict or InvalidRecords."""
    current = load_standing(
        session, ((KINDS[change.kind].family, change.slug) for change in changes if change.kind in KINDS)
    )
    newest = {record.revision for record, _ in current.values()}
    documents = load_documents(session, {change.base for change in changes if change.base is not None} - newest)
    drafts, faults = list[Draft](), list[RecordFault]()
    for change in changes:
        try:
            drafts.append(_draft(change, current, documents))
        except InvalidRecords as error:
            faults += error.faults
    if faults:
        raise InvalidRecords(faults)
    drafts = _identify_anew(session, drafts, next_revision)
    return [draft for draft in drafts if draft.document != draft.before or draft.position is not None]


def _draft(
    change: RecordChange,
    standing: Mapping[Reference, Standing],
    bases: Mapping[int, Document | None],
) -> Draft:
    if change.kind not in KINDS:
        raise InvalidRecords([RecordFault(change.kind, change.slug, "kind", f"is none of {', '.join(KINDS)}")])
    family = KINDS[change.kind].family
    current, before = standing.get((family, change.slug), (None, None))
    document = _merged(change, current, before, bases)
    record, slug = None, change.slug
    if document is not None:
        record = parse_document(change.kind, change.slug, document)
        document, slug = to_document(record), slug_of(record)
    moved = change.position if current is None or change.position != current.position else None
    return Draft(
        kind=change.kind,
        slug=slug,
        document=document,
        record=record,
        id=identify(family, slug) if current is None else current.id,
        identity=slug if current is None else current.identity,
        position=moved,
        base=change.base,
        current=current,
        before=before,
    )


def _merged(
    change: RecordChange,
    current: CurrentRecord | None,
    before: Document | None,
    bases: Mapping[int, Document | None],
) -> Document | None:
    """The document after the change, merged with what changed since its base. Raises Conflict."""
    if current is None:
        if change.base is not None or change.document is None:
            raise Conflict(change.kind, change.slug, "no such record stands", None)
        return change.document
    if current.kind != change.kind:
        raise Conflict(change.kind, change.slug, f"the slug belongs to a {current.kind}", current.revision)
    if change.base is None:
        raise Conflict(change.kind, change.slug, "stands already", current.revision)
    if change.base == current.revision:
        return change.document
    base = bases.get(change.base)
    if not base or before is None or change.document is None:  # a base that is redacted is empty
        raise Conflict(change.kind, change.slug, "has changed meanwhile", current.revision)
    merged = merge(base, before, change.document)
    if merged.conflicts:
        reason = f"has changed meanwhile in {', '.join(merged.conflicts)}"
        raise Conflict(change.kind, change.slug, reason, current.revision, merged.conflicts)
    return merged.document


def _identify_anew(session: Session, drafts: Sequence[Draft], next_revision: int) -> list[Draft]:
    """Give new records whose slug once belonged to another record an id of their own, so that they inherit nothing."""
    taken = _taken_identities(session, drafts)

    def identify_anew(draft: Draft, number: int) -> Draft:
        identity = f"{draft.slug}/{number}"
        return replace(draft, identity=identity, id=identify(draft.family, identity))

    return [
        identify_anew(draft, next_revision + nth) if draft.current is None and draft.id in taken else draft
        for nth, draft in enumerate(drafts)
    ]


def _taken_identities(session: Session, drafts: Sequence[Draft]) -> set[UUID]:
    """The ids of new records that a former record already had."""
    ids, taken = sorted({draft.id for draft in drafts if draft.current is None}), set[UUID]()
    for first in range(0, len(ids), BATCH):
        taken |= set(session.connection().scalars(_TAKEN, {"ids": ids[first : first + BATCH]}))
    return taken


def renames(drafts: Iterable[Draft]) -> Iterator[tuple[tuple[str, str], str]]:
    """The family and old slug, and the new slug, of each renamed record."""
    for draft in drafts:
        if draft.is_renamed and draft.current is not None:
            yield (draft.family, draft.current.slug), draft.slug
