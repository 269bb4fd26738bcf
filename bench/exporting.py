"""`make exports`: whole directories as files, and what others wait for meanwhile; into EXPORTS.md.

Each file is read for some seconds, or to its end: its first bytes, the memory of the worker, and how long others wait.
"""

import argparse
import asyncio
import math
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from app.settings import ROOT
from bench.calling import Answer, Caller, ask_steadily, request_for, slowest
from bench.crowding import Row, table
from bench.publishing import STORES
from bench.report import machine
from bench.subjects import Subject, service
from bench.synthetic import prepare

FILES = ("resources.csv", "resources.ndjson", "resources.xlsx", "datapackage.zip")
OTHERS = ("/v1/hotlines?limit=20", "/v1/hotlines/prov-50", "/sv/stodlinjer", "/v1/referrals?municipality=1380")
RATE, SOON, GROWTH = 40.0, 200.0, 10.0
"""Requests of others a second; milliseconds to the first byte; megabytes that a worker may grow by."""


@dataclass(slots=True)
class Download:
    """What was seen of one file."""

    first: float = math.inf
    bytes: int = 0
    is_whole: bool = False
    megabytes: list[float] = field(default_factory=list)


def main() -> None:
    """Download each file; some two minutes once the directory is there."""
    parser = argparse.ArgumentParser(prog="python -m bench.exporting", description=main.__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="resources")
    parser.add_argument("--seconds", type=float, default=20, help="of each file")
    parser.add_argument("--stores", type=Path, default=STORES, help="where the directories are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "EXPORTS.md")
    parser.add_argument("--few", action="store_true", help="nothing is left out: it is SQLite only")
    asked = parser.parse_args()
    asked.stores.mkdir(exist_ok=True)
    store = asked.stores / f"prov{asked.size}.sqlite3"
    prepare(store, asked.size)
    with service("service", f"sqlite:///{store}") as subject:
        rows = asyncio.run(measure(subject, asked.seconds))
    written = report(rows, asked)
    asked.out.write_text(written, encoding="utf-8")
    print(written)


async def measure(subject: Subject, seconds: float) -> list[Row]:
    """Others alone, then beside each file."""
    await _settle(subject, seconds)
    before = slowest(await _ask_others(subject, seconds))
    await _download(subject, FILES[0], 1)  # what exports need in memory, whatever their size
    rows = list[Row]()
    for name in FILES:
        await _settle(subject, seconds)
        download, answers = await asyncio.gather(_download(subject, name, seconds), _ask_others(subject, seconds))
        rows += _rows(name, download, slowest(answers), before)
    return rows


async def _settle(subject: Subject, seconds: float) -> None:
    """Let the others' answers be made, and a full minute pass if the run would cross it: they are made anew then."""
    left = 60 - time.time() % 60
    if left < seconds + 3:
        await asyncio.sleep(left)
    await _ask_others(subject, 2)


async def _ask_others(subject: Subject, seconds: float) -> list[Answer]:
    async with Caller(subject.address) as one, Caller(subject.address) as two:
        return await ask_steadily([one, two], cycle(OTHERS), RATE, seconds)


async def _download(subject: Subject, name: str, seconds: float) -> Download:
    """Read a file for so long at most."""
    host, _, port = subject.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    download, began = Download(megabytes=[subject.megabytes()]), time.perf_counter()
    writer.write(request_for(f"/v1/exports/{name}", host).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.splitlines()[0], head
            await _read_all(reader, download, subject, began)
    writer.close()
    return download


async def _read_all(reader: asyncio.StreamReader, download: Download, subject: Subject, began: float) -> None:
    """Note what the rest of an answer takes, and the memory of the service at each megabyte."""
    while piece := await reader.read(1 << 16):
        download.first = min(download.first, (time.perf_counter() - began) * 1000)
        download.bytes += len(piece)
        if download.bytes >> 20 >= len(download.megabytes):
            download.megabytes.append(subject.megabytes())
    download.is_whole = True


def _rows(name: str, download: Download, slow: float, before: float) -> Iterator[Row]:
    memory = [download.megabytes[0], max(download.megabytes)]
    whole = "whole" if download.is_whole else "cut after the time"
    first = "none" if math.isinf(download.first) else f"{download.first:.0f} ms"
    yield Row("SQLite", f"{name}, first byte", f"≤ {SOON:.0f} ms", first, download.first <= SOON)
    yield Row(
        "SQLite",
        f"{name}, memory of the worker",
        f"grows by ≤ {GROWTH:.0f} MB",
        f"{memory[0]:.0f} → {memory[1]:.0f} MB over {download.bytes / 1e6:.0f} MB, {whole}",
        memory[1] - memory[0] <= GROWTH,
    )
    yield Row(
        "SQLite",
        f"{name}, others meanwhile",
        "p99 at most doubled",
        f"{before:.1f} → {slow:.1f} ms",
        slow <= 2 * before,
    )


def report(rows: list[Row], asked: argparse.Namespace) -> str:
    """The whole of EXPORTS.md."""
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [
        f"# Files of {asked.size:,} resources",
        f"`make exports`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: each file is read for {asked.seconds:g} s at most, "
        f"by a client that takes it as fast as it comes; one worker. Others: {RATE:.0f} requests a second for a list, "
        f"a detail, a page and referrals. Load of the machine at the end (1, 5, 15 minutes): {loads}.",
        "\n".join(machine()),
        "\n".join(table(rows)),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
