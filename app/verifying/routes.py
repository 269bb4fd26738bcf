"""`/tasks`: what a person must look at."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, Field

from app.access.callers import Needs
from app.access.deciding import Action, Caller
from app.database import SessionDep
from app.http.bodies import Body, Reason, take_json
from app.http.contract import Parameters, answers
from app.http.paging import Page, PageParameters, build_page
from app.http.routing import Router
from app.reports.keeping import load_reports
from app.reports.schemas import ANSWER_TO_SAYS
from app.resources.schemas import Instant, LocalInstant
from app.verifying.closing import close_task
from app.verifying.listing import describe_tasks, find_task, load_open_tasks
from app.verifying.models import TaskKind

router = Router(tags=["tasks"])

TaskId = Annotated[UUID, Path(alias="id", description="The `id` of a task.")]


class TaskShown(BaseModel):
    """Something that a person must look at."""

    id: str
    kind: TaskKind
    record: str | None = Field(
        description="Collection and id of the record concerned; null where the task concerns none."
    )
    why: str = Field(description="Why it is open, in a sentence.")
    since: LocalInstant
    what_to_do: str
    fragments: list[dict[str, Any]] = Field(description="What a source no longer says, and the fields that cite it.")


@router.get("/tasks", summary="Vad någon behöver se på")
@answers(fresh=None, cross_origin=False)
def list_open_tasks(
    parameters: Annotated[PageParameters, Query()],
    caller: Annotated[Caller, Depends(Needs(Action.READ_TASKS))],
    session: SessionDep,
    request: Request,
) -> Page[TaskShown]:
    """The open tasks, the oldest first: reports, missing evidence, overdue reviews, hours that are not stated.

    Proposals are listed at /proposals. A key with a scope sees the tasks about records within it.

    Öppna ärenden, den äldsta först: rapporter, belägg som saknas, granskningar och öppettider.
    """
    tasks = load_open_tasks(session, caller.scope)
    chosen = describe_tasks(session, tasks[parameters.offset : parameters.offset + parameters.limit])
    items = [TaskShown(**{**task, "since": datetime.fromisoformat(task["since"])}) for task in chosen]
    return build_page(request, items, len(tasks), parameters)


class ReportView(BaseModel):
    """What somebody reported."""

    field: str | None = Field(description="The field of the record, such as `contact_points.telefon.value`.")
    text: str
    made_at: Instant
    answer_to: str | None = Field(description=ANSWER_TO_SAYS)


class TaskDetails(TaskShown):
    """A task with its reports."""

    reports: list[ReportView] = Field(description="The newest first, at most a hundred.")
    closed_at: Instant | None
    closing_reason: str | None


@router.get("/tasks/{id}", summary="Ett ärende med rapporterna")
@answers(fresh=None, cross_origin=False)
def get_task(
    key: TaskId,
    parameters: Annotated[Parameters, Query()],
    caller: Annotated[Caller, Depends(Needs(Action.READ_TASKS))],
    session: SessionDep,
) -> TaskDetails:
    """A task, open or closed, with the texts of its reports and the addresses that wait for an answer.

    Ett ärende med rapporternas texter och adresserna som väntar på svar.
    """
    task = find_task(session, caller.scope, key)
    (described,) = describe_tasks(session, [task])
    return TaskDetails(
        **{**described, "since": datetime.fromisoformat(described["since"])},
        reports=[
            ReportView(field=report.field, text=report.text, made_at=report.made_at, answer_to=address)
            for report, address in load_reports(session, task.id)
        ],
        closed_at=task.closed_at,
        closing_reason=task.closing_reason,
    )


class TaskDecision(Body):
    """A decision that closes a task."""

    reason: Reason = Field(description="What was done about it.", examples=["The number was right; we called it."])


class TaskClosed(BaseModel):
    """A task that was closed."""

    id: UUID
    closing_reason: str


@router.post("/tasks/{id}/decision", summary="Avsluta en rapport", dependencies=[Depends(take_json)])
@answers(fresh=None, body=8 * 1024, cross_origin=False)
def decide_task(
    key: TaskId,
    parameters: Annotated[Parameters, Query()],
    caller: Annotated[Caller, Depends(Needs(Action.DECIDE))],
    decision: TaskDecision,
    request: Request,
) -> TaskClosed:
    """Close the task of a report, or of what an operator published, with a reason.

    The addresses of its reporters are deleted thirty days later.

    Avsluta en rapport med ett skäl. Avsändarnas adresser raderas efter trettio dagar.
    """
    close_task(request.app.state.engine, caller, key, decision.reason)
    return TaskClosed(id=key, closing_reason=decision.reason)
