"""Signing in by a link that works once, and sessions: each acts for a key, with its name, role and scope."""

import hashlib
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from app.access.auditing import add_audit_entry
from app.access.deciding import LEAST_ROLE, ROLES, Action
from app.access.keys import KeyRefused, KeyRequest, add_key, note_use_in
from app.access.models import AccessKey, KeyRole
from app.console.models import ConsoleSession, LoginLink
from app.records.publishing import keep_trying, writing
from app.resources.reviewing import day_of

LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(hours=8)
PATIENCE = 4.0
"""Seconds that signing in or out waits while others write."""


def choose_key(engine: Engine, named: str | None, name: str | None, role: KeyRole | None, now: datetime) -> AccessKey:
    """The key that somebody is to sign in for: the one `named` by id or name, or one of this `name` and `role`.

    Where there is no key of that name and role, it is made, and its secret shown to nobody. Raises KeyRefused.
    """
    with Session(engine, expire_on_commit=False) as session:
        holding = [key for key in session.exec(select(AccessKey)) if is_valid(key, now) and not key.is_test]
    if named is not None:
        chosen = [key for key in holding if named in (key.id, key.name)]
        if len(chosen) != 1:
            ids = ", ".join(f"{key.id} ({key.role})" for key in chosen)
            reason = f"Several keys have the name {named}: name one by its id, {ids}" if chosen else _missing(named)
            raise KeyRefused(reason)
        return _require_editor(chosen[0])
    if name is None or role is None:
        raise KeyRefused("Give the name or id of a key, or --name and --role")
    same = (key for key in holding if (key.name, key.role, key.scope_kind) == (name.strip(), role, None))
    return _require_editor(next(same, None) or add_key(engine, KeyRequest(name, role), now)[1])


def make_login_link(engine: Engine, key: AccessKey, now: datetime) -> str:
    """The code of a link that signs in for a key: once, within ten minutes."""
    code = token_hex(32)
    details = {"name": key.name, "role": key.role}

    def act() -> None:
        with writing(engine) as session:
            session.add(LoginLink(digest=_digest(code), key=key.id, expires_at=now + LINK_LIFE))
            add_audit_entry(session, now, "login link made", f"key {key.id}", details=details)

    keep_trying(act)
    return code


def begin_session(engine: Engine, code: str, earlier: str, now: datetime) -> str | None:
    """Sign in by the code of a link, which is used up. Returns the value of the cookie; None where the code is not
    valid.

    `earlier`: the value of the browser's cookie so far; that session ends, so that nobody can make another person use
    theirs.
    """
    with Session(engine) as session:
        if session.get(LoginLink, _digest(code)) is None:
            return None  # outside of a writing transaction: guesses must not make others wait

    def act() -> str | None:
        with writing(engine) as session:
            return _begin(session, code, earlier, now)

    return keep_trying(act, PATIENCE)


def begin_account_session(engine: Engine, key: AccessKey, earlier: str, now: datetime) -> str:
    """Sign in for the key of an account. Returns the value of the cookie. `earlier`: as in `begin_session`."""

    def act() -> str:
        with writing(engine) as session:
            _forget_ended(session, now)
            return _add_session(session, key, earlier, now)

    return keep_trying(act, PATIENCE)


def find_link_key(session: Session, code: str, now: datetime) -> AccessKey | None:
    """The key that a link signs in for; None where the link, or its key, is not valid."""
    link = session.get(LoginLink, _digest(code))
    key = None if link is None or link.expires_at <= now else session.get(AccessKey, link.key)
    return key if key is not None and is_valid(key, now) else None


def end_session(engine: Engine, token: str, now: datetime) -> None:
    """Sign out."""

    def act() -> None:
        with writing(engine) as session:
            _end(session, token, now)

    keep_trying(act, PATIENCE)


def find_session_key(session: Session, token: str, now: datetime) -> tuple[AccessKey, datetime] | None:
    """The key that a session acts for, and when it ends; None where it has ended, or its key has."""
    session_row = session.get(ConsoleSession, _digest(token))
    if session_row is None or session_row.expires_at <= now:
        return None
    key = session.get(AccessKey, session_row.key)
    return (key, min(session_row.expires_at, key.expires_at)) if key is not None and is_valid(key, now) else None


def is_valid(key: AccessKey, now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return key.revoked_at is None and key.expires_at > now


def _begin(session: Session, code: str, earlier: str, now: datetime) -> str | None:
    link = session.get(LoginLink, _digest(code))
    key = None if link is None or link.expires_at <= now else session.get(AccessKey, link.key)
    if link is not None:
        session.delete(link)
    _forget_ended(session, now)
    if key is None or not is_valid(key, now):
        return None
    return _add_session(session, key, earlier, now)


def _add_session(session: Session, key: AccessKey, earlier: str, now: datetime) -> str:
    _end(session, earlier, now)
    token = token_hex(32)
    session.add(ConsoleSession(digest=_digest(token), key=key.id, made_at=now, expires_at=now + SESSION_LIFE))
    note_use_in(session, key.id, day_of(now))
    add_audit_entry(session, now, "signed in", f"key {key.id}", actor=key.name, key=key.id)
    return token


def _end(session: Session, token: str, now: datetime) -> None:
    ended = session.get(ConsoleSession, _digest(token))
    key = None if ended is None else session.get(AccessKey, ended.key)
    if ended is not None:
        session.delete(ended)
    if key is not None:
        add_audit_entry(session, now, "signed out", f"key {key.id}", actor=key.name, key=key.id)


def _forget_ended(session: Session, now: datetime) -> None:
    for model in (LoginLink, ConsoleSession):
        session.execute(delete(model).where(col(model.expires_at) <= now))


def _require_editor(key: AccessKey) -> AccessKey:
    if ROLES.index(key.role) < ROLES.index(LEAST_ROLE[Action.READ_TASKS]):
        raise KeyRefused(f"The console is for the roles editor and admin; key {key.id} has the role {key.role}")
    return key


def _missing(named: str) -> str:
    return f"No key that holds is called {named}; `stodkatalog keys list` shows those that are"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
