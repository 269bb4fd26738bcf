"""The index: one row for each thing that can be found."""

from uuid import UUID

from sqlalchemy import Dialect, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from app.columns import choice
from app.status import Status


class Tokens(TypeDecorator[str]):
    """Tokens in order, separated by spaces: a tsvector on PostgreSQL, text beside an FTS5 table on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        # Tokens hold no quote: they are made of letters, digits and our marks.
        return " ".join(f"'{token}'" for token in value.split())

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        # A tsvector comes back in quotes and an order of its own.
        return " ".join(sorted(value.replace("'", "").split()))


class SearchEntry(SQLModel, table=True):
    """A record's tokens. `rank` is the order among equals, and the row id: results come in it without sorting."""

    rank: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject_id: UUID = Field(unique=True)
    kind: str
    status: Status = Field(sa_type=choice(Status))
    tokens: str = Field(sa_type=Tokens)


class SearchTrigram(SQLModel, table=True):
    """The words, separated by spaces, that have these three letters in a row: for finding what was meant by others."""

    trigram: str = Field(primary_key=True)
    words: str


TOKEN_INDEX = Index("ix_searchentry_tokens", SearchEntry.__table__.c.tokens, postgresql_using="gin").ddl_if(  # type: ignore[attr-defined]  # SQLModel does not type __table__
    dialect="postgresql"
)

FTS_TABLE = "search_fts"
REBUILD_FTS = f"INSERT INTO {FTS_TABLE}({FTS_TABLE}) VALUES ('rebuild')"  # noqa: S608  # no input in it
