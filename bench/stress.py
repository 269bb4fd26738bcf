"""`make stress`: constant publishing in stores that several processes serve, while connections break; into STRESS.md.

Counts answers that are older than what had been published before they were asked for. There is to be none, and the
last row has to have some: it is the same race against an nginx that keeps answers for a second whatever happens.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from app.database import engine_for
from app.migrating import migrate
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from bench import subjects
from bench.racing import Tally, race
from bench.report import machine
from tests import postgres

WRITER = "stress"
"""The name under which we write, so that our own connections are not cut."""
CONTROL = "control: nginx keeps answers for a second"
NAIVE = """
proxy_cache_path {folder}/cache keys_zone=naive:1m;
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass {address};
        proxy_cache naive;
        proxy_cache_key $request_uri$http_accept_language$http_accept_encoding;
        proxy_cache_valid 200 1s;
        proxy_ignore_headers Cache-Control Expires Vary;
    }}
}}
"""


def main() -> None:
    """Run every race; ends with 1 if an answer was stale or broken, or if the control finds nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench.stress", description=main.__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of each race")
    parser.add_argument("--workers", type=int, default=2, help="of each service")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "STRESS.md")
    parser.add_argument("--few", action="store_true", help="SQLite only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stodkatalog-stress-") as folder:
        Path(folder).chmod(0o755)
        found = _on_sqlite(Path(folder), asked.seconds, asked.workers)
    if not asked.few:
        found = _on_postgresql(asked.seconds, asked.workers) | found
    written = _report(found, asked.seconds, asked.workers)
    asked.out.write_text(written, encoding="utf-8")
    print(written)
    faults = [f"{name}: {fault}" for name, tally in found.items() for fault in tally.broken[:5]]
    faults += [f"{name}: a file ended early" for name, tally in found.items() if tally.ended_early and not tally.cuts]
    faults += [
        f"{name}: {tally.stale} stale" for name, tally in found.items() if bool(tally.stale) != (name == CONTROL)
    ]
    if faults:
        sys.exit("\n".join(faults))


def _on_sqlite(folder: Path, seconds: float, workers: int) -> dict[str, Tally]:
    url = f"sqlite:///{folder / 'store.sqlite3'}"
    with _seeded(url) as engine, subjects.service("service", url, workers) as service:
        found = {"SQLite": race([service.address], engine, seconds)}
        with _naive(folder, service.address) as nginx:
            found[CONTROL] = race([nginx.address], engine, min(seconds, 10))
    return found


def _on_postgresql(seconds: float, workers: int) -> dict[str, Tally]:
    found = {}
    with postgres.server() as server, ExitStack() as running:
        url = server.create_database()
        engine = running.enter_context(_seeded(url))
        addresses = []
        with engine.connect() as connection:
            name = f"PostgreSQL {str(connection.scalar(text('SHOW server_version'))).split()[0]}"
        for services in ("", ", two services"):
            addresses.append(running.enter_context(subjects.service("service", url, workers)).address)
            found[name + services] = race(addresses, engine, seconds)
            found[f"{name}{services}, connections cut"] = race(addresses, engine, seconds, lambda: _cut(engine))
    return found


@contextmanager
def _seeded(url: str) -> Iterator[Engine]:
    """The real directory in a new store."""
    ours = make_url(url)
    if ours.get_backend_name() == "postgresql":
        ours = ours.update_query_dict({"application_name": WRITER})
    engine = engine_for(ours.render_as_string(hide_password=False))
    migrate(engine)
    write_seed(engine, read_seed(ROOT / "seed"), datetime.now(UTC))
    yield engine
    engine.dispose()


def _cut(engine: Engine) -> int:
    """End all connections of the services to PostgreSQL; how many there were."""
    others = "datname = current_database() AND backend_type = 'client backend' AND application_name <> :ours"
    with engine.begin() as connection:
        ended = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        return len(connection.execute(ended, {"ours": WRITER}).all())


@contextmanager
def _naive(folder: Path, address: str) -> Iterator[subjects.Subject]:
    """An nginx that asks nobody whether what it keeps still holds."""
    folder = folder / "nginx"
    folder.mkdir()
    folder.chmod(0o755)
    port = subjects.free_port()
    with subjects.nginx(folder, port, NAIVE.format(folder=folder, port=port, address=address)) as nginx:
        yield nginx


def _report(found: dict[str, Tally], seconds: float, workers: int) -> str:
    rows = [
        f"| {name} | {one.writes:,} | {one.cuts:,} | {one.answers:,} | {one.unchanged:,} | {one.unavailable:,} "
        f"| {one.ended_early:,} | {len(one.broken)} | {one.stale:,} |"
        for name, one in found.items()
    ]
    lines = [
        "# Is any answer stale?",
        "",
        f"`make stress`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {seconds:g} s for each row, {workers} processes for "
        "each service, two publishers and four readers without a pause, over the real directory. An answer is stale "
        "that is older than what had been published before the request was sent. Cut: connections of the service to "
        "PostgreSQL that were ended, all of them every two seconds; 503: told to come again; ended early: "
        "a file that was on its way, of which the client is told that it is not whole.",
        "",
        *machine(),
        "",
        "| store | published | cut | answers | of these 304 | 503 | ended early | broken | stale |",
        "|---|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
