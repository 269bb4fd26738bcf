"""A stand-in for the service behind nginx: what reaches it, and answers that are told apart."""

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any


@dataclass
class Upstream:
    """Its port, and the path and headers of each request that reached it; it waits `pause` seconds with an answer."""

    port: int = 0
    requests: list[tuple[str, Message]] = field(default_factory=list)
    pause: float = 0.0
    caching: str = "public, max-age=60"


@contextlib.contextmanager
def serve_upstream(port: int = 0) -> Iterator[Upstream]:
    """Answer until the block ends: with the Host, the path and a number that no other answer has."""
    upstream = Upstream()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            upstream.requests.append((self.path, self.headers))
            time.sleep(upstream.pause)
            body = f"{self.headers['Host']} {self.path} {len(upstream.requests)}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", upstream.caching)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads, request_queue_size = True, 128

        def handle_error(self, *_: object) -> None:
            pass  # a caller that does not wait for its answer

    with Server(("127.0.0.1", port), Handler) as server:
        upstream.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield upstream
        finally:
            server.shutdown()
            thread.join()
