"""Reads the state of the store, for `stodkatalog status` and `/metrics`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from app.changes.models import Edition
from app.resources.models import Resource
from app.verifying.models import SourceCheck, Task


@dataclass(frozen=True, slots=True)
class State:
    """The newest edition, records by kind, when a source was last checked, and open tasks by kind."""

    edition: int | None
    published_at: datetime | None
    records: dict[str, int]
    checked_at: datetime | None
    tasks: dict[str, int]


def read_state(engine: Engine) -> State:
    """Read the state of a store, which must have the newest schema."""
    with Session(engine) as session:
        edition = session.scalars(select(Edition).order_by(col(Edition.number).desc()).limit(1)).first()
        records = select(col(Resource.kind), func.count()).group_by(col(Resource.kind)).order_by(col(Resource.kind))
        is_open = col(Task.closed_at).is_(None)
        tasks = select(col(Task.kind), func.count()).where(is_open).group_by(col(Task.kind)).order_by(col(Task.kind))
        return State(
            edition=edition.number if edition else None,
            published_at=edition.made_at if edition else None,
            records={str(kind): number for kind, number in session.execute(records)},
            checked_at=session.scalar(select(func.max(col(SourceCheck.checked_at)))),
            tasks={str(kind): number for kind, number in session.execute(tasks)},
        )
