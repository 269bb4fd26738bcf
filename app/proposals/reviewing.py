"""What operators publish at once is looked at afterwards: of one record, one task."""

import json
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from app.access.deciding import Caller, is_reviewed_after
from app.verifying.models import Task, TaskKind

MOST_ACTS = 20
"""Acts of one task that are listed: the newest."""


def raise_review(session: Session, caller: Caller, record: UUID, act: str) -> None:
    """Add an act to the task of its record, within the transaction of the act. What editors do raises none."""
    if not is_reviewed_after(caller):
        return
    subject = f"operator {record}"
    task = session.exec(select(Task).where(col(Task.subject) == subject, col(Task.closed_at).is_(None))).first()
    if task is None:
        task = Task(
            id=uuid4(),
            subject=subject,
            kind=TaskKind.OPERATOR_ACT,
            record=record,
            details="{}",
            since=caller.at,
            closed_at=None,
            closing_reason=None,
        )
        session.add(task)
    acts = [*json.loads(task.details).get("acts", []), f"{caller.name}: {act}"]
    task.details = json.dumps({"acts": acts[-MOST_ACTS:]}, ensure_ascii=False)
    session.flush()
