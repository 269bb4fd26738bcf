"""The keys of those who sign in with an account of the organization. Each account has a pseudonym, made at random."""

from datetime import datetime
from secrets import token_hex

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.access.keys import KeyRefused, KeyRequest, add_key_in, revoke_key_in, scope_of
from app.access.models import AccessKey, KeyRole
from app.access.scopes import describe_scope
from app.console.models import ConsoleAccount
from app.console.sessions import PATIENCE, is_valid
from app.records.publishing import keep_trying, writing

ACTOR = "provider of accounts"
"""Who makes and ends the keys of accounts, as the audit trail says."""


def choose_account_key(engine: Engine, digest: str, role: KeyRole, now: datetime) -> AccessKey:
    """The key of an account, made where it has none that holds. Raises KeyRefused where its last one was revoked.

    `digest`: what the account is recognised by. An account whose role has changed gets another key, within the scope
    that it last had in another role than admin, and the former one ends.
    """

    def act() -> AccessKey:
        with writing(engine) as session:
            key = _choose(session, _name_account(session, digest), role, now)
            session.flush()
            session.expunge(key)
            return key

    return keep_trying(act, PATIENCE)


def _name_account(session: Session, digest: str) -> str:
    """The pseudonym of an account; a new one gets one."""
    account = session.get(ConsoleAccount, digest)
    if account is None:
        account = ConsoleAccount(digest=digest, name=f"Redaktionen {token_hex(4)}")
        session.add(account)
    return account.name


def _choose(session: Session, name: str, role: KeyRole, now: datetime) -> AccessKey:
    own = select(AccessKey).where(col(AccessKey.name) == name, ~col(AccessKey.is_test))
    keys = session.exec(own.order_by(col(AccessKey.made_at).desc())).all()
    last = next(iter(keys), None)
    if last is not None and last.revoked_at is not None:
        raise KeyRefused(f"Key {last.id} of this account is revoked; add one of the same name to let it in again")
    if last is not None and last.role is role and is_valid(last, now):
        return last
    limited = next((key for key in keys if key.role is not KeyRole.ADMIN), None)  # an admin's key has no scope
    scope = None if limited is None or role is KeyRole.ADMIN else describe_scope(session, scope_of(limited))
    _, key = add_key_in(session, KeyRequest(name, role, scope), now, actor=ACTOR)
    if last is not None and is_valid(last, now):
        revoke_key_in(session, last.id, now, actor=ACTOR)
    return key
