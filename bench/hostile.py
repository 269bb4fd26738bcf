"""`make hostile`: hostile writes while somebody reads; into HOSTILE.md.

Do public answers stay as fast, does the store stay bounded, and is nothing answered with 5xx? Two workers on the real
directory, on each database. The attackers are a process of their own, on the same cores. A reader is timed alone,
beside as many harmless readings a second, and beside the attack.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx
from sqlalchemy import Engine, func, text
from sqlmodel import Session, SQLModel, select

from app.access.models import AuditEntry, RepeatableRequest
from app.database import engine_for
from app.migrating import migrate
from app.records.models import Proposal, Revision
from app.reports.models import Report
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from bench import subjects
from bench.attacking import WRITERS, Answers, attack, make_keys, read_harmlessly
from bench.report import machine
from tests import postgres
from tests.serving import PLAIN

READ = ("/v1/hotlines", "/v1/resources?limit=100", "/sv/", "/v1/referrals?municipality=1380", "/sv/stodlinjer")
KEPT: tuple[type[SQLModel], ...] = (Proposal, Revision, Report, AuditEntry, RepeatableRequest)
"""Tables that hostile writes can add to."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found on one database. Times are in milliseconds, sizes in bytes."""

    alone: list[float]
    harmless: list[float]
    attacked: list[float]
    answers: Answers
    sizes: tuple[int, int]
    counts: list[int]
    seconds: float


def main() -> None:
    """Attack on each database; ends with 1 where an answer was 5xx."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=main.__doc__)
    parser.add_argument("--writes", type=int, default=100_000, help="on each database")
    parser.add_argument("--pace", type=float, default=200, help="writes a second; 0: as many as can be")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "HOSTILE.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        found = {"SQLite": measure(f"sqlite:///{Path(folder) / 'store.sqlite3'}", asked.writes, asked.pace)}
    if not asked.few:
        with postgres.server() as server:
            found["PostgreSQL"] = measure(server.create_database(), asked.writes, asked.pace)
    written = report(found, asked.pace)
    asked.out.write_text(written, encoding="utf-8")
    print(written)
    failed = [
        f"{name}: {count} {sort} answered {status}"
        for name, result in found.items()
        for (sort, status), count in result.answers.items()
        if status >= 500
    ]
    if failed:
        sys.exit("\n".join(failed))


def measure(url: str, writes: int, pace: float) -> Result:
    """Read alone, beside harmless readings, and beside the attack."""
    engine, now = engine_for(url), datetime.now(UTC)
    migrate(engine)
    write_seed(engine, read_seed(ROOT / "seed"), now)
    keys = make_keys(engine, now)
    before = measure_size(engine)
    with subjects.service("service", url, 2) as service, multiprocessing.get_context("spawn").Pool(1) as other:
        few = max(min(writes // 10, 4_000), 200)
        alone = read(service.address, lambda done: done < few // 2)
        harmless = other.apply_async(read_harmlessly, (service.address, few, pace))
        beside = read(service.address, lambda _: not harmless.ready())
        began = time.monotonic()
        attacking = other.apply_async(attack, (service.address, keys, writes, pace))
        attacked = read(service.address, lambda _: not attacking.ready())
        answers, seconds = attacking.get(), time.monotonic() - began
    with Session(engine) as session:
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in KEPT]
    after = measure_size(engine)
    engine.dispose()
    return Result(alone, beside, attacked, answers, (before, after), counts, seconds)


def read(address: str, goes_on: Callable[[int], bool]) -> list[float]:
    """How long each reading took."""
    times = list[float]()
    with httpx.Client(base_url=address, timeout=30, verify=PLAIN) as client:
        while goes_on(len(times)):
            began = time.perf_counter()
            answer = client.get(READ[len(times) % len(READ)])
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"a reader was answered {answer.status_code}"
    return times


def measure_size(engine: Engine) -> int:
    """Bytes of the store; of SQLite with what its log holds."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    file = Path(str(engine.url.database))
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))


def report(found: dict[str, Result], pace: float) -> str:
    """The whole of HOSTILE.md."""
    how = f"{pace:g} a second" if pace else "as many as can be"
    told = (
        f"`make hostile`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: hostile writes, {how}, from {WRITERS} connections on "
        "the same cores as the service (two workers, the real directory), with stolen keys of 60 contributors, an "
        "operator and an editor, keys of nobody, reports as from all networks, and repeated `Idempotency-Key`s. One "
        "reader asks without a pause for lists, pages and referrals: alone, beside as many harmless readings a second, "
        "and beside the attack."
    )
    parts = ["# Hostile writes", told, "\n".join(machine()), "\n".join(_reading(found)), "\n".join(_keeping(found))]
    for name, result in found.items():
        parts += [f"## What the writes were answered, {name}", "\n".join(_answers(result.answers))]
    return "\n\n".join(parts) + "\n"


def _reading(found: dict[str, Result]) -> Iterator[str]:
    yield "| database | reading | answers | median, ms | p99, ms |"
    yield "|---|---|---|---|---|"
    for name, result in found.items():
        named = {
            "alone": result.alone,
            "beside harmless readings": result.harmless,
            "beside the attack": result.attacked,
        }
        for what, times in named.items():
            yield f"| {name} | {what} | {len(times):,} | {median(times):.1f} | {quantiles(times, n=100)[98]:.1f} |"


def _keeping(found: dict[str, Result]) -> Iterator[str]:
    yield f"| database | writes | seconds | bytes before | bytes after | {' | '.join(_names())} |"
    yield f"|---|---|---|---|---|{'---|' * len(KEPT)}"
    for name, result in found.items():
        rows = " | ".join(f"{count:,}" for count in result.counts)
        before, after = result.sizes
        yield (
            f"| {name} | {sum(result.answers.values()):,} | {result.seconds:.0f} | {before:,} | {after:,} | {rows} |"
        )


def _names() -> Sequence[str]:
    return [f"rows of {table.__tablename__}" for table in KEPT]


def _answers(answers: Answers) -> Iterator[str]:
    statuses = sorted({status for _, status in answers})
    yield f"| writes | {' | '.join(str(status or 'cut off') for status in statuses)} |"
    yield f"|---|{'---|' * len(statuses)}"
    for sort in sorted({sort for sort, _ in answers}):
        yield f"| {sort} | {' | '.join(f'{answers[sort, status]:,}' for status in statuses)} |"


if __name__ == "__main__":
    main()
