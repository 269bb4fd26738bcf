"""Files and store changed apart: what both say is kept, and what they contradict each other in is left to a person."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.operating.state import read_state
from app.records.documents import Document
from app.records.models import Origin, ProposalState, Revision
from app.records.rebuilding import rebuild
from app.seeding.merging import LostRecords
from app.seeding.noticing import find_unseeded
from tests.seeding.editor import Editor
from tests.seeding.small import edit

SUMMARY = ("hotlines.toml", 'summary = {sv = "En linje.", en = "A line."}')
LINE = "hotline", "linjen"


@pytest.fixture
def editor(engine: Engine, folder: Path) -> Editor:
    """The small directory, seeded."""
    edit(folder, "escalation.toml", 'resource = "linjen"', 'resource = "koordinator-ost"')
    edit(folder, "coordinators.toml", 'reached_through = "linjen"\n', "")
    edit(folder, "coordinators.toml", ', "reached_through"]', "]")
    seeding = Editor(engine, folder)
    seeding.seed()
    return seeding


def in_file(text: str) -> Callable[[Editor], None]:
    return lambda editor: edit(editor.folder, *SUMMARY, f'summary = {{sv = "{text}", en = "A line."}}')


def in_store(text: str) -> Callable[[Editor], None]:
    return lambda editor: editor.change(*LINE, lambda document: document["summary"].update(sv=text))


def remove_line(editor: Editor) -> None:
    (editor.folder / "hotlines.toml").write_text("", "utf-8")


def test_what_only_the_file_changed_is_taken(editor: Editor) -> None:
    in_file("Fil.")(editor)
    assert str(editor.seed()).startswith("0 added, 1 changed")
    assert editor.document(*LINE)["summary"]["sv"] == "Fil."


def test_what_only_the_store_changed_is_kept(editor: Editor) -> None:
    in_store("Lager.")(editor)
    assert str(editor.seed()).startswith("0 added, 0 changed")
    assert editor.document(*LINE)["summary"]["sv"] == "Lager."


def test_other_fields_of_the_same_record_are_both_taken(editor: Editor) -> None:
    in_store("Lager.")(editor)
    edit(editor.folder, "hotlines.toml", 'sv = "Linjen"', 'sv = "Stödlinjen"')
    assert editor.seed().conflicts == []
    document = editor.document(*LINE)
    assert (document["name"]["sv"], document["summary"]["sv"]) == ("Stödlinjen", "Lager.")


def test_an_edit_in_the_store_and_one_in_the_file_are_two_revisions_that_say_who_and_why(editor: Editor) -> None:
    in_store("Lager.")(editor)
    assert editor.seed().edition is None
    edit(editor.folder, "hotlines.toml", 'sv = "Linjen"', 'sv = "Stödlinjen"')
    editor.seed()
    with Session(editor.engine) as session:
        revisions = session.exec(select(Revision).where(Revision.slug == "linjen").order_by(col(Revision.number))).all()
    assert [(revision.actor, revision.reason) for revision in revisions] == [
        ("seed files", "the seed files say so"),
        ("editor", "because it has changed"),
        ("seed files", "the seed files say so"),
    ]
    document = editor.document(*LINE)
    assert (document["name"]["sv"], document["summary"]["sv"]) == ("Stödlinjen", "Lager.")


def test_what_both_changed_to_the_same_is_no_conflict(editor: Editor) -> None:
    in_store("Samma.")(editor)
    in_file("Samma.")(editor)
    report = editor.seed()
    assert (report.changed, report.edition, report.conflicts) == (0, None, [])


def test_what_both_changed_differently_stays_and_becomes_a_proposal_once(editor: Editor) -> None:
    in_store("Lager.")(editor)
    in_file("Fil.")(editor)
    report = editor.seed()
    assert report.conflicts == ["hotline linjen: summary changed in the file and in the store"]
    assert "conflict: hotline linjen: summary" in str(report)
    assert read_state(editor.engine).proposals == 1
    assert editor.document(*LINE)["summary"]["sv"] == "Lager."
    (proposal,) = editor.proposals()
    assert json.loads(proposal.document or "")["summary"]["sv"] == "Fil."
    assert (proposal.origin, proposal.state, proposal.conflicts) == (Origin.SEED, ProposalState.OPEN, "summary")
    current = editor.current(*LINE)
    assert current is not None
    assert (proposal.record, proposal.base) == (current.id, current.revision)
    assert editor.seed().conflicts == []
    assert len(editor.proposals()) == 1


def test_what_is_proposed_takes_back_nothing_that_only_the_store_changed(editor: Editor) -> None:
    in_store("Lager.")(editor)
    editor.change(*LINE, lambda document: document["name"].update(sv="Lagrets namn"))
    in_file("Fil.")(editor)
    editor.seed()
    (proposal,) = editor.proposals()
    proposed = json.loads(proposal.document or "")
    assert (proposed["summary"]["sv"], proposed["name"]["sv"]) == ("Fil.", "Lagrets namn")


def test_a_dry_run_names_the_conflict_and_keeps_no_proposal(editor: Editor) -> None:
    in_store("Lager.")(editor)
    in_file("Fil.")(editor)
    assert editor.seed(dry_run=True).conflicts != []
    assert editor.proposals() == []
    assert editor.seed().conflicts != []


def test_a_contradicted_field_does_not_hold_up_the_others_of_its_record(editor: Editor) -> None:
    in_store("Lager.")(editor)
    in_file("Fil.")(editor)
    edit(editor.folder, "hotlines.toml", 'sv = "Linjen"', 'sv = "Stödlinjen"')
    report = editor.seed()
    assert (report.changed, len(report.conflicts)) == (1, 1)
    assert editor.document(*LINE)["name"]["sv"] == "Stödlinjen"


POINT = """
[[hotline.contact_points]]
id = "{0}"
channel = "chat"
label = {{sv = "Chatt", en = "Chat"}}

[[hotline.citations]]
source = "sida"
evidence = "{0}"
fields = ["contact_points.{0}.channel"]
"""


def add_point(name: str) -> Callable[[Document], None]:
    def add(document: Document) -> None:
        document["contact_points"].append({"id": name, "channel": "chat", "label": {"sv": "Chatt", "en": "Chat"}})
        document["citations"].append({"source": "sida", "evidence": name, "fields": [f"contact_points.{name}.channel"]})

    return add


def test_contact_points_of_both_sides_are_kept_by_their_ids(editor: Editor) -> None:
    editor.change(*LINE, add_point("chatt"))
    hotlines = editor.folder / "hotlines.toml"
    hotlines.write_text(hotlines.read_text("utf-8") + POINT.format("natchatt"), "utf-8")
    edit(editor.folder, "hotlines.toml", "+4620390000", "+4620390001")
    assert editor.seed().conflicts == []
    points = {point["id"]: point.get("value") for point in editor.document(*LINE)["contact_points"]}
    assert points == {"telefon": "+4620390001", "chatt": None, "natchatt": None}


def test_a_contact_point_that_the_file_removed_and_the_store_changed_stays_and_is_named(editor: Editor) -> None:
    editor.change(*LINE, add_point("chatt"))
    editor.export()
    editor.seed()
    editor.change(*LINE, lambda document: document["contact_points"][1]["label"].update(sv="Natt"))
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    start = text.index('[[hotline.contact_points]]\nid = "chatt"')
    (editor.folder / "hotlines.toml").write_text(text[:start] + text[text.index("[[hotline.citations]]") :], "utf-8")
    edit(editor.folder, "hotlines.toml", text[text.rindex("[[hotline.citations]]") :], "")
    assert editor.seed().conflicts == ["hotline linjen: contact_points.chatt changed in the file and in the store"]
    assert [point["id"] for point in editor.document(*LINE)["contact_points"]] == ["telefon", "chatt"]


def test_a_citation_goes_with_its_field(editor: Editor) -> None:
    edit(editor.folder, "hotlines.toml", 'evidence = "020-390 000"', 'evidence = "ring 020-390 000"')
    editor.change(*LINE, lambda document: document["contact_points"][0].update(value="+4620390009"))
    report = editor.seed()
    assert report.conflicts == ["hotline linjen: contact_points.telefon.value changed in the file and in the store"]
    evidence = {field: one["evidence"] for one in editor.document(*LINE)["citations"] for field in one["fields"]}
    assert evidence["summary"] == "ring 020-390 000"
    assert evidence["contact_points.telefon.value"] == "020-390 000"  # what the value in the store rests on


def test_a_record_that_the_file_adds_is_added(editor: Editor) -> None:
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    (editor.folder / "hotlines.toml").write_text(text + text.replace('"linjen"', '"andra"'), "utf-8")
    assert editor.seed().added == 1
    assert editor.slugs("hotline") == ["linjen", "andra"]


def test_a_record_that_only_the_store_has_stays(editor: Editor) -> None:
    editor.add("hotline", "linjen", "andra")
    report = editor.seed()
    assert (report.removed, report.conflicts) == (0, [])
    assert editor.slugs("hotline") == ["linjen", "andra"]


def test_records_that_both_add_are_merged_where_they_agree(editor: Editor) -> None:
    editor.add("hotline", "linjen", "andra", lambda document: document["summary"].update(sv="Lager."))
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    (editor.folder / "hotlines.toml").write_text(text + text.replace('"linjen"', '"andra"'), "utf-8")
    assert editor.seed().conflicts == ["hotline andra: summary changed in the file and in the store"]
    assert editor.document("hotline", "andra")["summary"]["sv"] == "Lager."


def test_an_id_that_the_store_gave_to_another_kind_is_left_for_a_person(editor: Editor) -> None:
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    editor.publish_as("support_service", "andra", like=LINE)
    (editor.folder / "hotlines.toml").write_text(text + text.replace('"linjen"', '"andra"'), "utf-8")
    in_file("Fil.")(editor)
    report = editor.seed()
    assert report.conflicts == ["hotline andra: is a support_service in the store"]
    assert (report.added, report.changed) == (0, 1)


def test_a_record_that_the_file_removed_is_removed(editor: Editor) -> None:
    remove_line(editor)
    assert editor.seed().removed == 1
    assert editor.current(*LINE) is None


def test_a_record_that_the_file_removed_and_the_store_changed_stays(editor: Editor) -> None:
    in_store("Lager.")(editor)
    remove_line(editor)
    report = editor.seed()
    assert report.conflicts == ["hotline linjen: removed from the file, changed in the store"]
    assert editor.document(*LINE)["summary"]["sv"] == "Lager."
    (proposal,) = editor.proposals()
    assert proposal.document is None
    assert editor.seed().conflicts == []


def test_a_record_that_the_store_removed_stays_away(editor: Editor) -> None:
    editor.remove(*LINE)
    assert str(editor.seed()).startswith("0 added, 0 changed")
    assert editor.current(*LINE) is None


def test_a_record_that_the_store_removed_and_the_file_changed_is_proposed(editor: Editor) -> None:
    editor.remove(*LINE)
    in_file("Fil.")(editor)
    assert editor.seed().conflicts == ["hotline linjen: changed in the file, removed in the store"]
    assert editor.current(*LINE) is None
    assert editor.seed().conflicts == []


def test_what_both_removed_is_gone_without_a_word(editor: Editor) -> None:
    editor.remove(*LINE)
    remove_line(editor)
    report = editor.seed()
    assert (report.removed, report.edition, report.conflicts) == (0, None, [])
    assert editor.seed().edition is None


def test_a_record_that_the_file_removed_and_the_store_needs_stays_and_the_rest_goes_on(editor: Editor) -> None:
    editor.change("coordinator", "koordinator-vast", reach_through_line)
    remove_line(editor)
    edit(editor.folder, "coordinators.toml", "Samordnar.", "Samordnar allt.")
    report = editor.seed()
    assert report.conflicts == ["hotline linjen: cannot be removed: 'koordinator-vast' refers to it"]
    assert (report.changed, report.removed) == (1, 0)
    assert editor.current(*LINE) is not None


def test_a_record_that_needs_what_the_store_removed_is_proposed_and_the_rest_goes_on(editor: Editor) -> None:
    editor.remove(*LINE)
    edit(
        editor.folder,
        "coordinators.toml",
        'coordination_region = "vast"',
        'coordination_region = "vast"\nreached_through = "linjen"',
    )
    edit(editor.folder, "coordinators.toml", '"coordination_region"]', '"coordination_region", "reached_through"]')
    edit(editor.folder, "audiences.toml", "Vem som helst.", "Var och en.")
    report = editor.seed()
    assert report.conflicts == ["coordinator koordinator-vast: reached_through: 'linjen' is no resource"]
    assert report.changed == 1
    assert editor.seed().conflicts == []


def reach_through_line(document: Document) -> None:
    document["reached_through"] = "linjen"
    document["citations"][0]["fields"].append("reached_through")


def test_an_id_that_the_file_renamed_takes_what_the_store_changed_along(editor: Editor) -> None:
    before = editor.current(*LINE)
    in_store("Lager.")(editor)
    edit(editor.folder, "hotlines.toml", 'id = "linjen"', 'id = "stodlinjen"')
    assert editor.seed().conflicts == []
    after = editor.current("hotline", "stodlinjen")
    assert before is not None
    assert after is not None
    assert before.id == after.id
    assert editor.document("hotline", "stodlinjen")["summary"]["sv"] == "Lager."


def test_an_id_that_the_store_renamed_takes_what_the_file_changed(editor: Editor) -> None:
    editor.change(*LINE, lambda document: document.update(id="stodlinjen"))
    in_file("Fil.")(editor)
    assert editor.seed().conflicts == []
    assert editor.document("hotline", "stodlinjen")["summary"]["sv"] == "Fil."
    assert editor.slugs("hotline") == ["stodlinjen"]


def test_an_id_that_both_renamed_alike_is_one_record(editor: Editor) -> None:
    editor.change(*LINE, lambda document: document.update(id="stodlinjen"))
    in_store_renamed = editor.current("hotline", "stodlinjen")
    edit(editor.folder, "hotlines.toml", 'id = "linjen"', 'id = "stodlinjen"')
    in_file("Fil.")(editor)
    assert editor.seed().conflicts == []
    assert in_store_renamed is not None
    current = editor.current("hotline", "stodlinjen")
    assert current is not None
    assert current.id == in_store_renamed.id
    assert editor.document("hotline", "stodlinjen")["summary"]["sv"] == "Fil."


def test_an_id_that_both_renamed_differently_keeps_that_of_the_store(editor: Editor) -> None:
    editor.change(*LINE, lambda document: document.update(id="stodlinjen"))
    edit(editor.folder, "hotlines.toml", 'id = "linjen"', 'id = "hjalplinjen"')
    assert editor.seed().conflicts == ["hotline hjalplinjen: id changed in the file and in the store"]
    assert editor.slugs("hotline") == ["stodlinjen"]


def test_an_id_that_the_store_gave_to_another_record_of_the_file_is_left_for_a_person(editor: Editor) -> None:
    editor.change(*LINE, lambda document: document.update(id="stodlinjen"))
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    another = text.replace('"linjen"', '"stodlinjen"').replace(
        SUMMARY[1], 'summary = {sv = "En annan.", en = "Another."}'
    )
    assert "En annan." in another
    (editor.folder / "hotlines.toml").write_text(text + another, "utf-8")
    in_file("Fil.")(editor)
    report = editor.seed()
    assert len(report.conflicts) == 1
    assert "stodlinjen" in report.conflicts[0]
    assert editor.document("hotline", "stodlinjen")["summary"]["sv"] == "Fil."
    assert editor.seed().conflicts == []


def test_an_order_that_the_file_changed_moves_the_records_of_the_store_too(editor: Editor) -> None:
    editor.add("hotline", "linjen", "lagrets")
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    (editor.folder / "hotlines.toml").write_text(text.replace('"linjen"', '"forsta"') + text, "utf-8")
    editor.seed()
    assert editor.slugs("hotline") == ["forsta", "linjen", "lagrets"]
    (editor.folder / "hotlines.toml").write_text(text + text.replace('"linjen"', '"forsta"'), "utf-8")
    report = editor.seed()
    assert (report.changed, report.conflicts) == (0, [])
    assert editor.slugs("hotline") == ["linjen", "lagrets", "forsta"]
    assert editor.seed().edition is None


def test_new_records_of_both_sides_never_have_the_same_place(editor: Editor) -> None:
    editor.add("hotline", "linjen", "lagrets")
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    (editor.folder / "hotlines.toml").write_text(text + text.replace('"linjen"', '"filens"'), "utf-8")
    editor.seed()
    assert editor.slugs("hotline") == ["linjen", "lagrets", "filens"]
    positions = [editor.current("hotline", slug) for slug in editor.slugs("hotline")]
    assert len({one.position for one in positions if one is not None}) == 3


def test_files_that_say_what_the_store_said_since_are_not_taken_for_an_edit(editor: Editor) -> None:
    """An export that is committed while somebody goes on editing."""
    in_store("Lager.")(editor)
    editor.export()
    in_store("Lager igen.")(editor)
    report = editor.seed()
    assert (report.changed, report.conflicts) == (0, [])
    assert editor.document(*LINE)["summary"]["sv"] == "Lager igen."


def test_a_file_that_takes_an_edit_back_takes_it_back_in_the_store(editor: Editor) -> None:
    in_file("Fil.")(editor)
    editor.seed()
    edit(editor.folder, "hotlines.toml", 'sv = "Fil."', 'sv = "En linje."')
    assert editor.seed().changed == 1
    assert editor.document(*LINE)["summary"]["sv"] == "En linje."


def test_what_a_seeding_did_is_what_a_rebuild_makes(editor: Editor) -> None:
    in_store("Lager.")(editor)
    edit(editor.folder, "hotlines.toml", 'sv = "Linjen"', 'sv = "Stödlinjen"')
    editor.add("hotline", "linjen", "lagrets")
    editor.seed()
    assert rebuild(editor.engine, editor.now()) == []


def test_files_that_changed_since_the_last_seeding_are_named(editor: Editor) -> None:
    assert find_unseeded(editor.engine, editor.folder) == []
    in_file("Fil.")(editor)
    (editor.folder / "courses.toml").unlink()  # seeding says what is missing
    assert find_unseeded(editor.engine, editor.folder) == ["hotlines.toml"]
    (editor.folder / "courses.toml").write_text("", "utf-8")
    editor.seed(dry_run=True)
    assert find_unseeded(editor.engine, editor.folder) == ["hotlines.toml"]
    editor.seed()
    assert find_unseeded(editor.engine, editor.folder) == []


def test_a_cadence_that_changed_since_the_last_seeding_is_noticed(editor: Editor) -> None:
    cadences = editor.folder / "reviews.toml"
    cadences.write_text('[[review]]\nkind = "hotline"\ndays = 90\n', "utf-8")
    editor.seed()
    cadences.write_text('[[review]]\nkind = "hotline"\ndays = 30\n', "utf-8")
    assert find_unseeded(editor.engine, editor.folder) == ["reviews.toml"]
    editor.seed()
    assert find_unseeded(editor.engine, editor.folder) == []


def add_lines(editor: Editor, number: int) -> None:
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    more = "".join(text.replace('"linjen"', f'"linje-{nth}"') for nth in range(number))
    (editor.folder / "hotlines.toml").write_text(text + more, "utf-8")


def test_a_folder_that_lost_most_of_its_records_is_refused_with_their_number(editor: Editor) -> None:
    whole = (editor.folder / "hotlines.toml").read_text("utf-8")
    add_lines(editor, 4)
    editor.seed()
    (editor.folder / "hotlines.toml").write_text(whole, "utf-8")
    with pytest.raises(LostRecords, match=r"hotlines\.toml lacks 4 of the 5 records that it had"):
        editor.seed()
    assert len(editor.slugs("hotline")) == 5
    assert editor.seed(force=True).removed == 4


def test_renaming_all_records_loses_none(editor: Editor) -> None:
    add_lines(editor, 4)
    editor.seed()
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    for nth in range(4):  # each differs in its content, or nobody could tell which is which
        edit(
            editor.folder,
            "hotlines.toml",
            f'id = "linje-{nth}"\nstatus = "current"\nname = {{sv = "Linjen"',
            f'id = "linje-{nth}"\nstatus = "current"\nname = {{sv = "Linje {nth}"',
        )
    editor.seed()
    text = (editor.folder / "hotlines.toml").read_text("utf-8")
    (editor.folder / "hotlines.toml").write_text(text.replace('id = "linje-', 'id = "stodlinje-'), "utf-8")
    report = editor.seed()
    assert (report.added, report.changed, report.removed) == (0, 4, 0)
