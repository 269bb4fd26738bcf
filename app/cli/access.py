"""`keys` and `login-link`: who may change something."""

import argparse
import sys
from datetime import UTC, datetime

from app.cli.arguments import Commands, add_command, parse_base_url
from app.database import engine_for
from app.migrating import refuse_older
from app.settings import load


def add_access(commands: Commands) -> None:
    """`keys` and `login-link`."""
    _add_keys(commands)
    _add_login_link(commands)


def _add_keys(commands: Commands) -> None:
    keys = add_command(commands, "keys", _keys, "make, list and revoke the keys of those who may change something")
    kinds = keys.add_subparsers(dest="what", required=True, metavar="add|list|revoke")
    add = kinds.add_parser("add", help="make a key; it is shown once")
    add.add_argument("name", metavar="NAME", help="the role or organization whose key it is, for the public history")
    add.add_argument("--role", required=True, choices=["contributor", "operator", "editor", "admin"])
    add.add_argument(
        "--scope", help="records=COLLECTION/ID,…, municipality=CODE or organization=ID (default: the whole directory)"
    )
    add.add_argument("--days", type=int, default=366, help="days that it lasts (default and most: %(default)s)")
    add.add_argument("--test", action="store_true", help="a key that has everything checked and stores nothing")
    kinds.add_parser("list", help="list the keys, and which are to be replaced soon")
    kinds.add_parser("revoke", help="end a key at once").add_argument("id", metavar="ID", help="as `list` shows it")


def _add_login_link(commands: Commands) -> None:
    login = add_command(commands, "login-link", _login_link, "print a link that signs in to the console, once")
    login.add_argument("key", metavar="KEY", nargs="?", help="name or id of the key that the session acts for")
    login.add_argument("--name", help="instead of KEY: a role or organization; its key is made if there is none")
    login.add_argument("--role", choices=["editor", "admin"], help="with --name: the role")
    login.add_argument("--base-url", type=parse_base_url, help="where the service is (default: the setting)")


def _keys(arguments: argparse.Namespace) -> None:
    from app.access.commands import run_keys
    from app.access.keys import KeyRefused

    engine = engine_for(load().database_url)
    refuse_older(engine)
    try:
        run_keys(engine, arguments, datetime.now(UTC))
    except KeyRefused as error:
        sys.exit(f"stodkatalog: {error}")


def _login_link(arguments: argparse.Namespace) -> None:
    from app.access.keys import KeyRefused
    from app.console.commands import print_login_link

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    try:
        print_login_link(engine, arguments, arguments.base_url or settings.base_url, datetime.now(UTC))
    except KeyRefused as error:
        sys.exit(f"stodkatalog: {error}")
