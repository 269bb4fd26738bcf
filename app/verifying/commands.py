"""`stodkatalog verify` and `stodkatalog tasks`."""

import argparse
import json
import sys
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from app.settings import Settings, unsaid
from app.verifying.fetching import Fetcher
from app.verifying.listing import list_tasks
from app.verifying.politeness import PRODUCT
from app.verifying.running import Result, run_checks
from app.verifying.telling import run_as_json, tell_result, tell_run, tell_tasks
from app.version import VERSION


def name_agent(settings: Settings) -> str:
    """The User-Agent: the product and how to contact its operator; placeholders of settings are left out."""
    missing = unsaid(settings)
    contacts = [
        contact
        for name, contact in (("URL", f"+{settings.contact_url}"), ("EMAIL", settings.contact_email))
        if f"STODKATALOG_CONTACT_{name}" not in missing
    ]
    # A header must be ASCII.
    suffix = f" ({'; '.join(contacts)})" if contacts and "".join(contacts).isascii() else ""
    return f"{PRODUCT}/{VERSION}{suffix}"


def verify(engine: Engine, settings: Settings, arguments: argparse.Namespace, now: datetime) -> bool:
    """Check the sources and print the results. Returns whether a task is open. Raises UnknownSource."""
    agent = name_agent(settings)
    if "(" not in agent:
        print(
            "stodkatalog: STODKATALOG_CONTACT_EMAIL is not set: those we fetch from cannot ask us why", file=sys.stderr
        )
    number = 0

    def report(result: Result, count: int) -> None:
        nonlocal number
        number += 1
        stream = sys.stderr if arguments.json else sys.stdout
        if not arguments.json or stream.isatty():
            progress = f"[{number:{len(str(count))}}/{count}] " if stream.isatty() else ""
            print(f"{progress}{tell_result(result)}", file=stream, flush=True)

    fetcher = Fetcher(agent, test_port=settings.verify_test_port)
    run = run_checks(engine, fetcher, now, only=arguments.source, dry_run=arguments.dry_run, report=report)
    with Session(engine) as session:
        open_count = len(list_tasks(session))
    if arguments.dry_run:
        open_count += run.opened - run.closed
    if arguments.json:
        print(json.dumps(run_as_json(run, open_count), ensure_ascii=False, indent=2))
    else:
        print(("Would be: " if arguments.dry_run else "") + tell_run(run, open_count))
    return open_count > 0


def print_tasks(engine: Engine, *, as_json: bool) -> None:
    """Print the open tasks."""
    with Session(engine) as session:
        tasks = list_tasks(session)
    print(json.dumps(tasks, ensure_ascii=False, indent=2) if as_json else tell_tasks(tasks))
