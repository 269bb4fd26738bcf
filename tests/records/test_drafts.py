"""What a change has to be before anything is written, and what keeps parts with their records afterwards."""

from uuid import uuid4

import pytest
from pydantic import create_model
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.changes.models import Edition
from app.hotlines.record import HotlineRecord
from app.records.documents import digest_of, parse_document, to_document
from app.records.drafts import RecordChange
from app.records.faults import InvalidRecords
from app.sources.models import Citation, Source
from tests.records.conftest import Store


def test_a_record_of_an_unknown_kind_is_refused_with_the_kinds_that_there_are(store: Store) -> None:
    with pytest.raises(InvalidRecords, match=r"is none of .*hotline"):
        store.publish(RecordChange("lighthouse", "fyren", store.document("hotline", "linjen")))
    with store.engine.connect() as connection:
        assert connection.scalars(select(Edition.number)).all() == [1]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_later_field_with_a_default_changes_no_document_and_no_digest(store: Store) -> None:
    document = store.document("hotline", "linjen")
    later = create_model("LaterLine", __base__=HotlineRecord, lift=(bool | None, None), ramps=(list[str], []))
    parsed = to_document(later.model_validate(document))
    assert parsed == to_document(parse_document("hotline", "linjen", document))
    current = store.current("hotline", "linjen")
    assert current is not None
    assert digest_of(parsed) == current.digest


def test_the_database_itself_refuses_a_citation_of_no_record(store: Store) -> None:
    with store.engine.begin() as connection:
        source = connection.scalars(select(Source.id)).first()
        values = {"id": uuid4(), "field": "name", "source_id": source, "evidence": "020-390 000", "position": 0}
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            connection.execute(insert(Citation).values(subject_id=uuid4(), **values))
