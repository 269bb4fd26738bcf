"""Matches the records of the seed files with those of the store and with what the files said before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.records.documents import Document, decode, digest_of, to_document
from app.records.drafts import BATCH, load_current, load_documents
from app.records.kinds import KINDS, slug_of
from app.records.models import CurrentRecord, Revision, UpstreamRecord
from app.seeding.files import Seed

Key = tuple[str, str]
"""Family and slug."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A record of the seed files. `document` is None where the files no longer have it."""

    kind: str
    slug: str
    document: Document | None

    @property
    def key(self) -> Key:
        return KINDS[self.kind].family, self.slug


def read_records(seed: Seed) -> list[FileRecord]:
    """All records of the seed, in the order of its files; records that others refer to come first."""
    groups: list[tuple[str, Iterable[object]]] = [
        ("source", seed.sources),
        *((kind.value, rows) for kind, rows in seed.areas.items()),
        ("audience", seed.audiences),
        ("topic", seed.topics),
        ("organization", seed.organizations),
    ]
    records = [FileRecord(kind, slug_of(item), to_document(item)) for kind, group in groups for item in group]  # type: ignore[arg-type]  # all are records
    records += [FileRecord(resource.kind.value, resource.id, to_document(resource)) for resource in seed.resources]
    return records + [FileRecord("step", step.id, to_document(step)) for step in seed.steps]


def find_renamed(
    news: Sequence[FileRecord], removed: Sequence[FileRecord], bases: Mapping[Key, Document | None]
) -> dict[Key, Key]:
    """Records whose id changed in the files and that are otherwise the same: old keys by new key."""
    by_content: dict[tuple[str, str], Key] = {}
    for record in removed:
        if base := bases.get(record.key):
            by_content[record.kind, digest_of(_nameless(base))] = record.key
    renamed = dict[Key, Key]()
    for record in news:
        if record.key not in bases and record.document is not None:
            # pop: of two equal new records, only one is the renamed one.
            old = by_content.pop((record.kind, digest_of(_nameless(record.document))), None)
            if old is not None:
                renamed[record.key] = old
    return renamed


def find_renamed_in_store(
    session: Session, files: Mapping[Key, FileRecord], upstream: Mapping[Key, UpstreamRecord]
) -> dict[Key, Key]:
    """Records that the store renamed and the files have under the new id: former keys in the files by new key.

    Where either id is also that of another record, the file's document must equal the store's, as in an export.
    """
    before = select(UpstreamRecord.family, UpstreamRecord.slug, CurrentRecord)
    joined = before.join(CurrentRecord, col(CurrentRecord.id) == col(UpstreamRecord.record))
    rows = session.exec(joined.where(col(CurrentRecord.slug) != col(UpstreamRecord.slug))).all()
    candidates = [
        ((current.family, current.slug), (family, slug), current.revision)
        for family, slug, current in rows
        if (current.family, current.slug) in files
    ]
    documents = load_documents(session, [revision for *_, revision in candidates])
    return {
        key: old
        for key, old, revision in candidates
        if (old not in files and key not in upstream) or documents[revision] == files[key].document
    }


def _nameless(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in ("id", "code")}


def load_bases(
    session: Session, upstream: Mapping[Key, UpstreamRecord], records: Sequence[FileRecord]
) -> dict[Key, Document | None]:
    """What the files said about these records at the last seeding, where they had them."""
    rows = {record.key: upstream[record.key] for record in records if record.key in upstream}
    documents = load_documents(session, [row.revision for row in rows.values() if row.revision is not None])
    return {
        key: decode(row.document) if row.document is not None else documents.get(row.revision or 0)
        for key, row in rows.items()
    }


def load_published(
    session: Session, news: Mapping[Key, FileRecord], former: Mapping[Key, Key], upstream: Mapping[Key, UpstreamRecord]
) -> set[Key]:
    """The records whose document in the files is one that the store has published since, as in an export of it.

    `former`: former keys by key, of the records that the files had before.
    """
    records_before = {upstream[former[key]].record: (key, upstream[former[key]]) for key in news if key in former}
    published, ids = set[Key](), list(records_before)
    for first in range(0, len(ids), BATCH):
        statement = select(Revision.record, Revision.number, Revision.document)
        matching = statement.where(col(Revision.record).in_(ids[first : first + BATCH]))
        for record, number, document in session.exec(matching):
            key, before = records_before[record]
            if document is not None and number > (before.revision or 0) and decode(document) == news[key].document:
                published.add(key)
    return published


def load_standing(session: Session, records: Sequence[FileRecord], ids: Mapping[Key, UUID]) -> dict[Key, CurrentRecord]:
    """The records that exist in the store, by key in the files: looked up by id in `ids`, else by slug."""
    keys_by_id = {ids[record.key]: record.key for record in records if record.key in ids}
    keys, standing = list(keys_by_id), dict[Key, CurrentRecord]()
    for first in range(0, len(keys), BATCH):
        for row in session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(keys[first : first + BATCH]))):
            standing[keys_by_id[row.id]] = CurrentRecord(**row.model_dump())  # a copy, as from `load_current`
    # By slug: a record created again after a removal has a new id. Not records that the files have under another key.
    others = set(ids.values())
    by_slug = [record.key for record in records if record.document is not None and record.key not in standing]
    return standing | {key: row for key, row in load_current(session, by_slug).items() if row.id not in others}
