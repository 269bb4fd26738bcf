"""`stodkatalog keys`: creates, lists and revokes keys."""

import argparse
import sys
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.keys import KeyRequest, add_key, expires_soon, list_keys, revoke_key
from app.access.models import AccessKey, KeyRole
from app.resources.reviewing import day_of


def run_keys(engine: Engine, arguments: argparse.Namespace, now: datetime) -> None:
    """Run `stodkatalog keys`. Raises KeyRefused or InvalidRecords."""
    if arguments.what == "add":
        request = KeyRequest(arguments.name, KeyRole(arguments.role), arguments.scope, arguments.days, arguments.test)
        token, key = add_key(engine, request, now)
        print(f"Key {key.id} for {key.name}, valid until {day_of(key.expires_at)}. Shown once:", file=sys.stderr)
        print(token)
    elif arguments.what == "revoke":
        key = revoke_key(engine, arguments.id, now)
        print(f"Key {key.id} of {key.name} is revoked.")
    else:
        with Session(engine) as session:
            lines = [_describe(key, scope, now) for key, scope in list_keys(session)]
        print("\n".join(lines) if lines else "There are no keys.")


def _describe(key: AccessKey, scope: str | None, now: datetime) -> str:
    used = f"last used {key.last_used_on}" if key.last_used_on else "never used"
    parts = [key.id, key.name, key.role, scope or "whole directory", _describe_life(key, now), used]
    return "  ".join([*parts, *(["test"] if key.is_test else [])])


def _describe_life(key: AccessKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {day_of(key.revoked_at)}"
    if key.expires_at <= now:
        return f"expired {day_of(key.expires_at)}"
    end = f"expires {day_of(key.expires_at)}"
    if not expires_soon(key.expires_at, now):
        return end
    return f"{end} (in {(key.expires_at - now).days} days: make another)"
