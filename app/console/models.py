"""The tables of the console: links to sign in with and sessions, which belong to a key and end with it; accounts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.stored_values import UtcDateTime


class LoginLink(SQLModel, table=True):
    """A link that signs in once. `digest`: SHA-256 of its code. `key`: the id of the key that its session acts for."""

    digest: str = Field(primary_key=True)
    key: str
    expires_at: datetime = Field(sa_type=UtcDateTime)


class ConsoleSession(SQLModel, table=True):
    """Somebody who is signed in. `digest`: SHA-256 of what the cookie holds. `key`: the id of the key it acts for."""

    digest: str = Field(primary_key=True)
    key: str = Field(index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class ConsoleAccount(SQLModel, table=True):
    """An account of the organization that has signed in. `digest`: scrypt of its subject at the provider.

    `name`: the pseudonym of its keys, which is published; nothing in it comes of the account.
    """

    digest: str = Field(primary_key=True)
    name: str = Field(unique=True)
