"""A directory that means harm, over TLS: what it is sent, and whatever it answers."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.certificates import Certificate


@dataclass
class Hostile:
    """Its port, the requests that reached it, and the pieces of its answer (seconds to wait between two)."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    answer: Iterable[bytes] = ()
    pause: float = 0.0

    def answer_with(self, body: bytes, *headers: str, status: str = "200 OK", sized: bool = True) -> None:
        length = [f"Content-Length: {len(body)}"] if sized else []
        head = "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/html", "Connection: close", *length, *headers])
        self.answer = [f"{head}\r\n\r\n".encode() + body]


@contextmanager
def serve_hostile(certificate: Certificate) -> Iterator[Hostile]:
    """Answer on a port of its own until the block ends."""
    context = certificate.context()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hostile = Hostile(listener.getsockname()[1])
        context.sni_callback = lambda _socket, name, _context: hostile.names.append(name)
        ended = threading.Event()
        listener.settimeout(0.1)
        thread = threading.Thread(target=_accept, args=(listener, context, hostile, ended))
        thread.start()
        try:
            yield hostile
        finally:
            ended.set()
            thread.join()


def _accept(listener: socket.socket, context: ssl.SSLContext, hostile: Hostile, ended: threading.Event) -> None:
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            caller, _ = listener.accept()
            threading.Thread(target=_answer, args=(caller, context, hostile, ended), daemon=True).start()


def _answer(caller: socket.socket, context: ssl.SSLContext, hostile: Hostile, ended: threading.Event) -> None:
    caller.settimeout(5)
    with contextlib.suppress(OSError), context.wrap_socket(caller, server_side=True) as connection:
        request = b""
        while b"\r\n\r\n" not in request:
            if not (more := connection.recv(65536)):
                return
            request += more
        hostile.requests.append(request)
        for piece in hostile.answer:
            connection.sendall(piece)
            time.sleep(hostile.pause)
            if ended.is_set():
                return
