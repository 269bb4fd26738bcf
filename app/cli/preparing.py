"""`prepare` and `migrate`: a store of the newest schema, seeded where it was empty."""

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from app.cli.arguments import Commands, add_command
from app.database import engine_for
from app.migrating import is_empty, is_ready, lacks_index, migrate
from app.settings import ROOT, Settings, load

if TYPE_CHECKING:
    from app.seeding.files import Seed


def add_preparing(commands: Commands) -> None:
    """`prepare` and `migrate`."""
    add_command(commands, "prepare", _prepare, "migrate and seed an empty store, as serve does before it serves")
    add_command(commands, "migrate", _migrate, "bring the store's schema to the newest")


def _prepare(_arguments: argparse.Namespace) -> None:
    settings = load()
    engine = engine_for(settings.database_url)
    wait_for(engine)
    make_ready(settings, engine)


def prepare_in_child() -> None:
    """Run `prepare` in a child process, so that workers do not keep its memory. Exits with its code if it fails."""
    # This package and no other of its name, in the folder that relative settings start from.
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-P", "-m", "app", "prepare"]
    process = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False)  # noqa: S603  # ourselves
    if process.returncode:
        sys.exit(process.returncode)


def wait_for(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        from app.operating.waiting import wait_for_store

        wait_for_store(engine)


def make_ready(settings: Settings, engine: Engine) -> None:
    """Migrate, and seed an empty store. If several processes do so at once, the first works and the others wait."""
    from app.seeding.writing import write_first

    if is_ready(engine):
        return
    to_newest(engine, settings)
    with engine.connect() as connection:
        empty = is_empty(connection)
    if empty and (report := write_first(engine, check_seed(settings.seed_dir), datetime.now(UTC))):
        print("Seeding:", report, file=sys.stderr)


def check_seed(folder: Path, documents: Path | None = None) -> "Seed":
    from app.seeding.checking import BrokenSeed, read_seed

    try:
        return read_seed(folder, documents)
    except BrokenSeed as error:
        sys.exit(f"{error}\nstodkatalog: faults in the seed files: {len(error.faults)}; nothing was written")


def to_newest(engine: Engine, settings: Settings) -> bool:
    from app.records.rebuilding import rebuild
    from app.seeding.writing import refilling
    from app.verifying.broken import raise_broken_records

    now = datetime.now(UTC)
    is_migrated = migrate(
        engine, around=lambda connection: refilling(connection, lambda: check_seed(settings.seed_dir), now)
    )
    with engine.connect() as connection:
        is_outdated = lacks_index(connection)
    if is_outdated:
        rebuild(engine, now)
    if is_migrated and (count := raise_broken_records(engine, now)):
        print(f"Broken records: {count}; each is a task (`stodkatalog tasks`)", file=sys.stderr)
    return is_migrated


def _migrate(_arguments: argparse.Namespace) -> None:
    settings = load()
    engine = engine_for(settings.database_url)
    wait_for(engine)
    is_migrated = to_newest(engine, settings)
    print("The schema is now the newest." if is_migrated else "The schema was the newest already.")
