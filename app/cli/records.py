"""`change`, `confirm` and `redact`: one record or revision in the store."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.cli.arguments import Commands, add_command, parse_day
from app.database import engine_for
from app.migrating import refuse_older
from app.settings import load


def add_records(commands: Commands) -> None:
    """`change`, `redact` and `confirm`."""
    _add_changes(commands)
    _add_confirm(commands)


def _add_changes(commands: Commands) -> None:
    change = add_command(commands, "change", _change, "change one record in the store")
    change.add_argument("record", metavar="COLLECTION/ID", help="such as hotlines/kvinnofridslinjen")
    change.add_argument("--patch", required=True, metavar="FILE", help="a JSON merge patch (RFC 7396), - for stdin")
    change.add_argument("--reason", required=True, help="why, for the history, which is public")
    change.add_argument(
        "--by", default="editor", help="a role or an organization, never a person (default: %(default)s)"
    )
    redact = add_command(commands, "redact", _redact, "blank the document of an old revision, for good")
    redact.add_argument("revision", metavar="REVISION", type=int, help="its number; not the newest of its record")
    redact.add_argument("--reason", required=True, help="why, for the history, which is public")
    redact.add_argument("--by", required=True, help="a role or an organization, never a person")


def _add_confirm(commands: Commands) -> None:
    confirm = add_command(commands, "confirm", _confirm, "write down that a person checked a record")
    confirm.add_argument("record", metavar="COLLECTION/ID", help="such as hotlines/kvinnofridslinjen")
    confirm.add_argument(
        "--scope", required=True, choices=["contact", "hours", "content"], help="how to reach it, when, or all the rest"
    )
    confirm.add_argument(
        "--method",
        required=True,
        choices=["operator", "phone", "read"],
        help="the operator said so, by telephone, or by reading a source",
    )
    confirm.add_argument("--source", metavar="ID", help="the source that was read")
    confirm.add_argument(
        "--on", type=parse_day, metavar="DATE", help="the day of the check, as 2026-11-28 (default: today)"
    )
    confirm.add_argument(
        "--by", default="editor", help="a role or an organization, never a person (default: %(default)s)"
    )


def _change(arguments: argparse.Namespace) -> None:
    from app.records.commands import change_record, read_patch

    engine = engine_for(load().database_url)
    patch = read_patch(sys.stdin.buffer.read() if arguments.patch == "-" else Path(arguments.patch).read_bytes())
    print(change_record(engine, arguments.record, patch, arguments.by, arguments.reason, datetime.now(UTC)))


def _confirm(arguments: argparse.Namespace) -> None:
    from app.records.commands import confirm_record
    from app.records.confirming import Confirmation
    from app.resources.reviewing import day_of
    from app.verifying.models import Method, Scope

    engine, now = engine_for(load().database_url), datetime.now(UTC)
    refuse_older(engine)
    confirmation = Confirmation(
        Scope(arguments.scope), Method(arguments.method), arguments.by, arguments.on or day_of(now), arguments.source
    )
    print(confirm_record(engine, arguments.record, confirmation, now))


def _redact(arguments: argparse.Namespace) -> None:
    from app.records.redacting import CannotRedact, redact

    try:
        print(
            redact(
                engine_for(load().database_url), arguments.revision, arguments.by, arguments.reason, datetime.now(UTC)
            )
        )
    except CannotRedact as error:
        sys.exit(f"stodkatalog: {error}")
