"""The index: a row for each thing that can be found, and for each token the ranks of those that have it."""

from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class SearchEntry(SQLModel, table=True):
    """Something that can be found. `rank` is the order among equals: that of lists."""

    rank: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject_id: UUID = Field(unique=True)


class SearchPosting(SQLModel, table=True):
    """The ranks of the entries that have a token, as `app.search.ranks` packs them.

    Tokens are in the order of their code points, whatever language the database sorts by: those with one beginning
    stand together.
    """

    token: str = Field(primary_key=True, sa_type=Text().with_variant(Text(collation="C"), "postgresql"))
    ranks: bytes


class SearchTrigram(SQLModel, table=True):
    """The words, separated by spaces, that have these three letters in a row: for finding what was meant by others."""

    trigram: str = Field(primary_key=True)
    words: str
