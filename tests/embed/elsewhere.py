"""Somebody else's web server, on another origin than the service."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Elsewhere:
    """Its address, and its pages by their path, each with its headers."""

    address: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, html: str, headers: dict[str, str] | None = None, path: str = "/") -> str:
        """Publish a page; its address."""
        self.pages[path] = (html, headers or {})
        return self.address + path


@contextmanager
def served_elsewhere() -> Iterator[Elsewhere]:
    """A server under the name `localhost`; the service goes by 127.0.0.1."""
    found = Elsewhere()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = found.pages.get(self.path, ("", {}))
            self.send_response(200 if self.path in found.pages else 404)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.address = f"http://localhost:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield found
        server.shutdown()
        thread.join()
