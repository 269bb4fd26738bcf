"""Publishing: one record changes, whole or not at all, with its history kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.changes.models import Change, Edition, What
from app.records.documents import Document
from app.records.drafts import RecordChange
from app.records.faults import Conflict, InvalidRecords
from app.records.models import Origin, Revision
from app.records.rebuilding import fingerprint, rebuild
from app.resources.models import ContactPoint, Resource, ResourceText
from app.sources.models import Citation
from tests.plans import noting_scans
from tests.records.conftest import FIRST, Edit, Store
from tests.search.finding import find_ids


def set_summary(words: str) -> Edit:
    def edit(document: Document) -> None:
        document["summary"]["sv"] = words

    return edit


def set_phone(number: str) -> Edit:
    def edit(document: Document) -> None:
        document["contact_points"][0]["value"] = number

    return edit


def found_by(store: Store, query: str) -> int:
    with Session(store.engine) as session:
        return len(find_ids(session, query))


def fetch(store: Store, statement: Any) -> list[Any]:
    with Session(store.engine) as session:
        return list(session.exec(statement).all())


def test_the_first_revision_of_each_record_is_what_the_seed_says(store: Store) -> None:
    revisions = fetch(store, select(Revision).order_by(col(Revision.number)))
    assert {revision.origin for revision in revisions} == {Origin.SEED}
    assert {revision.edition for revision in revisions} == {1}
    kinds = {"source", "country", "coordination_region", "county", "municipality", "audience"}
    assert {revision.kind for revision in revisions} == kinds | {"organization", "hotline", "coordinator", "step"}


def test_a_change_is_a_revision_that_says_who_why_from_where_and_against_what(store: Store) -> None:
    before = store.current("hotline", "linjen")
    assert before is not None
    publication = store.change("hotline", "linjen", set_summary("En annan linje."))
    number = publication.revisions["hotline", "linjen"]
    (revision,) = fetch(store, select(Revision).where(col(Revision.number) == number))
    assert (revision.actor, revision.origin, revision.base) == ("editor", Origin.COMMAND, before.revision)
    assert (revision.edition, revision.reason) == (publication.edition, "because the number has changed")
    assert fetch(store, select(ResourceText.summary).where(col(ResourceText.summary) == "En annan linje."))


def test_a_change_touches_the_rows_of_no_other_record(store: Store) -> None:
    def others() -> list[Any]:
        return fetch(store, select(Resource).where(col(Resource.slug) != "linjen"))

    before = [row.model_dump() for row in others()]
    store.change("hotline", "linjen", set_phone("+4620505050"))
    assert [row.model_dump() for row in others()] == before
    assert fetch(store, select(ContactPoint.value)) == ["+4620505050"]


def test_a_change_writes_only_the_tables_that_say_something_else(store: Store) -> None:
    written = set[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        written.update(re.findall(r"^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement))

    event.listen(store.engine, "before_cursor_execute", note)
    store.change("hotline", "linjen", set_phone("+4620505050"))
    search = {"searchposting"}
    assert written == search | {"edition", "revision", "currentrecord", "resource", "contactpoint", "change"}
    written.clear()
    store.change("hotline", "linjen", set_summary("En annan linje."))
    assert written - {"searchtrigram"} == search | {
        *("edition", "revision", "currentrecord", "resource", "resourcetext", "change")
    }


def test_a_change_that_leaves_its_name_does_not_read_what_depends_on_it(store: Store) -> None:
    asked = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    store.change("organization", "myndigheten", lambda document: document["description"].update(sv="En myndighet."))
    assert not [statement for statement in asked if "resourceterm.term_id IN" in statement]


def test_publishing_one_record_reads_no_table_that_grows_from_end_to_end(store: Store) -> None:
    with noting_scans(store.engine) as scanned:
        store.change("hotline", "linjen", set_summary("Samtal om havregryn."))
        store.change("organization", "myndigheten", lambda document: document["name"].update(sv="Verket"))
    assert scanned <= {"area", "area_1"}  # as many as there are places


def test_a_record_is_found_by_its_new_words_and_no_longer_by_the_old(store: Store) -> None:
    store.change("hotline", "linjen", set_summary("Samtal om havregryn."))
    assert found_by(store, "havregryn") == 1
    store.change("hotline", "linjen", set_summary("Samtal om filmjölk."))
    assert (found_by(store, "havregryn"), found_by(store, "filmjölk"), found_by(store, "filmjolkk")) == (0, 1, 1)


def test_what_depends_on_a_renamed_organization_is_found_by_its_new_name(store: Store) -> None:
    def rename(document: Document) -> None:
        document["name"] = {"sv": "Zebramyndigheten", "en": "The zebra agency"}

    store.change("organization", "myndigheten", rename)
    assert found_by(store, "zebramyndigheten") == 2
    assert rebuild(store.engine, FIRST) == []


def test_publishing_what_stands_makes_no_revision_and_no_edition(store: Store) -> None:
    publication = store.change("hotline", "linjen", lambda _: None)
    assert (publication.edition, publication.revisions) == (None, {})
    assert fetch(store, select(Edition.number)) == [1]


def test_followers_are_told_of_a_change_of_content_and_not_of_another_place_in_the_list(store: Store) -> None:
    document, current = store.document("hotline", "linjen"), store.current("hotline", "linjen")
    assert current is not None
    store.publish(RecordChange("hotline", "linjen", document, current.revision, position=current.position + 1))
    store.change("hotline", "linjen", set_summary("En annan linje."))
    told = [change.what for change in fetch(store, select(Change).where(col(Change.edition) > 1))]
    assert told == [What.CHANGED]


CITING_THE_PAGE = {"myndigheten", "linjen", "koordinator-vast", "koordinator-ost"}


@pytest.mark.parametrize(
    ("kind", "slug", "name", "told"),
    [
        ("organization", "myndigheten", {"name": {"sv": "Verket", "en": "The board"}}, {"myndigheten", "linjen"}),
        ("audience", "alla", {"name": {"sv": "Envar", "en": "All"}}, {"linjen"}),
        ("coordination_region", "vast", {"name_sv": "Region Sydväst"}, {"koordinator-vast"}),
        ("county", "13", {"name_sv": "Halland"}, set()),
        ("source", "sida", {"title": "En annan sida"}, CITING_THE_PAGE),
        ("source", "sida", {"sha256": "0" * 64}, set()),
        ("organization", "myndigheten", {"description": {"sv": "Ett verk.", "en": "A board."}}, {"myndigheten"}),
    ],
)
def test_followers_are_told_of_each_record_that_shows_a_changed_name_or_source(
    store: Store, kind: str, slug: str, name: Document, told: set[str]
) -> None:
    before = {row.slug: row.updated_at for row in fetch(store, select(Resource))}
    publication = store.change(kind, slug, lambda document: document.update(name))
    changes = fetch(store, select(Change).where(col(Change.edition) == publication.edition))
    assert {change.slug for change in changes} == told
    assert {change.what for change in changes} <= {What.CHANGED}
    assert {row.slug: row.updated_at for row in fetch(store, select(Resource))} == before  # their own content stands
    assert rebuild(store.engine, FIRST) == []


def test_a_record_that_changes_together_with_the_name_it_shows_is_told_of_once(store: Store) -> None:
    line, agency = store.current("hotline", "linjen"), store.current("organization", "myndigheten")
    assert line is not None
    assert agency is not None
    changed = store.document("hotline", "linjen") | {"summary": {"sv": "En annan.", "en": "Another."}}
    named = store.document("organization", "myndigheten") | {"name": {"sv": "Verket", "en": "The board"}}
    publication = store.publish(
        RecordChange("hotline", "linjen", changed, line.revision),
        RecordChange("organization", "myndigheten", named, agency.revision),
    )
    told = fetch(store, select(Change.slug).where(col(Change.edition) == publication.edition))
    assert sorted(told) == ["linjen", "myndigheten"]


def test_two_changes_of_different_fields_against_the_same_revision_are_both_kept(store: Store) -> None:
    base = store.current("hotline", "linjen")
    assert base is not None
    store.change("hotline", "linjen", set_summary("En annan linje."))
    store.change("hotline", "linjen", set_phone("+4620505050"), base.revision)
    document = store.document("hotline", "linjen")
    assert document["summary"]["sv"] == "En annan linje."
    assert document["contact_points"][0]["value"] == "+4620505050"


def test_a_change_of_what_somebody_else_has_changed_is_refused_and_says_what(store: Store) -> None:
    base = store.current("hotline", "linjen")
    assert base is not None
    store.change("hotline", "linjen", set_phone("+4620505050"))
    with pytest.raises(Conflict, match=r"contact_points\.telefon\.value") as refused:
        store.change("hotline", "linjen", set_phone("+46317001020"), base.revision)
    current = store.current("hotline", "linjen")
    assert current is not None
    assert refused.value.revision == current.revision
    assert store.document("hotline", "linjen")["contact_points"][0]["value"] == "+4620505050"


def test_many_publishers_at_once_lose_nothing(store: Store) -> None:
    def publish(nth: int) -> None:
        store.change("coordinator", f"koordinator-{('vast', 'ost')[nth % 2]}", set_summary(f"Samordnar {nth}."))

    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(publish, nth) for nth in range(12)]
    refused = [result.exception() for result in results if result.exception() is not None]
    assert all(isinstance(error, Conflict) for error in refused)
    assert len(fetch(store, select(Revision).where(col(Revision.origin) == Origin.COMMAND))) == 12 - len(refused)
    assert rebuild(store.engine, FIRST) == []


def add_tie_to_nobody(document: Document) -> None:
    document["ties"] = [{"tie": "part_of", "to": "ingen"}]
    document["citations"][0]["fields"].append("ties")


BROKEN: list[tuple[str, Edit]] = [
    ("no citation for: url", lambda document: document.update(url="https://myndighet.example/")),
    ("name.en: Field required", lambda document: document["name"].pop("en")),
    ("larger than 40 kB", lambda document: document["description"].update(sv="x" * 300_000)),
    ("ties: 'ingen' is no organization", add_tie_to_nobody),
    ("at most 60 characters", lambda document: document["citations"][0].update(evidence="x" * 61)),
    ("citations: 'okand' is no source", lambda document: document["citations"][0].update(source="okand")),
    ("status: Input should be", lambda document: document.update(status="perhaps")),
]


@pytest.mark.parametrize(("reason", "edit"), BROKEN, ids=[reason for reason, _ in BROKEN])
def test_a_broken_document_is_refused_with_its_field_and_nothing_is_written(
    store: Store, reason: str, edit: Edit
) -> None:
    with pytest.raises(InvalidRecords, match=reason):
        store.change("organization", "myndigheten", edit)
    assert fetch(store, select(Edition.number)) == [1]


def test_a_number_that_is_none_and_hours_that_do_not_parse_are_refused_together(store: Store) -> None:
    def edit(document: Document) -> None:
        document["contact_points"][0] |= {"value": "12", "opening_hours": "Mo-Fr 25:00"}

    with pytest.raises(InvalidRecords) as refused:
        store.change("hotline", "linjen", edit)
    fields = {fault.field for fault in refused.value.faults}
    assert fields == {"contact_points.telefon.value", "contact_points.telefon.opening_hours"}


def test_what_others_need_is_neither_removed_nor_ended(store: Store) -> None:
    line = store.current("hotline", "linjen")
    source = store.current("source", "sida")
    assert line is not None
    assert source is not None
    with pytest.raises(InvalidRecords, match="refers to it"):
        store.publish(RecordChange("hotline", "linjen", None, line.revision))
    with pytest.raises(InvalidRecords, match="refers to it"):
        store.publish(RecordChange("source", "sida", None, source.revision))
    with pytest.raises(InvalidRecords, match="needs it in force"):
        store.change("hotline", "linjen", lambda document: document.update(status="ended"))


def test_a_removed_record_takes_its_rows_along_and_a_new_one_of_its_name_inherits_nothing(store: Store) -> None:
    document, before = store.document("coordinator", "koordinator-ost"), store.current("coordinator", "koordinator-ost")
    assert before is not None
    store.publish(RecordChange("coordinator", "koordinator-ost", None, before.revision))
    assert not fetch(store, select(Citation).where(col(Citation.subject_id) == before.id))
    assert found_by(store, "regionkoordinator öst") == 0
    store.publish(RecordChange("coordinator", "koordinator-ost", document))
    after = store.current("coordinator", "koordinator-ost")
    assert after is not None
    assert after.id != before.id
    assert rebuild(store.engine, FIRST) == []


def test_a_renamed_record_stays_itself_and_what_refers_to_it_follows(store: Store) -> None:
    before = store.current("hotline", "linjen")
    store.change("hotline", "linjen", lambda document: document.update(id="nya-linjen"))
    after = store.current("hotline", "nya-linjen")
    assert before is not None
    assert after is not None
    assert after.id == before.id
    assert store.document("coordinator", "koordinator-vast")["reached_through"] == "nya-linjen"
    assert store.document("step", "radgor")["resource"] == "nya-linjen"
    (told,) = fetch(store, select(Change).where(col(Change.what) == What.RENAMED))
    assert (told.former_slug, told.slug) == ("linjen", "nya-linjen")
    assert rebuild(store.engine, FIRST) == []


def rename(store: Store, kind: str, slug: str, other: str) -> RecordChange:
    current = store.current(kind, slug)
    assert current is not None
    return RecordChange(kind, slug, store.document(kind, slug) | {"id": other}, current.revision)


def test_two_records_swap_their_ids_in_one_publication_and_what_refers_to_them_follows(store: Store) -> None:
    one, other = store.current("hotline", "linjen"), store.current("coordinator", "koordinator-ost")
    assert one is not None
    assert other is not None
    before = store.document("coordinator", "koordinator-vast")
    store.publish(
        rename(store, "hotline", "linjen", "koordinator-ost"), rename(store, "coordinator", "koordinator-ost", "linjen")
    )
    assert (store.current("hotline", "koordinator-ost") or one).id == one.id
    assert (store.current("coordinator", "linjen") or one).id == other.id
    assert (before["reached_through"], store.document("coordinator", "koordinator-vast")["reached_through"]) == (
        "linjen",
        "koordinator-ost",
    )
    assert store.document("step", "radgor")["resource"] == "koordinator-ost"
    assert rebuild(store.engine, FIRST) == []


def test_a_record_takes_the_id_of_one_that_is_removed_in_the_same_publication(store: Store) -> None:
    gone, ours = store.current("coordinator", "koordinator-ost"), store.current("hotline", "linjen")
    assert gone is not None
    assert ours is not None
    store.publish(
        rename(store, "hotline", "linjen", "koordinator-ost"),
        RecordChange("coordinator", "koordinator-ost", None, gone.revision),
    )
    after = store.current("hotline", "koordinator-ost")
    assert after is not None
    assert (after.id, store.current("hotline", "linjen")) == (ours.id, None)
    assert rebuild(store.engine, FIRST) == []


def test_terms_do_not_swap_their_ids_as_these_stand_in_paths(store: Store) -> None:
    def new(slug: str) -> Document:
        return store.document("audience", "alla") | {"id": slug}

    store.publish(RecordChange("audience", "vuxna", new("vuxna")))
    with pytest.raises(InvalidRecords, match="belongs to another record already"):
        store.publish(rename(store, "audience", "alla", "vuxna"), rename(store, "audience", "vuxna", "alla"))


def test_an_area_that_moves_takes_what_lies_in_it_along(store: Store) -> None:
    store.change("county", "13", lambda document: document.update(parent="ost"))
    paths = dict(fetch(store, text("SELECT code, path FROM area")))
    assert paths["1380"] == "SE.ost.13.1380."
    assert rebuild(store.engine, FIRST) == []


def test_revisions_are_neither_changed_nor_deleted(store: Store) -> None:
    for statement in ("UPDATE revision SET document = '{}'", "UPDATE revision SET actor = 'x'", "DELETE FROM revision"):
        with pytest.raises(DBAPIError, match="revisions are never"), store.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_rebuild_mends_what_was_written_past_publishing_and_begins_an_edition(store: Store) -> None:
    with Session(store.engine) as session:
        before = fingerprint(session)
        session.execute(text("UPDATE resourcetext SET name = 'x'"))
        session.execute(text("DELETE FROM searchposting WHERE token LIKE 'n=%'"))
        session.commit()
    assert rebuild(store.engine, FIRST) == ["resourcetext", "searchposting"] or rebuild(store.engine, FIRST) == []
    with Session(store.engine) as session:
        assert fingerprint(session) == before
    assert fetch(store, select(Edition.number).order_by(col(Edition.number))) == [1, 2]
