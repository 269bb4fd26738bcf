"""References of documents: the fields that hold slugs of other records, with the families of these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class References:
    """Ids by family and slug, and paths of areas and terms, which end with a dot."""

    ids: Mapping[Reference, UUID]
    paths: Mapping[Reference, str]


def references(kind: str, document: Document) -> Iterator[tuple[str, Reference]]:
    """Yield each reference of a document after the field that holds it, such as `areas`, `("area", "1380")`."""
    for path, family in FIELDS.items():
        for slug in _values(document, path.split(".")):
            yield path.partition("[")[0], (family or KINDS[kind].family, slug)


def replace_references(kind: str, document: Document, renamed: Mapping[Reference, str]) -> Document:
    """The document with the new slugs of renamed records, replaced all at once."""
    for path, of_family in FIELDS.items():
        family = of_family or KINDS[kind].family
        slugs = {slug: new for (of, slug), new in renamed.items() if of == family}
        if slugs:
            document = _replaced(document, path.split("."), slugs)
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


def _replaced(value: Any, path: list[str], slugs: Mapping[str, str]) -> Any:
    if not path:
        return slugs.get(value, value)
    name, *rest = path
    key = name.removesuffix("[]")
    if not isinstance(value, dict) or key not in value:
        return value
    inner = value[key]
    changed = [_replaced(item, rest, slugs) for item in inner] if name.endswith("[]") else _replaced(inner, rest, slugs)
    return {**value, key: changed}
