"""`make kills`: a publisher and seeder that is killed (`kill -9`) at random moments; what the store says then.

Looks after each kill whether all that was acknowledged is there, whether a publication of two records is there whole or
not at all, and whether a rebuild from the revisions finds every table as it is. Writes KILLS.md after each kill, so
that a run that is stopped leaves what it has seen.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from app.database import engine_for
from app.migrating import migrate
from app.records.documents import decode
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.models import CurrentRecord, Origin, Revision
from app.records.publishing import publish
from app.records.rebuilding import rebuild
from app.records.revising import Author
from app.seeding.checking import read_seed
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from tests import postgres
from tests.seeding.small import write_folder

AUTHOR = Author("benchmark", Origin.COMMAND, "to be killed")
PAIR = (("hotline", "linjen"), ("coordinator", "koordinator-vast"))
"""Records that are always published together, with the same number in their summaries."""
SEEDED = ("organization", "myndigheten")
"""The record that seedings change, by a number in its description."""
LONGEST = 0.25
"""Seconds after which a publisher is killed at the latest; each makes several publications in that time."""
KILLS_IN_STORE = 100
"""Kills until the next ones have a new store: a rebuild reads every revision that was ever made."""


@dataclass(slots=True)
class Tally:
    """What was found on one database."""

    kills: int = 0
    seconds: float = 0.0
    acknowledged: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    """Kills while something was begun and not yet acknowledged."""
    faults: list[str] = field(default_factory=list)


def main() -> None:
    """Kill on each database; ends with 1 if anything was lost, half visible or other than a rebuild makes it."""
    parser = argparse.ArgumentParser(prog="python -m bench.killing", description=main.__doc__)
    parser.add_argument("--kills", type=int, default=50, help="on each database")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "KILLS.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    found = dict[str, Tally]()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        root = Path(folder)
        seed = read_seed(write_folder(root / "seed"))
        stores = (f"sqlite:///{root}/store{nth}.sqlite3" for nth in count())
        kill_all("SQLite", stores, seed, asked, found)
        if not asked.few:
            with postgres.server() as server:
                kill_all("PostgreSQL", (server.create_database() for _ in count()), seed, asked, found)
    print(report(found))
    if faults := [f"{name}: {fault}" for name, tally in found.items() for fault in tally.faults]:
        sys.exit("\n".join(faults))


def kill_all(name: str, stores: Iterator[str], seed: Seed, asked: argparse.Namespace, found: dict[str, Tally]) -> None:
    """All kills on one database, written down after each."""
    tally, random = found.setdefault(name, Tally()), Random(9)
    while tally.kills < asked.kills:
        for _ in kill(next(stores), seed, min(KILLS_IN_STORE, asked.kills - tally.kills), tally, random):
            asked.out.write_text(report(found), encoding="utf-8")
        print(f"{name}: {tally.kills} kills, {len(tally.faults)} faults, {tally.seconds:.0f} s", flush=True)


def kill(url: str, seed: Seed, kills: int, tally: Tally, random: Random) -> Iterator[None]:
    """Start, kill and look, so many times in one new store."""
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, seed, datetime.now(UTC))
    last = 0
    for what in ("published", "seeded"):  # here first, so that the killed ones have every statement compiled
        last += 1
        _do(engine, seed, what, last)
    for _ in range(kills):
        began = time.monotonic()
        engine.dispose()  # nothing of it is open when the process is copied
        begun, acknowledged = _run(engine, seed, last, random.uniform(0, LONGEST))
        tally.kills += 1
        tally.acknowledged.update(what for what, _ in acknowledged)
        tally.under_way += len(begun) > len(acknowledged)
        tally.faults += look(engine, acknowledged)
        last = max((number for _, number in begun), default=last)
        tally.seconds += time.monotonic() - began
        yield
    engine.dispose()


Steps = list[tuple[str, int]]
"""What was done, `published` or `seeded`, and with which number."""


def _run(engine: Engine, seed: Seed, last: int, seconds: float) -> tuple[Steps, Steps]:
    """What a publisher began and what it acknowledged before it was killed."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_work, args=(engine, seed, last, theirs))
    process.start()
    theirs.close()
    messages = [ours.recv()]  # it has begun
    time.sleep(seconds)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with suppress(EOFError, OSError):  # the latter where a message was cut off
        while True:
            messages.append(ours.recv())
    begun, acknowledged = (
        [(what, number) for is_done, what, number in messages if is_done == wanted] for wanted in (False, True)
    )
    return begun, acknowledged


def _work(engine: Engine, seed: Seed, number: int, told: Connection) -> None:
    """Publish and seed in turn until the end; tells what is begun and, after it, that it is done."""
    while True:
        number += 1
        what = ("published", "seeded")[number % 2]
        told.send((False, what, number))
        _do(engine, seed, what, number)
        told.send((True, what, number))


def _do(engine: Engine, seed: Seed, what: str, number: int) -> None:
    """Publish both records, or seed a changed file, with this number in their texts."""
    if what == "seeded":
        write_seed(engine, _changed(seed, number), datetime.now(UTC))
    else:
        publish(engine, [_change(engine, kind, slug, number) for kind, slug in PAIR], AUTHOR, datetime.now(UTC))


def _changed(seed: Seed, number: int) -> Seed:
    """The seed with another description of its organization."""
    (organization,) = seed.organizations
    description = organization.description.model_copy(update={"sv": f"Nummer {number}"})
    return replace(seed, organizations=[organization.model_copy(update={"description": description})])


def _change(engine: Engine, kind: str, slug: str, number: int) -> RecordChange:
    with Session(engine) as session:
        current = load_current(session, [("resource", slug)])["resource", slug]
        document = load_documents(session, [current.revision])[current.revision] or {}
    return RecordChange(
        kind, slug, document | {"summary": {"sv": f"Nummer {number}", "en": f"Number {number}"}}, current.revision
    )


def look(engine: Engine, acknowledged: Steps) -> list[str]:
    """What is wrong in the store."""
    faults = list[str]()
    with Session(engine) as session:
        newest = col(Revision.number) == col(CurrentRecord.revision)
        standing = dict(session.exec(select(CurrentRecord.slug, Revision.document).join(Revision, newest)).all())
        history = session.exec(select(Revision.slug, Revision.document)).all()
        (newest_number,) = session.exec(select(func.max(Revision.number))).all()
    if len(history) != newest_number:
        faults.append(f"{newest_number - len(history)} earlier revisions are lost")
    for what, number in acknowledged:
        for slug in [SEEDED[1]] if what == "seeded" else [slug for _, slug in PAIR]:
            if not any(one == slug and f'"Nummer {number}"' in (text or "") for one, text in history):
                faults.append(f"{what} {number}: {slug} is lost")
    summaries = {slug: decode(standing[slug] or "{}")["summary"]["sv"] for _, slug in PAIR}
    if len(set(summaries.values())) > 1:
        faults.append(f"half visible: {summaries}")
    if mended := rebuild(engine, datetime.now(UTC)):
        faults.append(f"a rebuild made another {', '.join(mended)}")
    return faults


def report(found: dict[str, Tally]) -> str:
    """The whole of KILLS.md."""
    rows = [
        f"| {name} | {tally.kills} | {tally.acknowledged['published']} | {tally.acknowledged['seeded']} | "
        f"{tally.under_way} | {tally.seconds / max(1, tally.kills):.2f} s | {len(tally.faults)} |"
        for name, tally in found.items()
    ]
    table = [
        "| database | kills | publications | seedings | killed under way | each took | faults |",
        "|---|---|---|---|---|---|---|",
    ]
    said = (
        f"`make kills`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: a process that publishes two records at once and seeds "
        f"changed files, in turn, is ended by `kill -9` at a random moment within {LONGEST} s. After each kill: is all "
        "that was acknowledged in the history, is every earlier revision there, do both records stand at the same "
        "number, and does a rebuild from the revisions make every table that is read just as it is? Counted are "
        f"acknowledged publications and seedings. Each {KILLS_IN_STORE} kills have a new store. The database's own "
        "process and the machine were not killed."
    )
    return "\n\n".join(["# A publisher that is killed", said, "\n".join([*table, *rows])]) + "\n"


if __name__ == "__main__":
    main()
