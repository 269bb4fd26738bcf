"""`backup`, `restore`, `rebuild` and `status`: the store as its operators see it."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.cli.arguments import Commands, add_command
from app.database import engine_for
from app.migrating import is_newest
from app.settings import load


def add_operating(commands: Commands) -> None:
    """`rebuild`, `backup`, `restore` and `status`."""
    add_command(commands, "rebuild", _rebuild, "make all other tables anew from the revisions")
    _add_backup(commands)
    _add_status(commands)


def _add_backup(commands: Commands) -> None:
    backup = add_command(commands, "backup", _backup, "copy the store into a new file, also while it serves")
    backup.add_argument("file", metavar="FILE", type=Path, help="a new file; on PostgreSQL a dump of pg_dump")
    restore = add_command(commands, "restore", _restore, "replace the store by a backup, and keep what stood before")
    restore.add_argument("file", metavar="FILE", type=Path, help="what `backup` wrote")


def _add_status(commands: Commands) -> None:
    status = add_command(
        commands, "status", _status, "show the state of the store; exits with 1 if it cannot be served"
    )
    status.add_argument("--backups", metavar="DIR", type=Path, help="also name the newest file in this folder")
    status.add_argument("--json", action="store_true", help="as JSON")


def _backup(arguments: argparse.Namespace) -> None:
    from app.operating.backup import back_up

    print(back_up(engine_for(load().database_url), arguments.file))


def _restore(arguments: argparse.Namespace) -> None:
    import app.main  # noqa: F401  # registers every table, all of which are replaced
    from app.operating.backup import restore

    engine = engine_for(load().database_url)
    print(restore(engine, arguments.file, datetime.now(UTC)))
    if not is_newest(engine):
        print("Its schema is an older one: run `stodkatalog migrate`; `stodkatalog serve` does so at its start.")


def _status(arguments: argparse.Namespace) -> None:
    from app.operating.commands import describe_service, print_service

    if arguments.backups is not None and not arguments.backups.is_dir():
        sys.exit(f"stodkatalog: {arguments.backups} is not a folder")
    settings = load()
    engine = engine_for(settings.database_url)
    described = describe_service(engine, settings, arguments.backups)
    engine.dispose()
    print_service(described, as_json=arguments.json)
    if not described["ready"]:
        sys.exit(1)


def _rebuild(_arguments: argparse.Namespace) -> None:
    from app.records.rebuilding import rebuild
    from app.verifying.broken import raise_broken_records

    engine, now = engine_for(load().database_url), datetime.now(UTC)
    mended = rebuild(engine, now)
    if is_newest(engine):
        raise_broken_records(engine, now)
    engine.dispose()
    print(f"Mended: {', '.join(mended)}" if mended else "Every table says what the revisions say.")
