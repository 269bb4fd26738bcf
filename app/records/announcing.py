"""Writes the change log: what a publication did to resources and organizations, and to which of their fields."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from app.changes.models import Change, What
from app.records.documents import Document
from app.records.drafts import BATCH, Draft, load_documents
from app.records.kinds import KINDS
from app.records.merging import HOURS, differing_values
from app.records.models import CurrentRecord
from app.records.rules import REFERRERS
from app.records.shapes import ContactPointRecord
from app.records.writing import table_of
from app.status import OFFERED, Status

ANNOUNCED = ("resource", "organization")
"""Families whose changes are in the change log."""
AREA_FIELDS = ("name_sv", "name_en", "basis", "reason_sv", "reason_en")
SOURCE_FIELDS = ("title", "publisher", "url", "published", "updated", "retrieved")
REPEATED = {
    "organization": ("name",),
    "audience": ("name",),
    "topic": ("name",),
    "resource": ("name",),
    "area": AREA_FIELDS,
    "source": SOURCE_FIELDS,
}
"""By family: the fields that also appear in the answers of records that refer to a record."""
REFERRING = {
    "source_id": "citations",
    "area_id": "areas",
    "coordination_region_id": "coordination_region",
    "organization_id": "organizations",
    "other_id": "ties",
    "reached_through_id": "reached_through",
    "successor_id": "superseded_by",
}
"""By column: the field that refers to a record. Terms are in the field of their family: `audiences`, `topics`."""

_CHANGE = table_of(Change)
_ADD = insert(_CHANGE).values(sequence=select(func.coalesce(func.max(_CHANGE.c.sequence), 0) + 1).scalar_subquery())


def announce_changes(session: Session, drafts: Sequence[Draft], edition: int, now: datetime) -> None:
    """Add these drafts to the change log, removals first and records that repeat their fields last.

    The projected tables must be up to date.
    """
    announced = {draft.id: happening for draft in drafts if (happening := _what_happens(draft)) is not None}
    dependants = _find_dependants(session, drafts)
    rows = [_row(draft, announced[draft.id], dependants[draft.id]) for draft in drafts if draft.id in announced]
    rows += _rows_of_dependants(session, {key: fields for key, fields in dependants.items() if key not in announced})
    rows.sort(key=lambda row: row["what"] is not What.REMOVED)
    if rows:
        session.connection().execute(_ADD, [{**row, "edition": edition, "changed_at": now} for row in rows])


def _what_happens(draft: Draft) -> What | None:
    """The change that a draft makes for followers; None where the content stays."""
    if draft.family not in ANNOUNCED:
        return None
    if draft.document is None:
        return What.REMOVED
    if draft.before is None or draft.current is None:
        return What.ADDED
    if draft.is_renamed:
        return What.RENAMED
    if draft.before == draft.document:
        return None
    over = _status(draft.before) in OFFERED and _status(draft.document) not in OFFERED
    return What.ENDED if over else What.CHANGED


def _find_dependants(session: Session, drafts: Sequence[Draft]) -> defaultdict[UUID, set[str]]:
    """The records whose answers repeat a field that these drafts change, each with its fields that refer to them."""
    repeated = [(draft.family, draft.id) for draft in drafts if _changes_what_is_repeated(draft)]
    dependants = defaultdict[UUID, set[str]](set)
    for first in range(0, len(repeated), BATCH):
        part = repeated[first : first + BATCH]
        for family, column, owner in REFERRERS:
            if ids := [key for name, key in part if name == family]:
                field = REFERRING.get(col(column).key, f"{family}s")  # type: ignore[attr-defined]  # a mapped column
                for dependant in session.scalars(select(col(owner)).where(col(column).in_(ids))):
                    dependants[dependant].add(field)
    return dependants


def _changes_what_is_repeated(draft: Draft) -> bool:
    before, after = draft.before, draft.document
    if before is None or after is None:
        return False
    return any(before.get(field) != after.get(field) for field in REPEATED.get(draft.family, ()))


def _rows_of_dependants(session: Session, dependants: Mapping[UUID, set[str]]) -> Iterator[dict[str, object]]:
    ids = sorted(dependants)
    for first in range(0, len(ids), BATCH):
        part = col(CurrentRecord.id).in_(ids[first : first + BATCH]), col(CurrentRecord.family).in_(ANNOUNCED)
        records = session.scalars(select(CurrentRecord).where(*part).order_by(col(CurrentRecord.slug))).all()
        documents = load_documents(session, [record.revision for record in records])
        for record in records:
            document = documents[record.revision] or {}
            yield _row_of(record.kind, record.slug, document, What.CHANGED, dependants[record.id])


def _row(draft: Draft, what: What, referring: set[str]) -> dict[str, object]:
    former = draft.current.slug if what is What.RENAMED and draft.current else None
    fields = _name_changed_fields(draft) | referring
    return _row_of(draft.kind, draft.slug, draft.document or draft.before or {}, what, fields, former)


def _name_changed_fields(draft: Draft) -> set[str]:
    """The fields that differ: all of a record that is new, removed, or comes into force or goes out of it."""
    before, after = draft.before or {}, draft.document or {}
    if before and after and (_status(before) in OFFERED) != (_status(after) in OFFERED):
        return _name_fields({}, before) | _name_fields({}, after)
    return _name_fields(before, after) | ({"id"} if draft.is_renamed else set())


def _name_fields(before: Document, after: Document) -> set[str]:
    """The fields whose values differ; those of contact points without the id of the point, and as a whole."""
    paths = (path.split(".") for path, _, _ in differing_values(before, after))
    whole = {name for name in ("citations", "contact_points") if before.get(name) != after.get(name)}
    return {".".join((path[0], *path[2:])) for path in paths} | whole


@cache
def list_fields() -> tuple[str, ...]:
    """The names that a change may have among its fields."""
    shapes = (kind.shape for kind in KINDS.values() if kind.family in ANNOUNCED)
    points = (f"contact_points.{name}" for name in ContactPointRecord.model_fields if name not in ("id", *HOURS[1:]))
    return tuple(sorted({name for shape in shapes for name in shape.model_fields} | set(points)))


def _row_of(
    kind: str, slug: str, document: Document, what: What, fields: Collection[str], former: str | None = None
) -> dict[str, object]:
    return {
        "what": what,
        "kind": kind,
        "slug": slug,
        "former_slug": former,
        "status": _status(document),
        "name_sv": document["name"]["sv"],
        "name_en": document["name"]["en"],
        "fields": f" {' '.join(sorted(fields))} ",
    }


def _status(document: Document) -> Status:
    return Status(document.get("status", Status.CURRENT))  # organizations leave out what is the default
