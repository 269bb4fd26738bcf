"""Webhooks: those of the visitor, or for admins all; made, tried again and removed."""

import json
from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from app.access.deciding import Action
from app.changes.models import Change
from app.console.changing import read_body
from app.console.faults import explain_error
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import Form, FormDep, Sending, SignedIn, Visitor
from app.database import SessionDep
from app.http.contract import answers
from app.http.problems import ProblemError
from app.http.routing import Router
from app.resources.kind import Kind
from app.verifying.models import Task, TaskKind
from app.webhooks.keeping import add_webhook, delete_webhook, list_webhooks, retry_webhook
from app.webhooks.models import Webhook
from app.webhooks.routes import WebhookRequest, describe_webhook

router = Router(include_in_schema=False)
WebhookId = Annotated[UUID, Path(alias="id")]
Reader = Annotated[Visitor, Depends(SignedIn(Action.FOLLOW))]
Sender = Annotated[Visitor, Depends(Sending(Action.FOLLOW))]


@router.get("/webhookar")
@answers(HTML, fresh=None, cross_origin=False)
def show_webhooks(
    parameters: Annotated[Plain, Query()], visitor: Reader, session: SessionDep, request: Request
) -> Response:
    """Where somebody is told of changes, whether that arrives, and the form of a new one."""
    return _render_webhooks(request, visitor, session)


@router.post("/webhookar")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def create_webhook(
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.FOLLOW, shows_again=True))],
    form: FormDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """Make a webhook and show its secret, this once."""
    values = {
        "url": form.get("adress", ""),
        "kinds": form.getlist("slag"),
        "municipality": form.get("kommun") or None,
        "records": form.get("poster", "").split(),
        "fields": form.getlist("falt"),
    }
    try:
        visitor.require_current_form()
        body = read_body(WebhookRequest, values)
        filters = body.model_dump(mode="json", exclude={"url"})
        webhook = add_webhook(request.app.state.engine, visitor.caller, body.url, filters)
    except ProblemError as error:
        faults = explain_error(error)
        return _render_webhooks(request, visitor, session, status=error.status, faults=faults, form=form)
    return render(request, "webhook.html", webhook=webhook)


@router.post("/webhookar/{id}/forsok")
@answers(HTML, fresh=None, body=4096, cross_origin=False)
def try_again(
    key: WebhookId, parameters: Annotated[Plain, Query()], visitor: Sender, form: FormDep, request: Request
) -> Response:
    """Let the next run of `deliver` send to a webhook that fails or has been disabled."""
    retry_webhook(request.app.state.engine, visitor.caller, key)
    return lead_to(request, "/webhookar")


@router.post("/webhookar/{id}/ta-bort")
@answers(HTML, fresh=None, body=4096, cross_origin=False)
def remove_webhook(
    key: WebhookId, parameters: Annotated[Plain, Query()], visitor: Sender, form: FormDep, request: Request
) -> Response:
    """End a webhook at once."""
    delete_webhook(request.app.state.engine, visitor.caller, key)
    return lead_to(request, "/webhookar")


def _render_webhooks(
    request: Request,
    visitor: Visitor,
    session: Session,
    *,
    status: int = 200,
    faults: list[str] | None = None,
    form: Form | None = None,
) -> Response:
    listed = list_webhooks(session, visitor.caller)
    webhooks = [
        (describe_webhook(webhook, key_ended_at), webhook.disabled_at is None and key_ended_at is not None)
        for webhook, key_ended_at in listed
    ]
    return render(
        request,
        "webhooks.html",
        status=status,
        faults=faults or [],
        webhooks=webhooks,
        unused=_find_unused(session, [webhook for webhook, _ in listed]),
        reasons=_load_reasons(session, [webhook.id for webhook, _ in webhooks]),
        kinds=list(Kind),
        values={} if form is None else dict(form),
        chosen=[] if form is None else [*form.getlist("slag"), *form.getlist("falt")],
    )


def _find_unused(session: Session, webhooks: Collection[Webhook]) -> set[UUID]:
    """Those that nothing was sent to: never tried, and no change since they were made has been examined for them."""
    cursors = select(Change.sequence, Change.changed_at).where(
        col(Change.sequence).in_([webhook.cursor for webhook in webhooks])
    )
    examined = dict(session.exec(cursors).all())
    return {
        webhook.id
        for webhook in webhooks
        if webhook.next_attempt_at == webhook.made_at
        and examined.get(webhook.cursor, webhook.made_at) <= webhook.made_at
    }


def _load_reasons(session: Session, webhooks: Collection[UUID]) -> dict[UUID, str]:
    """Why webhooks were disabled, as the task of each says."""
    subjects = {f"webhook {webhook}": webhook for webhook in webhooks}
    disabled = select(Task).where(Task.kind == TaskKind.WEBHOOK_DISABLED, col(Task.subject).in_(list(subjects)))
    tasks = session.exec(disabled.order_by(col(Task.since))).all()
    return {subjects[task.subject]: str(json.loads(task.details)["why"]) for task in tasks}
