"""`verify`, `tasks`, `deliver` and `remind`: what timers run so that the directory stays true."""

import argparse
import sys
from datetime import UTC, datetime

from app.cli.arguments import CONFLICTS, Commands, add_command
from app.database import engine_for
from app.migrating import refuse_older
from app.settings import load


def add_watching(commands: Commands) -> None:
    verify = add_command(commands, "verify", _verify, "fetch the cited pages and look whether they still say so")
    verify.add_argument("--source", metavar="ID", help="only this source")
    verify.add_argument("--dry-run", action="store_true", help="fetch and report, but write nothing")
    verify.add_argument("--json", action="store_true", help="report as JSON")
    tasks = add_command(commands, "tasks", _tasks, "list what a person must look at")
    tasks.add_argument("--json", action="store_true", help="list as JSON")
    add_command(
        commands, "deliver", _deliver, "tell those who have a webhook of what is new; for a timer, every minute"
    )
    add_command(commands, "remind", _remind, "mail editors what is waiting, and remind those who run a record")


def _verify(arguments: argparse.Namespace) -> None:
    from app.verifying.commands import verify
    from app.verifying.running import UnknownSource

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    try:
        needs_person = verify(engine, settings, arguments, datetime.now(UTC))
    except UnknownSource as error:
        sys.exit(f"stodkatalog: {error}")
    if needs_person:
        sys.exit(CONFLICTS)


def _tasks(arguments: argparse.Namespace) -> None:
    from app.verifying.commands import print_tasks

    engine = engine_for(load().database_url)
    refuse_older(engine)
    print_tasks(engine, as_json=arguments.json)


def _deliver(_arguments: argparse.Namespace) -> None:
    from app.verifying.commands import name_agent
    from app.webhooks.delivering import deliver
    from app.webhooks.sending import Sender

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    deliveries = deliver(engine, Sender(name_agent(settings), settings.verify_test_port), datetime.now(UTC))
    failed = [
        f"{delivery.webhook.id} of {delivery.webhook.owner}: {delivery.failure}"
        for delivery in deliveries
        if delivery.failure is not None
    ]
    sent = sum(delivery.message is not None and delivery.failure is None for delivery in deliveries)
    print("\n".join([f"Sent: {sent}", *(f"Not sent: {failure}" for failure in failed)]))


def _remind(_arguments: argparse.Namespace) -> None:
    from app.mailing.running import send_due_mails

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    outcome = send_due_mails(engine, settings, datetime.now(UTC))
    print(outcome)
    if outcome.failures:
        sys.exit(1)
