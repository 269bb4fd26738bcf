"""Plans what a seeding does to the store: a three-way merge by field.

The base is what the file said at the last seeding. Fields that only the file changed are taken over; fields that only
the store changed are kept. Where both changed a field differently, the store wins and the file's version becomes a
proposal.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session, col, select

from app.records.documents import Document, digest_of
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.faults import RecordFault
from app.records.kinds import KINDS
from app.records.merging import merge
from app.records.models import CurrentRecord, UpstreamRecord
from app.records.references import references
from app.seeding.matching import (
    FileRecord,
    Key,
    find_renamed,
    find_renamed_in_store,
    load_bases,
    load_published,
    load_standing,
)
from app.seeding.noticing import FILE

_RECORDS = select(UpstreamRecord).where(col(UpstreamRecord.family) != FILE)
FEW = 3
"""A file may lose fewer records than this without a question, whatever its size."""


class LostRecords(Exception):
    """A file lacks most of its former records, more likely damage than an edit. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A change in the files that conflicts with the store, in `fields`. `current`: the record in the store, if any."""

    proposed: FileRecord
    current: CurrentRecord | None
    fields: list[str]
    reason: str = ""
    """The reason, unless it is that both changed the same fields."""

    def __str__(self) -> str:
        name = f"{self.proposed.kind} {self.proposed.slug}"
        if self.reason:
            return f"{name}: {self.reason}"
        if self.current is None:
            return f"{name}: changed in the file, removed in the store"
        if self.proposed.document is None:
            return f"{name}: removed from the file, changed in the store"
        return f"{name}: {', '.join(self.fields)} changed in the file and in the store"


@dataclass(slots=True)
class Plan:
    """The changes to publish, the proposals to keep, and what the files now say, as the base of the next seeding."""

    ids: dict[Key, UUID]
    """The ids of records that the files had before, by their key now."""
    stale: list[UUID]
    """The ids of records whose upstream row is out of date."""
    sizes: Counter[str]
    """The number of records of each kind that the files had before."""
    standing: dict[Key, CurrentRecord] = field(default_factory=dict)
    changes: dict[Key, RecordChange] = field(default_factory=dict)
    outcomes: dict[Key, str] = field(default_factory=dict)
    """What each change does: `added`, `changed` or `removed`."""
    moves: list[RecordChange] = field(default_factory=list)
    """Changes that only give a record another position."""
    disagreements: list[Disagreement] = field(default_factory=list)
    edited: list[FileRecord] = field(default_factory=list)
    """Records that the files have changed, added or removed since the last seeding."""

    def count(self, outcome: str) -> int:
        """How many records are `added`, `changed` or `removed`."""
        return Counter(self.outcomes.values())[outcome]

    def add(self, key: Key, outcome: str, change: RecordChange) -> None:
        """Plan a change."""
        self.changes[key], self.outcomes[key] = change, outcome

    def give_up(self, fault: RecordFault) -> bool:
        """Turn the change with this fault into a disagreement. Returns whether there is such a change."""
        for record in self.edited:
            change = self.changes.get(record.key)
            if change is None or fault.kind not in (change.kind, KINDS[change.kind].family):
                continue
            if fault.slug in (record.slug, change.slug):
                del self.changes[record.key], self.outcomes[record.key]
                reason = ": ".join(part for part in (fault.field, fault.reason) if part)
                fields = [fault.field] if fault.field else []
                proposed = replace(record, document=change.document)
                self.disagreements.append(Disagreement(proposed, self.standing.get(record.key), fields, reason))
                return True
        return False


def plan_merge(session: Session, records: Sequence[FileRecord]) -> Plan:
    """Compare the files with the store and with what they said at the last seeding."""
    upstream = {(row.family, row.slug): row for row in session.exec(_RECORDS)}
    files = {record.key: record for record in records}
    renamed = find_renamed_in_store(session, files, upstream)
    unsettled = renamed.keys() | set(renamed.values())
    news = [record for record in records if record.key in unsettled or not _is_known(upstream.get(record.key), record)]
    removed = [FileRecord(row.kind, row.slug, None) for key, row in upstream.items() if key not in files]
    bases = load_bases(session, upstream, [*news, *removed])
    renamed |= find_renamed([record for record in news if record.key not in renamed], removed, bases)
    former = _find_former(upstream, renamed, [*records, *removed])
    ids = {key: upstream[old].record for key, old in former.items()}
    stale = [upstream[record.key].record for record in [*news, *removed] if record.key in upstream]
    plan = Plan(ids, stale, Counter(row.kind for row in upstream.values()))
    plan.edited = [*news, *removed]
    decided = [record for record in plan.edited if record.document is not None or record.key not in renamed.values()]
    standing = plan.standing = load_standing(session, decided, plan.ids)
    documents = load_documents(session, [row.revision for row in standing.values()])
    holders = load_current(session, [record.key for record in decided if record.key not in standing])
    published = load_published(session, {record.key: record for record in news}, former, upstream)
    for record in decided:
        current = standing.get(record.key)
        if current is None and record.document is not None and record.key in holders:
            plan.disagreements.append(Disagreement(record, None, ["id"], "the id is another record's in the store"))
            continue
        stored = None if current is None else documents[current.revision]
        before = former.get(record.key)
        base = record.document if record.key in published else bases.get(before) if before else None
        _plan_record(plan, record, current, stored, base)
    _give_up_needed_removals(plan)
    return plan


def _give_up_needed_removals(plan: Plan) -> None:
    """Give up removals of records that another changed record refers to since an edit in the store."""
    removed = {
        (KINDS[change.kind].family, change.slug): change for change in plan.changes.values() if change.document is None
    }
    for change in list(plan.changes.values()) if removed else ():
        for _, reference in references(change.kind, change.document) if change.document is not None else ():
            if (record := removed.pop(reference, None)) is not None:
                plan.give_up(
                    RecordFault(record.kind, record.slug, "", f"cannot be removed: {change.slug!r} refers to it")
                )


def refuse_losses(plan: Plan) -> None:
    """Raise LostRecords where a file lacks most of its former records."""
    # Records that the store removed as well, and records that were only renamed, are not losses.
    lost = Counter(record.kind for record in plan.edited if record.document is None and record.key in plan.standing)
    lines = [
        f"{KINDS[kind].file} lacks {number} of the {plan.sizes[kind]} records that it had"
        for kind, number in lost.items()
        if number >= FEW and 2 * number > plan.sizes[kind]
    ]
    if lines:
        raise LostRecords("; ".join(lines))


def _find_former(
    upstream: Mapping[Key, UpstreamRecord], renamed: Mapping[Key, Key], records: Iterable[FileRecord]
) -> dict[Key, Key]:
    """Former keys by key, of the records that the files had before."""
    former_keys = set(renamed.values())
    unchanged = {
        record.key: record.key for record in records if record.key in upstream and record.key not in former_keys
    }
    return unchanged | dict(renamed)


def _is_known(upstream: UpstreamRecord | None, record: FileRecord) -> bool:
    if upstream is None or record.document is None:
        return False
    return (upstream.kind, upstream.digest) == (record.kind, digest_of(record.document))


def _plan_record(
    plan: Plan, record: FileRecord, current: CurrentRecord | None, stored: Document | None, base: Document | None
) -> None:
    """Decide about one record that is new, changed or removed in the files."""
    if current is not None and current.kind != record.kind:
        plan.disagreements.append(Disagreement(record, current, [], f"is a {current.kind} in the store"))
    elif stored == record.document:
        return
    elif current is None or stored is None:
        if base is None:
            plan.add(record.key, "added", RecordChange(record.kind, record.slug, record.document))
        else:
            plan.disagreements.append(Disagreement(record, None, []))
    elif record.document is None:
        if stored == base:
            plan.add(record.key, "removed", RecordChange(record.kind, current.slug, None, current.revision))
        else:
            plan.disagreements.append(Disagreement(record, current, []))
    else:
        merged = merge(base or {}, stored, record.document)
        if merged.document != stored:
            plan.add(record.key, "changed", RecordChange(record.kind, current.slug, merged.document, current.revision))
        if merged.conflicts:
            # Accepting the proposal must not undo what only the store changed.
            proposed = replace(record, document=merge(base or {}, record.document, stored).document)
            plan.disagreements.append(Disagreement(proposed, current, merged.conflicts))
