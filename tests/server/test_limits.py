"""A request without an end is let go before it fills the memory."""

import socket
from contextlib import closing

import pytest

from tests.serving import Served

PIECE = b"X-Piece: " + b"a" * 1000 + b"\r\n"


def connect(served: Served) -> socket.socket:
    host, port = served.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def send_without_end(connection: socket.socket, piece: bytes) -> int:
    """How many bytes are taken before the connection is cut, of ten megabytes at most."""
    sent = 0
    while sent < 10_000_000:
        try:
            connection.sendall(piece)
        except OSError:
            break
        sent += len(piece)
    return sent


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n", PIECE),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ", b"a" * 1000),
        (b"GET /v1/hotlines?q=", b"a" * 1000),
        (b"POST /v1/hotlines HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n", b"a" * 1000),
    ],
)
def test_a_request_without_an_end_is_cut(served: Served, start: bytes, piece: bytes) -> None:
    with closing(connect(served)) as connection:
        connection.sendall(start)
        assert send_without_end(connection, piece) < 9_000_000
    assert served.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_many_requests_on_one_connection_are_not_counted_together(served: Served) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + PIECE * 20 + b"\r\n"
    with closing(connect(served)) as connection:
        for _ in range(10):
            connection.sendall(asked)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
