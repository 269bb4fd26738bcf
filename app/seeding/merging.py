"""What a seeding does to the store: three ways, by field.

Base is what the file said at the last seeding. What only the file changed is taken, what only the store changed is
kept. Where both changed the same field differently, the store stays and the file's version becomes a proposal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session, col, select

from app.identity import identify
from app.records.documents import Document, decode, digest_whole, to_document
from app.records.drafts import BATCH, Change, load_current, load_documents
from app.records.kinds import KINDS, slug_of
from app.records.merging import merge
from app.records.models import CurrentRecord, UpstreamRecord
from app.records.ordering import assign_positions
from app.seeding.files import Seed

Key = tuple[str, str]
"""Family and slug."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A record as the seed files say it; None where they no longer have it."""

    kind: str
    slug: str
    document: Document | None

    @property
    def key(self) -> Key:
        return KINDS[self.kind].family, self.slug


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the file wants and the store contradicts, in which fields. `current`: the record, if it stands."""

    wanted: FileRecord
    current: CurrentRecord | None
    fields: list[str]

    def __str__(self) -> str:
        name = f"{self.wanted.kind} {self.wanted.slug}"
        if self.current is None:
            return f"{name}: changed in the file, removed in the store"
        if self.wanted.document is None:
            return f"{name}: removed from the file, changed in the store"
        return f"{name}: {', '.join(self.fields)} changed in the file and in the store"


@dataclass(slots=True)
class Plan:
    """What is to be done: changes to publish, proposals to keep, and what the files now say, for the next time."""

    ids: dict[Key, UUID]
    """Of the records that the files had before."""
    changes: dict[Key, Change] = field(default_factory=dict)
    disagreements: list[Disagreement] = field(default_factory=list)
    said: list[FileRecord] = field(default_factory=list)
    """Records about which the files say something new, or nothing any more."""
    added: int = 0
    changed: int = 0
    removed: int = 0


def read_records(seed: Seed) -> list[FileRecord]:
    """All records of the seed, in the order of its files; what others refer to comes first."""
    groups: list[tuple[str, Iterable[object]]] = [
        ("source", seed.sources),
        *((kind.value, rows) for kind, rows in seed.areas.items()),
        ("audience", seed.audiences),
        ("topic", seed.topics),
        ("organization", seed.organizations),
    ]
    records = [FileRecord(kind, slug_of(one), to_document(one)) for kind, group in groups for one in group]  # type: ignore[arg-type]  # all are records
    records += [FileRecord(one.kind.value, one.id, to_document(one)) for one in seed.resources]
    return records + [FileRecord("step", step.id, to_document(step)) for step in seed.steps]


def plan_merge(session: Session, records: Sequence[FileRecord]) -> Plan:
    """Compare the files with the store and with what they said at the last seeding."""
    upstream = {(one.family, one.slug): one for one in session.exec(select(UpstreamRecord))}
    files = {record.key for record in records}
    news = [record for record in records if not _is_known(upstream.get(record.key), record)]
    gone = [FileRecord(one.kind, one.slug, None) for key, one in upstream.items() if key not in files]
    bases = _load_bases(session, upstream, [*news, *gone])
    former = find_renamed(news, gone, bases)
    plan = Plan(_ids(upstream, former, [*records, *gone]))
    plan.said = [*news, *gone]
    decided = [record for record in plan.said if record.document is not None or record.key not in former.values()]
    standing = load_standing(session, decided, plan.ids)
    documents = load_documents(session, [one.revision for one in standing.values()])
    for record in decided:
        current = standing.get(record.key)
        stands = None if current is None else documents[current.revision]
        _plan_record(plan, record, current, stands, bases.get(former.get(record.key, record.key)))
    _plan_order(session, plan, records)
    return plan


def _ids(
    upstream: Mapping[Key, UpstreamRecord], former: Mapping[Key, Key], records: Iterable[FileRecord]
) -> dict[Key, UUID]:
    """The ids of the records that the files had before, some of them under another key."""
    keys = {record.key: former.get(record.key, record.key) for record in records}
    return {key: upstream[old].record for key, old in keys.items() if old in upstream}


def find_renamed(
    news: Sequence[FileRecord], gone: Sequence[FileRecord], bases: Mapping[Key, Document | None]
) -> dict[Key, Key]:
    """Records that have another id in the files and are otherwise the same: the new key, and the old."""
    by_content: dict[tuple[str, str], Key] = {}
    for record in gone:
        if base := bases.get(record.key):
            by_content[record.kind, digest_whole(_nameless(base))] = record.key
    renamed = dict[Key, Key]()
    for record in news:
        if record.key not in bases and record.document is not None:
            old = by_content.get((record.kind, digest_whole(_nameless(record.document))))
            if old is not None:
                renamed[record.key] = old
    return renamed


def _nameless(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in ("id", "code")}


def _is_known(upstream: UpstreamRecord | None, record: FileRecord) -> bool:
    return upstream is not None and record.document is not None and upstream.digest == digest_whole(record.document)


def _load_bases(
    session: Session, upstream: Mapping[Key, UpstreamRecord], records: Sequence[FileRecord]
) -> dict[Key, Document | None]:
    """What the files said of these at the last seeding, where they said anything."""
    known = {record.key: upstream[record.key] for record in records if record.key in upstream}
    documents = load_documents(session, [one.revision for one in known.values() if one.revision is not None])
    return {
        key: decode(one.document) if one.document is not None else documents.get(one.revision or 0)
        for key, one in known.items()
    }


def load_standing(session: Session, records: Sequence[FileRecord], ids: Mapping[Key, UUID]) -> dict[Key, CurrentRecord]:
    """The records that stand, by the key in the files: found by id where the files had them before, else by slug."""
    standing = load_current(session, [record.key for record in records if record.key not in ids])
    wanted = {ids[record.key]: record.key for record in records if record.key in ids}
    keys = list(wanted)
    for first in range(0, len(keys), BATCH):
        for one in session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(keys[first : first + BATCH]))):
            standing[wanted[one.id]] = CurrentRecord(**one.model_dump())  # a copy, as `load_current` gives
    return standing


def _plan_record(
    plan: Plan, record: FileRecord, current: CurrentRecord | None, stands: Document | None, base: Document | None
) -> None:
    """Decide about one record that is new, changed or removed in the files."""
    if stands == record.document:
        return
    if current is None or stands is None:
        if base is None:
            plan.changes[record.key] = Change(record.kind, record.slug, record.document)
            plan.added += 1
        else:
            plan.disagreements.append(Disagreement(record, None, []))
    elif record.document is None:
        if stands == base:
            plan.changes[record.key] = Change(record.kind, current.slug, None, current.revision)
            plan.removed += 1
        else:
            plan.disagreements.append(Disagreement(record, current, []))
    else:
        merged = merge(base or {}, stands, record.document)
        if merged.document != stands:
            plan.changes[record.key] = Change(record.kind, current.slug, merged.document, current.revision)
            plan.changed += 1
        if merged.conflicts:
            plan.disagreements.append(Disagreement(record, current, merged.conflicts))


def _plan_order(session: Session, plan: Plan, records: Sequence[FileRecord]) -> None:
    """Give new records their place in the order of the files, and move those that the files have moved."""
    positions = dict(session.exec(select(CurrentRecord.id, CurrentRecord.position)).all())
    by_kind: dict[str, list[FileRecord]] = {}
    for record in records:
        stands = plan.ids.get(record.key) in positions or identify(*record.key) in positions
        if stands or record.key in plan.changes:
            by_kind.setdefault(record.kind, []).append(record)
    for kind, group in by_kind.items():
        known = [positions.get(plan.ids.get(record.key) or identify(*record.key)) for record in group]
        for record, old, new in zip(group, known, assign_positions(known, KINDS[kind].first_position), strict=True):
            if old != new:
                _place(session, plan, record, new)


def _place(session: Session, plan: Plan, record: FileRecord, position: int) -> None:
    change = plan.changes.get(record.key)
    if change is None:
        current = load_standing(session, [record], plan.ids)[record.key]
        document = load_documents(session, [current.revision])[current.revision]
        change = Change(record.kind, current.slug, document, current.revision)
    plan.changes[record.key] = replace(change, position=position)
