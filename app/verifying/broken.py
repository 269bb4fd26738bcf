"""Tasks about broken records: a value that cannot be used is shown as unknown, and a person must correct it."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from app.database import begin_writing
from app.records.comparing import find_broken
from app.records.publishing import keep_trying
from app.verifying.models import TaskKind
from app.verifying.queries import open_tasks
from app.verifying.tasks import Finding, update_tasks


def find_broken_records(engine: Engine, now: datetime) -> list[Finding]:
    """A finding for each record that is broken in the store, all from one snapshot."""
    with Session(engine) as session:
        return [
            Finding(f"broken {record}", TaskKind.BROKEN_RECORD, record, {"fields": fields}, now)
            for record, fields in find_broken(session)
        ]


def raise_broken_records(engine: Engine, now: datetime) -> int:
    """Open and close the tasks about broken records only. Returns how many are broken; writes nothing without any."""
    findings = find_broken_records(engine, now)
    with Session(engine) as session:
        has_open = any(task.kind is TaskKind.BROKEN_RECORD for task in session.scalars(open_tasks()))

    def attempt() -> None:
        with begin_writing(engine, "verify") as connection, Session(connection) as session:
            update_tasks(session, findings, now, kinds={TaskKind.BROKEN_RECORD})

    if findings or has_open:
        keep_trying(attempt)
    return len(findings)
