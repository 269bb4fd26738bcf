"""Our own index of search beside the engines of the databases and tantivy, over the same texts; into ENGINES.md.

    python -m bench.engines [--size 100000] [--few] [--seconds 10]

Each engine is given names and texts with the same normalisation (`app/search/words.py`), and asked for the exact total
and the first 20 by rank. tantivy is compared where it is installed (`pip install tantivy`). Processor time is that of
this process: PostgreSQL's own is not in it, so its times by the clock count.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app.database import engine_for
from app.search.words import find_stems, remove_diacritics, split_words
from app.settings import ROOT
from bench.copying import on_postgresql
from bench.engine_subjects import (
    Document,
    Fts5,
    OwnIndex,
    SearchEngine,
    Tantivy,
    Tsvector,
    count_lines,
    load_documents,
)
from bench.publishing import STORES, copy_of
from bench.report import machine
from bench.synthetic import prepare
from bench.vocabulary import swedish

PUBLICATIONS = 30
FEWEST = 5
"""Queries of a sort that are asked, however long they take."""


def main() -> None:
    """Ask each engine the same, and write the table, a row at a time."""
    parser = argparse.ArgumentParser(prog="python -m bench.engines", description=main.__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="resources")
    parser.add_argument("--queries", type=int, default=40, help="of each sort")
    parser.add_argument("--seconds", type=float, default=10, help="after which a sort has no further query")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "ENGINES.md")
    parser.add_argument("--few", action="store_true", help="no PostgreSQL")
    asked = parser.parse_args()
    asked.stores.mkdir(exist_ok=True)
    store = asked.stores / f"prov{asked.size}.sqlite3"
    prepare(store, asked.size)
    queries, rows = make_queries(asked.queries), list[str]()
    with ExitStack() as stack:
        for row in measure_all(store, queries, asked, stack):
            rows.append(row)
            print(row, flush=True)
            asked.out.write_text(report(rows, asked), encoding="utf-8")


def measure_all(
    store: Path, queries: dict[str, list[str]], asked: argparse.Namespace, stack: ExitStack
) -> Iterator[str]:
    """The row of each engine."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="engines-", dir=asked.stores)))
    url = stack.enter_context(copy_of(store))
    documents = load_documents(engine_for(url), normalised)
    yield measure(OwnIndex(engine_for(url), "own index, SQLite"), documents, queries, asked.seconds)
    yield measure(Fts5(folder / "fts5.sqlite3"), documents, queries, asked.seconds)
    if find_spec("tantivy"):
        yield measure(Tantivy(folder / "tantivy"), documents, queries, asked.seconds)
    if not asked.few:
        on_server = stack.enter_context(on_postgresql(store, durable=True))
        yield measure(OwnIndex(engine_for(on_server), "own index, PostgreSQL"), documents, queries, asked.seconds)
        yield measure(Tsvector(on_server), documents, queries, asked.seconds)


def normalised(text: str) -> str:
    """A text as every engine gets it: its words without diacritics, and their stems."""
    return " ".join(map(_forms, split_words(text)))


@cache
def _forms(word: str) -> str:
    return " ".join(dict.fromkeys([remove_diacritics(word), *sorted(find_stems(word))]))


def make_queries(number: int) -> dict[str, list[str]]:
    """Queries of each sort, the same each time."""
    random, known = Random(20261128), swedish()
    common, rare = known[:number], known[-20_000 :: 20_000 // number]
    return {
        "common": common,
        "rare": rare,
        "prefix": [word[:3] for word in known[: 4 * number : 4]],
        "mistyped": [_mistype(word, random) for word in known[200 : 200 + number]],
        "five words": [" ".join(random.sample(common, 5)) for _ in range(number)],
    }


def _mistype(word: str, random: Random) -> str:
    """A word with two neighbouring letters exchanged."""
    place = random.randrange(1, max(2, len(word) - 1))
    return word[: place - 1] + word[place : place + 1] + word[place - 1] + word[place + 1 :]


def measure(engine: SearchEngine, documents: Sequence[Document], queries: dict[str, list[str]], seconds: float) -> str:
    """The row of one engine."""
    before, built = _resident(), _timed(lambda: engine.build(documents))
    cells = [_ask_all(engine, some, seconds) for some in queries.values()]
    changed = documents[: 7 * PUBLICATIONS : 7]
    published = [_timed(lambda one=one: engine.publish(one, f"utgåva {one.number}")) for one in changed]
    memory = _resident() - before
    return (
        f"| {engine.name} | {' | '.join(cells)} | {_cell(published)} | "
        f"{'–' if engine.is_built else f'{built.clock / 1000:.0f} s'} | {engine.size() / 1e6:.1f} MB | "
        f"{memory:.0f} MB | {count_lines(engine)} |"
    )


def _ask_all(engine: SearchEngine, queries: Sequence[str], seconds: float) -> str:
    """The cell of one sort of queries: all of them, or as many as begin within these seconds."""
    engine.ask(queries[0])
    taken, deadline = list[Taken](), time.monotonic() + seconds
    for query in queries:
        if len(taken) >= FEWEST and time.monotonic() > deadline:
            return f"{_cell(taken)}, {len(taken)} asked"
        taken.append(_timed(lambda query=query: engine.ask(query)))
    return _cell(taken)


class Taken(NamedTuple):
    """Milliseconds by the clock, and of this process's processor time."""

    clock: float
    cpu: float


def _timed(work: Callable[[], object]) -> Taken:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken((time.perf_counter() - clock) * 1000, (time.process_time() - cpu) * 1000)


def _cell(taken: Sequence[Taken]) -> str:
    """Median and p99 by the clock, and the median of processor time."""
    slowest = quantiles((one.clock for one in taken), n=100)[98]
    return f"{median(one.clock for one in taken):.1f} / {slowest:.1f} ({median(one.cpu for one in taken):.1f})"


def _resident() -> float:
    """Megabytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(rows: Sequence[str], asked: argparse.Namespace) -> str:
    """The whole of ENGINES.md."""
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [
        "# Engines of search side by side",
        f"`python -m bench.engines`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {asked.size:,} made-up resources, "
        f"{asked.queries} queries of each sort, each for the exact total and the first 20 by rank; as many as a cell "
        f"says where they took longer than {asked.seconds:.0f} s. Milliseconds: "
        "median / p99 by the clock (median of this processor time here; PostgreSQL's own is not in it). Publish: the "
        f"words of one record change, to the commit, {PUBLICATIONS} times. Build: by the clock. "
        "Memory: what this process grew by. Lines: ours that the engine needs; what any would need (words, "
        "stems, everyday words, order by kind) is not counted. The own index is given whole by the directory, and also "
        f"finds by place and kind, and orders by tiers. Load of the machine at the end (1, 5, 15 minutes): {loads}.",
        "\n".join(machine()),
        "\n".join(
            [
                "| engine | common | rare | prefix | mistyped | five words | publish | build | size | memory | lines |",
                "|---|---|---|---|---|---|---|---|---|---|---|",
                *rows,
            ]
        ),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
