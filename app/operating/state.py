"""Reads the state of the store, for `stodkatalog status` and `/metrics`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from app.changes.models import Edition
from app.database import connection_arguments
from app.records.models import Proposal, ProposalState
from app.resources.models import Resource
from app.verifying.models import SourceCheck, Task

PATIENCE = 2
"""Seconds for a standby to take a connection."""

_HELD = """
SELECT (SELECT max(number) FROM edition),
    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END
"""


@dataclass(frozen=True, slots=True)
class StoreState:
    """The newest edition, records by kind, when a source was last checked, open tasks by kind, and open proposals."""

    edition: int | None
    published_at: datetime | None
    records: dict[str, int]
    checked_at: datetime | None
    tasks: dict[str, int]
    proposals: int


@dataclass(frozen=True, slots=True)
class Standby:
    """The newest edition that a standby holds, and the age in seconds of what it replayed last; 0: it has caught up."""

    edition: int | None
    lag: float


def read_state(engine: Engine) -> StoreState:
    """Read the state of a store, which must have the newest schema."""
    with Session(engine) as session:
        edition = session.scalars(select(Edition).order_by(col(Edition.number).desc()).limit(1)).first()
        records = select(col(Resource.kind), func.count()).group_by(col(Resource.kind)).order_by(col(Resource.kind))
        is_open = col(Task.closed_at).is_(None)
        tasks = select(col(Task.kind), func.count()).where(is_open).group_by(col(Task.kind)).order_by(col(Task.kind))
        proposals = select(func.count()).where(col(Proposal.state) == ProposalState.OPEN)
        return StoreState(
            edition=edition.number if edition else None,
            published_at=edition.made_at if edition else None,
            records={str(kind): number for kind, number in session.execute(records)},
            checked_at=session.scalar(select(func.max(col(SourceCheck.checked_at)))),
            tasks={str(kind): number for kind, number in session.execute(tasks)},
            proposals=session.scalar(proposals) or 0,
        )


def read_standby(engine: Engine) -> Standby | None:
    """What a standby holds; None where it does not answer. A new connection each time cannot hang for long."""
    import psycopg  # noqa: PLC0415  # nine megabytes that SQLite can do without

    from app.postgresql import BoundedConnection  # noqa: PLC0415

    arguments = {**connection_arguments(engine), "connect_timeout": PATIENCE}
    try:
        with BoundedConnection.connect(autocommit=True, **arguments) as connection:
            row = connection.execute(_HELD).fetchone()
    except psycopg.Error:
        return None
    return None if row is None else Standby(row[0], float(row[1]))
