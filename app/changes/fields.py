"""The fields that changes touched: their names, and which changes somebody is told of who follows some fields.

A field of a contact point is named without the id of the point: `contact_points.value`. A change whose fields are not
known is always told of.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from app.changes.models import Change
from app.records.announcing import list_fields

if TYPE_CHECKING:
    FieldName = str
else:
    FieldName = StrEnum("FieldName", {name.replace(".", "_").upper(): name for name in list_fields()})
    """The name of a field that a change may have."""


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
