"""A web site on loopback whose pages live as pages do, and a directory that cites them."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.seeding.small import edit, write_folder

NUMBER = "020-390 000"
Serve = Callable[[BaseHTTPRequestHandler], None]


def page(body: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Serve:
    """A page with its headers; an underscore in a header's name stands for a hyphen."""
    content = body.encode() if isinstance(body, str) else body

    def serve(handler: BaseHTTPRequestHandler) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        etag = given.get("ETag")
        known = etag is not None and handler.headers.get("If-None-Match") == etag
        handler.send_response(304 if known else status)
        for name, value in {"Content-Type": kind, **given}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0" if known else str(len(content)))
        handler.end_headers()
        if not known:
            handler.wfile.write(content)

    return serve


def redirect(location: str, status: int = 301) -> Serve:
    """A redirect."""
    return page("", status=status, Location=location)


def drip(content: bytes, pause: float, *, headers: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Serve:
    """Content that comes one byte at a time."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for byte in headers + content:
                handler.wfile.write(bytes([byte]))
                time.sleep(pause)

    return serve


@dataclass
class Request:
    """What the site was asked."""

    path: str
    headers: Mapping[str, str]
    at: float


@dataclass
class Site:
    """Its pages by path, and what it was asked; what it does not have is a 404."""

    host: str
    port: int
    pages: dict[str, Serve] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Without a final slash."""
        return f"http://{self.host}:{self.port}"

    def asked(self, path: str) -> list[Request]:
        """The requests for a path."""
        return [request for request in self.requests if request.path == path]


@contextmanager
def open_site(host: str = "127.0.0.1", port: int = 0) -> Iterator[Site]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append(Request(self.path, dict(self.headers), time.monotonic()))
            missing = page("<h1>Sidan finns inte</h1>", status=404)
            with suppress(BrokenPipeError, ConnectionResetError):
                site.pages.get(self.path, missing)(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that it has there
            pass

    with ThreadingHTTPServer((host, port), Handler) as server:
        server.daemon_threads = True
        site = Site(host, server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield site
        server.shutdown()


def cite(folder: Path, line: str, others: Mapping[str, tuple[str, str]]) -> Path:
    """A seed folder whose hotline cites its number and hours from `line`, an address; `others` gives, by the id of a
    source, its address and a fragment that a topic cites from it."""
    write_folder(folder)
    edit(folder, "sources.toml", "https://myndighet.example/sida", line)
    sources = (folder / "sources.toml").read_text("utf-8")
    topics = ""
    for name, (address, evidence) in others.items():
        sources += f"""
[[source]]
id = "{name}"
title = "En sida"
publisher = "En myndighet"
url = "{address}"
retrieved = 2026-11-01
"""
        topics += f"""
[[topic]]
id = "om-{name}"
name = {{sv = "Ämne", en = "Topic"}}
description = {{sv = "Ett ämne.", en = "A topic."}}
[[topic.citations]]
source = "{name}"
evidence = "{evidence}"
fields = ["name", "description"]
"""
    (folder / "sources.toml").write_text(sources, "utf-8")
    (folder / "topics.toml").write_text(topics, "utf-8")
    return folder
