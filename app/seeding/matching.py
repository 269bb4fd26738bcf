"""Which record of the store a record of the seed files is, and what the files said of it before."""

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
    """A record as the seed files say it; None where they no longer have it."""

    kind: str
    slug: str
    document: Document | None

    @property
    def key(self) -> Key:
        return KINDS[self.kind].family, self.slug


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


def find_renamed(
    news: Sequence[FileRecord], gone: Sequence[FileRecord], bases: Mapping[Key, Document | None]
) -> dict[Key, Key]:
    """Records that have another id in the files and are otherwise the same: the new key, and the old."""
    by_content: dict[tuple[str, str], Key] = {}
    for record in gone:
        if base := bases.get(record.key):
            by_content[record.kind, digest_of(_nameless(base))] = record.key
    renamed = dict[Key, Key]()
    for record in news:
        if record.key not in bases and record.document is not None:
            # Taken out: of two equal records, only one is the old one.
            old = by_content.pop((record.kind, digest_of(_nameless(record.document))), None)
            if old is not None:
                renamed[record.key] = old
    return renamed


def find_renamed_in_store(
    session: Session, files: Mapping[Key, FileRecord], upstream: Mapping[Key, UpstreamRecord]
) -> dict[Key, Key]:
    """Records whose new id the files have from the store: the new key, and the one that the files had before.

    Where either id is also another record's, the files must say of it just what the store says: they are an export.
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
    """What the files said of these at the last seeding, where they said anything."""
    known = {record.key: upstream[record.key] for record in records if record.key in upstream}
    documents = load_documents(session, [one.revision for one in known.values() if one.revision is not None])
    return {
        key: decode(one.document) if one.document is not None else documents.get(one.revision or 0)
        for key, one in known.items()
    }


def load_published(
    session: Session, news: Mapping[Key, FileRecord], former: Mapping[Key, Key], upstream: Mapping[Key, UpstreamRecord]
) -> set[Key]:
    """Those of which the files say what the store has published since: an export of it, and nothing new.

    `former`: the key that the files had before, of those that they had.
    """
    known = {upstream[former[key]].record: (key, upstream[former[key]]) for key in news if key in former}
    published, ids = set[Key](), list(known)
    for first in range(0, len(ids), BATCH):
        statement = select(Revision.record, Revision.number, Revision.document)
        matching = statement.where(col(Revision.record).in_(ids[first : first + BATCH]))
        for record, number, document in session.exec(matching):
            key, before = known[record]
            if document is not None and number > (before.revision or 0) and decode(document) == news[key].document:
                published.add(key)
    return published


def load_standing(session: Session, records: Sequence[FileRecord], ids: Mapping[Key, UUID]) -> dict[Key, CurrentRecord]:
    """The records that stand, by the key in the files: found by id where the files had them before, else by slug."""
    wanted = {ids[record.key]: record.key for record in records if record.key in ids}
    keys, standing = list(wanted), dict[Key, CurrentRecord]()
    for first in range(0, len(keys), BATCH):
        for one in session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(keys[first : first + BATCH]))):
            standing[wanted[one.id]] = CurrentRecord(**one.model_dump())  # a copy, as `load_current` gives
    # A record that was removed and made again has another id; one that the files have under another key is not meant.
    others = set(ids.values())
    by_slug = [one.key for one in records if one.document is not None and one.key not in standing]
    return standing | {key: one for key, one in load_current(session, by_slug).items() if one.id not in others}
