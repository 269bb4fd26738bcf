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
    """The number of each of these editions and the sequence number of its first change."""
    number = col(Change.edition)
    return select(number, func.min(col(Change.sequence))).where(number.in_(editions)).group_by(number)


def edition() -> Select[Edition]:
    """The newest edition; no row in a store that has none yet."""
    return select(Edition).order_by(col(Edition.number).desc()).limit(1)
