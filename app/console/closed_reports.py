"""Reports that are closed: what they were about, how they ended, and who closed them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.access.deciding import Caller
from app.access.models import AuditEntry
from app.access.scopes import list_within
from app.console.records import load_views
from app.console.words import name_field
from app.verifying.models import Task, TaskKind

MOST = 50
"""Reports of a page."""


@dataclass(frozen=True, slots=True)
class ClosedReport:
    """A report that is closed. `path`: its page in the console. `actor`: who closed it; empty where nobody knows."""

    path: str
    title: str
    about: str
    closed_at: datetime
    actor: str
    ending: str


def list_closed_reports(session: Session, caller: Caller, page: int) -> tuple[list[ClosedReport], bool]:
    """The reports of a page, the newest first, that the caller may see; and whether there are older ones."""
    is_meant = col(Task.kind) == TaskKind.REPORT, col(Task.closed_at).is_not(None)
    statement = select(Task).where(*is_meant).order_by(col(Task.closed_at).desc(), col(Task.id))
    if caller.scope is None:
        tasks = session.exec(statement.offset(page * MOST).limit(MOST + 1)).all()
    else:  # whether a record is within a scope is told by its document, which SQL does not read
        closed = session.exec(statement).all()
        within = list_within(session, caller.scope, {task.record for task in closed if task.record})
        tasks = [task for task in closed if task.record in within][page * MOST : (page + 1) * MOST + 1]
    return _describe(session, tasks[:MOST]), len(tasks) > MOST


def _describe(session: Session, tasks: Sequence[Task]) -> list[ClosedReport]:
    views = load_views(session, {task.record for task in tasks if task.record})
    closings = {f"task {task.id}": task for task in tasks}
    rows = select(AuditEntry.subject, AuditEntry.actor).where(
        AuditEntry.action == "task closed", col(AuditEntry.subject).in_(list(closings))
    )
    actors = dict(session.exec(rows).all())
    return [
        ClosedReport(
            f"/arenden/{task.id}",
            views[task.record].title if task.record in views else "Ingen post",
            name_field(field, views[task.record].document) if field and task.record in views else "",
            task.closed_at,
            actors.get(subject, ""),
            task.closing_reason or "",
        )
        for subject, task in closings.items()
        if task.closed_at is not None
        for field in [json.loads(task.details).get("field")]
    ]
