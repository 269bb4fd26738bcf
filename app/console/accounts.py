"""The keys of those who sign in with an account of the organization. Each account has a pseudonym, made at random."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.access.auditing import add_audit_entry
from app.access.keys import KeyRefused, KeyRequest, add_key_in, revoke_key_in, scope_of
from app.access.models import AccessKey, KeyRole
from app.access.scopes import describe_scope, parse_scope
from app.console.models import ConsoleAccount
from app.console.sessions import PATIENCE, is_valid
from app.console.sign_in_places import SignInFailed
from app.records.publishing import keep_trying, writing

ACTOR = "provider of accounts"
"""Who makes and ends the keys of accounts, as the audit trail says."""
ALL = "all"
"""The scope of a claim that is the whole directory."""


class AccountWaits(SignInFailed):
    """An editor to whom neither the claim nor an admin has given a scope. `name`: the pseudonym of the account."""

    reason = "waiting"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} waits for an admin to give it a scope")
        self.name = name


def choose_account_key(engine: Engine, digest: str, role: KeyRole, scope: str | None, now: datetime) -> AccessKey:
    """The key of an account, made where it has none that holds and its scope is known.

    `digest`: what the account is recognised by. `scope`: the one that the claim gives; None for the scope that the
    account last had in another role than admin. A key of another role or scope ends.

    Raises AccountWaits, KeyRefused where the last key was revoked, or InvalidRecords for a scope of what is not there.
    """

    def act() -> tuple[str, AccessKey | None]:
        with writing(engine) as session:
            name = _name_account(session, digest, now)
            key = _choose(session, name, role, scope, now)
            session.flush()
            session.expunge_all()
            return name, key

    name, key = keep_trying(act, PATIENCE)
    if key is None:
        raise AccountWaits(name)
    return key


def list_waiting(session: Session) -> list[str]:
    """The pseudonyms of the accounts that have never had a key."""
    names = select(ConsoleAccount.name).where(col(ConsoleAccount.name).not_in(select(AccessKey.name)))
    return list(session.exec(names.order_by(col(ConsoleAccount.name))))


def is_account(session: Session, name: str) -> bool:
    """Whether a name is the pseudonym of an account."""
    return session.exec(select(ConsoleAccount.name).where(ConsoleAccount.name == name)).first() is not None


def _name_account(session: Session, digest: str, now: datetime) -> str:
    """The pseudonym of an account; a new one gets one."""
    account = session.get(ConsoleAccount, digest)
    if account is None:
        account = ConsoleAccount(digest=digest, name=f"Redaktionen {token_hex(4)}")
        session.add(account)
        add_audit_entry(session, now, "account added", f"account {account.name}", actor=ACTOR)
    return account.name


def _choose(session: Session, name: str, role: KeyRole, scope: str | None, now: datetime) -> AccessKey | None:
    own = select(AccessKey).where(col(AccessKey.name) == name, ~col(AccessKey.is_test))
    keys = session.exec(own.order_by(col(AccessKey.made_at).desc())).all()
    last = next(iter(keys), None)
    if last is not None and last.revoked_at is not None:
        raise KeyRefused(f"Key {last.id} of this account is revoked; add one of the same name to let it in again")
    named = ALL if role is KeyRole.ADMIN else scope or _find_last_scope(session, keys)
    if named is None:
        return None
    scope_name = None if named == ALL else named
    limit = None if scope_name is None else parse_scope(session, scope_name)
    if last is not None and is_valid(last, now) and (last.role, scope_of(last)) == (role, limit):
        return last
    _, key = add_key_in(session, KeyRequest(name, role, scope_name), now, actor=ACTOR)
    if last is not None and is_valid(last, now):
        revoke_key_in(session, last.id, now, actor=ACTOR)
    return key


def _find_last_scope(session: Session, keys: Sequence[AccessKey]) -> str | None:
    """The scope of the newest key that is not an admin's; None where there is none."""
    limited = next((key for key in keys if key.role is not KeyRole.ADMIN), None)
    return None if limited is None else describe_scope(session, scope_of(limited)) or ALL
