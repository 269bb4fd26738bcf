"""`stodkatalog deliver`: sends changes to webhooks, at least once, and to each by one process at a time."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, or_, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.access.models import AccessKey
from app.changes.models import Change
from app.records.publishing import keep_trying, writing
from app.verifying.models import Task, TaskKind
from app.webhooks.messages import Message, compose_message
from app.webhooks.models import Webhook
from app.webhooks.sending import NotDelivered, Sender

LEASE = timedelta(minutes=5)
"""Longer than a run takes. After a process died while sending, others wait this long."""
PAUSES = (1, 5, 30, 120, 300, 600)
"""Minutes from the nth failure in a row to the next attempt; the last pause repeats."""
LONGEST_FAILURE = timedelta(days=7)
"""A webhook that has failed for this long is disabled."""
AT_ONCE = 20
MOST_A_RUN = 200

log = logging.getLogger("stodkatalog")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What to send to one webhook. `failure`: why it did not arrive; None where it did or nothing was sent."""

    webhook: Webhook
    upto: int
    message: Message | None
    failure: NotDelivered | None = None


def deliver(engine: Engine, sender: Sender, now: datetime) -> Sequence[Delivery]:
    """Send changes to all webhooks that are due, and store the results."""
    leased = keep_trying(lambda: _lease(engine, now))
    with Session(engine) as session:
        deliveries = [_compose(session, webhook, now) for webhook in leased]
    results = asyncio.run(_send_all(sender, deliveries, now))
    keep_trying(lambda: _settle_all(engine, results, now))
    return results


def _lease(engine: Engine, now: datetime) -> list[Webhook]:
    """Reserve the webhooks that are due, not reserved by another process, have a valid key and unseen changes."""
    with writing(engine) as session:
        newest = select(Change.sequence).order_by(col(Change.sequence).desc()).limit(1).scalar_subquery()
        statement = (
            select(Webhook)
            .join(AccessKey, col(AccessKey.id) == col(Webhook.key))
            .where(
                col(AccessKey.revoked_at).is_(None),
                col(AccessKey.expires_at) > now,
                col(Webhook.disabled_at).is_(None),
                col(Webhook.next_attempt_at) <= now,
                or_(col(Webhook.leased_until).is_(None), col(Webhook.leased_until) <= now),
                col(Webhook.cursor) < newest,
            )
            .order_by(col(Webhook.next_attempt_at), col(Webhook.id))
            .limit(MOST_A_RUN)
        )
        webhooks = list(session.exec(statement))
        for webhook in webhooks:
            webhook.leased_until = now + LEASE
        session.flush()
        session.expunge_all()
    return webhooks


def _compose(session: Session, webhook: Webhook, now: datetime) -> Delivery:
    """What to send. A webhook whose message cannot be built, because its municipality is gone, say, fails alone."""
    try:
        return Delivery(webhook, *compose_message(session, webhook, now))
    except DBAPIError:  # the store fails, for everybody
        raise
    except Exception as error:  # whatever it is, the other webhooks go on
        return Delivery(webhook, webhook.cursor, None, _note_failure(webhook, error))


def _note_failure(webhook: Webhook, error: Exception) -> NotDelivered:
    """Log an unforeseen error without its text, which may contain the address: no log may hold it."""
    log.error("a webhook could not be served: %s (%s)", webhook.id, type(error).__name__)
    return NotDelivered(f"nothing could be sent ({type(error).__name__})")


async def _send_all(sender: Sender, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def send(delivery: Delivery) -> Delivery:
        webhook, message = delivery.webhook, delivery.message
        if message is None:  # nothing of interest, or no message could be built
            return delivery
        async with turns:
            try:
                await sender.send(webhook.url, message.body, message.sign(webhook.secret, now))
            except NotDelivered as failure:
                return replace(delivery, failure=failure)
            except Exception as error:  # whatever it is, the other webhooks go on
                return replace(delivery, failure=_note_failure(webhook, error))
        return delivery

    return list(await asyncio.gather(*map(send, deliveries)))


def _settle_all(engine: Engine, deliveries: Sequence[Delivery], now: datetime) -> None:
    with writing(engine) as session:
        for delivery in deliveries:
            _settle(session, delivery, now)


def _settle(session: Session, delivery: Delivery, now: datetime) -> None:
    """Advance the cursor after a success; schedule another attempt after a failure, or disable the webhook."""
    webhook = session.get(Webhook, delivery.webhook.id)
    if webhook is None:  # deleted meanwhile
        return
    values: dict[str, object] = {"leased_until": None}
    if delivery.failure is None:
        values |= {"cursor": max(webhook.cursor, delivery.upto), "attempts": 0, "failing_since": None}
    else:
        failing_since = webhook.failing_since or now
        pause = timedelta(minutes=PAUSES[min(webhook.attempts, len(PAUSES) - 1)])
        values |= {"failing_since": failing_since, "next_attempt_at": now + pause, "attempts": webhook.attempts + 1}
        if delivery.failure.is_final or now - failing_since >= LONGEST_FAILURE:
            values["disabled_at"] = now
            _raise_task(session, webhook.id, {"owner": webhook.owner, "why": str(delivery.failure)}, now)
    # A statement, not the object: where the row is gone it changes nothing, and the others are still settled.
    session.execute(update(Webhook).where(col(Webhook.id) == webhook.id).values(**values))


def _raise_task(session: Session, webhook: UUID, details: dict[str, str], now: datetime) -> None:
    task = Task(
        id=uuid4(),
        subject=f"webhook {webhook}",
        kind=TaskKind.WEBHOOK_DISABLED,
        record=None,
        details=json.dumps(details, ensure_ascii=False),
        since=now,
        closed_at=None,
        closing_reason=None,
    )
    session.add(task)
