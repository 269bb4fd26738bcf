"""A store with the small directory in it, on each database, and ways to change it as an editor does."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.database import engine_for
from app.records.documents import Document
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.kinds import KINDS
from app.records.models import CurrentRecord, Origin
from app.records.publishing import Publication, publish
from app.records.revising import Author
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from tests.conftest import find_server
from tests.seeding.small import write_folder
from tests.stores import Stores, discard

FIRST = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
EDITOR = Author("editor", Origin.COMMAND, "because the number has changed")
Edit = Callable[[Document], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small seed folder, in order; the documents that the real one cites are not those of this one."""
    monkeypatch.delenv("STODKATALOG_DOCUMENTS", raising=False)
    return write_folder(tmp_path / "seed")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, folder: Path, stores: Stores) -> Iterator["Store"]:
    """The small directory in a store, on each database."""
    server = find_server(request)
    engine = engine_for(
        stores.create(tmp_path, server, "small", lambda engine: write_seed(engine, read_seed(folder), FIRST))
    )
    yield Store(engine)
    discard(engine, server)


class Store:
    """Reads and changes records."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._hours = count(1)

    def current(self, kind: str, slug: str) -> CurrentRecord | None:
        """The record as it stands."""
        key = KINDS[kind].family, slug
        with Session(self.engine, expire_on_commit=False) as session:
            return load_current(session, [key]).get(key)

    def document(self, kind: str, slug: str) -> Document:
        """Its document."""
        current = self.current(kind, slug)
        assert current is not None
        with Session(self.engine) as session:
            return load_documents(session, [current.revision])[current.revision] or {}

    def change(self, kind: str, slug: str, edit: Edit, base: int | None = None) -> Publication:
        """Publish what `edit` does to the record, against the newest revision or an older one."""
        current = self.current(kind, slug)
        assert current is not None
        number = base or current.revision
        with Session(self.engine) as session:
            document = deepcopy(load_documents(session, [number])[number] or {})
        edit(document)
        return self.publish(RecordChange(kind, slug, document, number))

    def publish(self, *changes: RecordChange) -> Publication:
        """Publish changes, an hour after the last."""
        return publish(self.engine, changes, EDITOR, FIRST + timedelta(hours=next(self._hours)))
