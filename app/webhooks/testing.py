"""Sends a test message to a webhook at once, so that who sets one up sees whether it arrives and can be checked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.deciding import Caller
from app.http.allowances import Allowances
from app.http.problems import TooManyRequests
from app.settings import Settings
from app.webhooks.messages import compose_test
from app.webhooks.models import Webhook

PER_MINUTE = 5
"""Test messages that the webhooks of one owner may be sent in a minute, per process."""
AT_ONCE = 2
"""Test messages that a process sends at a time: whoever waits for a receiver keeps a thread."""
SECONDS = 5.0
"""For which a test waits for the receiver's answer."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What came of a test message. `status`: the receiver's; None where it gave none. `reason`: why none arrived."""

    status: int | None
    reason: str | None


class DeliveryLimits:
    """How many test messages a process sends."""

    def __init__(self) -> None:
        self._allowances = Allowances(PER_MINUTE, "Your webhooks")
        self._free = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def take(self, owner: str) -> Iterator[None]:
        """Hold a place while a message is sent. Raises TooManyRequests."""
        self._allowances.take_for(owner.encode())
        if not self._free.acquire(blocking=False):
            raise TooManyRequests("Others test their webhooks right now.", headers={"Retry-After": str(int(SECONDS))})
        try:
            yield
        finally:
            self._free.release()


def send_test(engine: Engine, caller: Caller, webhook: Webhook, settings: Settings) -> DeliveryResult:
    """Send a signed message that tells of no change; for a test key nothing is sent."""
    # What fetches over HTTP is loaded by the first test: serving alone does not need it.
    from app.verifying.commands import name_agent  # noqa: PLC0415
    from app.webhooks.sending import NotDelivered, NotPublic, Sender  # noqa: PLC0415

    if caller.is_test:
        return DeliveryResult(None, "nothing is sent for a test key")
    with Session(engine) as session:
        message = compose_test(session, caller.at)
    sender = Sender(name_agent(settings), settings.verify_test_port, SECONDS)
    try:
        outcome = sender.send(webhook.url, message.body, message.sign(webhook.secret, caller.at))
        return DeliveryResult(asyncio.run(outcome), None)
    except NotPublic:
        return DeliveryResult(None, "the host has no public address")
    except NotDelivered as failure:
        return DeliveryResult(failure.status, str(failure))
