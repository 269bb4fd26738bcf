"""The small directory, served, with keys to it, and a receiver of messages."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.access.conftest import client, folder, make_key, store

__all__ = ["client", "folder", "make_key", "store"]


@dataclass
class Receiver:
    """Answers with `status`, or not before it is let go; keeps what it was sent."""

    port: int
    status: int = 204
    location: str | None = None
    hangs: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)
    messages: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.messages.append((self.path, dict(self.headers), body))
            if found.hangs:
                found.let_go.wait(20)
            self.send_response(found.status)
            if found.location is not None:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join()
