"""Describes the open tasks, with why they are open and what to do, for the terminal and the API."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.access.scopes import KeyScope, list_within
from app.http.problems import NotFound
from app.records.kinds import KINDS
from app.reports.keeping import load_texts
from app.times import STOCKHOLM
from app.verifying.models import Task, TaskKind
from app.verifying.queries import open_tasks, records

ACTIONS = {
    TaskKind.MISSING_CONTACT: "Call the number or ask the operator; then correct the record, or cite where it says so.",
    TaskKind.MISSING_EVIDENCE: "Read the page; then correct the records, or cite what the page says now.",
    TaskKind.SOURCE_GONE: "Find who says so now and cite that. If nobody does, the records are not current.",
    TaskKind.SOURCES_FAILING: "Check the network of the machine that runs `stodkatalog verify`. If it works, "
    "check the sources one by one: `stodkatalog verify --source ID`.",
    TaskKind.REVIEW_OVERDUE: "Call, or ask the operator; correct the record where it is wrong, then "
    "`stodkatalog confirm COLLECTION/ID --scope … --method …`.",
    TaskKind.HOURS_UNSTATED: "Ask these lines when they are staffed then; enter it as exceptions to their hours.",
    TaskKind.REPORT: "Check whether they are right, correct the record where it is wrong, and close the task.",
    TaskKind.WEBHOOK_DISABLED: "Tell whoever has it: they delete it and make another. Then close the task.",
    TaskKind.BROKEN_RECORD: "Correct the record where it is wrong in the console; where it is right there, ask whoever "
    "operates the service to run `stodkatalog rebuild`.",
    TaskKind.OPERATOR_ACT: "Check whether it is plausible, correct the record where it is not, and close the task.",
}

SENTENCES = {
    TaskKind.WEBHOOK_DISABLED: "A webhook of {owner} has failed for seven days or asked for no more: {why}",
    TaskKind.OPERATOR_ACT: "Published at once by its operator: {acts}",
    TaskKind.BROKEN_RECORD: "The store differs from the newest version, or that version is not valid: {fields}",
    TaskKind.REVIEW_OVERDUE: "It should have been checked again by {review_due}.",
}


def load_open_tasks(session: Session, scope: KeyScope | None = None) -> list[Task]:
    """The open tasks about records within a scope; without one, all of them."""
    return _choose_within(session, scope, session.scalars(open_tasks()).all())


def find_task(session: Session, scope: KeyScope | None, key: UUID) -> Task:
    """A task, open or closed. Raises NotFound, also for tasks outside of the scope, so as not to reveal them."""
    task = session.get(Task, key)
    if task is None or not _choose_within(session, scope, [task]):
        raise NotFound("There is no such task; /v1/tasks lists the open ones that this key may see.")
    return task


def _choose_within(session: Session, scope: KeyScope | None, tasks: Sequence[Task]) -> list[Task]:
    if scope is None:
        return list(tasks)
    within = list_within(session, scope, {task.record for task in tasks if task.record})
    return [task for task in tasks if task.record in within]


def list_tasks(session: Session) -> list[dict[str, Any]]:
    """The open tasks: kind, record, why, since, and what to do."""
    return describe_tasks(session, load_open_tasks(session))


def describe_tasks(session: Session, tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """The tasks in words, in the order given, with three queries however many they are."""
    ids = {task.record for task in tasks if task.record}
    details = [json.loads(task.details) for task in tasks]
    ids |= {UUID(detail["source"]) for detail in details if "source" in detail}
    names = {key: f"{KINDS[kind].collection}/{slug}" for key, kind, slug in session.execute(records(list(ids)))}
    reports = [task for task in tasks if task.kind is TaskKind.REPORT]
    texts = load_texts(session, [task.id for task in reports])
    return [
        _describe(task, {**detail, "texts": texts.get(task.id, [])}, names)
        for task, detail in zip(tasks, details, strict=True)
    ]


def _describe(task: Task, details: Mapping[str, Any], names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "id": str(task.id),
        "kind": task.kind.value,
        "record": names.get(task.record) if task.record else None,
        "why": _explain(task.kind, details, names),
        "since": task.since.astimezone(STOCKHOLM).isoformat(),
        "what_to_do": ACTIONS[task.kind],
        "fragments": details.get("fragments", []),
    }


def _explain(kind: TaskKind, details: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    if kind is TaskKind.SOURCES_FAILING:
        return f"{details['failing']} of {details['checked']} sources failed in one run."
    if kind is TaskKind.REPORT:
        field = f" about {details['field']}" if details["field"] else ""
        quoted = "; ".join(f"“{text}”" for text in details["texts"])
        words = f": {quoted}" if quoted else "."
        return f"{details['count']} reported that something is wrong{field}{words}"
    if kind in SENTENCES:
        return SENTENCES[kind].format(
            **{**details, **{name: "; ".join(details.get(name, ())) for name in ("acts", "fields")}}
        )
    if kind is TaskKind.HOURS_UNSTATED:
        lines = ", ".join(details["lines"])
        return f"The hours of these lines say nothing about {details['first']} to {details['last']}: {lines}."
    source = names.get(UUID(details["source"]), "a source that was removed")
    if kind is TaskKind.SOURCE_GONE:
        return f"The page of {source} is gone; {len(details['fragments'])} fragments are cited from it."
    quoted = "; ".join(_quote(fragment) for fragment in details["fragments"][:5])
    more = f"; and {len(details['fragments']) - 5} more" if len(details["fragments"]) > 5 else ""
    return f"{source} no longer says {quoted}{more}."


def _quote(fragment: Mapping[str, Any]) -> str:
    first, *others = fragment["cited_for"]
    return f"“{fragment['evidence']}” (cited for {first}{f' and {len(others)} more' if others else ''})"
