"""Serving an application over real HTTP, in a thread, on a free port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from app.server.slow_clients import PatientProtocol

PLAIN = httpx.create_ssl_context(verify=False)
"""For clients of HTTP only: otherwise each reads the certificates of all authorities, which takes 30 ms."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running service: its address, a client of it, and the application itself."""

    address: str
    client: httpx.Client
    application: Starlette


@contextmanager
def serve(application: Starlette, **options: Any) -> Iterator[Served]:
    """Serve until the block ends, on `port` if one is given; the options are uvicorn's."""
    listener = socket.create_server(("127.0.0.1", options.pop("port", 0)))
    ours = {"http": PatientProtocol, "log_level": "critical", "access_log": False, "server_header": False}
    server = uvicorn.Server(uvicorn.Config(application, **{**ours, **options}))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server stopped before it started"
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=10, verify=PLAIN) as client:
            yield Served(address, client, application)
    finally:
        server.should_exit = True
        thread.join(5)


def wait_for(address: str) -> None:
    """Wait until a service that is starting in a process of its own answers."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}/healthz", timeout=2, verify=PLAIN).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the service did not start")


def wait_for_workers(port: int, number: int) -> None:
    """Wait until so many workers listen at a port, each at a socket of its own, as on Linux."""
    deadline = time.monotonic() + 60
    while True:
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        if sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows) >= number:
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)
