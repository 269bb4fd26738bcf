"""When a person last checked a record, derived from the verifications that still match its content."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.organizations.models import Organization
from app.records.documents import Document, encode
from app.resources.models import REACHED, Resource
from app.verifying.models import Cadence, Method, Scope, Verification, Withdrawal

CONFIRMABLE: Mapping[str, type[Resource] | type[Organization]] = {"resource": Resource, "organization": Organization}
"""Families whose records people can confirm."""
_NOT_CONTENT = frozenset({"id", "contact_points", "citations"})
_HOURS = ("opening_hours", "exceptions")
_EVENTS = (
    select_columns(
        col(Verification.record),
        col(Verification.scope),
        col(Verification.covers),
        col(Verification.verified_on),
        col(Verification.method),
    )
    .outerjoin(Withdrawal, col(Withdrawal.verification) == col(Verification.id))
    .where(col(Verification.record).in_(bindparam("ids", expanding=True)), col(Withdrawal.verification).is_(None))
)
"""The checks of records that were not taken back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A record with its current document."""

    id: UUID
    family: str
    kind: str
    document: Document


def covered_part(document: Document, scope: Scope) -> Any:
    """The part of a document that a check of this scope covers; empty where it has none."""
    if scope is Scope.CONTENT:
        return {name: value for name, value in document.items() if name not in _NOT_CONTENT}
    points = document.get("contact_points", [])
    if scope is Scope.CONTACT:
        return [[point["channel"], point["value"]] for point in points if "value" in point]
    hours = [[point["id"], *(point.get(name) for name in _HOURS)] for point in points]
    return [point for point in hours if any(point[1:])]


def digest_covered(document: Document, scope: Scope) -> str:
    """SHA-256 of the part that a check of this scope covers, in hex."""
    return hashlib.sha256(encode({"covers": covered_part(document, scope)}).encode()).hexdigest()


def counting_scopes(record: Standing) -> frozenset[Scope]:
    """The scopes whose check counts for `verified_at`. Hours alone never count."""
    if record.kind in REACHED and covered_part(record.document, Scope.CONTACT):
        return frozenset({Scope.CONTACT})
    return frozenset({Scope.CONTACT, Scope.CONTENT})


def write_verified(session: Session, records: Sequence[Standing]) -> None:
    """Set `verified_at` and `review_due` of these records, whose rows were written with null in both."""
    by_id = {record.id: record for record in records if record.family in CONFIRMABLE}
    if not by_id:
        return
    events = defaultdict[UUID, list[Any]](list)
    for event in session.connection().execute(_EVENTS, {"ids": list(by_id)}):
        events[event.record].append(event)
    days = load_cadences(session) if events else {}
    for key, verifications in events.items():
        record = by_id[key]
        valid = _list_valid(record, verifications)
        verified_at = _last_day(valid, Method)
        values = {"verified_at": verified_at, "review_due": due_after(verified_at, days.get(record.kind))}
        if record.family == "resource":
            values["called_on"] = _last_day(valid, [Method.PHONE])
            values["confirmed_on"] = _last_day(valid, [Method.OPERATOR])
        model: Any = CONFIRMABLE[record.family]
        session.connection().execute(update(model).where(model.id == key).values(values))


def rewrite_verified(session: Session, record: Standing) -> None:
    """The same of one record whose dates may have been later."""
    model: Any = CONFIRMABLE[record.family]
    dates = ("verified_at", "review_due", *(("called_on", "confirmed_on") if record.family == "resource" else ()))
    session.connection().execute(update(model).where(model.id == record.id).values(dict.fromkeys(dates)))
    write_verified(session, [record])


def _list_valid(record: Standing, events: Iterable[Any]) -> list[Any]:
    """The checks that still count. `events`: rows of verifications."""
    scopes = counting_scopes(record)
    return [
        event
        for event in events
        if event.scope in scopes and event.covers == digest_covered(record.document, event.scope)
    ]


def _last_day(events: Iterable[Any], methods: Iterable[Method]) -> date | None:
    accepted = list(methods)
    return max((event.verified_on for event in events if event.method in accepted), default=None)


def due_after(verified_at: date | None, days: int | None) -> date | None:
    """The last day on which the next check is in time; None without a cadence or a check."""
    return None if verified_at is None or days is None else verified_at + timedelta(days=days)


def load_cadences(session: Session) -> Mapping[str, int]:
    """Days between two checks, by kind."""
    return {cadence.kind: cadence.days for cadence in session.exec(select(Cadence))}


def replace_cadences(session: Session, days: Mapping[str, int]) -> bool:
    """Store the days between checks, and update due days. Returns whether any due day changed."""
    if days == load_cadences(session):
        return False
    session.execute(delete(Cadence))
    session.add_all([Cadence(kind=kind, days=count) for kind, count in days.items()])
    session.flush()
    changed = False
    for record in session.exec(select(Resource).where(col(Resource.verified_at).is_not(None))):
        changed |= _set_due(record, days.get(record.kind))
    for organization in session.exec(select(Organization).where(col(Organization.verified_at).is_not(None))):
        changed |= _set_due(organization, days.get("organization"))
    session.flush()
    return changed


def _set_due(record: Resource | Organization, days: int | None) -> bool:
    before, record.review_due = record.review_due, due_after(record.verified_at, days)
    return before != record.review_due
