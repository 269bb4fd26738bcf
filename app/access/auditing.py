"""The audit trail. Each entry is added in the transaction of the act that it records."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.access.models import AuditEntry

COMMAND = "command line"
"""The actor of acts by a command."""


def add_audit_entry(
    session: Session,
    now: datetime,
    action: str,
    subject: str,
    *,
    actor: str = COMMAND,
    key: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Record an act. `action`: such as `key added`. `subject`: what it was done to, such as `key 1f2e3d4c`."""
    text = None if details is None else json.dumps(details, ensure_ascii=False)
    session.add(AuditEntry(made_at=now, key=key, actor=actor, action=action, subject=subject, details=text))
