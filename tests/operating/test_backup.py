"""Backup and restore: taken while the store serves and is written to, and never worse off after a failure."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, func, select

from app.database import engine_for
from app.main import create_app
from app.migrating import StoreError, migrate
from app.operating import backup
from app.records.models import Revision
from app.settings import ROOT, Settings
from tests.seeding.editor import Editor
from tests.serving import serve
from tests.stores import Stores, create_empty

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
LINE = "hotline", "kvinnofridslinjen"


def count_revisions(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def rename(editor: Editor, name: str) -> None:
    editor.change(*LINE, lambda document: document["name"].update(sv=name))


@pytest.fixture
def editor(seeded_engine: Engine, tmp_path: Path) -> Editor:
    return Editor(seeded_engine, tmp_path / "seed")


@pytest.fixture
def client(seeded_engine: Engine) -> Iterator[httpx.Client]:
    url = seeded_engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as served:
        yield served.client


def test_a_backup_that_is_restored_brings_back_what_was_and_keeps_what_stood(
    editor: Editor, client: httpx.Client, tmp_path: Path
) -> None:
    file, path = tmp_path / "night.backup", "/v1/hotlines/kvinnofridslinjen?at=2026-11-28T03:00:00Z"
    rename(editor, "Före")
    assert "schema" in backup.back_up(editor.engine, file)
    assert file.stat().st_mode & 0o777 == 0o600, "it holds hashes of keys and addresses of those who reported"
    before = client.get(path).json()
    rename(editor, "Efter")
    assert client.get(path).json()["name"] == "Efter"
    line = backup.restore(editor.engine, file, NOW)
    assert client.get(path, timeout=20).json() == before
    kept = tmp_path / "night.backup.before-20261128T030000Z"
    assert str(kept) in line
    backup.restore(editor.engine, kept, NOW.replace(hour=4))
    assert client.get(path, timeout=20).json()["name"] == "Efter"
    rename(editor, "Igen")  # the history goes on
    assert client.get(path).json()["name"] == "Igen"
    written = sorted(one.name for one in tmp_path.iterdir() if "night" in one.name)
    assert written == [file.name, kept.name, f"{kept.name}.before-20261128T040000Z"], "each is one file"
    assert [one for one in backup.list_backups(tmp_path) if one.name.startswith("night")] == [file]


def test_a_backup_under_constant_publishing_is_one_state_and_publishing_goes_on(editor: Editor, tmp_path: Path) -> None:
    ended = threading.Event()

    def publish_on() -> None:
        for number in range(1000):
            if ended.is_set():
                return
            rename(editor, f"Namn {number}")

    publishing = threading.Thread(target=publish_on)
    publishing.start()
    try:
        backup.back_up(editor.engine, tmp_path / "night.backup")
    finally:
        ended.set()
        publishing.join()
    assert count_revisions(editor.engine) > 660
    backup.restore(editor.engine, tmp_path / "night.backup", NOW)
    with editor.engine.connect() as connection:
        document, current = connection.execute(
            text(
                "SELECT r.digest, c.digest FROM revision r JOIN currentrecord c ON c.revision = r.number "
                "WHERE c.slug = 'kvinnofridslinjen'"
            )
        ).one()
    assert document == current


def test_what_is_no_backup_of_ours_is_refused_and_the_store_is_as_it_was(editor: Editor, tmp_path: Path) -> None:
    before = count_revisions(editor.engine)
    letter, other = tmp_path / "letter.txt", tmp_path / "other.sqlite3"
    letter.write_text("Kära läsare, " * 500)
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE something (id)")
    file = tmp_path / "whole.backup"
    backup.back_up(editor.engine, file)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    for wrong in (letter, other, cut, tmp_path / "none", tmp_path):
        with pytest.raises(StoreError):
            backup.restore(editor.engine, wrong, NOW)
    assert count_revisions(editor.engine) == before
    assert not list(tmp_path.glob("*.before-*"))


def test_a_backup_never_overwrites_and_leaves_no_half_a_file(editor: Editor, tmp_path: Path) -> None:
    file = tmp_path / "night.backup"
    file.write_text("an older backup")
    with pytest.raises(StoreError, match="exists"):
        backup.back_up(editor.engine, file)
    assert file.read_text() == "an older backup"
    with pytest.raises(StoreError):
        backup.back_up(editor.engine, tmp_path / "no" / "folder.backup")
    assert [path.name for path in tmp_path.glob(".*partial")] == []


def test_a_backup_of_an_earlier_schema_is_restored_over_a_newer_one_and_migrated(
    empty_url: str, tmp_path: Path
) -> None:
    engine = engine_for(empty_url)
    migrate(engine, "0007")
    backup.back_up(engine, tmp_path / "older.backup")
    migrate(engine)
    backup.restore(engine, tmp_path / "older.backup", NOW)
    assert migrate(engine), "there was something to migrate"
    assert not migrate(engine)
    engine.dispose()


def test_a_store_of_a_later_version_and_a_foreign_one_are_left_as_they_are(engine: Engine, tmp_path: Path) -> None:
    backup.back_up(engine, tmp_path / "newest.backup")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    with pytest.raises(StoreError, match="does not know"):
        backup.restore(engine, tmp_path / "newest.backup", NOW)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE edition RENAME TO something"))
    with pytest.raises(StoreError, match="other tables"):
        backup.restore(engine, tmp_path / "newest.backup", NOW)


@pytest.mark.parametrize("request_of", ["sqlite", "postgresql"])
def test_a_backup_is_restored_where_nothing_stood(
    request_of: str, request: pytest.FixtureRequest, stores: Stores, tmp_path: Path
) -> None:
    server = request.getfixturevalue("postgres_server") if request_of == "postgresql" else None
    engine = engine_for(stores.create(tmp_path / "full", server, "migrated", lambda _: None))
    empty = engine_for(create_empty(tmp_path / "empty", server))
    backup.back_up(engine, tmp_path / "new.backup")
    assert "Nothing stood before" in backup.restore(empty, tmp_path / "new.backup", NOW)
    assert not migrate(empty)
    for each in (engine, empty):
        each.dispose()


def test_both_are_commands(editor: Editor, tmp_path: Path) -> None:
    url = editor.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "STODKATALOG_DATABASE_URL": url}

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    before = count_revisions(editor.engine)
    assert run("backup", tmp_path / "night.backup").returncode == 0
    rename(editor, "Efter")
    done = run("restore", tmp_path / "night.backup")
    assert (done.returncode, done.stderr) == (0, "")
    assert count_revisions(editor.engine) == before
    refused = run("restore", tmp_path / "none")
    assert (refused.returncode, refused.stderr) == (1, f"stodkatalog: {tmp_path / 'none'} does not exist\n")
