"""Stores reports: those about the same field share a task, and the addresses of reporters are deleted in time."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID, uuid4

from sqlalchemy import Engine, delete, func
from sqlmodel import Session, col, select

from app.http.problems import NotFound, TooManyRequests, invalid
from app.records.documents import Document
from app.records.drafts import load_current, load_documents
from app.records.kinds import BY_COLLECTION, KINDS
from app.records.models import CurrentRecord
from app.records.publishing import keep_trying, writing
from app.records.shapes import ContactPointRecord
from app.reports.models import ReplyAddress, Report
from app.verifying.models import Task, TaskKind

MOST_A_DAY = 300
"""The most reports that are accepted in 24 hours: more than people can read."""
ADDRESSES_KEPT = timedelta(days=30)
REPORTS_KEPT = timedelta(days=365)
DAY = timedelta(days=1)
PATIENCE = 4.0
MOST_REPORTS = 100
"""The most reports of one task that are loaded with their addresses."""
MOST_TEXTS = 20
"""The most texts of one task that are listed: the newest, without duplicates."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a reporter sent. `record`: collection and id; None where it concerns none, such as a missing record.
    `field`: such as `contact_points.telefon.value`.
    """

    record: str | None
    field: str | None
    text: str
    answer_to: str | None


def keep_report(engine: Engine, complaint: Complaint, now: datetime) -> None:
    """Store a report as part of its task. Raises NotFound, InvalidParameter or TooManyRequests."""

    def act() -> None:
        with writing(engine) as session:
            record = None if complaint.record is None else _find_record(session, complaint.record)
            _require_field(session, record, complaint.field)
            _refuse_flood(session, now)
            task = _open_task(session, record, complaint, now)
            report = Report(id=uuid4(), task=task.id, field=complaint.field, text=complaint.text, made_at=now)
            session.add(report)
            if complaint.answer_to is not None:
                session.add(ReplyAddress(report=report.id, address=complaint.answer_to))
            forget_old(session, now)

    keep_trying(act, PATIENCE)


def forget_old(session: Session, now: datetime) -> None:
    """Delete addresses 30 days after their task was closed, and reports a year after it."""
    for model, key, period in (
        (ReplyAddress, ReplyAddress.report, ADDRESSES_KEPT),
        (Report, Report.id, REPORTS_KEPT),
    ):
        closed = (
            select(Report.id).join(Task, col(Task.id) == col(Report.task)).where(col(Task.closed_at) < now - period)
        )
        session.execute(delete(model).where(col(key).in_(closed)))


def load_reported(session: Session, address: str) -> Document | None:
    """The document of the record that a report is about, such as `hotlines/linjen`; None where there is none."""
    try:
        record = _find_record(session, address)
    except NotFound:
        return None
    return load_documents(session, [record.revision])[record.revision]


def _find_record(session: Session, address: str) -> CurrentRecord:
    collection, _, slug = address.partition("/")
    kind = BY_COLLECTION.get(collection)
    if kind is not None:
        current = load_current(session, [(kind.family, slug)]).get((kind.family, slug))
        if current is not None and current.kind == kind.name:
            return current
    raise NotFound("There is no such record; `record` is a collection and an id, such as hotlines/kvinnofridslinjen.")


def _require_field(session: Session, record: CurrentRecord | None, field: str | None) -> None:
    """Raise InvalidParameter for a field that the record cannot have: each field gets a task of its own."""
    if record is None:
        if field is not None:
            raise invalid("field", "goes with a record")
        return
    document = load_documents(session, [record.revision])[record.revision] or {}
    points = [f"contact_points.{point['id']}" for point in document.get("contact_points", ())]
    names = [*KINDS[record.kind].shape.model_fields, *points]
    names += [f"{point}.{name}" for point in points for name in ContactPointRecord.model_fields]
    if field is not None and field not in names:
        raise invalid("field", "is no field of this record", names)


def load_texts(session: Session, tasks: Collection[UUID]) -> dict[UUID, list[str]]:
    """The texts of reports by task: the newest first, without duplicates, at most MOST_TEXTS for each."""
    newest = func.max(col(Report.made_at))
    statement = select(Report.task, Report.text).where(col(Report.task).in_(tasks))
    texts = defaultdict[UUID, list[str]](list)
    for task, text in session.exec(statement.group_by(col(Report.task), col(Report.text)).order_by(newest.desc())):
        if len(texts[task]) < MOST_TEXTS:
            texts[task].append(text)
    return texts


def load_reports(session: Session, task: UUID) -> Sequence[tuple[Report, str | None]]:
    """The reports of a task, the newest first, at most MOST_REPORTS, each with the address for its answer."""
    statement = (
        select(Report, ReplyAddress.address)
        .join(ReplyAddress, col(ReplyAddress.report) == col(Report.id), isouter=True)
        .where(col(Report.task) == task)
        .order_by(col(Report.made_at).desc(), col(Report.id))
    )
    return session.exec(statement.limit(MOST_REPORTS)).all()


def _refuse_flood(session: Session, now: datetime) -> None:
    lately = select(func.count(), func.min(col(Report.made_at))).where(col(Report.made_at) > now - DAY)
    count, oldest = session.exec(lately).one()
    if count >= MOST_A_DAY:
        detail = "So many reports have come today that no more are taken until tomorrow. In danger, call 112."
        seconds = ceil((oldest + DAY - now).total_seconds())
        raise TooManyRequests(detail, headers={"Retry-After": str(max(1, seconds))})


def _open_task(session: Session, record: CurrentRecord | None, complaint: Complaint, now: datetime) -> Task:
    """Find or create the task about this field of this record, and count the report; without a record, a new task."""
    about = uuid4() if record is None else record.id
    subject = f"report {about} {complaint.field or ''}".strip()
    task = session.exec(select(Task).where(col(Task.subject) == subject, col(Task.closed_at).is_(None))).first()
    if task is None:
        task = Task(
            id=uuid4(),
            subject=subject,
            kind=TaskKind.REPORT,
            record=None if record is None else record.id,
            details="{}",
            since=now,
            closed_at=None,
            closing_reason=None,
        )
        session.add(task)
    count = json.loads(task.details).get("count", 0) + 1
    task.details = json.dumps({"count": count, "field": complaint.field}, ensure_ascii=False)
    session.flush()
    return task
