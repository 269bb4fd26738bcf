"""Orders records as in the seed files; records that only the store has keep their place among them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session, col, select

from app.records.drafts import RecordChange, load_documents
from app.records.kinds import KINDS
from app.records.models import CurrentRecord
from app.records.ordering import assign_positions
from app.seeding.matching import FileRecord, Key
from app.seeding.merging import Plan

Stored = Row[tuple[UUID, str, str, str, int, int]]
"""Id, family, slug, kind, position and revision of a record in the store."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record in the order of its kind. `key`: in the files, if they have it. `stored`: if the store has it."""

    key: Key | None
    stored: Stored | None


def plan_order(session: Session, plan: Plan, records: Sequence[FileRecord]) -> None:
    """Give new records their position by the order of the files, and move records that the files have moved."""
    names = ("id", "family", "slug", "kind", "position", "revision")
    statement = select(*(getattr(CurrentRecord, name) for name in names))
    standing: Sequence[Stored] = session.exec(statement.order_by(col(CurrentRecord.position))).all()
    removed = {change.base for change in plan.changes.values() if change.document is None}
    in_store = defaultdict[str, list[Stored]](list)
    for stored in standing:
        if stored.revision not in removed:
            in_store[stored.kind].append(stored)
    in_files = defaultdict[str, list[Place]](list)
    for kind, place in _find_places(plan, records, standing):
        in_files[kind].append(place)
    for kind, places in in_files.items():
        _move(session, plan, kind, _interleave(places, in_store[kind]))


def _find_places(plan: Plan, records: Sequence[FileRecord], standing: Sequence[Stored]) -> Iterator[tuple[str, Place]]:
    """The records of the files that the store has or is going to have, with their kind, in their order."""
    by_id = {stored.id: stored for stored in standing}
    ids_in_files = set(plan.ids.values())
    by_slug = {(stored.family, stored.slug): stored for stored in standing if stored.id not in ids_in_files}
    for record in records:
        former_id = plan.ids.get(record.key)
        stored = (by_id.get(former_id) if former_id else None) or by_slug.get(record.key)
        if stored is not None and stored.kind == record.kind:
            yield record.kind, Place(record.key, stored)
        elif stored is None and record.key in plan.changes:
            yield record.kind, Place(record.key, None)


def _interleave(in_files: Sequence[Place], in_store: Sequence[Stored]) -> list[Place]:
    """The order of the files; records that only the store has come after the record that they follow there."""
    ids_in_files = {place.stored.id for place in in_files if place.stored is not None}
    followers, last = defaultdict[UUID | None, list[Place]](list), None
    for stored in in_store:
        if stored.id in ids_in_files:
            last = stored.id
        else:
            followers[last].append(Place(None, stored))
    order = followers.pop(None, [])
    for place in in_files:
        order += [place, *(followers[place.stored.id] if place.stored is not None else ())]
    return order


def _move(session: Session, plan: Plan, kind: str, order: Sequence[Place]) -> None:
    """Plan the position changes that this order needs."""
    positions = [None if place.stored is None else place.stored.position for place in order]
    moved = list[tuple[Stored, int]]()
    for place, old, new in zip(order, positions, assign_positions(positions, KINDS[kind].first_position), strict=True):
        if old == new:
            continue
        if place.key in plan.changes:
            plan.changes[place.key] = replace(plan.changes[place.key], position=new)
        elif place.stored is not None:
            moved.append((place.stored, new))
    documents = load_documents(session, [stored.revision for stored, _ in moved])
    plan.moves += [
        RecordChange(kind, stored.slug, documents[stored.revision], stored.revision, new) for stored, new in moved
    ]
