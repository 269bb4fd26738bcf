"""Seeding: one transaction, safe to repeat, and the store holds just what the files say."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect
from sqlmodel import Session, SQLModel, select

from app.database import engine_for
from app.records.rebuilding import KEPT, REBUILT
from app.resources.models import Resource
from app.seeding.checking import BrokenSeed, read_seed
from app.seeding.writing import SeedReport, write_seed
from app.settings import ROOT
from tests.search.finding import find_ids
from tests.seeding.small import add_exceptions, edit

FIRST = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def seeded(engine: Engine, folder: Path, now: datetime = FIRST) -> SeedReport:
    """Check and write a folder."""
    return write_seed(engine, read_seed(folder), now)


def content(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table."""
    with Session(engine) as session:
        return {
            table.name: sorted(map(repr, session.execute(table.select()).all()))
            for table in SQLModel.metadata.sorted_tables
        }


def dates(engine: Engine) -> dict[str, datetime]:
    """When each resource last changed."""
    with Session(engine) as session:
        return {one.slug: one.updated_at for one in session.exec(select(Resource))}


@contextmanager
def failing_at(engine: Engine, words: str) -> Iterator[None]:
    """Let the database fail on the statements that hold these words."""

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if words in statement:
            raise OSError("no space left on device")

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def test_seeding_twice_changes_nothing(engine: Engine, folder: Path) -> None:
    first = seeded(engine, folder)
    before = content(engine)
    again = seeded(engine, folder, LATER)
    assert (first.changed, first.unchanged, first.removed) == (0, 0, 0)
    assert str(again) == f"0 added, 0 changed, {first.added} unchanged, 0 removed"
    assert content(engine) == before


def test_the_real_seed_can_be_repeated(engine: Engine) -> None:
    first = seeded(engine, ROOT / "seed")
    assert str(seeded(engine, ROOT / "seed", LATER)) == f"0 added, 0 changed, {first.added} unchanged, 0 removed"
    assert set(dates(engine).values()) == {FIRST}


def test_only_what_changed_gets_a_new_date(engine: Engine, folder: Path) -> None:
    first = seeded(engine, folder)
    edit(folder, "coordinators.toml", "Samordnar.", "Samordnar arbetet.")
    assert str(seeded(engine, folder, LATER)) == f"0 added, 1 changed, {first.added - 1} unchanged, 0 removed"
    assert dates(engine) == {"linjen": FIRST, "koordinator-vast": LATER, "koordinator-ost": FIRST}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("hotlines.toml", "vardagar 9–16", "vardagar"),
        ("hotlines.toml", 'role = "provider"', 'role = "partner"'),
        ("hotlines.toml", 'locator = "rad 2"', 'locator = "rad 3"'),
        ("coordinators.toml", 'reached_through = "linjen"\n', 'reached_through = "koordinator-ost"\n'),
    ],
)
def test_a_change_in_what_belongs_to_a_record_is_a_change_of_the_record(
    engine: Engine, folder: Path, name: str, old: str, new: str
) -> None:
    seeded(engine, folder)
    edit(folder, name, old, new)
    assert seeded(engine, folder, LATER).changed == 1
    assert list(dates(engine).values()).count(LATER) == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("audiences.toml", 'evidence = "020-390 000"', 'evidence = "020-390"'),
        ("escalation.toml", 'evidence = "020-390 000"', 'locator = "rad 1"\nevidence = "020-390 000"'),
        ("areas/municipalities.csv", "sida,,020-390 000", "sida,rad 7,020-390 000"),
        ("areas/municipalities.csv", "Getinge", "Getinge;Oskarström"),
    ],
)
def test_a_change_in_what_belongs_to_a_term_a_step_or_an_area_is_a_change_of_it(
    engine: Engine, folder: Path, name: str, old: str, new: str
) -> None:
    first = seeded(engine, folder)
    text = (folder / name).read_text("utf-8")
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    assert str(seeded(engine, folder, LATER)) == f"0 added, 1 changed, {first.added - 1} unchanged, 0 removed"


def test_a_search_index_that_says_the_same_is_left_alone(engine: Engine, folder: Path) -> None:
    seeded(engine, folder)
    with failing_at(engine, "INTO searchentry"):
        edit(folder, "audiences.toml", "Vem som helst.", "Var och en.")
        assert seeded(engine, folder, LATER).changed == 1


def test_a_record_put_first_moves_the_others_without_changing_them(engine: Engine, folder: Path) -> None:
    seeded(engine, folder)
    line = (folder / "hotlines.toml").read_text("utf-8")
    (folder / "hotlines.toml").write_text(line.replace('"linjen"', '"nya-linjen"') + line, "utf-8")
    report = seeded(engine, folder, LATER)
    assert (report.added, report.changed, report.removed) == (1, 0, 0)
    assert dates(engine)["linjen"] == FIRST
    with Session(engine) as session:
        in_order = session.scalars(select(Resource.slug).order_by(Resource.position)).all()  # type: ignore[arg-type]  # a column
    assert in_order == ["nya-linjen", "linjen", "koordinator-vast", "koordinator-ost"]


def test_what_is_removed_vanishes_with_all_that_belongs_to_it(engine: Engine, folder: Path) -> None:
    edit(folder, "escalation.toml", '"linjen"', '"koordinator-ost"')
    edit(folder, "coordinators.toml", 'reached_through = "linjen"\n', "")
    edit(folder, "coordinators.toml", ', "reached_through"]', "]")
    without, with_line = folder.parent / "without", folder
    shutil.copytree(folder, without)
    (without / "hotlines.toml").write_text("", "utf-8")
    add_exceptions(with_line, ("2026-12-21", "2026-12-27", "off"))
    seeded(engine, without)
    before = content(engine)
    seeded(engine, with_line, FIRST)
    assert seeded(engine, without, FIRST).removed == 1
    after = content(engine)
    assert {name for name in before if before[name] != after[name]} <= {"edition", "change", "revision"}
    with Session(engine) as session:
        assert find_ids(session, "020390000") == []


def test_a_whole_branch_of_areas_and_terms_can_go_at_once(engine: Engine, folder: Path) -> None:
    seeded(engine, folder)
    for name in ("areas/counties.csv", "areas/municipalities.csv"):
        (folder / name).write_text((folder / name).read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    edit(folder, "audiences.toml", 'id = "alla"', 'id = "var-och-en"')
    edit(folder, "audiences.toml", 'parent = "alla"', 'parent = "var-och-en"')
    edit(folder, "audiences.toml", 'id = "unga"', 'id = "ungdomar"')
    edit(folder, "hotlines.toml", 'audiences = ["alla"]', 'audiences = ["ungdomar"]')
    report = seeded(engine, folder, LATER)
    assert (report.added, report.removed) == (1, 3)  # the audience that only got another id is the same one


def test_coordinators_can_change_regions_and_names(engine: Engine, folder: Path) -> None:
    seeded(engine, folder)
    for old, new in (("vast", "x"), ("ost", "vast"), ("x", "ost")):
        edit(folder, "coordinators.toml", f'coordination_region = "{old}"', f'coordination_region = "{new}"')
        if new != "x":
            edit(folder, "coordinators.toml", f'areas = ["{old if old != "x" else "vast"}"]', f'areas = ["{new}"]')
    assert seeded(engine, folder, LATER).changed == 2
    edit(folder, "coordinators.toml", '"koordinator-ost"', '"koordinatorn"')
    report = seeded(engine, folder, LATER)
    assert (report.added, report.changed, report.removed) == (0, 1, 0)  # it only has another id


def test_the_search_index_follows(engine: Engine, folder: Path) -> None:
    seeded(engine, folder)
    edit(folder, "hotlines.toml", "En linje.", "Samtal om havregryn.")
    seeded(engine, folder, LATER)
    with Session(engine) as session:
        assert len(find_ids(session, "havregryn")) == 1
        assert find_ids(session, "linje") != []  # its name is still Linjen


def test_a_broken_file_changes_nothing(engine: Engine, folder: Path) -> None:
    seeded(engine, folder)
    before = content(engine)
    edit(folder, "coordinators.toml", "Samordnar.", "Samordnar allt.")
    edit(folder, "hotlines.toml", "+4620390000", "0")
    with pytest.raises(BrokenSeed):
        seeded(engine, folder, LATER)
    assert content(engine) == before


@pytest.mark.parametrize(
    "words", ["INSERT INTO citation", "UPDATE resource ", "DELETE FROM citation", "INTO revision", "searchposting"]
)
def test_a_fault_in_the_middle_of_writing_changes_nothing(engine: Engine, folder: Path, words: str) -> None:
    seeded(engine, folder)
    before = content(engine)
    edit(folder, "hotlines.toml", "En linje.", "En annan linje.")
    cited_twice = (
        '[[hotline.citations]]\nsource = "sida"\nevidence = "020-390"\nfields = ["name"]\n\n[[hotline.citations]]'
    )
    edit(folder, "hotlines.toml", '"name", "summary", ', '"summary", ')
    edit(folder, "hotlines.toml", "[[hotline.citations]]", cited_twice)
    with failing_at(engine, words), pytest.raises(OSError, match="no space left"):
        seeded(engine, folder, LATER)
    assert content(engine) == before
    assert seeded(engine, folder, LATER).changed == 1


def test_two_at_once_do_no_harm(engine: Engine, folder: Path) -> None:
    def run(_: int) -> SeedReport:
        own = engine_for(engine.url.render_as_string(hide_password=False))
        try:
            return seeded(own, folder)
        finally:
            own.dispose()

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(run, range(4)))
    assert sorted(report.added == 0 for report in reports) == [False, True, True, True]
    assert str(seeded(engine, folder)).startswith("0 added, 0 changed")


def test_every_table_that_belongs_to_a_resource_is_seeded_from_files(engine: Engine) -> None:
    """A table that seeding does not know would keep rows of records that are gone."""
    seeded(engine, ROOT / "seed")
    there = set(inspect(engine).get_table_names()) - {"alembic_version"}
    known = {table.name for table in SQLModel.metadata.sorted_tables}
    assert there == known
    classified = {inspect(table).local_table.name for table in REBUILT | KEPT}
    assert there == classified
    assert not REBUILT & KEPT
