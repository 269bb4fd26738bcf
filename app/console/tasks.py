"""What there is to do, by urgency, and one task with all that is known about it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from app.access.deciding import Caller
from app.console.reasons import name_author, translate_reason
from app.console.records import FieldView, RecordView, load_view, load_views, view_fields
from app.console.words import name_field
from app.http.problems import NotFound
from app.proposals.listing import list_seen
from app.records.kinds import KINDS
from app.records.models import Origin, Proposal, ProposalState, Revision
from app.reports.keeping import load_reports
from app.verifying.listing import find_task, load_open_tasks
from app.verifying.models import Task, TaskKind

MOST = 50
"""Lines of a group on the start page."""
MOST_REPORTS = 20
GROUPS = (
    ("reports", "Rapporter: någon säger att något är fel"),
    ("contacts", "Uppgifter som inte går att använda, eller som källan inte längre anger"),
    ("proposals", "Förslag att ta ställning till"),
    ("conflicts", "Filerna och katalogen stämmer inte överens"),
    ("evidence", "Belägg som saknas"),
    ("service", "Tjänsten: källor som inte går att läsa, webhookar som har stängts av"),
    ("holidays", "Helger utan öppettider"),
    ("reviews", "Dags att kontrollera igen"),
    ("own", "Dina egna förslag som väntar på beslut"),
)
"""In the order of urgency."""
GROUP_OF = {
    TaskKind.REPORT: "reports",
    TaskKind.OPERATOR_ACT: "reviews",
    TaskKind.BROKEN_RECORD: "contacts",
    TaskKind.MISSING_CONTACT: "contacts",
    TaskKind.MISSING_EVIDENCE: "evidence",
    TaskKind.SOURCE_GONE: "evidence",
    TaskKind.SOURCES_FAILING: "service",
    TaskKind.WEBHOOK_DISABLED: "service",
    TaskKind.HOURS_UNSTATED: "holidays",
    TaskKind.REVIEW_OVERDUE: "reviews",
}
ABOUT = {
    TaskKind.SOURCE_GONE: "källans sida är borta; {cited} belägg kommer därifrån",
    TaskKind.SOURCES_FAILING: "{failing} av {checked} källor gick inte att läsa",
    TaskKind.WEBHOOK_DISABLED: "webhook för {owner} har stängts av: {why}",
    TaskKind.BROKEN_RECORD: "skiljer sig från den senaste utgåvan, eller är ogiltigt: {fields}",
    TaskKind.OPERATOR_ACT: "publicerat direkt av den som driver verksamheten: {acts}",
    TaskKind.REVIEW_OVERDUE: "skulle ha kontrollerats senast {review_due}",
    TaskKind.HOURS_UNSTATED: "inga öppettider för {first} till {last}: {lines}",
}
LISTED: tuple[Any, ...] = (
    Proposal.id, Proposal.record, Proposal.kind, Proposal.slug, Proposal.actor, Proposal.origin, Proposal.reason,
    Proposal.made_at,
)  # fmt: skip
"""The fields of a proposal that a line shows."""
WHOLE = ("name", "summary", "organizations")
"""The fields that are shown of a record where a task names none of its fields."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A line of the start page. `path`: its page in the console."""

    path: str
    record: UUID | None
    title: str
    about: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one sort. `total`: how many there are, of which the oldest are listed."""

    title: str
    lines: list[TaskLine]
    total: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """What somebody reported, and where they want the answer."""

    text: str
    made_at: datetime
    answer_to: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with the record and the fields that it is about."""

    task: Task
    details: dict[str, Any]
    record: RecordView | None
    fields: list[FieldView]
    reports: list[ReportView]

    @property
    def addresses(self) -> set[str]:
        """The records that may be confirmed from here: of a report, only the one that it is about."""
        if self.is_report:
            return set() if self.record is None else {self.record.address}
        return {field.record.address for field in self.fields}

    @property
    def is_report(self) -> bool:
        return self.task.kind is TaskKind.REPORT


def group_tasks(session: Session, caller: Caller) -> list[Group]:
    """All that is open and that the caller may see, by urgency."""
    lines = defaultdict[str, list[TaskLine]](list)
    for task in load_open_tasks(session, caller.scope):
        line = TaskLine(f"/arenden/{task.id}", task.record, "Flera poster", _describe(task), task.since)
        lines[GROUP_OF[task.kind]].append(line)
    totals = {name: len(of_group) for name, of_group in lines.items()}
    is_seed = col(Proposal.origin) == Origin.SEED
    is_mine = and_(~is_seed, col(Proposal.actor) == caller.name)
    for name, is_meant in (("conflicts", is_seed), ("proposals", ~is_seed & ~is_mine), ("own", is_mine)):
        lines[name], totals[name] = _list_proposals(session, caller, is_meant)
    listed = {name: lines[name][:MOST] for name, _ in GROUPS}
    views = load_views(session, {line.record for some in listed.values() for line in some if line.record})
    return [Group(title, [_name(line, views) for line in listed[name]], totals.get(name, 0)) for name, title in GROUPS]


def _list_proposals(session: Session, caller: Caller, is_meant: ColumnElement[bool]) -> tuple[list[TaskLine], int]:
    """The oldest open proposals of those that are meant, without their documents, and how many there are."""
    rows = select(Proposal).where(col(Proposal.state) == ProposalState.OPEN, is_meant).options(load_only(*LISTED))
    proposals, total = list_seen(session, caller, rows.order_by(col(Proposal.made_at), col(Proposal.id)), MOST)
    lines = [
        TaskLine(
            f"/forslag/{proposal.id}",
            proposal.record,
            f"{KINDS[proposal.kind].collection}/{proposal.slug}",
            f"{name_author(proposal.actor, proposal.origin)}: {translate_reason(proposal.reason)}",
            proposal.made_at,
        )
        for proposal in proposals
    ]
    return lines, total


def _name(line: TaskLine, views: Mapping[UUID, RecordView]) -> TaskLine:
    view = None if line.record is None else views.get(line.record)
    return line if view is None else replace(line, title=view.title)


def load_task(session: Session, key: UUID, caller: Caller) -> TaskView:
    """A task that the caller may see, with all that is known about it. Raises NotFound."""
    task = find_task(session, caller.scope, key)
    details = json.loads(task.details)
    record = load_views(session, [task.record]).get(task.record) if task.record else None
    return TaskView(task, details, record, _load_fields(session, details, record), _load_reports(session, task))


def is_unchanged(session: Session, task: Task) -> bool:
    """Whether an open task is about a record of which no revision was made since the task was raised."""
    later = select(Revision.number).where(Revision.record == task.record, col(Revision.made_at) >= task.since)
    return task.closed_at is None and task.record is not None and session.exec(later.limit(1)).first() is None


def _load_fields(session: Session, details: dict[str, Any], record: RecordView | None) -> list[FieldView]:
    """The fields that a task is about, each with its record: those that it names, or how the record is reached."""
    named = [place.partition(" ") for fragment in details.get("fragments", ()) for place in fragment["cited_for"]]
    named += [(f"hotlines/{line}", " ", "") for line in details.get("lines", ())]
    if not named and record is not None:
        named = [(record.address, " ", details.get("field") or "")]
    fields = list[FieldView]()
    for address in dict.fromkeys(place[0] for place in named):
        try:
            view = load_view(session, address)
        except NotFound:  # renamed or removed since
            continue
        reached = _reached_by(view)
        paths = [part for where, _, path in named if where == address and path for part in _split_point(path, reached)]
        fields += view_fields(session, view, dict.fromkeys(paths or reached))
    return fields


def _split_point(path: str, reached: Sequence[str]) -> Sequence[str]:
    """How a contact point is reached, where the path is of a whole one; else the path itself."""
    return [part for part in reached if part.startswith(f"{path}.")] or [path]


def _reached_by(record: RecordView) -> Sequence[str]:
    points = [
        f"contact_points.{point['id']}.{name}"
        for point in record.document.get("contact_points", ())
        for name in ("value", "opening_hours", "exceptions")
        if name in point
    ]
    return points or [name for name in WHOLE if name in record.document]


def _load_reports(session: Session, task: Task) -> list[ReportView]:
    return [
        ReportView(report.text, report.made_at, answer_to)
        for report, answer_to in load_reports(session, task.id)[:MOST_REPORTS]
    ]


def _describe(task: Task) -> str:
    """What a task is about, in a few words."""
    details = json.loads(task.details)
    if task.kind is TaskKind.REPORT:
        field = f" om {name_field(details['field']).lower()}" if details.get("field") else ""
        return f"{details['count']} rapport{'er' if details['count'] > 1 else ''}{field}"
    if task.kind in (TaskKind.MISSING_CONTACT, TaskKind.MISSING_EVIDENCE):
        return "källan säger inte längre: " + "; ".join(
            f"”{fragment['evidence']}”" for fragment in details["fragments"][:3]
        )
    return ABOUT[task.kind].format(
        **{name: ", ".join(value) if name in ("lines", "acts", "fields") else value for name, value in details.items()},
        cited=len(details.get("fragments", ())),
    )
