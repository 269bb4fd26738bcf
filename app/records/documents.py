"""Documents: records as JSON in the shape of their entries in `seed/`, without default values."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.records.faults import InvalidRecords, RecordFault
from app.records.kinds import KINDS
from app.records.shapes import Record

Document = dict[str, Any]

MAX_BYTES = 40 * 1024
"""The largest document. It fits into the body of a proposal, which may have 48 kB. The largest document of the real
directory has some 8 kB."""


def to_document(record: Record) -> Document:
    """The document of a record. Defaults are left out, so that a new field with a default changes no document."""
    document: Document = record.model_dump(mode="json", exclude_defaults=True)
    return document


def parse_document(kind: str, slug: str, document: Document) -> Record:
    """The record that a document describes. Raises InvalidRecords with each fault and its field."""
    if len(encode(document).encode()) > MAX_BYTES:
        raise InvalidRecords([RecordFault(kind, slug, "", f"is larger than {MAX_BYTES // 1024} kB")])
    if kind not in KINDS:
        raise InvalidRecords([RecordFault(kind, slug, "kind", f"is none of {', '.join(KINDS)}")])
    try:
        return KINDS[kind].shape.model_validate(document)
    except ValidationError as error:
        raise InvalidRecords(list(_faults(kind, slug, error))) from None


def _faults(kind: str, slug: str, error: ValidationError) -> Iterator[RecordFault]:
    for fault in error.errors(include_url=False):
        field = ".".join(map(str, fault["loc"]))
        yield RecordFault(kind, slug, field, describe_fault(fault))


def describe_fault(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value, and how long a text is that is too long. `fault`: one of a ValidationError."""
    reason = str(fault["msg"]).removeprefix("Value error, ")
    return f"{reason}, not {len(fault['input'].strip())}" if fault["type"] == "string_too_long" else reason


def encode(document: Document) -> str:
    """A document as JSON, always the same for the same content."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(text: str) -> Document:
    """A document from the store."""
    document: Document = json.loads(text)
    return document


def apply_patch(document: Document, patch: Document) -> Document:
    """The document with a JSON merge patch (RFC 7396) applied: null removes a field, lists are replaced whole."""
    changed = dict(document)
    for name, value in patch.items():
        if value is None:
            changed.pop(name, None)
        elif isinstance(value, dict):
            inner = changed.get(name)
            changed[name] = apply_patch(inner if isinstance(inner, dict) else {}, value)
        else:
            changed[name] = value
    return changed


def digest_of(document: Document) -> str:
    """SHA-256 of a document, in hex. Verifications are not part of documents and do not change it."""
    return digest_encoded(encode(document))


def digest_encoded(text: str) -> str:
    """The same of a document that is encoded already."""
    return hashlib.sha256(text.encode()).hexdigest()
