"""`make publishing`: how long it takes to publish one changed record, at several sizes; into PUBLISHING.md.

Each publication gives another made-up resource another summary, so that words of it appear and vanish in the search
index. Only `publish` is timed, with its commit to the disk; reading the record before is not.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine, event, text

from app.database import engine_for
from app.records.drafts import RecordChange, load_current, load_documents
from app.records.models import Origin
from app.records.publishing import publish
from app.records.revising import Author
from app.settings import ROOT
from app.stored_values import ReadingSession
from bench.copying import on_postgresql
from bench.report import machine
from bench.synthetic import KINDS, prepare
from bench.vocabulary import sentences, swedish

STORES = ROOT / "bench" / ".stores"
AUTHOR = Author("benchmark", Origin.COMMAND, "to measure")
GOALS = {1_000: 20.0, 100_000: 25.0, 1_000_000: 40.0}
"""Milliseconds that the middle of all publications may take, by resources."""
SLOWEST, GROWTH = 100.0, 2.0
"""Milliseconds for 99 of 100; and how many times longer the largest directory may take than the smallest."""


@dataclass(slots=True)
class Figures:
    """Milliseconds by the clock and of this process's processor time, and statements, of each publication."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    floor: tuple[float, float] = 0.0, 0.0
    """What a statement that reads nothing takes, and a transaction that commits one row."""


Found = dict[tuple[str, int], Figures]


def main() -> None:
    """Publish into a copy of each directory, on each database, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.publishing", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000], help="resources")
    parser.add_argument("--times", type=int, default=200, help="publications at each size")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "PUBLISHING.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    asked.stores.mkdir(exist_ok=True)
    found: Found = {}
    for size in sorted(set(asked.sizes)):
        store = asked.stores / f"prov{size}.sqlite3"
        prepare(store, size)
        with copy_of(store) as url:
            found["SQLite", size] = measure(url, size, asked.times)
        if not asked.few:
            with on_postgresql(store, durable=True) as url:
                found["PostgreSQL", size] = measure(url, size, asked.times)
        print(f"{size:,} measured", flush=True)
    written = report(found, asked.times)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


@contextmanager
def copy_of(store: Path) -> Iterator[str]:
    """The address of a copy for the block; beside the original, as temporary folders may be in memory."""
    with tempfile.TemporaryDirectory(prefix="publishing-", dir=store.parent) as folder:
        yield f"sqlite:///{shutil.copy(store, folder)}"


def measure(url: str, size: int, times: int) -> Figures:
    """Publish one record at a time."""
    engine, random = engine_for(url, for_callers=True), Random(size)  # as the service: keeps prepared statements
    figures = Figures(floor=measure_floor(engine))
    texts = list(sentences(swedish(), 500, random))
    asked = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for nth in range(-min(10, times), times):  # the first ones fill caches of statements and of the database
        number = random.randrange(size)
        # Rows that were made up are not in all just as publishing writes them: the second change is measured.
        publish(engine, [change_summary(engine, number, random.choice(texts))], AUTHOR, datetime.now(UTC))
        change = change_summary(engine, number, random.choice(texts))
        asked.clear()
        clock, cpu = time.perf_counter(), time.process_time()
        publish(engine, [change], AUTHOR, datetime.now(UTC))
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        if nth >= 0:
            figures.clock.append(clock * 1000)
            figures.cpu.append(cpu * 1000)
            figures.statements.append(len(asked))
    engine.dispose()
    return figures


def measure_floor(engine: Engine) -> tuple[float, float]:
    """Milliseconds of the middle `SELECT 1`, and of the middle transaction that commits one row."""
    asked, committed = list[float](), list[float]()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE floor (number INTEGER)"))
    for _ in range(50):
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))  # begins the transaction
            began = time.perf_counter()
            connection.execute(text("SELECT 1"))
            asked.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO floor VALUES (1)"))
        committed.append((time.perf_counter() - began) * 1000)
    return median(asked), median(committed)


def change_summary(engine: Engine, number: int, summary: str) -> RecordChange:
    """The made-up resource of this number with another summary."""
    kind, slug = KINDS[number % len(KINDS)].value, f"prov-{number}"
    with ReadingSession(engine) as session:
        current = load_current(session, [("resource", slug)])["resource", slug]
        document = load_documents(session, [current.revision])[current.revision] or {}
    return RecordChange(kind, slug, document | {"summary": {**document["summary"], "sv": summary}}, current.revision)


def report(found: Found, times: int) -> str:
    """The whole of PUBLISHING.md."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    missing = sorted(GOALS.keys() - {size for _, size in found})
    parts = [
        "# Publishing one changed record",
        f"`make publishing`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {times} publications at each size, one after "
        "another, each of another summary in a record that was published before; by the clock from the call to the "
        "commit on the disk, on both databases. CPU is that of the publishing process alone, so that PostgreSQL's own "
        "is not in it. Floor: what one `SELECT 1` takes, and a transaction that commits one row of a number. "
        f"Load of the machine at the end (1, 5, 15 minutes): {load}; above its number of cores, times by the clock "
        "are those of a busy machine. A size between two goals has that of the larger.",
        "\n".join(machine()),
        "\n".join(_rows(found)),
    ]
    if len({size for _, size in found}) > 1:
        parts.append("\n".join(_growth(found)))
    if missing:
        parts.append(f"Not measured: {', '.join(f'{size:,}' for size in missing)} resources.")
    return "\n\n".join(parts) + "\n"


def _rows(found: Found) -> Iterator[str]:
    yield "| database | resources | p50 | p99 | CPU p50 | statements | floor | goal | holds |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for (database, size), figures in found.items():
        half, slow = median(figures.clock), quantiles(figures.clock, n=100)[98]
        goal = next((limit for most, limit in GOALS.items() if size <= most), None)
        wanted = "–" if goal is None else f"p50 ≤ {goal:.0f} ms, p99 ≤ {SLOWEST:.0f} ms"
        holds = goal is not None and half <= goal and slow <= SLOWEST
        yield (
            f"| {database} | {size:,} | {half:.1f} ms | {slow:.1f} ms | {median(figures.cpu):.1f} ms | "
            f"{median(figures.statements):.0f} | {figures.floor[0]:.2f} ms, {figures.floor[1]:.1f} ms | {wanted} | "
            f"{'yes' if holds else '**no**'} |"
        )


def _growth(found: Found) -> Iterator[str]:
    """How many times longer the largest takes than the smallest."""
    for database in dict.fromkeys(database for database, _ in found):
        sizes = [size for one, size in found if one == database]
        small, large = (median(found[database, size].clock) for size in (min(sizes), max(sizes)))
        holds = "holds" if large <= GROWTH * small else "does **not** hold"
        yield (
            f"- {database}: from {min(sizes):,} to {max(sizes):,} resources, p50 is {large / small:.2f} times as long; "
            f"the goal of at most {GROWTH:.0f} {holds} so far."
        )


if __name__ == "__main__":
    main()
