"""Scopes of keys, and whether a record lies within one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.access.models import ScopeKind
from app.records.documents import Document
from app.records.drafts import load_documents
from app.records.faults import InvalidRecords, RecordFault
from app.records.kinds import AREA, BY_COLLECTION, KINDS, RESOURCE
from app.records.models import CurrentRecord
from app.records.rules import load_ids


@dataclass(frozen=True, slots=True)
class KeyScope:
    """The limit of a key: the ids of its records, of its municipality or of its organization."""

    kind: ScopeKind
    ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Touched:
    """A record to be changed. `id`: None for a new one. `documents`: the current and the new one, None where there is
    none."""

    kind: str
    id: UUID | None
    documents: Sequence[Document | None]


def parse_scope(session: Session, text: str) -> KeyScope:
    """The scope that `records=hotlines/a,courses/b`, `municipality=1380` or `organization=slug` names.

    Raises InvalidRecords.
    """
    name, _, value = text.partition("=")
    if name not in tuple(ScopeKind) or not value:
        expected = "records=COLLECTION/ID,…, municipality=CODE or organization=ID"
        raise InvalidRecords([RecordFault("scope", text, "", f"is none of {expected}")])
    kind = ScopeKind(name)
    if kind is ScopeKind.RECORDS:
        references = [_parse_address(address) for address in value.split(",")]
    else:
        references = [(AREA if kind is ScopeKind.MUNICIPALITY else "organization", value)]
    ids_by_reference = load_ids(session, references)
    if missing := [slug for family, slug in references if (family, slug) not in ids_by_reference]:
        raise InvalidRecords([RecordFault("scope", text, "", f"no such record stands: {', '.join(missing)}")])
    ids = frozenset(ids_by_reference.values())
    if kind is ScopeKind.MUNICIPALITY and _load_kinds(session, ids) != {"municipality"}:
        raise InvalidRecords([RecordFault("scope", text, "", f"{value} is no municipality")])
    return KeyScope(kind, ids)


def describe_scope(session: Session, scope: KeyScope | None) -> str | None:
    """The scope as `parse_scope` takes it, with current slugs; None for the whole directory."""
    if scope is None:
        return None
    statement = select(CurrentRecord).where(col(CurrentRecord.id).in_(scope.ids)).order_by(col(CurrentRecord.slug))
    records = session.exec(statement).all()
    if scope.kind is ScopeKind.RECORDS:
        return f"records={','.join(f'{KINDS[record.kind].collection}/{record.slug}' for record in records)}"
    return f"{scope.kind}={','.join(record.slug for record in records)}"


def is_within(session: Session, scope: KeyScope | None, touched: Touched, slugs: Collection[str] | None = None) -> bool:
    """Whether a record lies within a scope, both before and after the change.

    A record of a municipality serves that municipality and no other area. A record of an organization is the
    organization itself, or has it among its organizations. `slugs`: those of the scope, if they are loaded already.
    """
    if scope is None:
        return True
    if scope.kind is ScopeKind.RECORDS:
        return touched.id in scope.ids
    if touched.id in scope.ids:
        return scope.kind is ScopeKind.ORGANIZATION
    if slugs is None:
        slugs = load_slugs(session, scope)
    documents = [document for document in touched.documents if document is not None]
    if KINDS[touched.kind].family != RESOURCE or not slugs or not documents:
        return False
    if scope.kind is ScopeKind.MUNICIPALITY:
        return all(set(document.get("areas", ())) == set(slugs) for document in documents)
    return all(set(slugs) & set(_organizations_of(document)) for document in documents)


def load_slugs(session: Session, scope: KeyScope) -> frozenset[str]:
    """The current slugs of the records of a scope."""
    return frozenset(session.exec(select(CurrentRecord.slug).where(col(CurrentRecord.id).in_(scope.ids))))


def list_within(session: Session, scope: KeyScope, records: Collection[UUID]) -> frozenset[UUID]:
    """Those of the records that exist and lie within a scope, with three queries however many they are."""
    slugs = load_slugs(session, scope)
    standing = session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(list(records)))).all()
    documents = load_documents(session, [record.revision for record in standing])
    return frozenset(
        record.id
        for record in standing
        if is_within(session, scope, Touched(record.kind, record.id, [documents[record.revision]]), slugs)
    )


def _organizations_of(document: Document) -> Iterable[str]:
    return (part["id"] for part in document.get("organizations", ()))


def _parse_address(address: str) -> tuple[str, str]:
    collection, _, slug = address.partition("/")
    if collection not in BY_COLLECTION:
        raise InvalidRecords([RecordFault(collection, slug, "", f"is none of {', '.join(BY_COLLECTION)}")])
    return BY_COLLECTION[collection].family, slug


def _load_kinds(session: Session, ids: Iterable[UUID]) -> set[str]:
    return set(session.exec(select(CurrentRecord.kind).where(col(CurrentRecord.id).in_(ids))))
