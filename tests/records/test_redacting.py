"""Redaction: the document of an old revision is blanked, and who did so and why is kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.changes.models import Edition
from app.records.documents import Document
from app.records.drafts import RecordChange
from app.records.faults import Conflict
from app.records.models import Redaction, Revision
from app.records.rebuilding import rebuild
from app.records.redacting import CannotRedact, redact
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from tests.records.conftest import FIRST, Edit, Store
from tests.seeding.small import edit

LATER = FIRST + timedelta(days=1)


def summarize(words: str) -> Edit:
    def change(document: Document) -> None:
        document["summary"]["sv"] = words

    return change


@pytest.fixture
def old(store: Store) -> int:
    """The number of a revision that is neither the newest of its record nor what the files say."""
    publication = store.change("hotline", "linjen", summarize("Ring Olles hemnummer."))
    store.change("hotline", "linjen", summarize("Ring linjen."))
    return publication.revisions["hotline", "linjen"]


def revision(store: Store, number: int) -> Revision:
    with Session(store.engine) as session:
        return session.exec(select(Revision).where(col(Revision.number) == number)).one()


def test_a_redacted_revision_says_nothing_any_more_and_who_did_it_and_why(store: Store, old: int) -> None:
    before = revision(store, old)
    assert "Edition 4" in redact(store.engine, old, "editor", "it named a person", LATER)
    after = revision(store, old)
    assert after.document == "{}"
    assert after.model_dump(exclude={"document"}) == before.model_dump(exclude={"document"})
    with Session(store.engine) as session:
        (kept,) = session.exec(select(Redaction)).all()
        assert (kept.revision, kept.actor, kept.reason) == (old, "editor", "it named a person")
        assert session.scalar(select(Edition.number).order_by(col(Edition.number).desc())) == 4


def test_a_rebuild_after_a_redaction_changes_nothing(store: Store, old: int) -> None:
    redact(store.engine, old, "editor", "it named a person", LATER)
    assert rebuild(store.engine, LATER) == []
    assert store.document("hotline", "linjen")["summary"]["sv"] == "Ring linjen."


def test_the_first_revision_can_be_redacted_once_the_files_say_something_else(store: Store, folder: Path) -> None:
    first = store.current("hotline", "linjen")
    assert first is not None
    store.change("hotline", "linjen", summarize("Ring linjen."))
    with pytest.raises(CannotRedact, match="is what the seed files say: change them"):
        redact(store.engine, first.revision, "editor", "it named a person", LATER)
    edit(folder, "hotlines.toml", "En linje.", "Ring linjen.")
    write_seed(store.engine, read_seed(folder), LATER)
    redact(store.engine, first.revision, "editor", "it named a person", LATER)
    assert rebuild(store.engine, LATER) == []
    assert write_seed(store.engine, read_seed(folder), LATER).changed == 0


def test_what_stands_is_not_redacted(store: Store, old: int) -> None:
    current = store.current("hotline", "linjen")
    assert current is not None
    with pytest.raises(CannotRedact, match=f"^Revision {current.revision} of hotline linjen is the newest: publish"):
        redact(store.engine, current.revision, "editor", "none", LATER)
    assert store.document("hotline", "linjen")["summary"]["sv"] == "Ring linjen."


def test_a_revision_of_a_removed_record_can_be_redacted_and_the_removal_cannot(store: Store) -> None:
    before = store.current("coordinator", "koordinator-ost")
    assert before is not None
    changed = store.change("coordinator", "koordinator-ost", summarize("Samordnar mer."))
    number = changed.revisions["coordinator", "koordinator-ost"]
    gone = store.publish(RecordChange("coordinator", "koordinator-ost", None, number))
    redact(store.engine, number, "editor", "it named a person", LATER)
    with pytest.raises(CannotRedact, match="removed the record"):
        redact(store.engine, gone.revisions["coordinator", "koordinator-ost"], "editor", "none", LATER)
    assert rebuild(store.engine, LATER) == []


def test_a_revision_is_redacted_once_and_must_exist(store: Store, old: int) -> None:
    redact(store.engine, old, "editor", "it named a person", LATER)
    with pytest.raises(CannotRedact, match="is redacted already"):
        redact(store.engine, old, "editor", "again", LATER)
    with pytest.raises(CannotRedact, match=r"^There is no revision 999999$"):
        redact(store.engine, 999_999, "editor", "none", LATER)


def test_a_redaction_blanks_one_document_and_permits_nothing_else(store: Store, old: int) -> None:
    redact(store.engine, old, "editor", "it named a person", LATER)
    for statement in (
        f"UPDATE revision SET actor = 'x' WHERE number = {old}",
        f"UPDATE revision SET document = '{{}}' WHERE number = {old + 1}",
        f"DELETE FROM revision WHERE number = {old}",
    ):
        with pytest.raises(DBAPIError, match="revisions are never"), store.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_change_against_a_redacted_revision_is_refused(store: Store, old: int) -> None:
    document = store.document("hotline", "linjen")
    redact(store.engine, old, "editor", "it named a person", LATER)
    with pytest.raises(Conflict, match="has changed meanwhile"):
        store.publish(RecordChange("hotline", "linjen", document | {"summary": {"sv": "Ny.", "en": "New."}}, old))
