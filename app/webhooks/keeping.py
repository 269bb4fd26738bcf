"""Making, listing and deleting webhooks."""

import base64
import json
from collections.abc import Sequence
from secrets import token_bytes
from uuid import UUID, uuid4

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app.access.auditing import add_audit_entry
from app.access.deciding import Action, Caller, has_role
from app.changes.models import Change
from app.http.problems import NotFound, TooManyRequests
from app.records.publishing import keep_trying, writing
from app.webhooks.models import Webhook

MOST = 10
"""Webhooks that one party may have."""
PATIENCE = 4.0


def add_webhook(engine: Engine, caller: Caller, url: str, filters: dict[str, object]) -> Webhook:
    """Make a webhook that tells of what comes from now on. Raises TooManyRequests. A test key stores nothing."""

    def act() -> Webhook:
        with writing(engine) as session:
            mine = select(func.count()).select_from(Webhook).where(col(Webhook.owner) == caller.name)
            if (session.scalar(mine) or 0) >= MOST:
                raise TooManyRequests(f"You have {MOST} webhooks. Delete one.", headers={"Retry-After": "3600"})
            webhook = Webhook(
                id=uuid4(),
                key=caller.key,
                owner=caller.name,
                url=url,
                secret=f"whsec_{base64.b64encode(token_bytes(32)).decode()}",
                filters=json.dumps(filters, ensure_ascii=False),
                cursor=session.scalar(select(func.max(col(Change.sequence)))) or 0,
                made_at=caller.at,
                attempts=0,
                next_attempt_at=caller.at,
                leased_until=None,
                failing_since=None,
                disabled_at=None,
            )
            session.add(webhook)
            _write_down(session, caller, "webhook added", webhook)
            session.flush()
            session.expunge(webhook)
            if caller.is_test:
                session.connection().rollback()
            return webhook

    return keep_trying(act, PATIENCE)


def list_webhooks(session: Session, caller: Caller) -> Sequence[Webhook]:
    """The caller's own webhooks, or all of them for admins; the oldest first."""
    statement = select(Webhook).order_by(col(Webhook.made_at), col(Webhook.id))
    if not has_role(caller, Action.MANAGE_KEYS):
        statement = statement.where(col(Webhook.owner) == caller.name)
    return session.exec(statement).all()


def delete_webhook(engine: Engine, caller: Caller, key: UUID) -> None:
    """End a webhook at once. Raises NotFound, which tells nothing of those of others."""

    def act() -> None:
        with writing(engine) as session:
            webhook = session.get(Webhook, key)
            if webhook is None or not (webhook.owner == caller.name or has_role(caller, Action.MANAGE_KEYS)):
                raise NotFound("There is no such webhook; /v1/webhooks lists those of this key.")
            session.delete(webhook)
            _write_down(session, caller, "webhook deleted", webhook)
            session.flush()
            if caller.is_test:
                session.connection().rollback()

    keep_trying(act, PATIENCE)


def _write_down(session: Session, caller: Caller, action: str, webhook: Webhook) -> None:
    subject = f"webhook {webhook.id}"
    add_audit_entry(
        session, caller.at, action, subject, actor=caller.name, key=caller.key, details={"url": webhook.url}
    )
