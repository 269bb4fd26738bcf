"""The engines of search that are compared: each built, asked and changed in the way that it is meant to be."""

import inspect
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import psycopg
from sqlalchemy import Engine, make_url, select, text, update
from sqlmodel import Session, col

from app.database import begin_writing
from app.records.models import CurrentRecord
from app.resources.models import Kind, ResourceText
from app.search import indexing, postings, queries, ranks, spelling, storing
from app.search.indexing import IndexPatch
from app.search.words import remove_diacritics, split_words
from app.status import Status

FIRST = 20
PAGE = "ORDER BY rank LIMIT 20"


@dataclass(frozen=True, slots=True)
class Document:
    """A resource: its number, its id, its name and its texts, normalised."""

    number: int
    id: UUID
    name: str
    body: str


class SearchEngine(Protocol):
    """What all of them can do; `is_built`: it came with the directory."""

    name: str
    is_built: bool

    def build(self, documents: Sequence[Document]) -> None:
        """Take in all documents."""

    def ask(self, query: str) -> tuple[int, Sequence[Any]]:
        """The total and the first 20."""

    def publish(self, document: Document, words: str) -> None:
        """Give a document other words, durably."""

    def size(self) -> float:
        """Bytes on the disk."""


def load_documents(engine: Engine, normalise: Callable[[str], str]) -> list[Document]:
    """All resources that are made up, in both languages."""
    found = dict[UUID, tuple[int, list[str], list[str]]]()
    columns = col(CurrentRecord.id), col(CurrentRecord.first_revision), ResourceText.name, ResourceText.summary
    statement = select(*columns, ResourceText.description).join(
        ResourceText, col(ResourceText.resource_id) == col(CurrentRecord.id)
    )
    with Session(engine) as session:
        for key, number, name, *texts in session.execute(statement.where(col(CurrentRecord.slug).startswith("prov-"))):
            _, names, bodies = found.setdefault(key, (number, [], []))
            names.append(normalise(name))
            bodies += [normalise(one) for one in texts if one]
    engine.dispose()
    return [Document(number, key, " ".join(names), " ".join(body)) for key, (number, names, body) in found.items()]


def count_lines(engine: SearchEngine) -> int:
    """Lines of our code that the engine needs."""
    if isinstance(engine, OwnIndex):
        parts = (indexing, postings, queries, ranks, spelling, storing)
        return sum(len(inspect.getsource(part).splitlines()) for part in parts)
    return len(inspect.getsource(type(engine)).splitlines())


class OwnIndex:
    """Postings in a table of the store (decision 9)."""

    is_built = True

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self.name = engine, name

    def build(self, documents: Sequence[Document]) -> None:
        """It is there."""

    def ask(self, query: str) -> tuple[int, Sequence[Any]]:
        """As the API asks."""
        with Session(self._engine) as session:
            return queries.find_hits(session, query, list(Status), [*Kind, "organization"], FIRST, 0)

    def publish(self, document: Document, words: str) -> None:
        """As publishing patches it."""
        with begin_writing(self._engine, "publish") as connection, Session(connection) as session:
            patch = IndexPatch(session)
            patch.remove([document.id])
            mine = col(ResourceText.resource_id) == document.id, col(ResourceText.language) == "sv"
            session.execute(update(ResourceText).where(*mine).values(summary=words))
            patch.add([document.id])
            patch.flush()

    def size(self) -> float:
        """What its rows hold, without the overhead of pages."""
        with self._engine.connect() as connection:
            rows = "SELECT sum(length(token) + length(numbers) + 8) FROM searchposting"
            others = "SELECT sum(length(trigram) + length(words)) FROM searchtrigram"
            return float(connection.scalar(text(rows)) or 0) + float(connection.scalar(text(others)) or 0)


class Fts5:
    """SQLite's FTS5, with kept beginnings, and trigrams of its words for mistyped ones."""

    name, is_built = "FTS5", False

    def __init__(self, path: Path) -> None:
        self._path, self._store = path, sqlite3.connect(path, isolation_level=None)
        self._store.execute("PRAGMA journal_mode=WAL")
        self._store.execute("PRAGMA synchronous=FULL")
        self._store.execute("CREATE VIRTUAL TABLE document USING fts5(name, body, prefix='2 3 4', detail=column)")
        self._store.execute("CREATE VIRTUAL TABLE spelling USING fts5(word, tokenize=trigram)")

    def build(self, documents: Sequence[Document]) -> None:
        """All in one transaction."""
        rows = [(one.number, one.name, one.body) for one in documents]
        known = {word for one in documents for word in (*one.name.split(), *one.body.split())}
        self._store.execute("BEGIN")
        self._store.executemany("INSERT INTO document (rowid, name, body) VALUES (?, ?, ?)", rows)
        self._store.executemany("INSERT INTO spelling VALUES (?)", [(word,) for word in known])
        self._store.execute("COMMIT")

    def ask(self, query: str) -> tuple[int, Sequence[Any]]:
        """Words or their beginnings; where nothing has one, the nearest words."""
        asked = [f'"{word}" *' for word in _folded(query)]
        return self._find(asked) or self._find([self._nearest(word) for word in _folded(query)]) or (0, [])

    def _find(self, asked: Sequence[str]) -> tuple[int, Sequence[Any]] | None:
        wanted = " AND ".join(asked)
        (total,) = self._store.execute("SELECT count(*) FROM document WHERE document MATCH ?", [wanted]).fetchone()
        rows = "SELECT rowid FROM document WHERE document MATCH ? AND rank MATCH 'bm25(10, 1)' " + PAGE
        return (total, self._store.execute(rows, [wanted]).fetchall()) if total else None

    def _nearest(self, word: str) -> str:
        parts = " OR ".join(f'"{word[at : at + 3]}"' for at in range(max(1, len(word) - 2)))
        near = self._store.execute(
            "SELECT word FROM spelling WHERE spelling MATCH ? ORDER BY rank LIMIT 3", [parts]
        ).fetchall()
        return "(" + " OR ".join(f'"{one}"' for (one,) in near or [(word,)]) + ")"

    def publish(self, document: Document, words: str) -> None:
        """Its words that nothing else has stay among the trigrams."""
        self._store.execute("BEGIN IMMEDIATE")
        self._store.execute("DELETE FROM document WHERE rowid = ?", [document.number])
        self._store.execute(
            "INSERT INTO document (rowid, name, body) VALUES (?, ?, ?)", [document.number, document.name, words]
        )
        self._store.execute("COMMIT")

    def size(self) -> float:
        """Of its file, with the texts that it keeps."""
        self._store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._path.stat().st_size


class Tsvector:
    """PostgreSQL's tsvector with GIN, and pg_trgm over the words for mistyped ones."""

    name, is_built = "tsvector, GIN, pg_trgm", False

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._store = psycopg.connect(address, autocommit=True)
        self._store.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        self._store.execute("CREATE TABLE document (number int PRIMARY KEY, words tsvector)")
        self._store.execute("CREATE TABLE word (word text)")

    def build(self, documents: Sequence[Document]) -> None:
        """Rows first, indexes after."""
        with self._store.cursor() as cursor:
            with cursor.copy("COPY word FROM STDIN") as copy:
                for word in {word for one in documents for word in (*one.name.split(), *one.body.split())}:
                    copy.write_row([word])
            cursor.execute("CREATE TEMPORARY TABLE given (number int, name text, body text)")
            with cursor.copy("COPY given FROM STDIN") as copy:
                for one in documents:
                    copy.write_row([one.number, one.name, one.body])
            cursor.execute(f"INSERT INTO document SELECT number, {self._made('name', 'body')} FROM given")
        self._store.execute("CREATE INDEX ON document USING gin (words)")
        self._store.execute("CREATE INDEX ON word USING gin (word gin_trgm_ops)")
        self._store.execute("VACUUM ANALYZE")

    @staticmethod
    def _made(name: str, body: str) -> str:
        return f"setweight(to_tsvector('simple', {name}), 'A') || setweight(to_tsvector('simple', {body}), 'D')"

    def ask(self, query: str) -> tuple[int, Sequence[Any]]:
        """Words or their beginnings; where nothing has one, the nearest words."""
        asked = [f"{word}:*" for word in _folded(query)]
        return self._find(asked) or self._find([self._nearest(word) for word in _folded(query)]) or (0, [])

    def _find(self, asked: Sequence[str]) -> tuple[int, Sequence[Any]] | None:
        rows = self._store.execute(
            "SELECT number, count(*) OVER (), ts_rank(words, query) AS rank "
            "FROM document, to_tsquery('simple', %s) query WHERE words @@ query ORDER BY rank DESC LIMIT 20",
            [" & ".join(asked)],
        ).fetchall()
        return (rows[0][1], rows) if rows else None

    def _nearest(self, word: str) -> str:
        near = "SELECT word FROM word WHERE word %% %s ORDER BY similarity(word, %s) DESC LIMIT 3"
        found = self._store.execute(near, [word, word]).fetchall()
        return "(" + " | ".join(one for (one,) in found or [(word,)]) + ")"

    def publish(self, document: Document, words: str) -> None:
        """Its words that nothing else has stay among the trigrams."""
        changed = f"UPDATE document SET words = {self._made('%s', '%s')} WHERE number = %s"
        self._store.execute(changed, [document.name, words, document.number])

    def size(self) -> float:
        """Of both tables with their indexes."""
        sizes = "SELECT pg_total_relation_size('document') + pg_total_relation_size('word')"
        return float((self._store.execute(sizes).fetchone() or [0])[0])


class Tantivy:
    """tantivy, which keeps files of its own beside the store and has to be kept in step with it."""

    name, is_built = "tantivy", False

    def __init__(self, folder: Path) -> None:
        import tantivy  # noqa: PLC0415  # compared only where it is installed

        folder.mkdir()
        self._library: Any = tantivy
        schema = tantivy.SchemaBuilder().add_integer_field("number", stored=True, indexed=True)
        self._schema = schema.add_text_field("name").add_text_field("body").build()
        self._index, self._folder = tantivy.Index(self._schema, path=str(folder)), folder
        self._writer = self._index.writer(64_000_000, 1)

    def build(self, documents: Sequence[Document]) -> None:
        """All in one commit."""
        for one in documents:
            self._add(one.number, one.name, one.body)
        self._commit()

    def _add(self, number: int, name: str, body: str) -> None:
        self._writer.add_document(self._library.Document(number=number, name=name, body=body))

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()

    def ask(self, query: str) -> tuple[int, Sequence[Any]]:
        """Words or their beginnings; where nothing has one, words that differ by a letter or an exchange of two."""
        found = self._find(query, 0)
        return found if found[0] else self._find(query, 1)

    def _find(self, query: str, distance: int) -> tuple[int, Sequence[Any]]:
        library, must = self._library, self._library.Occur.Must
        parts = []
        for word in _folded(query):
            either = [
                library.Query.fuzzy_term_query(self._schema, name, word, distance=distance, prefix=not distance)
                for name in ("name", "body")
            ]
            parts.append((must, library.Query.boolean_query([(library.Occur.Should, one) for one in either])))
        result = self._index.searcher().search(library.Query.boolean_query(parts), FIRST, count=True)
        return result.count, result.hits

    def publish(self, document: Document, words: str) -> None:
        """A commit of its own, after that of the store."""
        self._writer.delete_documents("number", document.number)
        self._add(document.number, document.name, words)
        self._commit()

    def size(self) -> float:
        """Of its files."""
        return sum(file.stat().st_size for file in self._folder.iterdir())


def _folded(query: str) -> list[str]:
    """The words of a query without diacritics."""
    return [remove_diacritics(word) for word in split_words(query)]
