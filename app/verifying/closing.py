"""Closes tasks that people raised. Tasks raised by `verify` close by themselves when their reason is gone."""

from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.auditing import add_audit_entry
from app.access.deciding import Caller
from app.http.problems import NotFound, StaleRevision
from app.records.publishing import keep_trying, writing
from app.reports.keeping import PATIENCE, forget_old
from app.verifying.listing import find_task
from app.verifying.models import RAISED_BY_PEOPLE


def close_task(engine: Engine, caller: Caller, key: UUID, reason: str) -> None:
    """Close a task with a reason. Raises NotFound or StaleRevision. A test key checks and stores nothing."""

    def act() -> None:
        with writing(engine) as session:
            close_task_in(session, caller, key, reason)
            if caller.is_test:
                session.connection().rollback()

    keep_trying(act, PATIENCE)


def close_task_in(session: Session, caller: Caller, key: UUID, reason: str) -> None:
    """`close_task` within a transaction that holds the lock; the caller commits."""
    task = find_task(session, caller.scope, key)
    if task.kind not in RAISED_BY_PEOPLE:
        raise NotFound("There is no such task that people close; other tasks close by themselves.")
    if task.closed_at is not None:
        raise StaleRevision("The task is closed already.")
    task.closed_at, task.closing_reason = caller.at, reason
    add_audit_entry(session, caller.at, "task closed", f"task {key}", actor=caller.name, key=caller.key)
    forget_old(session, caller.at)
    session.flush()
