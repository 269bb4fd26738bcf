"""Whom one caller can starve: 200 connections of random searches, and what a referral takes meanwhile.

    python -m bench.starving [SECONDS]

Serves the real directory on a free port of this machine, asks it for referrals that are not kept, first alone, then
beside the crowd, and prints the quantiles (ms). Ends by itself.
"""

import asyncio
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

CROWD = 200
LETTERS = "abdefghiklmnoprstuv"
REFERRAL = "/v1/referrals?municipality=Halmstad&at=2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}Z"


@contextmanager
def serving(**environment: str) -> Iterator[tuple[str, int]]:
    """The service over the real directory, in a process of its own: its address and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        store = {"STODKATALOG_DATABASE_URL": f"sqlite:///{Path(folder) / 'store.sqlite3'}"}
        command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--no-access-log"]
        process = subprocess.Popen(command, env={**os.environ, **store, **environment}, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int) -> None:
    over = time.monotonic() + 300
    while time.monotonic() < over:
        with suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200:
                return
        time.sleep(0.2)
    raise TimeoutError("the service did not start")


def crowd(port: int, seconds: float) -> None:
    """Ask for random searches on so many connections at once, for so long."""
    asyncio.run(_crowd(port, seconds))


async def _crowd(port: int, seconds: float) -> None:
    over = time.monotonic() + seconds
    await asyncio.gather(*(_search(port, over, random.Random(number)) for number in range(CROWD)))


async def _search(port: int, over: float, chance: random.Random) -> None:
    while time.monotonic() < over:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                while time.monotonic() < over:
                    words = "+".join("".join(chance.choices(LETTERS, k=chance.randint(1, 9))) for _ in range(3))
                    writer.write(f"GET /v1/search?q={words}&limit=100 HTTP/1.1\r\nHost: x.example\r\n\r\n".encode())
                    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), max(0.1, over - time.monotonic()))
                    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                    await reader.readexactly(int(length or 0))
            finally:
                writer.close()


def referrals(address: str, seconds: float) -> list[float]:
    """Milliseconds of one referral after the other, none of them kept."""
    over, taken, number = time.monotonic() + seconds, list[float](), 0
    with httpx.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < over:
            number += 1
            minutes, second = divmod(number, 60)
            hours, minute = divmod(minutes, 60)
            began = time.perf_counter()
            answer = client.get(REFERRAL.format(day=1 + hours // 24, hour=hours % 24, minute=minute, second=second))
            taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
            time.sleep(0.02)
    return sorted(taken)


def _line(name: str, taken: list[float]) -> str:
    quantile = [taken[min(len(taken) - 1, int(len(taken) * part))] for part in (0.5, 0.99, 1)]
    return f"{name:<32}{len(taken):>8}" + "".join(f"{value:>10.1f}" for value in quantile)


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20
    with serving() as (address, _):
        print(f"{'a referral (ms)':<32}{'asked':>8}{'median':>10}{'p99':>10}{'worst':>10}")
        print(_line("alone", referrals(address, seconds / 4)))
        load = multiprocessing.Process(target=crowd, args=(int(address.rpartition(":")[2]), seconds + 2))
        load.start()
        time.sleep(2)
        print(_line(f"beside {CROWD} random searches", referrals(address, seconds - 2)))
        load.join(seconds)


if __name__ == "__main__":
    main()
