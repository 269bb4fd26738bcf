"""What lies within the scope of a key."""

import pytest
from sqlmodel import Session

from app.access.scopes import Touched, is_within, parse_scope
from app.records.documents import Document
from tests.records.conftest import Store

IN_HALMSTAD: Document = {"id": "kontakten", "areas": ["1380"]}
EVERYWHERE: Document = {"id": "kontakten", "areas": ["SE"]}
OF_THE_AGENCY: Document = {"id": "kontakten", "organizations": [{"id": "myndigheten", "role": "provider"}]}


@pytest.mark.parametrize(
    ("scope", "documents", "expected"),
    [
        ("municipality=1380", [IN_HALMSTAD], True),
        ("municipality=1380", [IN_HALMSTAD, IN_HALMSTAD], True),
        ("municipality=1380", [EVERYWHERE], False),
        ("municipality=1380", [IN_HALMSTAD, EVERYWHERE], False),
        ("municipality=1380", [EVERYWHERE, IN_HALMSTAD], False),
        ("municipality=1380", [{"id": "kontakten", "areas": ["1380", "13"]}], False),
        ("municipality=1380", [{"id": "kontakten"}], False),
        ("municipality=1380", [], False),
        ("organization=myndigheten", [OF_THE_AGENCY], True),
        ("organization=myndigheten", [OF_THE_AGENCY, IN_HALMSTAD], False),
        ("records=hotlines/linjen", [OF_THE_AGENCY], False),
    ],
)
def test_a_new_record_is_within_a_scope_only_if_it_is_before_and_after(
    store: Store, scope: str, documents: list[Document], *, expected: bool
) -> None:
    with Session(store.engine) as session:
        touched = Touched("support_service", None, documents)
        assert is_within(session, parse_scope(session, scope), touched) == expected
        assert is_within(session, None, touched)


def test_a_scope_of_records_holds_for_them_under_any_id_and_for_no_other_with_their_old_one(store: Store) -> None:
    with Session(store.engine) as session:
        scope = parse_scope(session, "records=coordinators/koordinator-ost")
    record = store.current("coordinator", "koordinator-ost")
    assert record is not None
    store.change("coordinator", "koordinator-ost", lambda document: document.update(id="nya-ost"))
    with Session(store.engine) as session:
        assert is_within(session, scope, Touched("coordinator", record.id, [{"id": "nya-ost"}]))
        assert not is_within(session, scope, Touched("coordinator", None, [{"id": "koordinator-ost"}]))


def test_a_municipality_may_not_change_itself_and_an_organization_may(store: Store) -> None:
    with Session(store.engine) as session:
        for scope, kind, slug, expected in (
            ("municipality=1380", "municipality", "1380", False),
            ("organization=myndigheten", "organization", "myndigheten", True),
        ):
            record = store.current(kind, slug)
            assert record is not None
            touched = Touched(kind, record.id, [store.document(kind, slug)])
            assert is_within(session, parse_scope(session, scope), touched) == expected
