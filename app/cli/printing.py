"""`openapi`, `export` and `hours`: print or write what the service answers, without serving."""

import argparse
import json
import logging
import sys
from pathlib import Path

from app.cli.arguments import Commands, add_command, parse_base_url, parse_moment
from app.cli.preparing import make_ready
from app.database import engine_for
from app.opening_hours.live import this_minute
from app.opening_hours.rules import OpeningHoursError, check, evaluate
from app.settings import load


def add_printing(commands: Commands) -> None:
    """`openapi`, `export` and `hours`."""
    add_command(commands, "openapi", _openapi, "print the OpenAPI document")
    export = add_command(commands, "export", _export, "write the whole service as plain files, for any web server")
    export.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or one that an export wrote")
    export.add_argument("--base-url", type=parse_base_url, help="where the files will be found (default: the setting)")
    hours = add_command(commands, "hours", _hours, "say what an opening_hours expression means at a moment")
    hours.add_argument("expression", help="OSM opening_hours, such as 'Mo-Fr 09:00-16:00; PH off; Dec 24 off'")
    hours.add_argument("--at", type=parse_moment, help="moment, RFC 3339 with offset (default: now)")


def _openapi(_arguments: argparse.Namespace) -> None:
    from app.http.openapi import document
    from app.main import ROUTES

    print(json.dumps(document(ROUTES, load()), ensure_ascii=False, indent=2))


def _export(arguments: argparse.Namespace) -> None:
    from app.mirror.exporting import export

    settings = load()
    settings = settings.model_copy(update={"base_url": arguments.base_url or settings.base_url})
    if settings.base_url is None:
        sys.exit("stodkatalog: Links need an address: give --base-url, or set STODKATALOG_BASE_URL")
    engine = engine_for(settings.database_url)
    make_ready(settings, engine)
    logging.getLogger("stodkatalog.access").setLevel(logging.WARNING)  # thousands of requests of our own
    print(export(settings, engine, arguments.folder))


def _hours(arguments: argparse.Namespace) -> None:
    at = arguments.at or this_minute()
    for problem in check(arguments.expression):
        print(f"lint         at {problem.position}: {problem.reason}")
    try:
        status = evaluate(arguments.expression, at)
    except OpeningHoursError as error:
        sys.exit(f"stodkatalog: {error}")
    print(f"state        {status.state}" + (f" ({status.comment})" if status.comment else ""))
    print(f"next change  {status.next_change.isoformat() if status.next_change else 'never'}")
