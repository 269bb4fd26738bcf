"""An editor who changes records in a store, beside the seed folder that it was made from."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.records.documents import Document
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.kinds import KINDS
from app.records.models import CurrentRecord, Origin, Proposal
from app.records.publishing import publish
from app.records.revising import Author
from app.seeding.checking import read_seed
from app.seeding.exporting import Written, export_seed
from app.seeding.writing import SeedReport, write_seed

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
EDITOR = Author("editor", Origin.COMMAND, "because it has changed")
Edit = Callable[[Document], object]


class Editor:
    """Seeds and exports a folder, and changes the store."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self._hours = count()

    def now(self) -> datetime:
        """A moment after all the others."""
        return START + timedelta(hours=next(self._hours))

    def seed(self, **options: bool) -> SeedReport:
        """Seed the folder."""
        return write_seed(self.engine, read_seed(self.folder), self.now(), **options)

    def export(self) -> list[Written]:
        """Write the store into the folder."""
        return export_seed(self.engine, self.folder)

    def current(self, kind: str, slug: str) -> CurrentRecord | None:
        """The record as it stands."""
        key = KINDS[kind].family, slug
        with Session(self.engine, expire_on_commit=False) as session:
            return load_current(session, [key]).get(key)

    def document(self, kind: str, slug: str) -> Document:
        """Its document, to be changed at will."""
        current = self.current(kind, slug)
        assert current is not None, f"no {kind} {slug} stands"
        with Session(self.engine) as session:
            return deepcopy(load_documents(session, [current.revision])[current.revision] or {})

    def change(self, kind: str, slug: str, edit: Edit) -> None:
        """Change a record in the store."""
        current, document = self.current(kind, slug), self.document(kind, slug)
        edit(document)
        self.publish(RecordChange(kind, slug, document, current.revision if current else None))

    def add(self, kind: str, like: str, slug: str, edit: Edit = lambda document: None) -> None:
        """Make a record in the store, like another."""
        document = {**self.document(kind, like), "id": slug}
        edit(document)
        self.publish(RecordChange(kind, slug, document))

    def make(self, kind: str, slug: str, document: Document) -> None:
        """Make a record in the store."""
        self.publish(RecordChange(kind, slug, document))

    def publish_as(self, kind: str, slug: str, like: tuple[str, str]) -> None:
        """Make a record in the store, like one of another kind."""
        self.publish(RecordChange(kind, slug, {**self.document(*like), "id": slug}))

    def remove(self, kind: str, slug: str) -> None:
        """Remove a record from the store."""
        current = self.current(kind, slug)
        assert current is not None
        self.publish(RecordChange(kind, slug, None, current.revision))

    def publish(self, *changes: RecordChange) -> None:
        """Publish changes."""
        publish(self.engine, changes, EDITOR, self.now())

    def proposals(self) -> list[Proposal]:
        """What is left for a person to decide, oldest first."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.exec(select(Proposal).order_by(Proposal.made_at)))  # type: ignore[arg-type]  # a column

    def slugs(self, kind: str) -> list[str]:
        """The records of a kind, in their order."""
        with Session(self.engine) as session:
            records = session.exec(select(CurrentRecord).where(CurrentRecord.kind == kind))
            return [record.slug for record in sorted(records, key=lambda record: record.position)]
