"""`make endure`: hours in small: mixed traffic at 70 % of capacity with publications, then more than can be served.

At 70 %: no 5xx, and the memory does not grow. Beyond saturation: no 5xx but 503 with Retry-After, and well again.
Capacity is what this client reaches on this machine, on the same cores. Writes ENDURING.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
from sqlalchemy import Engine

from app.database import engine_for
from app.migrating import migrate
from app.records.commands import change_record
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from bench.report import machine
from bench.subjects import PAGE, Subject, service
from tests import postgres

MIX = (
    "/v1/referrals?municipality=Halmstad", "/v1/hotlines?limit={}", "/sv/stodlinjer", "/v1/search?q=polisen&limit={}",
    "/v1/resources?limit=50&offset={}", "/embed/hotlines", "/v1/hotlines/kvinnofridslinjen",
    "/v1/courses?limit={}",
)  # fmt: skip
"""Each `{}` is another number, of 90: half of the requests find hardly anything kept."""
LINE = "hotlines/kvinnofridslinjen"
CALLERS, CROWD = 16, 300
PUBLISHED_EVERY = 20.0
"""Seconds."""


@dataclass(slots=True)
class Phase:
    """What was seen in one part of the run."""

    name: str
    seconds: float
    statuses: Counter[str] = field(default_factory=Counter)
    megabytes: list[float] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """Answers that there should be none of: 5xx, but not a 503 that says when to come again; and none at all."""
        return sum(number for status, number in self.statuses.items() if not status.startswith(("2", "4", "later")))


def main() -> None:
    """Run on each database; ends with 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.enduring", description=main.__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="at 70 %% of capacity; a third of it beyond")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "ENDURING.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="enduring-") as folder:
        found = {"SQLite": endure(f"sqlite:///{folder}/store.sqlite3", asked.seconds)}
    if not asked.few:
        with postgres.server() as server:
            found["PostgreSQL"] = endure(server.create_database(), asked.seconds)
    written = report(found)
    asked.out.write_text(written, encoding="utf-8")
    print(written)
    if sum(phase.faults for phases in found.values() for phase in phases):
        sys.exit("There were answers that there should be none of.")


def endure(url: str, seconds: float) -> list[Phase]:
    """All parts of the run, over a new store."""
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(ROOT / "seed"), datetime.now(UTC))
    with service("service", url, workers=2) as subject:
        phases = asyncio.run(_run(subject, engine, seconds))
    engine.dispose()
    return phases


async def _run(subject: Subject, engine: Engine, seconds: float) -> list[Phase]:
    warm = await _ask_for(subject, "as fast as 16 callers can", max(5.0, seconds / 20), CALLERS)
    rate = 0.7 * sum(warm.statuses.values()) / warm.seconds
    publishing = asyncio.create_task(_publish(engine))
    steady = await _ask_for(subject, f"70 %: {rate:.0f} requests/s", seconds, CALLERS, rate)
    crowd = await _ask_for(subject, f"{CROWD} callers without a pause", seconds / 3, CROWD)
    publishing.cancel()
    with suppress(asyncio.CancelledError):
        await publishing
    after = await _ask_for(subject, "70 % again", max(5.0, seconds / 20), CALLERS, rate)
    return [warm, steady, crowd, after]


async def _ask_for(subject: Subject, name: str, seconds: float, callers: int, rate: float | None = None) -> Phase:
    """Ask for so long, with so many callers; `rate`: requests a second of all together, otherwise without a pause."""
    phase, numbers, began = Phase(name, seconds), count(), time.monotonic()
    pause = callers / rate if rate else 0.0
    # Idle for less than the five seconds after which the service ends a connection: the two would race.
    limits = httpx.Limits(max_connections=callers, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=subject.address, timeout=60, limits=limits) as client:

        async def call(place: int) -> None:
            due = began + pause * place / callers
            while time.monotonic() < began + seconds:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                phase.statuses[await _ask(client, next(numbers))] += 1
                due += pause

        tasks = [asyncio.create_task(call(place)) for place in range(callers)]
        while not all(task.done() for task in tasks):
            phase.megabytes.append(measure_memory(subject))
            await asyncio.wait(tasks, timeout=1)
    return phase


async def _ask(client: httpx.AsyncClient, number: int) -> str:
    """One request of the mix: its status, `later` for a 503 that says when to come again, or why there was none."""
    try:
        answer = await client.get(MIX[number % len(MIX)].format(number % 90 + 1))
    except httpx.TransportError as error:  # a reset, or a minute of silence
        return type(error).__name__
    return "later" if answer.status_code == 503 and "retry-after" in answer.headers else str(answer.status_code)


async def _publish(engine: Engine) -> None:
    """Publish another summary of one hotline every twenty seconds, until it is cancelled."""
    for number in count(1):
        patch = {"summary": {"sv": f"Nummer {number}.", "en": f"Number {number}."}}
        await asyncio.to_thread(change_record, engine, LINE, patch, "benchmark", "enduring", datetime.now(UTC))
        await asyncio.sleep(PUBLISHED_EVERY)


def measure_memory(subject: Subject) -> float:
    """Megabytes in use by a process and those that it has started."""
    processes = [subject.process.pid]
    for process in processes:
        with suppress(OSError):  # it has ended
            children = Path(f"/proc/{process}/task/{process}/children").read_text()
            processes += map(int, children.split())
    total = 0.0
    for process in processes:
        with suppress(OSError):
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE / 1e6
    return total


def report(found: dict[str, list[Phase]]) -> str:
    """The whole of ENDURING.md."""
    rows = [_row(name, phase) for name, phases in found.items() for phase in phases]
    lines = [
        "# Does it endure?",
        "",
        f"`make endure`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: two processes of the service over the real directory, "
        "lists, pages and searches in turn, half of them of 90 kinds; a publication every twenty seconds. Later: 503, "
        "told to come again, with Retry-After. Faults: any other 5xx, or no answer. The client has the same cores.",
        "",
        *machine(),
        "",
        "| store | load | s | answers | faults | MB |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, phase: Phase) -> str:
    answers = ", ".join(f"{number:,} {status}" for status, number in sorted(phase.statuses.items()))
    memory = f"{phase.megabytes[0]:.0f} → {phase.megabytes[-1]:.0f} (at most {max(phase.megabytes):.0f})"
    return f"| {name} | {phase.name} | {phase.seconds:g} | {answers} | {phase.faults} | {memory} |"


if __name__ == "__main__":
    main()
