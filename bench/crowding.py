"""`make crowds`: many callers at once, after publications and beside them, and several workers; into CROWDS.md.

Over a directory of made-up resources on each database. The client has the same cores as the service.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import quote

from httpx import URL
from sqlalchemy import Engine

from app.database import engine_for
from app.records.publishing import publish
from app.settings import ROOT
from bench.attacking import attack, make_keys
from bench.calling import Answer, Caller, ask_at_once, ask_steadily, slowest
from bench.copying import on_postgresql
from bench.dearest import cpu_milliseconds, workers_of
from bench.loading import Work, load
from bench.publishing import AUTHOR, STORES, change_summary, copy_of
from bench.report import machine
from bench.subjects import Subject, service
from bench.synthetic import prepare
from bench.vocabulary import swedish
from bench.works import FIRST
from tests.serving import wait_for_workers

AT_ONCE = {
    "list": "/v1/hotlines?limit=20",
    "search": "/v1/search?q=telefon",
    "referral": "/v1/referrals?municipality=1380&audience=health-care",
    "page": "/sv/stodlinjer",
}
CROWD, CALLERS = 32, 16
FIRST_WITHIN = {"SQLite": 60.0, "PostgreSQL": 80.0}
MEMORY = {"SQLite": 110.0, "PostgreSQL": 120.0}
"""Megabytes of a worker."""
RATE, STEADY = 1_200.0, 60.0
"""Requests a second of two workers, of which none is kept, and the milliseconds of 99 of 100 at 70 % of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    database: str
    work: str
    goal: str
    figure: str
    holds: bool


def main() -> None:
    """Measure on each database; some three minutes each once the directory is there."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowding", description=main.__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="resources")
    parser.add_argument("--seconds", type=int, default=10, help="of each run")
    parser.add_argument("--times", type=int, default=25, help="publications that a crowd waits for")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "CROWDS.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    asked.stores.mkdir(exist_ok=True)
    store = asked.stores / f"prov{asked.size}.sqlite3"
    prepare(store, asked.size)
    with copy_of(store) as url:
        rows = measure("SQLite", url, asked)
    if not asked.few:
        with on_postgresql(store) as url:
            rows += measure("PostgreSQL", url, asked)
    written = report(rows, asked)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


def measure(database: str, url: str, asked: argparse.Namespace) -> list[Row]:
    """All rows of one database."""
    engine, rows = engine_for(url), list[Row]()
    with service("service", url) as one:
        rows += asyncio.run(_crowds(database, one, engine, asked))
        rows.append(_memory(database, one, engine, asked))
    rates, shares = _load_workers(url, asked)
    with service("service", url, workers=2) as two:
        wait_for_workers(URL(two.address).port or 0, 2)
        rows += asyncio.run(_beside_publications(database, two, engine, 0.7 * min(RATE, rates[2]), asked))
    rows += _workers(database, rates, shares)
    rows.append(_sixteen(database, url))
    engine.dispose()
    return rows


async def _crowds(database: str, subject: Subject, engine: Engine, asked: argparse.Namespace) -> list[Row]:
    """What 32 callers at once wait for who ask first after a publication."""
    answers, costs = {name: list[Answer]() for name in AT_ONCE}, dict.fromkeys(AT_ONCE, 0.0)
    async with AsyncExitStack() as stack:
        callers = [await stack.enter_async_context(Caller(subject.address)) for _ in range(CROWD)]
        for nth in range(asked.times):
            await asyncio.to_thread(_publish, engine, asked.size, nth)
            for name, path in AT_ONCE.items():
                before = cpu_milliseconds(subject.process.pid)
                answers[name] += await ask_at_once(callers, path)
                costs[name] += (cpu_milliseconds(subject.process.pid) - before) / asked.times
    within = FIRST_WITHIN[database]
    return [
        Row(
            database,
            f"first {name} after a publication, {CROWD} callers at once",
            f"p99 ≤ {within:.0f} ms",
            f"{slowest(some):.1f} ms; {costs[name]:.1f} ms of processor time for all of them",
            slowest(some) <= within and {answer.status for answer in some} == {200},
        )
        for name, some in answers.items()
    ]


def _memory(database: str, subject: Subject, engine: Engine, asked: argparse.Namespace) -> Row:
    """A worker's memory after what is not kept, and after writings of all sorts."""
    asyncio.run(_ask_all(subject, mixed(asked.size), 100 * asked.seconds))
    attack(subject.address, make_keys(engine, datetime.now(UTC)), 400, 0.0)
    asyncio.run(_ask_all(subject, mixed(asked.size), 100))
    found = subject.megabytes()
    return Row(
        database,
        "memory of a worker that has read and written",
        f"≤ {MEMORY[database]:.0f} MB",
        f"{found:.0f} MB",
        found <= MEMORY[database],
    )


async def _ask_all(subject: Subject, paths: Iterator[str], number: int) -> None:
    async with Caller(subject.address) as caller:
        for _ in range(number):
            await caller.ask(next(paths))


async def _beside_publications(
    database: str, subject: Subject, engine: Engine, rate: float, asked: argparse.Namespace
) -> list[Row]:
    """How much slower answers are while a record is published each second."""
    paths = mixed(asked.size)
    async with AsyncExitStack() as stack:
        callers = [await stack.enter_async_context(Caller(subject.address)) for _ in range(CALLERS)]
        await ask_steadily(callers, paths, rate / 2, 3)
        alone = await ask_steadily(callers, paths, rate, asked.seconds)
        publishing = asyncio.create_task(_keep_publishing(engine, asked.size))
        beside = await ask_steadily(callers, paths, rate, asked.seconds)
        publishing.cancel()
        with suppress(asyncio.CancelledError):
            await publishing
    before, meanwhile = slowest(alone), slowest(beside)
    work = f"mixed traffic that is not kept, two workers, at 70 % of what they can: {rate:.0f} requests/s"
    return [
        Row(database, work, f"p99 ≤ {STEADY:.0f} ms", f"{before:.1f} ms", before <= STEADY),
        Row(
            database,
            "the same while a record is published each second",
            "p99 at most 3 times that",
            f"{meanwhile:.1f} ms, {meanwhile / before:.2f} times",
            meanwhile <= 3 * before,
        ),
    ]


async def _keep_publishing(engine: Engine, size: int) -> None:
    for number in count():
        await asyncio.to_thread(_publish, engine, size, number)
        await asyncio.sleep(1)


def _publish(engine: Engine, size: int, nth: int) -> None:
    """Publish a summary that no other publication gives; another hotline each time."""
    change = change_summary(engine, 5 * (nth * 7 % (size // 5)), f"Utgåva {nth}.")
    publish(engine, [change], AUTHOR, datetime.now(UTC))


def _load_workers(url: str, asked: argparse.Namespace) -> tuple[dict[int, float], list[float]]:
    """What one and two workers answer a second of what is not kept, and the work of each of the two."""
    rates, shares = dict[int, float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="crowding-") as folder:
        for workers in (1, 2):
            with service("service", url, workers=workers, pinned=False) as subject:
                wait_for_workers(URL(subject.address).port or 0, workers)
                source = mixed(asked.size)
                load(subject, Work([next(source) for _ in range(500)]), 2, Path(folder))
                before = _worker_times(subject)
                work = Work([next(source) for _ in range(4_000 * asked.seconds)])
                rates[workers] = load(subject, work, asked.seconds, Path(folder), pinned=False).rate
                shares = [_worker_times(subject)[process] - spent for process, spent in before.items()]
    return rates, shares


def _workers(database: str, rates: dict[int, float], shares: list[float]) -> list[Row]:
    """How much two workers answer, against one; and how evenly."""
    least = min(shares) / sum(shares)
    times = rates[2] / rates[1]
    return [
        Row(
            database,
            "mixed traffic that is not kept, two workers",
            f"≥ {RATE:,.0f} a second",
            f"{rates[2]:,.0f} a second",
            rates[2] >= RATE,
        ),
        Row(database, "two workers against one", "≥ 1.9 times", f"{times:.2f} times", times >= 1.9),
        Row(database, "the less busy of two workers", "≥ 45 % of the work", f"{least:.0%}", least >= 0.45),
    ]


def _worker_times(subject: Subject) -> dict[int, float]:
    """Milliseconds of processor time so far of each worker."""
    return {process: cpu_milliseconds(process) for process in workers_of(subject.process.pid)}


def _sixteen(database: str, url: str) -> Row:
    """Whether sixteen workers start on these cores without one being started again."""
    began = time.perf_counter()
    with service("service", url, workers=16) as subject:
        wait_for_workers(URL(subject.address).port or 0, 16)
        taken, first = time.perf_counter() - began, set(workers_of(subject.process.pid))
        time.sleep(10)
        later = set(workers_of(subject.process.pid))
        megabytes = sum(map(_share, later))
    return Row(
        database,
        "sixteen workers",
        "none is started again",
        f"{len(first & later)} of 16 stay; all there after {taken:.1f} s, {megabytes / 16:.0f} MB each",
        len(first) == 16 and first == later,
    )


def _share(process: int) -> float:
    """Megabytes of memory of a process; of what it shares with others, its part."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def mixed(size: int) -> Iterator[str]:
    """What is hardly ever kept: other pages, moments, words and records each time."""
    random, words = Random(size), swedish()[:5_000]
    for number in count():
        at = f"{FIRST + timedelta(minutes=number):%Y-%m-%dT%H:%MZ}"
        own = random.randrange(size // 5) * 5
        yield f"/v1/hotlines?limit=20&offset={own % 1000}&at={at}"
        yield f"/v1/hotlines/prov-{own}?at={at}"
        yield f"/v1/search?q={quote(random.choice(words))}%20{quote(random.choice(words))}"
        yield f"/v1/referrals?municipality=1380&audience=health-care&at={at}"
        yield f"/hsds/v3/services?per_page=20&page={1 + random.randrange(size // 40)}"
        yield f"/sv/resurser/prov-{own}"


def report(rows: list[Row], asked: argparse.Namespace) -> str:
    """The whole of CROWDS.md."""
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [
        "# Many callers at once",
        f"`make crowds`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: over {asked.size:,} made-up resources, "
        f"{asked.seconds} s for each run, {asked.times} publications that a crowd waits for. Mixed: lists, "
        "details and referrals at moments, searches for two words, HSDS and pages, others each time: hardly any kept. "
        f"The client has the same cores. Load of the machine at the end (1, 5, 15 minutes): {loads}.",
        "\n".join(machine()),
        "\n".join(table(rows)),
    ]
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows, and whether each goal holds."""
    yield "| database | work | goal | found | holds |"
    yield "|---|---|---|---|---|"
    for row in rows:
        holds = "yes" if row.holds else "**no**"
        yield f"| {row.database} | {row.work} | {row.goal} | {row.figure} | {holds} |"


if __name__ == "__main__":
    main()
