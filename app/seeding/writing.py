"""Merges the seed files into the store in one transaction; safe to repeat."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, insert
from sqlmodel import Session, col, select

from app.changes.models import Edition
from app.identity import identify
from app.migrating import is_empty
from app.records.documents import digest_of, encode
from app.records.drafts import BATCH, load_documents
from app.records.faults import InvalidRecords
from app.records.models import Origin, Proposal, ProposalState, Revision, UpstreamRecord
from app.records.publishing import Publication, begin_edition, keep_trying, publish_in, writing
from app.records.rebuilding import describe_tables, rebuild_in
from app.records.revising import Author
from app.records.verified import replace_cadences
from app.seeding.files import Seed
from app.seeding.matching import FileRecord, load_standing, read_records
from app.seeding.merging import Disagreement, Plan, plan_merge, refuse_losses
from app.seeding.noticing import FILE
from app.seeding.placing import plan_order

AUTHOR = Author("seed files", Origin.SEED, "the seed files say so")


@dataclass(slots=True)
class SeedReport:
    """How many records a seeding added, changed, left unchanged and removed, and the conflicts left to a person."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    edition: int | None = None
    conflicts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged, {self.removed} removed"
        return "\n".join([counts, *(f"conflict: {conflict}; kept as a proposal" for conflict in self.conflicts)])


def write_seed(engine: Engine, seed: Seed, now: datetime, *, dry_run: bool = False, force: bool = False) -> SeedReport:
    """Merge the seed into the store. An error or `dry_run` leaves the store unchanged.

    Raises LostRecords where a file lacks most of its former records, unless `force` is set.
    """

    def attempt() -> SeedReport:
        with writing(engine) as session:
            report = merge_seed(session, seed, now, force=force)
            if dry_run:
                session.connection().rollback()
            return report

    return keep_trying(attempt)


def write_first(engine: Engine, seed: Seed, now: datetime) -> SeedReport | None:
    """Write the seed into an empty store. Returns None, and writes nothing, where another process was first."""

    def attempt() -> SeedReport | None:
        with writing(engine, takes_turns=True) as session:
            return merge_seed(session, seed, now) if is_empty(session.connection()) else None

    return keep_trying(attempt)


@contextmanager
def refilling(connection: Connection, read_seed: Callable[[], Seed], now: datetime) -> Iterator[None]:
    """Around migrations: rebuild the tables that are read if a migration has changed any of them.

    In the transaction of the migrations, so that nobody sees the tables empty. They are built from the revisions, or
    from the seed files where the store is older than revisions.
    """
    before = describe_tables(connection)
    yield
    with Session(connection, join_transaction_mode="rollback_only") as session:
        if session.scalar(select(Revision.number).limit(1)) is not None:
            if describe_tables(connection) != before:
                rebuild_in(session, now)
        elif session.scalar(select(Edition.number).limit(1)) is not None:
            merge_seed(session, read_seed(), now)


def merge_seed(session: Session, seed: Seed, now: datetime, *, force: bool = False) -> SeedReport:
    """Merge within a transaction that holds the lock; the caller commits. Raises LostRecords, unless `force` is set."""
    records = read_records(seed)
    plan = plan_merge(session, records)
    if not force:
        refuse_losses(plan)
    plan_order(session, plan, records)
    edition = _publish(session, plan, now).edition
    if seed.cadences is not None and replace_cadences(
        session, {cadence.kind: cadence.days for cadence in seed.cadences}
    ):
        edition = edition or begin_edition(session, now)
    _remember(session, plan)
    _remember_files(session, seed)
    _propose(session, plan, now)
    return SeedReport(
        added=plan.count("added"),
        changed=plan.count("changed"),
        unchanged=len(records) - plan.count("added") - plan.count("changed"),
        removed=plan.count("removed"),
        edition=edition,
        conflicts=[str(disagreement) for disagreement in plan.disagreements],
    )


def _publish(session: Session, plan: Plan, now: datetime) -> Publication:
    """Publish the planned changes; those that conflict with the store become proposals, and the rest is published.

    The files were checked by themselves, so that a fault lies between them and an edit in the store.
    """
    while True:
        try:
            return publish_in(session, [*plan.changes.values(), *plan.moves], AUTHOR, now)
        except InvalidRecords as error:
            given_up = [plan.give_up(fault) for fault in error.faults]
            if not any(given_up):
                raise


def _remember(session: Session, plan: Plan) -> None:
    """Store what the files say now, as the base of the next merge."""
    if not plan.edited:
        return
    for first in range(0, len(plan.stale), BATCH):
        stale = plan.stale[first : first + BATCH]
        session.execute(delete(UpstreamRecord).where(col(UpstreamRecord.record).in_(stale)))
    present = [record for record in plan.edited if record.document is not None]
    for first in range(0, len(present), BATCH):
        session.execute(insert(UpstreamRecord), _upstream_rows(session, present[first : first + BATCH], plan.ids))


def _remember_files(session: Session, seed: Seed) -> None:
    """Store the digests of the files, for `app.seeding.noticing`."""
    ours = col(UpstreamRecord.family) == FILE
    stored = dict(session.exec(select(UpstreamRecord.slug, UpstreamRecord.digest).where(ours)).all())
    if stored == seed.digests:
        return
    session.execute(delete(UpstreamRecord).where(ours))
    rows = [
        UpstreamRecord(
            record=identify(FILE, name), family=FILE, kind=FILE, slug=name, digest=digest, revision=None, document=None
        )
        for name, digest in seed.digests.items()
    ]
    session.execute(insert(UpstreamRecord), [row.model_dump() for row in rows])


def _upstream_rows(
    session: Session, records: list[FileRecord], ids: Mapping[tuple[str, str], UUID]
) -> list[dict[str, object]]:
    standing = load_standing(session, records, ids)
    documents = load_documents(session, [current.revision for current in standing.values()])
    rows = list[dict[str, object]]()
    for record in records:
        assert record.document is not None
        current = standing.get(record.key)
        is_same = current is not None and documents[current.revision] == record.document
        rows.append(
            UpstreamRecord(
                record=current.id if current else ids.get(record.key, identify(*record.key)),
                family=record.key[0],
                kind=record.kind,
                slug=record.slug,
                digest=digest_of(record.document),
                revision=current.revision if current and is_same else None,
                document=None if is_same else encode(record.document),
            ).model_dump()
        )
    return rows


def _propose(session: Session, plan: Plan, now: datetime) -> None:
    """Store the disagreements as proposals, for a person to decide."""
    if plan.disagreements:
        session.execute(insert(Proposal), [_build_proposal(item, now).model_dump() for item in plan.disagreements])


def _build_proposal(disagreement: Disagreement, now: datetime) -> Proposal:
    proposed, current = disagreement.proposed, disagreement.current
    document = None if proposed.document is None else encode(proposed.document)
    return Proposal(
        id=identify("proposal", *proposed.key, now.isoformat()),
        record=None if current is None else current.id,
        family=proposed.key[0],
        kind=proposed.kind,
        slug=proposed.slug,
        base=None if current is None else current.revision,
        document=document,
        conflicts=" ".join(disagreement.fields),
        actor=AUTHOR.name,
        origin=AUTHOR.origin,
        reason=str(disagreement),
        state=ProposalState.OPEN,
        made_at=now,
    )
