"""Every migration: up, down and up again on both databases, and the models say what the schema is."""

import ast
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, SQLModel

from app.database import engine_for
from app.migrating import StoreError, configuration, current, lacks_index, migrate
from app.records.rebuilding import fingerprint, rebuild
from app.search.queries import find_hits
from app.seeding.files import Seed
from app.seeding.writing import refilling, write_seed
from app.status import OFFERED
from tests.conftest import SEEDED

REVISIONS = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]

LAST_CONTRACTION = next(revision for revision in REVISIONS if revision.startswith("0006"))
"""The last migration that took away what a released version reads, before this rule. One that has to, a release after
nothing reads it, is named here; docs/operating.md says what it does to the version before."""


@pytest.fixture
def empty(empty_url: str) -> Any:
    """An engine over a store without a schema."""
    engine = engine_for(empty_url)
    yield engine
    engine.dispose()


def downgrade(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.downgrade(configuration(connection), revision)


def schema(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys and indexes."""
    found = inspect(engine)
    return {
        table: (
            sorted(str((one["name"], str(one["type"]), one["nullable"])) for one in found.get_columns(table)),
            sorted(map(str, found.get_foreign_keys(table))),
            sorted(map(str, found.get_indexes(table))),
        )
        for table in sorted(found.get_table_names())
    }


def test_revisions_are_numbered_in_one_line() -> None:
    assert [revision[:4] for revision in REVISIONS] == [f"{number:04}" for number in range(1, len(REVISIONS) + 1)]
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_up_down_up_step_by_step_leaves_nothing_behind_and_the_same_schema(empty: Engine) -> None:
    bare = schema(empty)
    steps = {}
    for revision in REVISIONS:
        migrate(empty, revision)
        steps[revision] = schema(empty)
    for revision in reversed(REVISIONS[:-1]):
        downgrade(empty, revision)
        assert schema(empty) == steps[revision]
    downgrade(empty, "base")
    assert {name for name in schema(empty) if name != "alembic_version"} == set(bare)
    assert migrate(empty) is True
    assert schema(empty) == steps[REVISIONS[-1]]
    assert migrate(empty) is False


def find_contractions(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """What a version that was made for the one schema would miss, or could not write, in the other."""
    found = {table for table in before if table not in after}
    for table in before.keys() & after.keys():
        old, new = (
            {column[0]: column[1:] for column in map(ast.literal_eval, one[table][0])} for one in (before, after)
        )
        found |= {f"{table}.{name}" for name, kind in old.items() if new.get(name) != kind}
        found |= {f"{table}.{name}" for name in new.keys() - old.keys() if not new[name][1]}
        found |= {f"{table}: {key}" for key in set(after[table][1]) - set(before[table][1])}
        found |= {
            f"{table}: {index}" for index in set(after[table][2]) - set(before[table][2]) if "'unique': True" in index
        }
    return found


def test_a_migration_only_adds_so_that_the_version_before_goes_on_beside_it(empty: Engine) -> None:
    migrate(empty, LAST_CONTRACTION)
    before, contractions = schema(empty), dict[str, set[str]]()
    for revision in REVISIONS[REVISIONS.index(LAST_CONTRACTION) + 1 :]:
        migrate(empty, revision)
        after = schema(empty)
        contractions[revision] = find_contractions(before, after)
        before = after
    assert {revision: found for revision, found in contractions.items() if found} == {}


def test_a_column_that_is_gone_or_renamed_or_must_be_filled_is_seen_as_a_contraction() -> None:
    before: dict[str, Any] = {
        "resource": (["('slug', 'VARCHAR', False)", "('url', 'VARCHAR', True)"], [], []),
        "old": ([], [], []),
    }
    after: dict[str, Any] = {"resource": (["('name', 'VARCHAR', False)", "('url', 'VARCHAR', False)"], ["key"], [])}
    expected = {"old", "resource.slug", "resource.name", "resource.url", "resource: key"}
    assert find_contractions(before, after) == expected


def test_a_filled_store_can_go_down_and_up(seeded_engine: Engine, seed: Seed) -> None:
    with Session(seeded_engine) as session:
        before = fingerprint(session)
    downgrade(seeded_engine, "base")
    migrate(seeded_engine)
    assert write_seed(seeded_engine, seed, SEEDED).added > 100
    with Session(seeded_engine) as session:
        assert fingerprint(session) == before


def test_a_store_from_before_revisions_is_filled_from_the_files_in_the_same_transaction(
    seeded_engine: Engine, seed: Seed
) -> None:
    with Session(seeded_engine) as session:
        before = fingerprint(session)
    downgrade(seeded_engine, "0004")
    migrate(seeded_engine, around=lambda connection: refilling(connection, lambda: seed, SEEDED))
    with Session(seeded_engine) as session:
        assert fingerprint(session) == before


def misname(session: Session) -> dict[str, str]:
    """The tables that are read, before a name is written past publishing."""
    before = fingerprint(session)
    session.execute(text("UPDATE resourcetext SET name = 'x'"))
    session.commit()
    return before


def test_a_migration_that_changes_a_table_makes_all_anew_from_the_revisions(seeded_engine: Engine, seed: Seed) -> None:
    with Session(seeded_engine) as session:
        before = misname(session)
    with seeded_engine.begin() as connection, refilling(connection, lambda: seed, SEEDED):
        connection.execute(text("ALTER TABLE area ADD COLUMN later VARCHAR"))
    with Session(seeded_engine) as session:
        assert fingerprint(session) == before


def test_a_migration_of_other_tables_leaves_those_that_are_read_alone(seeded_engine: Engine, seed: Seed) -> None:
    with Session(seeded_engine) as session:
        misname(session)
        misnamed = fingerprint(session)
    with seeded_engine.begin() as connection, refilling(connection, lambda: seed, SEEDED):
        connection.execute(text("ALTER TABLE change ADD COLUMN later VARCHAR"))
    with Session(seeded_engine) as session:
        assert fingerprint(session) == misnamed


def test_the_index_of_an_earlier_version_is_made_anew(seeded_engine: Engine) -> None:
    with seeded_engine.begin() as connection:  # such as stood there before the index said by which rules it is made
        assert not lacks_index(connection)
        connection.execute(text("DELETE FROM searchposting WHERE token LIKE 'v=%' OR token LIKE 'p=%'"))
        assert lacks_index(connection)
    rebuild(seeded_engine, SEEDED)
    with Session(seeded_engine) as session:
        assert not lacks_index(session.connection())
        assert find_hits(session, "Lunds kommun", OFFERED, [], 10, 0) == find_hits(session, "Lund", OFFERED, [], 10, 0)
        assert find_hits(session, "Lund", OFFERED, [], 10, 0)[0] > 0


def test_the_models_and_the_newest_schema_do_not_drift(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_newer_schema_is_refused_in_one_line_and_left_as_it_is(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"revision 9999, which this version does not know: it was made by a newer"):
        migrate(engine)
    with engine.connect() as connection:
        assert current(connection) == "9999"


def test_migrations_hold_schema_only() -> None:
    """Data of the directory is in seed/."""
    for file in (Path(__file__).parent.parent / "migrations" / "versions").glob("*.py"):
        assert "INSERT INTO" not in file.read_text("utf-8"), file.name
