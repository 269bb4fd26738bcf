"""The index: for each token the numbers of the records that have it."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

import app.stored_values  # noqa: F401  # takes care of the columns of tables made after it


class SearchPosting(SQLModel, table=True):
    """Some of the entries that have a token: those of one chunk, counted from its beginning (`app.search.ranks`).

    An entry's number is that of its record's first revision.

    Tokens are in the order of their code points, whatever language the database sorts by: those with one beginning
    stand together.
    """

    token: str = Field(primary_key=True, sa_type=Text().with_variant(Text(collation="C"), "postgresql"))
    chunk: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    numbers: bytes


class SearchTrigram(SQLModel, table=True):
    """The words, separated by spaces, that have these three letters in a row: for finding what was meant by others."""

    trigram: str = Field(primary_key=True)
    words: str
