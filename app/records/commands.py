"""Changes and confirms one record from the command line."""

import json
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from app.records.confirming import Confirmation, confirm
from app.records.documents import Document, apply_patch
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.faults import Conflict, InvalidRecords, RecordFault
from app.records.kinds import BY_COLLECTION, RecordKind
from app.records.models import Origin
from app.records.publishing import publish
from app.records.revising import Author


def read_patch(content: bytes) -> Document:
    """A patch from the bytes of a JSON document, whatever the console's encoding. Raises InvalidRecords."""
    try:
        patch = json.loads(content)
    except ValueError as error:
        raise InvalidRecords([RecordFault("patch", "", "", f"is no JSON: {error}")]) from None
    if not isinstance(patch, dict):
        raise InvalidRecords([RecordFault("patch", "", "", "is no JSON object")])
    return patch


def change_record(engine: Engine, address: str, patch: Document, by: str, reason: str, now: datetime) -> str:
    """Publish a merge patch of one record. Returns a line about it. Raises Conflict or InvalidRecords."""
    kind, slug = _split(address)
    with Session(engine) as session:
        current = load_current(session, [(kind.family, slug)]).get((kind.family, slug))
        if current is None:
            raise Conflict(kind.name, slug, "no such record stands", None)
        document = load_documents(session, [current.revision])[current.revision] or {}
    change = RecordChange(kind.name, slug, apply_patch(document, patch), current.revision)
    publication = publish(engine, [change], Author(by, Origin.COMMAND, reason), now)
    if publication.edition is None:
        return f"{address}: nothing changed; revision {current.revision} stands."
    changed = ", ".join(f"{name} {slug}: revision {number}" for (name, slug), number in publication.revisions.items())
    return f"Edition {publication.edition}: {changed}"


def confirm_record(engine: Engine, address: str, confirmation: Confirmation, now: datetime) -> str:
    """Write down that a person checked a record; a line that says so. Raises Conflict or InvalidRecords."""
    kind, slug = _split(address)
    edition = confirm(engine, kind.name, slug, confirmation, now)
    what, day = f"{confirmation.scope} ({confirmation.method})", confirmation.verified_on
    return f"Edition {edition}: {address}: {what} checked by {confirmation.role} on {day}"


def _split(address: str) -> tuple[RecordKind, str]:
    collection, _, slug = address.partition("/")
    if collection not in BY_COLLECTION:
        raise InvalidRecords([RecordFault(collection, slug, "", f"is none of {', '.join(BY_COLLECTION)}")])
    return BY_COLLECTION[collection], slug
