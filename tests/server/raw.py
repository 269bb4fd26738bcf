"""Bytes to a service and back, as no well-behaved client would send them."""

import socket
import time
from collections.abc import Sequence

import httpx

from tests.serving import Served

HOST = b"Host: directory.example\r\n"


def connect(served: Served) -> socket.socket:
    """A connection to the service."""
    address = httpx.URL(served.address)
    connection = socket.create_connection((address.host, address.port or 80), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exchange(served: Served, *parts: bytes, pause: float = 0.005) -> bytes:
    """What comes back for bytes that arrive in these parts, until the service ends the connection."""
    with connect(served) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except ConnectionError:
                break
            if len(parts) > 1:
                time.sleep(pause)
        received = bytearray()
        try:
            while piece := connection.recv(65_536):
                received += piece
        except ConnectionError:
            pass
        return bytes(received)


def statuses(received: bytes, methods: Sequence[str] = ()) -> list[int]:
    """The status of each answer."""
    return [answer.status for answer in read_answers(received, methods)]


class Answer:
    """One answer: status, headers in lower case, body."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def __repr__(self) -> str:
        return f"{self.status} {self.headers.get('content-type')} {len(self.body)}"


def read_answers(received: bytes, methods: Sequence[str] = ()) -> list[Answer]:
    """The answers on a connection, in order; `methods` are those of their requests, which are GET else."""
    answers: list[Answer] = []
    while received:
        head, found, received = received.partition(b"\r\n\r\n")
        assert found, f"no whole head: {head[:200]!r}"
        line, *lines = head.decode("latin-1").split("\r\n")
        status = int(line.split(" ")[1])
        if status == 100:
            continue
        headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
        method = methods[len(answers)] if len(answers) < len(methods) else "GET"
        body, received = _split_body(status, method, headers, received)
        answers.append(Answer(status, headers, body))
    return answers


def _split_body(status: int, method: str, headers: dict[str, str], rest: bytes) -> tuple[bytes, bytes]:
    if method == "HEAD" or status in (204, 304):
        return b"", rest
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while True:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size, 16)
            body, rest = body + rest[:length], rest[length + 2 :]
            if length == 0:
                return body, rest
    if "content-length" in headers:
        length = int(headers["content-length"])
        assert len(rest) >= length, "a body is cut off"
        return rest[:length], rest[length:]
    return rest, b""
