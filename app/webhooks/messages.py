"""The messages of webhooks: that there are changes, up to which position in `/changes`, with a signature."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from sqlmodel import Session, col, select

from app.changes.fields import touches
from app.changes.models import Change, What
from app.changes.tokens import make_token
from app.records.kinds import KINDS
from app.resources.filters import ResourceParameters, conditions
from app.resources.models import Resource
from app.status import Status
from app.webhooks.models import Webhook

MOST_CHANGES = 1000
"""The most changes that one message covers; the next message continues after them."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message by the Standard Webhooks specification. `id`: the same in each attempt."""

    id: str
    body: bytes

    def sign(self, secret: str, at: datetime) -> dict[str, str]:
        """The headers with the message's id, the moment and the signature (HMAC-SHA256)."""
        moment = str(int(at.timestamp()))
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.new(key, f"{self.id}.{moment}.".encode() + self.body, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(digest).decode()}"
        return {"webhook-id": self.id, "webhook-timestamp": moment, "webhook-signature": signature}


def compose_message(session: Session, webhook: Webhook, now: datetime) -> tuple[int, Message | None]:
    """The sequence number up to which changes were examined, and the message; None where none is of interest."""
    statement = select(Change).where(col(Change.sequence) > webhook.cursor).order_by(col(Change.sequence))
    changes = session.exec(statement.limit(MOST_CHANGES)).all()
    if not changes:
        return webhook.cursor, None
    last, before = changes[-1], session.get(Change, webhook.cursor)
    interesting = _choose(session, webhook, changes, now)
    if not interesting:
        return last.sequence, None
    key: UUID = uuid5(webhook.id, f"{webhook.cursor} {last.sequence}")
    fields = read_filters(webhook)["fields"]
    return last.sequence, _write(key, "directory.changed", last.changed_at, before, last, len(interesting), fields)


def compose_test(session: Session, now: datetime) -> Message:
    """A message of the same shape, of no change: whoever takes it for news reads an empty page of `/changes`."""
    newest = session.exec(select(Change).order_by(col(Change.sequence).desc()).limit(1)).first()
    return _write(uuid4(), "directory.test", now, newest, newest, 0)


def _write(
    key: UUID,
    event: str,
    at: datetime,
    before: Change | None,
    last: Change | None,
    count: int,
    fields: Sequence[str] = (),
) -> Message:
    after, cursor = (None if change is None else make_token(change) for change in (before, last))
    data = {
        "after": after,
        "cursor": cursor,
        "count": count,
        "path": _path(after, fields),
    }
    body = {"type": event, "timestamp": at.isoformat(), "data": data}
    return Message(f"msg_{key.hex}", json.dumps(body, separators=(",", ":")).encode())


def read_filters(webhook: Webhook) -> dict[str, Any]:
    """The filters as they were asked for; one that the version it was made with did not have is empty."""
    return {"fields": [], **json.loads(webhook.filters)}


def _path(after: str | None, fields: Sequence[str]) -> str:
    """Where to read the changes."""
    query = urlencode([*([("after", after)] if after else []), *(("changed", name) for name in fields)])
    return f"/v1/changes?{query}" if query else "/v1/changes"


def _choose(session: Session, webhook: Webhook, changes: Sequence[Change], now: datetime) -> list[Change]:
    """The changes that pass all filters. Removals pass for any place, as the record's areas are no longer known."""
    filters = read_filters(webhook)
    kinds, records, municipality = filters["kinds"], filters["records"], filters["municipality"]
    chosen = [
        change
        for change in changes
        if (not kinds or change.kind in kinds)
        and (not records or _names(change) & set(records))
        and (not filters["fields"] or touches(change, filters["fields"]))
    ]
    if municipality is None or not chosen:
        return chosen
    in_municipality = ResourceParameters.model_validate({"municipality": municipality, "status": list(Status)})
    slugs = col(Resource.slug).in_({change.slug for change in chosen})
    near = set(session.exec(select(Resource.slug).where(slugs, *conditions(session, in_municipality, now))))
    return [change for change in chosen if change.slug in near or change.what is What.REMOVED]


def _names(change: Change) -> set[str]:
    """The record's addresses, such as `hotlines/linjen`: the current one, and the former one if it was renamed."""
    collection = KINDS[change.kind].collection
    return {f"{collection}/{slug}" for slug in (change.slug, change.former_slug) if slug is not None}
