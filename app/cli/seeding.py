"""`seed`, `export-seed` and `check`: the store and the seed files."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.cli.arguments import CONFLICTS, Commands, add_command
from app.cli.preparing import check_seed, to_newest
from app.database import engine_for
from app.settings import load


def add_seeding(commands: Commands) -> None:
    """`seed`, `export-seed` and `check`."""
    seed = add_command(commands, "seed", _seed, "merge what the seed files say into the store; safe to repeat")
    seed.add_argument("--dry-run", action="store_true", help="only say what would be done")
    seed.add_argument("--force", action="store_true", help="also where files lack most of the records that they had")
    seed.add_argument("--conflicts-ok", action="store_true", help="end with 0 instead of 3 after conflicts")
    export_seed = add_command(
        commands, "export-seed", _export_seed, "write the store's records back into the seed files"
    )
    export_seed.add_argument("folder", metavar="DIR", type=Path, help="a seed folder, such as a checkout's seed/")
    add_command(commands, "check", _check, "look through the seed files, without a store")


def _seed(arguments: argparse.Namespace) -> None:
    from app.seeding.merging import LostRecords
    from app.seeding.writing import write_seed

    settings = load()
    engine = engine_for(settings.database_url)
    seed = check_seed(settings.seed_dir, settings.documents)
    try:
        to_newest(engine, settings)
        report = write_seed(engine, seed, datetime.now(UTC), dry_run=arguments.dry_run, force=arguments.force)
    except LostRecords as error:
        sys.exit(f"stodkatalog: {error}; nothing was written. If they are to be removed, seed with --force.")
    finally:
        engine.dispose()
    print(f"Would be: {report}" if arguments.dry_run else report)
    if report.conflicts and not arguments.conflicts_ok:
        sys.exit(CONFLICTS)


def _export_seed(arguments: argparse.Namespace) -> None:
    from app.seeding.checking import BrokenSeed
    from app.seeding.exporting import ExportRefused, export_seed

    try:
        written = export_seed(engine_for(load().database_url), arguments.folder)
    except ExportRefused as error:
        sys.exit(f"stodkatalog: {error}")
    except BrokenSeed as error:
        sys.exit(f"{error}\nstodkatalog: faults in the seed files: {len(error.faults)}; nothing was written")
    except OSError as error:
        sys.exit(f"stodkatalog: {error.filename or arguments.folder} cannot be written: {error.strerror}")
    print("\n".join(map(str, written)) if written else "The files say what the store says; nothing was written.")


def _check(_arguments: argparse.Namespace) -> None:
    settings = load()
    seed = check_seed(settings.seed_dir, settings.documents)
    areas = sum(map(len, seed.areas.values()))
    looked_up = "evidence looked up" if settings.documents else "evidence not looked up: no documents"
    print(
        f"{len(seed.resources)} resources, {len(seed.organizations)} organizations, {areas} areas: "
        f"no fault; {looked_up}"
    )
