"""`make building`: what it takes `stodkatalog seed` to build a directory from its files; into BUILDING.md.

The files are the real ones with made-up records after them. They are seeded into an empty store, and once more
unchanged, each time by the command in a process of its own.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.kinds import DECLARATIONS
from app.records.kinds import KINDS
from app.seeding.editing import detect_style, render_table
from app.settings import ROOT
from bench.publishing import STORES
from bench.report import machine
from bench.synthetic import FIRST, prepare
from tests import postgres

MOST_GROWTH = 1.5
"""How many times the memory of the smallest directory the largest may take, to count as flat."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds by the clock and of the command's processor time, and the most megabytes that it held."""

    clock: float
    cpu: float
    memory: float


Runs = dict[tuple[str, int], tuple[Run, Run]]
"""Of each database and number of resources: the first seeding and the second, of unchanged files."""


def main() -> None:
    """Build each directory on each database, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.building", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="resources")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "BUILDING.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    asked.stores.mkdir(exist_ok=True)
    runs: Runs = {}
    for size in sorted(set(asked.sizes)):
        store = asked.stores / f"prov{size}.sqlite3"
        prepare(store, size)
        with tempfile.TemporaryDirectory(prefix="building-", dir=asked.stores) as folder:
            files = write_files(store, Path(folder) / "seed")
            runs["SQLite", size] = measure(f"sqlite:///{folder}/store.sqlite3", files)
            if not asked.few:
                with empty_postgresql() as url:
                    runs["PostgreSQL", size] = measure(url, files)
        print(f"{size:,} measured", flush=True)
    written = report(runs)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


@contextmanager
def empty_postgresql() -> Iterator[str]:
    """An empty database of a server that writes to the disk."""
    with postgres.server(durable=True) as server:
        yield server.create_database()


def write_files(store: Path, folder: Path) -> Path:
    """The seed folder with the made-up records of a store after the real ones."""
    shutil.copytree(ROOT / "seed", folder)
    kinds = ["source", "organization", *(kind.value for kind in DECLARATIONS)]
    with closing(sqlite3.connect(store)) as connection:
        for name in kinds:
            path, kind = folder / KINDS[name].file, KINDS[name]
            style = detect_style(path.read_text("utf-8"))
            with path.open("a", encoding="utf-8") as file:
                documents = connection.execute(
                    "SELECT document FROM revision WHERE kind = ? AND number >= ? ORDER BY number", (name, FIRST)
                )
                for (document,) in documents:
                    file.write(f"\n{render_table(kind.table, _to_fields(json.loads(document)), style)}")
    return folder


def _to_fields(document: dict[str, Any]) -> dict[str, Any]:
    """A document as TOML has it: a source's date is no text."""
    if "retrieved" in document:
        return document | {"retrieved": date.fromisoformat(document["retrieved"])}
    return document


def measure(url: str, folder: Path) -> tuple[Run, Run]:
    """Seed an empty store, and seed it again."""
    return _seed(url, folder), _seed(url, folder)


def _seed(url: str, folder: Path) -> Run:
    more = {"STODKATALOG_DATABASE_URL": url, "STODKATALOG_SEED_DIR": str(folder)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "seed"], cwd=ROOT, env=os.environ | more, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"seeding ended with {os.waitstatus_to_exitcode(status)}")
    return Run(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def report(runs: Runs) -> str:
    """The whole of BUILDING.md."""
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    parts = [
        "# Building a directory from its files",
        f"`make building`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: `stodkatalog seed` of files with so many made-up "
        "resources into an empty store, and of the same files once more. Seconds by the clock (processor time of the "
        "command; PostgreSQL's own is not in it), and the most memory that it held. "
        f"Load of the machine at the end (1, 5, 15 minutes): {load}.",
        "\n".join(machine()),
        "\n".join(_rows(runs)),
        "\n".join(_growth(runs)),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(runs: Runs) -> Iterator[str]:
    yield "| database | resources | built | memory | unchanged | memory |"
    yield "|---|---|---|---|---|---|"
    for (database, size), (first, second) in runs.items():
        yield (
            f"| {database} | {size:,} | {first.clock:.1f} s ({first.cpu:.1f}) | {first.memory:,.0f} MB | "
            f"{second.clock:.1f} s ({second.cpu:.1f}) | {second.memory:,.0f} MB |"
        )


def _growth(runs: Runs) -> Iterator[str]:
    """How much more memory the largest takes than the smallest."""
    for database in dict.fromkeys(database for database, _ in runs):
        sizes = [size for name, size in runs if name == database]
        small, large = (runs[database, size][0].memory for size in (min(sizes), max(sizes)))
        each = (large - small) * 1000 / max(1, max(sizes) - min(sizes))
        holds = "yes" if large <= MOST_GROWTH * small else "**no**"
        yield (
            f"- {database}: memory from {min(sizes):,} to {max(sizes):,} resources {large / small:.1f} times, "
            f"{each:.1f} kB for each further resource; flat: {holds}."
        )


if __name__ == "__main__":
    main()
