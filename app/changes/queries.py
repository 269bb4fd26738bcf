"""Statements over changes."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col

from app.changes.models import Change, Edition


def changes(where: Iterable[ColumnElement[bool]] = ()) -> Select[Change]:
    """Changes, the oldest first."""
    return select(Change).where(*where).order_by(col(Change.sequence))


def newest(where: Iterable[ColumnElement[bool]] = ()) -> Select[Change]:
    """Changes, the newest first."""
    return select(Change).where(*where).order_by(col(Change.sequence).desc())


def first_of_editions(editions: Iterable[int]) -> Select[int, int]:
    """Of each of these editions its number and the sequence number of its first change."""
    number = col(Change.edition)
    return select(number, func.min(col(Change.sequence))).where(number.in_(editions)).group_by(number)


def edition() -> Select[Edition]:
    """The edition that the store holds; none in a store that was never seeded since it keeps editions."""
    return select(Edition).order_by(col(Edition.number).desc()).limit(1)
