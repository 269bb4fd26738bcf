"""`make readings`: what it costs to make answers anew, at several sizes; into READINGS.md.

Each answer is made without any that is kept: what the first reader after a publication waits for. Processor time is
that of this process, with the little that the client takes; statements and rows are read by the service itself.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from sqlalchemy import event

from app.main import create_app
from app.resources.slices import Counts
from app.settings import ROOT, Settings
from bench.copying import on_postgresql
from bench.publishing import STORES
from bench.report import machine
from bench.synthetic import prepare

PATHS = {
    "detail": "/v1/hotlines/prov-50",
    "list of 20": "/v1/hotlines?limit=20",
    "by channel": "/v1/hotlines?channel=phone",
    "by language, common": "/v1/hotlines?language=en",
    "by language, rare": "/v1/hotlines?language=so",
    "by municipality": "/v1/support-services?municipality=1380",
    "by county": "/v1/support-services?county=13",
    "by topic": "/v1/support-services?topic=human-trafficking",
    "by organization": "/v1/support-services?organization=provorganisation-1",
    "open now": "/v1/hotlines?open=true",
    "open now, chat, English": "/v1/hotlines?open=true&channel=chat&language=en",
    "list with words": "/v1/courses?q=utbildning",
    "search": "/v1/search?q=telefon",
    "referral": "/v1/referrals?municipality=1380&audience=health-care",
    "referral on a topic": "/v1/referrals?municipality=1380&audience=health-care&topic=human-trafficking",
    "page of lines": "/sv/stodlinjer",
    "page that is not there": "/sv/resurser/finns-inte",
}
LISTS = frozenset(name for name in PATHS if name.startswith(("by ", "open ", "list ")))
LIST_WITHIN, REFERRAL_WITHIN = 100.0, 60.0
"""Milliseconds that the slowest page of 20 and the processor time of a referral may take."""


@dataclass(slots=True)
class Reading:
    """Milliseconds of processor time and by the clock, and statements, of each time that an answer was made."""

    status: int = 0
    cpu: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    statements: int = 0


Readings = dict[tuple[str, int], dict[str, Reading]]


def main() -> None:
    """Make each answer over each directory, on each database, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000], help="resources")
    parser.add_argument("--times", type=int, default=10, help="how often each answer is made")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "READINGS.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    asked.stores.mkdir(exist_ok=True)
    readings: Readings = {}
    for size in sorted(set(asked.sizes)):
        store = asked.stores / f"prov{size}.sqlite3"
        prepare(store, size)
        readings["SQLite", size] = asyncio.run(measure(f"sqlite:///{store}", asked.times))
        if not asked.few:
            with on_postgresql(store) as url:
                readings["PostgreSQL", size] = asyncio.run(measure(url, asked.times))
        print(f"{size:,} measured", flush=True)
    written = report(readings, asked.times)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


async def measure(url: str, times: int) -> dict[str, Reading]:
    """Make each answer so often, after once that is not counted."""
    application = create_app(Settings(database_url=url))
    statements = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(application.state.engine, "before_cursor_execute", note)
    readings = dict[str, Reading]()
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
        for name, path in PATHS.items():
            readings[name] = reading = Reading()
            for nth in range(-1, times):
                statements.clear()
                application.state.counts = Counts()
                host = {"Host": f"reading-{nth}.example"}  # what is kept is kept for the name that was asked
                clock, cpu = time.perf_counter(), time.process_time()
                reading.status = (await client.get(path, headers=host)).status_code
                clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
                if nth >= 0:
                    reading.clock.append(clock * 1000)
                    reading.cpu.append(cpu * 1000)
            reading.statements = sum(not one.startswith("BEGIN") for one in statements)
    application.state.engine.dispose()
    return readings


def report(readings: Readings, times: int) -> str:
    """The whole of READINGS.md."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [
        "# Answers made anew",
        f"`make readings`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: each answer made {times} times, none kept; the "
        "middle and the slowest. CPU is that of the process that serves, with its client; PostgreSQL's own is not in "
        f"it. Load of the machine at the end (1, 5, 15 minutes): {load}.",
        "\n".join(machine()),
        "\n".join(_rows(readings)),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(readings: Readings) -> Iterator[str]:
    yield "| database | resources | answer | status | CPU p50 | p50 | slowest | statements | goal | holds |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for (database, size), by_name in readings.items():
        for name, one in by_name.items():
            goal, holds = _judge(name, one)
            yield (
                f"| {database} | {size:,} | {name} | {one.status} | {median(one.cpu):.1f} ms | "
                f"{median(one.clock):.1f} ms | {max(one.clock):.1f} ms | {one.statements} | {goal} | {holds} |"
            )


def _judge(name: str, reading: Reading) -> tuple[str, str]:
    """The goal of an answer, and whether it holds; most have none."""
    if name in LISTS:
        return f"slowest ≤ {LIST_WITHIN:.0f} ms", "yes" if max(reading.clock) <= LIST_WITHIN else "**no**"
    if name.startswith("referral"):
        return f"CPU ≤ {REFERRAL_WITHIN:.0f} ms", "yes" if median(reading.cpu) <= REFERRAL_WITHIN else "**no**"
    return "–", "–"


if __name__ == "__main__":
    main()
