"""The fields that changes touched: their names, and which changes somebody is told of who follows some fields.

A field of a contact point is named without the id of the point: `contact_points.value`. A change whose fields are not
known is always told of.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, WithJsonSchema
from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from app.changes.models import Change
from app.records.announcing import list_fields


def _check_field(name: str) -> str:
    if name not in list_fields():
        raise ValueError(f"is none of {', '.join(list_fields())}")
    return name


FieldName = Annotated[
    str,
    StringConstraints(max_length=60),
    AfterValidator(_check_field),
    WithJsonSchema({"type": "string", "enum": list(list_fields())}),
]


def touching(names: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a change touched one of these fields."""
    looked_for = (col(Change.fields).contains(f" {name} ", autoescape=True) for name in names)
    return or_(col(Change.fields).is_(None), *looked_for)


def touches(change: Change, names: Sequence[str]) -> bool:
    """Whether a change touched one of these fields."""
    return change.fields is None or not set(names).isdisjoint(change.fields.split())


def read_fields(change: Change) -> list[str] | None:
    """The names of the fields; None where they are not known."""
    return None if change.fields is None else change.fields.split()
