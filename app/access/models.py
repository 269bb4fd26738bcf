"""The tables of keys and of the audit trail."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.stored_values import UtcDateTime, choice


class KeyRole(StrEnum):
    """What a key is for. Each role may do all that the roles before it may.

    contributor: proposes changes. operator: also publishes exceptions to hours, and confirmations. editor: publishes
    and decides. admin: all of that, for those who manage keys.
    """

    CONTRIBUTOR = "contributor"
    OPERATOR = "operator"
    EDITOR = "editor"
    ADMIN = "admin"


class ScopeKind(StrEnum):
    """What a key is limited to: some records, those of one municipality, or those of one organization."""

    RECORDS = "records"
    MUNICIPALITY = "municipality"
    ORGANIZATION = "organization"


class AccessKey(SQLModel, table=True):
    """A key. `name`: a role or an organization, never a person; the history of records shows it.

    `digest`: SHA-256 of the whole key, which is not stored. `scope_kind` null: the whole directory; else `scope_ids`:
    the ids of its records, area or organization, separated by spaces; they survive a change of slug.
    `last_used_on`: written once a day at most.
    """

    id: str = Field(primary_key=True)
    digest: str
    name: str
    role: KeyRole = Field(sa_type=choice(KeyRole))
    scope_kind: ScopeKind | None = Field(sa_type=choice(ScopeKind))
    scope_ids: str = Field(sa_type=Text)
    is_test: bool
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(sa_type=UtcDateTime)
    last_used_on: date | None


class RepeatableRequest(SQLModel, table=True):
    """A request with an `Idempotency-Key` (`name`), carried out once for each access key (`key`).

    `digest`: of its content. `subject`: the id of what it created or changed. Kept for a week.
    """

    key: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    digest: str
    subject: str
    made_at: datetime = Field(sa_type=UtcDateTime)


class AuditEntry(SQLModel, table=True):
    """Who did what to what, and when. Rows are only ever added, in the transaction of the act.

    `key`: the id of the key; null for a command. `subject`: such as `key 1f2e3d4c` or `hotlines/kvinnofridslinjen`.
    """

    number: int | None = Field(default=None, primary_key=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    key: str | None
    actor: str
    action: str
    subject: str = Field(sa_type=Text)
    details: str | None = Field(sa_type=Text)
