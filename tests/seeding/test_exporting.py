"""The store written back into the seed files: what is the same is not touched, and both sides say the same after it."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.database import engine_for
from app.migrating import migrate
from app.records.documents import Document
from app.records.faults import InvalidRecords
from app.seeding.checking import BrokenSeed
from app.seeding.exporting import ExportRefused
from app.settings import ROOT
from tests.seeding.editor import Edit, Editor
from tests.seeding.small import edit, write_folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Lines that only the one and only the other has."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.fixture
def editor(engine: Engine, folder: Path) -> Editor:
    """The small directory, seeded."""
    seeding = Editor(engine, folder)
    seeding.seed()
    return seeding


@pytest.fixture(scope="module")
def seeded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """The real directory in a store beside a copy of its files; a test that changes it takes a copy."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(ROOT / "seed", folder / "seed")
    engine = engine_for(f"sqlite:///{folder / 'store.sqlite3'}")
    migrate(engine)
    seeding = Editor(engine, folder / "seed")
    seeding.seed()
    engine.dispose()
    yield seeding
    engine.dispose()


@pytest.fixture
def real(seeded_store: Editor, tmp_path: Path) -> Iterator[Editor]:
    """The real directory in a store beside a copy of its files."""
    shutil.copytree(seeded_store.folder.parent, tmp_path / "real")
    engine = engine_for(f"sqlite:///{tmp_path / 'real' / 'store.sqlite3'}")
    yield Editor(engine, tmp_path / "real" / "seed")
    engine.dispose()


def test_a_store_that_nobody_changed_changes_no_byte_of_the_real_files(real: Editor) -> None:
    before = contents(real.folder)
    assert real.export() == []
    assert contents(real.folder) == before


def test_a_changed_field_touches_only_its_own_line(real: Editor) -> None:
    before = contents(real.folder)
    real.change("hotline", "sos-112", lambda document: document["summary"].update(sv="Ring 112 när det är fara."))
    assert [str(written) for written in real.export()] == ["hotlines.toml: 0 added, 1 changed, 0 removed"]
    after = contents(real.folder)
    assert changed_lines(before["hotlines.toml"], after["hotlines.toml"]) == (
        ['summary.sv = "Ring 112 om du eller någon annan är i fara just nu."'],
        ['summary.sv = "Ring 112 när det är fara."'],
    )
    assert {name for name in before if before[name] != after[name]} == {"hotlines.toml"}
    assert real.seed().edition is None


def test_citations_and_contact_points_are_changed_in_place(real: Editor) -> None:
    before = contents(real.folder)["hotlines.toml"]

    def change(document: Document) -> None:
        document["citations"][1]["evidence"] = 'ring "112"'
        del document["citations"][4]
        document["min_age"] = 17
        document["citations"].append({"source": "nspm-om-nspm", "evidence": "från 17", "fields": ["min_age"]})
        document["contact_points"][0]["label"]["en"] = "Emergency"

    real.change("hotline", "sos-112", change)
    real.export()
    assert changed_lines(before, contents(real.folder)["hotlines.toml"]) == (
        [
            '    { source = "nspm-om-nspm", evidence = "ring 112", fields = ["contact_points.telefon.value"] },',
            '    { source = "goteborg-halsa-och-sjukvard", evidence = "SOS Alarm, dygnet runt", '
            'fields = ["contact_points.telefon.opening_hours"] },',
            'label.en = "Emergency number"',
        ],
        [
            "min_age = 17",
            '    { source = "nspm-om-nspm", evidence = "ring \\"112\\"", fields = ["contact_points.telefon.value"] },',
            '    { source = "nspm-om-nspm", evidence = "från 17", fields = ["min_age"] },',
            'label.en = "Emergency"',
        ],
    )
    assert real.seed().edition is None


def test_a_new_field_stands_where_the_others_have_it(real: Editor) -> None:
    real.change("hotline", "preventell", lambda document: document.update(stated_on="2026-11-20"))
    real.export()
    text = (real.folder / "hotlines.toml").read_text("utf-8")
    assert 'status = "unverified"\nstated_on = 2026-11-20\ncitations = [' in text


def test_a_removed_record_goes_with_its_comment_and_nothing_else_does(real: Editor) -> None:
    before = (real.folder / "escalation.toml").read_text("utf-8")
    real.remove("step", "bradskande-socialjour-har")
    real.export()
    start = before.index("# Where a municipality's own socialjour is known")
    end = before.index('[[step]]\nid = "bradskande-socialjour"')
    assert (real.folder / "escalation.toml").read_text("utf-8") == before[:start] + before[end:]
    assert real.seed().edition is None


def test_the_last_record_of_a_file_can_go_and_headings_stay(real: Editor) -> None:
    before = (real.folder / "events.toml").read_text("utf-8")
    slugs = real.slugs("event")
    real.remove("event", slugs[-1])
    real.export()
    kept = before[: before.index(f'[[event]]\nid = "{slugs[-1]}"')].rstrip("\n") + "\n"
    assert (real.folder / "events.toml").read_text("utf-8") == kept
    for slug in slugs[:-1]:
        real.remove("event", slug)
    real.export()
    assert (real.folder / "events.toml").read_text("utf-8") == before[: before.index("\n\n[[event]]")] + "\n"
    assert real.seed().edition is None


def test_a_new_record_is_appended_in_the_style_of_its_file(real: Editor) -> None:
    like = real.slugs("course")[-1]
    before = (real.folder / "courses.toml").read_text("utf-8")
    real.add("course", like, "ny-kurs")
    real.export()
    written = before[before.index(f'[[course]]\nid = "{like}"') :].replace(f'id = "{like}"', 'id = "ny-kurs"', 1)
    assert (real.folder / "courses.toml").read_text("utf-8") == f"{before}\n{written}"


def test_a_renamed_id_changes_its_line_and_those_that_refer_to_it(real: Editor) -> None:
    before = contents(real.folder)
    real.change("hotline", "polisen-114-14", lambda document: document.update(id="polisen"))
    real.export()
    after = contents(real.folder)
    assert changed_lines(before["hotlines.toml"], after["hotlines.toml"]) == (
        ['id = "polisen-114-14"'],
        ['id = "polisen"'],
    )
    assert changed_lines(before["escalation.toml"], after["escalation.toml"])[1] == ['resource = "polisen"']
    assert b'"polisen"' in after["everyday_words.toml"]
    assert b'"polisen-114-14"' not in after["everyday_words.toml"]
    assert real.seed().edition is None


def test_the_everyday_words_leave_out_a_record_that_has_ended(real: Editor) -> None:
    before = contents(real.folder)["everyday_words.toml"]
    assert b'"somaya"' in before
    real.change("hotline", "somaya", lambda document: document.update(status="ended"))
    real.export()
    after = contents(real.folder)["everyday_words.toml"]
    assert b'"somaya"' not in after
    assert len(after.splitlines()) == len(before.splitlines())
    assert real.seed().edition is None


def test_rows_of_areas_are_changed_one_at_a_time(real: Editor) -> None:
    before = contents(real.folder)["areas/counties.csv"]
    real.change("county", "13", lambda document: document.update(name_en="Halland, County of"))
    real.export()
    old, new = changed_lines(before, contents(real.folder)["areas/counties.csv"])
    assert [line[:20] for line in old] == ["13,Hallands län,Hall"]
    assert [line[:41] for line in new] == ['13,Hallands län,"Halland, County of",vast']
    assert real.seed().edition is None


def test_a_file_with_carriage_returns_keeps_them(editor: Editor) -> None:
    path = editor.folder / "hotlines.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    editor.change("hotline", "linjen", lambda document: document["summary"].update(sv="Lager."))
    editor.export()
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 20
    assert "Lager." in content.decode()


def test_files_with_an_edit_that_nobody_has_seeded_are_not_written_over(editor: Editor) -> None:
    editor.change("hotline", "linjen", lambda document: document["summary"].update(sv="Lager."))
    edit(editor.folder, "coordinators.toml", "Samordnar.", "Samordnar allt.")
    before = contents(editor.folder)
    with pytest.raises(ExportRefused, match=r"coordinator koordinator-vast\. Run `stodkatalog seed` first"):
        editor.export()
    assert contents(editor.folder) == before
    editor.seed()
    assert [written.file for written in editor.export()] == ["hotlines.toml"]


def test_a_folder_that_is_no_seed_folder_or_is_broken_is_refused(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("x", "utf-8")
    editor.folder, whole = tmp_path / "other", editor.folder
    with pytest.raises(ExportRefused, match=r"other is no seed folder: it lacks areas/coordination-regions\.csv"):
        editor.export()
    assert contents(tmp_path / "other") == {"mine.txt": b"x"}
    editor.folder = whole
    edit(editor.folder, "hotlines.toml", '"linjen"', '"Linjen"')
    with pytest.raises(BrokenSeed):
        editor.export()


def test_files_that_cannot_all_be_written_are_all_left(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    editor.change("hotline", "linjen", lambda document: document["summary"].update(sv="Lager."))
    editor.change("source", "sida", lambda document: document.update(title="En annan sida"))
    before = contents(editor.folder)

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fail)
        with pytest.raises(OSError, match="No space left"):
            editor.export()
    assert contents(editor.folder) == before
    assert len(editor.export()) == 2


def test_after_a_conflict_the_export_puts_the_files_right_and_the_proposal_stays(editor: Editor) -> None:
    editor.change("hotline", "linjen", lambda document: document["summary"].update(sv="Lager."))
    edit(editor.folder, "hotlines.toml", "En linje.", "Fil.")
    assert editor.seed().conflicts != []
    editor.export()
    assert "Lager." in (editor.folder / "hotlines.toml").read_text("utf-8")
    assert editor.seed().conflicts == []
    assert len(editor.proposals()) == 1


def test_a_record_that_was_removed_and_made_again_is_written_like_any_other(editor: Editor) -> None:
    document = editor.document("coordinator", "koordinator-ost")
    editor.remove("coordinator", "koordinator-ost")
    document["summary"]["sv"] = "På nytt."
    editor.make("coordinator", "koordinator-ost", document)
    editor.export()
    report = editor.seed()
    assert (report.edition, report.conflicts) == (None, [])
    assert editor.export() == []


def test_an_id_that_the_store_gave_to_another_record_is_known_again_in_the_files(editor: Editor) -> None:
    editor.change("hotline", "linjen", lambda document: document.update(id="ny-linjen"))
    editor.add("hotline", "ny-linjen", "linjen")
    first, second = editor.current("hotline", "ny-linjen"), editor.current("hotline", "linjen")
    editor.export()
    assert editor.export() == []
    report = editor.seed()
    assert (report.edition, report.conflicts) == (None, [])
    assert (editor.current("hotline", "ny-linjen"), editor.current("hotline", "linjen")) == (first, second)


LINES = st.sampled_from(["linjen", "a", "b", "c"])
TEXTS = st.sampled_from(["Ett.", 'Två "2".', "Tre\\3.", "Fyra\nrader."])
STEP = st.tuples(
    st.sampled_from(["summary", "hours", "point", "cite", "add", "remove", "rename", "swap"]), LINES, TEXTS
)


def apply_in_store(editor: Editor, step: tuple[str, str, str], nth: int) -> None:
    """Change the store, unless it refuses: what others refer to is not removed, hours need a basis."""
    with suppress(InvalidRecords):
        try_in_store(editor, step, nth)


def try_in_store(editor: Editor, step: tuple[str, str, str], nth: int) -> None:
    what, slug, text = step
    standing = editor.slugs("hotline")
    if what == "add" and slug not in standing and standing:
        editor.add("hotline", standing[0], slug, lambda document: document["summary"].update(sv=text.strip()))
    elif slug in standing and what == "remove":
        editor.remove("hotline", slug)
    elif slug in standing and what in EDITS:
        editor.change("hotline", slug, EDITS[what](text, nth))
    elif slug in standing and what == "swap" and slug != "linjen":
        swap(editor, "linjen", slug)
    elif slug in standing and what == "rename" and f"ny-{slug}" not in standing:
        editor.change("hotline", slug, lambda document: document.update(id=f"ny-{slug}"))


def swap(editor: Editor, first: str, second: str) -> None:
    """Give two hotlines each other's id."""
    for old, new in ((first, "mellan"), (second, first), ("mellan", second)):
        editor.change("hotline", old, lambda document, new=new: document.update(id=new))  # type: ignore[misc]


def edit_summary(text: str, _: int) -> Edit:
    return lambda document: document["summary"].update(sv=text)


EVES = "PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"


def edit_hours(_: str, nth: int) -> Edit:
    return lambda document: document["contact_points"][0].update(opening_hours=f"Mo-Fr {8 + nth:02}:00-16:00; {EVES}")


def edit_points(text: str, nth: int) -> Edit:
    def change(document: Document) -> None:
        point = {"id": f"chatt-{nth}", "channel": "chat", "label": {"sv": text, "en": "Chat"}}
        document["contact_points"].insert(nth % 2, point)
        cited = {"source": "sida", "evidence": text[:60], "fields": [f"contact_points.chatt-{nth}.channel"]}
        document["citations"].append(cited)

    return change


def edit_citation(text: str, _: int) -> Edit:
    return lambda document: document["citations"][0].update(evidence=text)


EDITS = {"summary": edit_summary, "hours": edit_hours, "point": edit_points, "cite": edit_citation}


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small directory, as files and in a store; to be copied."""
    folder = tmp_path_factory.mktemp("small")
    engine = engine_for(f"sqlite:///{folder / 'store.sqlite3'}")
    migrate(engine)
    Editor(engine, write_folder(folder / "seed")).seed()
    engine.dispose()
    return folder


def copy_store(original: Path, folder: Path) -> Editor:
    """A copy of a store and of its seed folder."""
    shutil.copytree(original, folder)
    return Editor(engine_for(f"sqlite:///{folder / 'store.sqlite3'}"), folder / "seed")


@settings(max_examples=10, deadline=None)
@example([], [], [("rename", "linjen", "Ett."), ("add", "linjen", "Ett.")])
@example([], [], [("add", "a", "Ett."), ("swap", "a", "Ett.")])
@given(st.lists(STEP, max_size=5), st.lists(STEP, max_size=5), st.lists(STEP, max_size=3))
def test_seeding_editing_and_exporting_converge_whatever_both_sides_did(
    tmp_path_factory: pytest.TempPathFactory,
    small_store: Path,
    in_files: list[tuple[str, str, str]],
    in_store: list[tuple[str, str, str]],
    after: list[tuple[str, str, str]],
) -> None:
    root = tmp_path_factory.mktemp("both")
    ours, theirs = copy_store(small_store, root / "ours"), copy_store(small_store, root / "theirs")
    for nth, step in enumerate(in_files):  # what somebody does to the files, as a store of their own exports it
        apply_in_store(theirs, step, nth)
    theirs.export()
    for nth, step in enumerate(in_store):
        apply_in_store(ours, step, nth)
    ours.folder = theirs.folder
    ours.seed()
    for nth, step in enumerate(after):
        apply_in_store(ours, step, nth)
    ours.export()
    written = contents(ours.folder)
    assert ours.export() == []
    report = ours.seed()
    assert (report.edition, report.conflicts) == (None, [])
    assert ours.export() == []
    assert contents(ours.folder) == written
    ours.engine.dispose()
    theirs.engine.dispose()
