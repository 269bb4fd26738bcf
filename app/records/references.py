"""What documents refer to: the fields that hold the slug of another record, and the family that it is of."""

from collections.abc import Iterator
from typing import Any

from app.records.documents import Document
from app.records.kinds import KINDS

SELF = ""
"""Stands for the record's own family."""
FIELDS = {
    "source": "source",
    "citations[].source": "source",
    "organizations[].id": "organization",
    "ties[].to": "organization",
    "audiences[]": "audience",
    "topics[]": "topic",
    "areas[]": "area",
    "coordination_region": "area",
    "reached_through": "resource",
    "superseded_by": "resource",
    "resource": "resource",
    "parent": SELF,
}
"""By the field's path; `[]` stands for each item of a list."""

Reference = tuple[str, str]
"""Family and slug."""


def references(kind: str, document: Document) -> Iterator[tuple[str, Reference]]:
    """Each reference of a document with the field that holds it, such as `areas`, `("area", "1380")`."""
    for path, family in FIELDS.items():
        for slug in _values(document, path.split(".")):
            yield path.partition("[")[0], (family or KINDS[kind].family, slug)


def replace_reference(kind: str, document: Document, old: Reference, new: str) -> Document:
    """The document with another slug where it refers to `old`."""
    for path, family in FIELDS.items():
        if (family or KINDS[kind].family) == old[0]:
            document = _replaced(document, path.split("."), old[1], new)
    return document


def _values(value: Any, path: list[str]) -> Iterator[str]:
    """The texts at a path."""
    if not path:
        if value:
            yield value
        return
    name, *rest = path
    if isinstance(value, dict) and (inner := value.get(name.removesuffix("[]"))) is not None:
        for item in inner if name.endswith("[]") else [inner]:
            yield from _values(item, rest)


def _replaced(value: Any, path: list[str], old: str, new: str) -> Any:
    if not path:
        return new if value == old else value
    name, *rest = path
    key = name.removesuffix("[]")
    if not isinstance(value, dict) or key not in value:
        return value
    inner = value[key]
    changed = (
        [_replaced(item, rest, old, new) for item in inner] if name.endswith("[]") else _replaced(inner, rest, old, new)
    )
    return {**value, key: changed}
