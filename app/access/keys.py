"""Creates, recognizes, lists and revokes keys. Only the digest of a key is stored."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest
from secrets import token_hex
from uuid import UUID

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from app.access.auditing import COMMAND, add_audit_entry
from app.access.deciding import Caller
from app.access.models import AccessKey, KeyRole
from app.access.naming import is_plain_name
from app.access.scopes import KeyScope, describe_scope, parse_scope
from app.database import begin_writing_unless_busy
from app.folding import fold
from app.records.publishing import PATIENCE, keep_trying, writing

LONGEST_LIFE = 366
"""The most days that a key is valid."""
WARNING = timedelta(days=30)
"""How long before its expiry a key counts as expiring soon."""
PATTERN = re.compile(r"stodkatalog_(?:live|test)_([0-9a-f]{8})_[0-9a-f]{64}")
"""A key: a prefix for secret scanners, the key's id, and 256 random bits."""
Details = Mapping[str, str | bool | None] | None
NO_DIGEST = "0" * 64
ON_A_PAGE = 4.0
"""Seconds for which a page retries; a command retries as long as a publication does."""


class KeyRefused(Exception):
    """The key cannot be created or revoked; the message says why."""


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """The properties of a new key. `scope`: as `parse_scope` takes it; None for the whole directory."""

    name: str
    role: KeyRole
    scope: str | None = None
    days: int = LONGEST_LIFE
    is_test: bool = False


def add_key(
    engine: Engine, key_request: KeyRequest, now: datetime, by: Caller | None = None, actor: str = COMMAND
) -> tuple[str, AccessKey]:
    """Create a key. Returns its token, which is not stored, and its row. Raises KeyRefused or InvalidRecords.

    `by`: the caller who creates it; where it is None, the audit trail names `actor`.
    """
    _check_request(key_request)

    def attempt() -> tuple[str, AccessKey]:
        with writing(engine) as session:
            token, key = add_key_in(session, key_request, now, by, actor)
            session.flush()
            session.expunge(key)
            return token, key

    return keep_trying(attempt, _patience(by, actor))


def add_key_in(
    session: Session, key_request: KeyRequest, now: datetime, by: Caller | None = None, actor: str = COMMAND
) -> tuple[str, AccessKey]:
    """The same within a transaction that holds the lock; the caller commits."""
    _check_request(key_request)
    _refuse_twin(session, key_request.name.strip())
    key_id = token_hex(4)
    token = f"stodkatalog_{'test' if key_request.is_test else 'live'}_{key_id}_{token_hex(32)}"
    key = _make_key(session, key_request, key_id, token, now)
    session.add(key)
    details = {"name": key.name, "role": key.role, "scope": key_request.scope, "test": key.is_test}
    _write_down(session, now, "key added", key, by, actor, details)
    return token, key


def _check_request(key_request: KeyRequest) -> None:
    if not re.fullmatch(r"[^\x00-\x1f\x7f]{1,80}", key_request.name) or not key_request.name.strip():
        raise KeyRefused("A key's name is that of a role or an organization, on one line of at most 80 characters")
    if not is_plain_name(key_request.name):
        raise KeyRefused("A key's name has Latin letters only, and no characters that do not show")
    if not 1 <= key_request.days <= LONGEST_LIFE:
        raise KeyRefused(f"A key lasts from 1 to {LONGEST_LIFE} days")
    if key_request.role is KeyRole.ADMIN and key_request.scope is not None:
        raise KeyRefused("An admin has no scope")


def _make_key(session: Session, key_request: KeyRequest, key_id: str, token: str, now: datetime) -> AccessKey:
    scope = None if key_request.scope is None else parse_scope(session, key_request.scope)
    return AccessKey(
        id=key_id,
        digest=_digest(token),
        name=key_request.name.strip(),
        role=key_request.role,
        scope_kind=scope.kind if scope else None,
        scope_ids=" ".join(sorted(map(str, scope.ids))) if scope else "",
        is_test=key_request.is_test,
        made_at=now,
        expires_at=now + timedelta(days=key_request.days),
        revoked_at=None,
        last_used_on=None,
    )


def _patience(by: Caller | None, actor: str) -> float:
    """Seconds for which writing is retried while another writer holds the lock: less for a form than for a command."""
    return PATIENCE if by is None and actor == COMMAND else ON_A_PAGE


def slug_of_name(name: str) -> str:
    """A name in lower-case letters, digits and hyphens, as used in ids of statements; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:50].strip("-")


def _refuse_twin(session: Session, name: str) -> None:
    """Raise KeyRefused where another key's name has the same slug and could be mistaken for it."""
    for other in session.exec(select(AccessKey.name).distinct()):
        if other != name and slug_of_name(other) == slug_of_name(name):
            raise KeyRefused(f"A key is named {other!r}, which reads the same; use that name, or one that differs more")


def revoke_key(engine: Engine, key_id: str, now: datetime, by: Caller | None = None, actor: str = COMMAND) -> AccessKey:
    """Revoke a key at once. Raises KeyRefused. `by` and `actor`: as for `add_key`."""

    def attempt() -> AccessKey:
        with writing(engine) as session:
            key = revoke_key_in(session, key_id, now, by, actor)
            session.flush()
            session.expunge(key)
            return key

    return keep_trying(attempt, _patience(by, actor))


def revoke_key_in(
    session: Session, key_id: str, now: datetime, by: Caller | None = None, actor: str = COMMAND
) -> AccessKey:
    """The same within a transaction that holds the lock; the caller commits."""
    key = session.get(AccessKey, key_id)
    if key is None:
        raise KeyRefused(f"There is no key {key_id}; `stodkatalog keys list` shows those that are")
    if key.revoked_at is not None:
        raise KeyRefused(f"Key {key_id} is revoked already")
    key.revoked_at = now
    _write_down(session, now, "key revoked", key, by, actor)
    return key


def list_keys(session: Session) -> Sequence[tuple[AccessKey, str | None]]:
    """All keys, the newest first, each with its scope."""
    keys = session.exec(select(AccessKey).order_by(col(AccessKey.made_at).desc(), col(AccessKey.id))).all()
    return [(key, describe_scope(session, scope_of(key))) for key in keys]


def find_key(session: Session, token: str) -> AccessKey | None:
    """The key with this token, valid or not; None where there is none. Digests are compared in constant time."""
    match = PATTERN.fullmatch(token)
    key = None if match is None else session.get(AccessKey, match[1])
    is_right = compare_digest(_digest(token), NO_DIGEST if key is None else key.digest)
    return key if is_right else None


def note_use(engine: Engine, key_id: str, day: date) -> None:
    """Store that a key was used on this day. Raises DBAPIError where another one writes."""
    with begin_writing_unless_busy(engine) as connection, Session(connection) as session:
        note_use_in(session, key_id, day)


def note_use_in(session: Session, key_id: str, day: date) -> None:
    """The same within a transaction; the caller commits."""
    unused = col(AccessKey.last_used_on).is_(None) | (col(AccessKey.last_used_on) < day)
    session.execute(update(AccessKey).where(col(AccessKey.id) == key_id, unused).values(last_used_on=day))


def scope_of(key: AccessKey) -> KeyScope | None:
    """The scope of a key; None for the whole directory."""
    return None if key.scope_kind is None else KeyScope(key.scope_kind, frozenset(map(UUID, key.scope_ids.split())))


def expires_soon(expires_at: datetime, now: datetime) -> bool:
    """Whether a key expires within WARNING."""
    return expires_at - now <= WARNING


def _write_down(
    session: Session,
    now: datetime,
    action: str,
    key: AccessKey,
    by: Caller | None,
    actor: str,
    details: Details = None,
) -> None:
    actor, acting = (actor, None) if by is None else (by.name, by.key)
    add_audit_entry(session, now, action, f"key {key.id}", actor=actor, key=acting, details=details)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
