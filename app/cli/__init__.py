"""The command `stodkatalog`. Commands import what they need when they run: most need little of the service."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from app.cli.access import add_access
from app.cli.consoles import escape_letters
from app.cli.operating import add_operating
from app.cli.preparing import add_preparing
from app.cli.printing import add_printing
from app.cli.records import add_records
from app.cli.seeding import add_seeding
from app.cli.serving import add_serving
from app.cli.watching import add_watching
from app.http.logging import log_to_stderr
from app.migrating import StoreError
from app.mirror.folder import MirrorError
from app.records.faults import Conflict, InvalidRecords
from app.settings import WrongSetting
from app.version import VERSION, read_commit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Exits with 0, or with 1 and a line on stderr that says what to do."""
    escape_letters()
    namespace = _parser().parse_args(arguments)
    log_to_stderr()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        run: Callable[[argparse.Namespace], None] = namespace.run
        run(namespace)
    except (WrongSetting, StoreError, MirrorError, Conflict, InvalidRecords, OSError, UnicodeEncodeError) as error:
        sys.exit(f"stodkatalog: {error}")
    except DBAPIError as error:
        sys.exit(f"stodkatalog: The store cannot be used: {' '.join(str(error.orig).split())}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stodkatalog",
        description="Sweden's resource directory against prostitution, human trafficking and sexual exploitation.",
        epilog="Settings are environment variables, STODKATALOG_…; the README lists them.",
    )
    built_from = f" ({commit})" if (commit := read_commit()) else ""
    parser.add_argument("--version", action="version", version=f"{VERSION}{built_from}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_serving(commands)
    add_preparing(commands)
    add_seeding(commands)
    add_records(commands)
    add_access(commands)
    add_watching(commands)
    add_operating(commands)
    add_printing(commands)
    return parser
