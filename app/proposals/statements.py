"""What an organization says of its own records is a source itself, dated, so that each field stays cited."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.access.keys import slug_of_name
from app.records.documents import Document
from app.records.kinds import KINDS
from app.records.merging import cite_anew, restated_fields
from app.records.shapes import Cited, ContactPointRecord

LONGEST_EVIDENCE = 60


def cite_statement(
    kind: str, before: Document, after: Document, publisher: str, day: date
) -> tuple[Document, Document | None]:
    """The document with a statement cited for what it changes without a source of its own; and that source, if any."""
    shape = KINDS[kind].shape
    if not issubclass(shape, Cited):
        return after, None
    try:
        restated = restated_fields(before, after)
        changed = {
            field: value for field, value in restated.items() if value not in (None, []) and _is_cited(shape, field)
        }
        source = _make_source(publisher, day)
        evidence = {field: _to_evidence(value) for field, value in changed.items()}
        recited = cite_anew(after, source["id"], evidence)
    except (AttributeError, KeyError, TypeError):  # no document at all, which the check of its shape tells better
        return after, None
    return recited, source if evidence else None


def _make_source(publisher: str, day: date) -> Document:
    slug = slug_of_name(publisher) or "uppgiftslamnaren"
    title = f"Uppgift från {publisher} den {day}"
    stated = day.isoformat()
    return {
        "id": f"statement-{slug}-{stated}",
        "title": title,
        "publisher": publisher,
        "published": stated,
        "retrieved": stated,
    }


def _is_cited(shape: type[Cited], field: str) -> bool:
    uncited = ContactPointRecord.uncited if field.startswith("contact_points.") else shape.uncited
    return field.rpartition(".")[2] not in uncited


def _to_evidence(value: Any) -> str:
    """A few words of the new value."""
    if isinstance(value, Mapping):
        value = (
            value.get("sv") or value.get("hours_stated") or value.get("opening_hours") or next(iter(value.values()), "")
        )
    if isinstance(value, list):
        value = ", ".join(map(_to_evidence, value))
    return " ".join(str(value).split())[:LONGEST_EVIDENCE] or "–"
