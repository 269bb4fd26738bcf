"""Writes revisions and the current records that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from app.records.documents import digest_encoded, encode
from app.records.drafts import BATCH, Draft
from app.records.kinds import KINDS
from app.records.models import CurrentRecord, Origin, Revision
from app.records.ordering import GAP
from app.records.writing import insert_rows, table_of, update_rows

_REVISION = table_of(Revision)
_CURRENT = table_of(CurrentRecord)


@dataclass(frozen=True, slots=True)
class Author:
    """Who publishes, from where and why. `name` is a role or an organization, never a person."""

    name: str
    origin: Origin
    reason: str


def write_revisions(
    session: Session, drafts: Sequence[Draft], author: Author, edition: int, first: int, now: datetime
) -> dict[UUID, CurrentRecord]:
    """Write a revision for each draft, numbered from `first`. Returns the current records after it, by id."""
    last = _last_positions(session, drafts)
    revisions, standing = list[Revision](), dict[UUID, CurrentRecord]()
    for number, draft in enumerate(drafts, first):
        text = None if draft.document is None else encode(draft.document)
        revision = Revision(
            number=number,
            record=draft.id,
            family=draft.family,
            kind=draft.kind,
            slug=draft.slug,
            document=text,
            digest="" if text is None else digest_encoded(text),
            position=_position(draft, last),
            actor=author.name,
            origin=author.origin,
            reason=author.reason,
            edition=edition,
            made_at=now,
            base=draft.base,
        )
        revisions.append(revision)
        if draft.document is not None:
            standing[draft.id] = standing_after(revision, draft.current, draft.identity)
    insert_rows(session, _REVISION, [revision.model_dump() for revision in revisions])
    _write_standing(session, drafts, standing)
    return standing


def standing_after(revision: Revision, current: CurrentRecord | None, identity: str) -> CurrentRecord:
    """The current record after a revision. `updated_at` moves only if its content has changed."""
    same = current is not None and current.digest == revision.digest
    return CurrentRecord(
        id=revision.record,
        identity=identity,
        family=revision.family,
        kind=revision.kind,
        slug=revision.slug,
        revision=revision.number,
        first_revision=current.first_revision if current else revision.number,
        position=revision.position,
        updated_at=current.updated_at if same and current else revision.made_at,
        digest=revision.digest,
    )


def _write_standing(session: Session, drafts: Sequence[Draft], standing: Mapping[UUID, CurrentRecord]) -> None:
    existing = {draft.id for draft in drafts if draft.current is not None}
    rows = [record.model_dump() for record in standing.values()]
    insert_rows(session, _CURRENT, [row for row in rows if row["id"] not in existing])
    update_rows(session, _CURRENT, [row for row in rows if row["id"] in existing])


def delete_standing(session: Session, drafts: Sequence[Draft]) -> None:
    """Delete the removed records from the current ones; their rows in other tables must be gone."""
    ids = [draft.id for draft in drafts if draft.document is None]
    for first in range(0, len(ids), BATCH):
        session.execute(delete(CurrentRecord).where(col(CurrentRecord.id).in_(ids[first : first + BATCH])))


def _last_positions(session: Session, drafts: Sequence[Draft]) -> dict[str, int]:
    """The last position in use, for each kind that gets new records without a position."""
    kinds = {draft.kind for draft in drafts if draft.current is None and draft.position is None}
    if not kinds:
        return {}
    statement = select(col(CurrentRecord.kind), func.max(col(CurrentRecord.position))).group_by(col(CurrentRecord.kind))
    last = {kind: KINDS[kind].first_position - GAP for kind in kinds}
    return last | dict(session.execute(statement.where(col(CurrentRecord.kind).in_(kinds))).all())


def _position(draft: Draft, last: dict[str, int]) -> int:
    if draft.position is not None:
        return draft.position
    if draft.current is not None:
        return draft.current.position
    last[draft.kind] += GAP
    return last[draft.kind]
