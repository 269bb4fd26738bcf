"""Creates, lists and deletes webhooks."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import token_bytes
from uuid import UUID, uuid4

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app.access.auditing import add_audit_entry
from app.access.deciding import Action, Caller, has_role
from app.access.models import AccessKey
from app.areas.finding import find_area
from app.areas.models import AreaKind
from app.changes.models import Change
from app.http.problems import NotFound, TooManyRequests
from app.records.publishing import keep_trying, writing
from app.webhooks.models import Webhook

MOST = 10
"""The most webhooks of one owner."""
WRITING_SECONDS = 4.0
"""How long a request keeps trying to write while another writer holds the lock."""


def add_webhook(engine: Engine, caller: Caller, url: str, filters: dict[str, object]) -> Webhook:
    """Create a webhook for changes from now on. A test key stores nothing.

    Raises TooManyRequests, or InvalidParameter for a municipality that does not exist.
    """

    def act() -> Webhook:
        with writing(engine) as session:
            mine = select(func.count()).select_from(Webhook).where(col(Webhook.owner) == caller.name)
            if (session.scalar(mine) or 0) >= MOST:
                raise TooManyRequests(f"You have {MOST} webhooks. Delete one.", headers={"Retry-After": "3600"})
            if municipality := filters.get("municipality"):
                find_area(session, AreaKind.MUNICIPALITY, str(municipality))
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

    return keep_trying(act, WRITING_SECONDS)


def list_webhooks(session: Session, caller: Caller) -> Sequence[tuple[Webhook, datetime | None]]:
    """The caller's webhooks, or all of them for admins, the oldest first, each with when its key ended, if it did."""
    joined = select(Webhook, AccessKey).join(AccessKey, col(AccessKey.id) == col(Webhook.key))
    statement = joined.order_by(col(Webhook.made_at), col(Webhook.id))
    if not has_role(caller, Action.MANAGE_KEYS):
        statement = statement.where(col(Webhook.owner) == caller.name)
    return [(webhook, _find_end(key, caller.at)) for webhook, key in session.exec(statement)]


def _find_end(key: AccessKey, now: datetime) -> datetime | None:
    end = key.expires_at if key.revoked_at is None else min(key.revoked_at, key.expires_at)
    return end if key.revoked_at is not None or end <= now else None


def delete_webhook(engine: Engine, caller: Caller, webhook_id: UUID) -> None:
    """Delete a webhook. Raises NotFound, also for webhooks of others, so as not to reveal them."""

    def delete(session: Session, webhook: Webhook) -> None:
        session.delete(webhook)
        _write_down(session, caller, "webhook deleted", webhook)

    _change_own(engine, caller, webhook_id, delete)


def retry_webhook(engine: Engine, caller: Caller, webhook_id: UUID) -> None:
    """Let the next run send to a webhook that fails or was disabled. Raises NotFound as `delete_webhook` does."""

    def retry(session: Session, webhook: Webhook) -> None:
        webhook.attempts, webhook.next_attempt_at = 0, caller.at
        webhook.failing_since = webhook.disabled_at = None
        _write_down(session, caller, "webhook tried again", webhook)

    _change_own(engine, caller, webhook_id, retry)


def note_test(engine: Engine, caller: Caller, webhook_id: UUID) -> Webhook:
    """Write down that a webhook is sent a test message. Returns it. Raises NotFound as `delete_webhook` does."""

    def note(session: Session, webhook: Webhook) -> None:
        _write_down(session, caller, "webhook tested", webhook)

    return _change_own(engine, caller, webhook_id, note)


def _change_own(
    engine: Engine, caller: Caller, webhook_id: UUID, change: Callable[[Session, Webhook], None]
) -> Webhook:
    def act() -> Webhook:
        with writing(engine) as session:
            webhook = session.get(Webhook, webhook_id)
            if webhook is None or not (webhook.owner == caller.name or has_role(caller, Action.MANAGE_KEYS)):
                raise NotFound("There is no such webhook; /v1/webhooks lists those of this key.")
            change(session, webhook)
            session.flush()
            session.expunge_all()
            if caller.is_test:
                session.connection().rollback()
            return webhook

    return keep_trying(act, WRITING_SECONDS)


def _write_down(session: Session, caller: Caller, action: str, webhook: Webhook) -> None:
    subject = f"webhook {webhook.id}"
    add_audit_entry(
        session, caller.at, action, subject, actor=caller.name, key=caller.key, details={"url": webhook.url}
    )
