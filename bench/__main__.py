"""`make bench`: build the directories, measure, write RESULTS.md. `--smoke` looks only whether everything runs."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx

from app.settings import ROOT
from bench import subjects
from bench.copying import fill_with_real, on_postgresql
from bench.loading import latencies
from bench.measuring import Runs, Stage, fill, measure
from bench.report import Alone, report
from bench.synthetic import prepare
from bench.vocabulary import swedish
from bench.works import DETAIL, LIST, assert_the_same, cold

STORES = ROOT / "bench" / ".stores"
COMMON, RARE = "common", "rare"


def main() -> None:
    """Measure everything; about twelve minutes once the directories are there."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs=3, default=[1_000, 100_000, 1_000_000], help="small, middle, large")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each run")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "RESULTS.md")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--few", action="store_true", help="only some of the cases, and no PostgreSQL")
    asked = parser.parse_args()
    alone = Alone()
    asked.stores.mkdir(exist_ok=True)
    stores = {size: _store(asked.stores, size, alone) for size in sorted(set(asked.sizes))}
    middle = sorted(stores)[len(stores) // 2]
    with tempfile.TemporaryDirectory(prefix="stodkatalog-bench-") as folder:
        real = _real(Path(folder))
        _start(real, asked.starts, alone)
        runs = _loaded(Path(folder), stores[middle], middle, real, asked, alone)
        for size, store in stores.items():
            _cold_lists(size, store, alone, 5 if asked.few else 40)
        _searches(stores[middle], alone, asked.few)
    written = report(runs, alone, asked.rounds, asked.seconds)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


def _store(folder: Path, size: int, alone: Alone) -> Path:
    path = folder / f"prov{size}.sqlite3"
    is_new, began = not path.exists(), time.perf_counter()
    if is_new:
        print(f"building a directory of {size:,} …", file=sys.stderr)
    prepare(path, size)
    if is_new:
        alone.builds[size] = time.perf_counter() - began
    return path


def _real(folder: Path) -> str:
    """The real directory, seeded."""
    url = f"sqlite:///{folder / 'real.sqlite3'}"
    fill_with_real(url)
    return url


def _start(url: str, starts: int, alone: Alone) -> None:
    for _ in range(starts):
        with subjects.service("service", url) as service:
            alone.starts.append(service.started_in)


def _loaded(folder: Path, store: Path, size: int, real: str, asked: argparse.Namespace, alone: Alone) -> Runs:
    with ExitStack() as running:
        service, another = (running.enter_context(subjects.service("service", f"sqlite:///{store}")) for _ in range(2))
        over_real = running.enter_context(subjects.service("service", real))
        files = _folder(folder)
        fill(files, service, over_real)
        nginx = running.enter_context(subjects.files(files))
        tutorial = running.enter_context(subjects.tutorial(store))
        datasette = subjects.datasette(store)
        stage = Stage(
            size,
            store,
            service,
            another,
            over_real,
            nginx,
            tutorial,
            running.enter_context(datasette) if datasette else None,
        )
        assert_the_same(service, tutorial, nginx, stage.datasette, store.stem)
        runs = measure(stage, asked.rounds, asked.seconds, folder, asked.few)
        _memory(alone, f"under load over {size:,} resources", service)
        _memory(alone, "after records that were never read before", another)
        _memory(alone, "under load over the real directory", over_real)
    return runs


def _folder(folder: Path) -> Path:
    found = folder / "nginx"
    found.mkdir()
    found.chmod(0o755)
    return found


def _cold_lists(size: int, store: Path, alone: Alone, number: int) -> None:
    """Processor time of a list that is not kept, one after the other."""
    with (
        subjects.service("service", f"sqlite:///{store}") as service,
        httpx.Client(base_url=service.address, timeout=60) as client,
    ):
        _ask(client, cold(LIST, 30, size).paths)
        alone.cold_lists[size] = []
        for _ in range(5):
            before = service.cpu_seconds()
            _ask(client, cold(LIST, number, size).paths)
            alone.cold_lists[size].append((service.cpu_seconds() - before) / number * 1000)
        _ask(client, cold(DETAIL, 300, size).paths)
        _memory(alone, f"after 500 cold answers over {size:,}", service)


def _memory(alone: Alone, when: str, service: subjects.Subject) -> None:
    alone.megabytes[when], alone.own_megabytes[when] = service.megabytes(), service.own_megabytes()


def _ask(client: httpx.Client, paths: Sequence[str]) -> None:
    for path in paths:
        assert client.get(path).status_code == 200


def _searches(store: Path, alone: Alone, few: bool) -> None:
    """Searches that were never asked before: common words, and rare ones; on both databases with the same result."""
    words, found = swedish(), list[dict[str, object]]()
    with ExitStack() as running:
        urls = {"SQLite": f"sqlite:///{store}"}
        if not few:
            urls["PostgreSQL"] = running.enter_context(on_postgresql(store))
        for name, url in urls.items():
            results: dict[str, object] = {}
            with subjects.service("service", url) as service:
                for sort, some in (
                    (COMMON, words[: 6 if few else 60]),
                    (RARE, words[-20_000 :: 2_000 if few else 100]),
                ):
                    paths = [f"/v1/search?q={one}" for one in some]
                    latencies(service, paths[:3])
                    alone.searches[name, sort] = latencies(service, paths[3:])
                    results |= _results(service, paths)
            found.append(results)
    differing = [path for path in found[0] if found[0][path] != found[-1][path]]
    assert not differing, f"the databases find different things: {differing}"
    alone.alike = 0 if few else len(found[0])


def _results(service: subjects.Subject, paths: Sequence[str]) -> dict[str, object]:
    """The total and the first of what each search finds."""
    with httpx.Client(base_url=service.address, timeout=60) as client:
        answers = {path: client.get(path).json() for path in paths}
    return {path: (one["_meta"]["total"], [hit["id"] for hit in one["items"]]) for path, one in answers.items()}


if __name__ == "__main__":
    main()
