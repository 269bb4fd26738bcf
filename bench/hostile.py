"""Hostile writes while somebody reads: do public answers stay as fast, and does the store stay bounded?

`python -m bench.hostile --writes 100000`. Two workers on the real seed in SQLite; reports, proposals, decisions
and guesses, of all sizes, mostly nonsense; beside them one reader. Prints the reader's times before and meanwhile,
what the writers were answered, and the size of the store. Whoever sends takes from the same cores.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import httpx

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.database import engine_for
from app.migrating import migrate
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from tests.serving import PLAIN, wait_for

PORT, WRITERS = 18_473, 8
READ = ("/v1/hotlines", "/v1/resources?limit=100", "/sv/", "/v1/referrals?municipality=1380", "/sv/stodlinjer")
READ_BEFORE = 2_000
"""Readings without any writer."""
TEXTS = ("", "Fel nummer.", "x" * 1_000, "x" * 60_000, "<script>alert(1)</script>", "\x00", "🐍" * 300, "' OR 1=1 --")
NOBODY = "stodkatalog_live_0123abcd_" + 64 * "0"
ANY = "00000000-0000-4000-8000-000000000000"


def main() -> None:
    """Read alone, then while others write."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=main.__doc__)
    parser.add_argument("--writes", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        store = Path(folder) / "store.sqlite3"
        keys = make_store(store)
        with serving(store) as address:
            before = read(address, lambda done: done < READ_BEFORE)
            print(f"alone       {describe(before)}; the store has {size(Path(folder)):.1f} MB")
            answers, writers = Counter[int](), start_writers(address, keys, asked.writes)
            meanwhile = read(address, lambda _: any(one.is_alive() for one, _ in writers))
            for _, counted in writers:
                answers += counted
            print(f"meanwhile   {describe(meanwhile)}; the store has {size(Path(folder)):.1f} MB")
            print(f"the writers were answered {dict(sorted(answers.items()))}")


def make_store(path: Path) -> list[str]:
    """The real seed, and keys of a contributor, of an editor and of nobody."""
    engine, now = engine_for(f"sqlite:///{path}"), datetime.now(UTC)
    migrate(engine)
    write_seed(engine, read_seed(ROOT / "seed"), now)
    roles = (KeyRole.CONTRIBUTOR, KeyRole.EDITOR)
    keys = [add_key(engine, KeyRequest(f"Prov {role}", role), now)[0] for role in roles]
    engine.dispose()
    return [*keys, NOBODY]


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """Two workers, as an operator starts them."""
    command = [sys.executable, "-m", "app", "serve", "--port", str(PORT), "--workers", "2"]
    environment = {"STODKATALOG_DATABASE_URL": f"sqlite:///{store}", "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as service:
        try:
            wait_for(f"http://127.0.0.1:{PORT}")
            yield f"http://127.0.0.1:{PORT}"
        finally:
            service.terminate()


def read(address: str, goes_on: Callable[[int], bool]) -> list[float]:
    """How long each reading took, in milliseconds."""
    times = list[float]()
    with httpx.Client(base_url=address, timeout=30, verify=PLAIN) as client:
        while goes_on(len(times)):
            began = time.perf_counter()
            answer = client.get(READ[len(times) % len(READ)])
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"a reader was answered {answer.status_code}"
    return times


def start_writers(address: str, keys: list[str], writes: int) -> list[tuple[threading.Thread, Counter[int]]]:
    """Threads that write, each with a count of the statuses that it gets."""
    started = list[tuple[threading.Thread, Counter[int]]]()
    for nth in range(WRITERS):
        counted = Counter[int]()
        arguments = (address, keys, writes // WRITERS, random.Random(nth), counted)
        thread = threading.Thread(target=write_nonsense, args=arguments, daemon=True)
        thread.start()
        started.append((thread, counted))
    return started


def write_nonsense(address: str, keys: list[str], writes: int, chance: random.Random, counted: Counter[int]) -> None:
    """Send whatever comes to mind; 0 counts requests that were cut off."""
    with httpx.Client(base_url=address, timeout=30, verify=PLAIN) as client:
        for _ in range(writes):
            path, body = chance.choice(list(make_requests(chance)))
            headers = {"Authorization": f"Bearer {chance.choice(keys)}"} if path.startswith("/v1") else {}
            sent = {"json": body} if path.startswith("/v1") else {"data": body}
            try:
                counted[client.post(path, headers=headers, **sent).status_code] += 1
            except httpx.TransportError:
                counted[0] += 1


def make_requests(chance: random.Random) -> Iterator[tuple[str, dict[str, object]]]:
    """One of each sort."""
    text = chance.choice(TEXTS)
    report = {"record": "hotlines/kvinnofridslinjen", "text": text, "opened_at": "2026-11-01T00:00:00Z"}
    yield "/v1/reports", report
    yield "/v1/reports", report | {"opened_at": datetime.now(UTC).isoformat(), "field": text}
    yield "/v1/proposals", {"record": "hotlines/kvinnofridslinjen", "base_revision": 1, "patch": {"summary": text}}
    yield "/v1/proposals", {"record": f"courses/{chance.randrange(9)}", "document": {"id": text}, "reason": text}
    yield f"/v1/proposals/{ANY}/decision", {"decision": "accept", "reason": text}
    yield "/v1/webhooks", {"url": f"https://{chance.randrange(99)}.example/", "records": [text]}
    yield "/v1/records/hotlines/kvinnofridslinjen/confirmations", {"scope": "contact", "method": text}
    yield "/sv/fel", {"text": text, "record": "hotlines/kvinnofridslinjen"}
    yield "/redaktion/logga-in", {"kod": f"{chance.randrange(1 << 60):064x}"}
    yield "/redaktion/nycklar", {"namn": text, "csrf": text}


def describe(times: list[float]) -> str:
    """How many, and how long they took."""
    cuts = quantiles(times, n=100)
    return f"{len(times)} readings, median {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms"


def size(folder: Path) -> float:
    """Of the store with its log, in megabytes."""
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


if __name__ == "__main__":
    main()
