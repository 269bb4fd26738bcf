"""What the index of search finds, straight from a store."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.records.models import CurrentRecord
from app.search.queries import is_hit


def find_ids(session: Session, query: str) -> Sequence[UUID]:
    """The ids of all records that a query finds."""
    return session.exec(select(CurrentRecord.id).where(is_hit(session, query, col(CurrentRecord.id)))).all()
