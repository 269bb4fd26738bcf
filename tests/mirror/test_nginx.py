"""What the mirror's nginx tells of those who read it: nothing."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.mirror.nginx import serving
from tests.ports import free_port

CALLER = {"Referer": "https://hemlig.example/", "Cookie": "kaka=hemlig", "Authorization": "Bearer hemlig"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    """nginx over a mirror with one file. Afterwards it must have logged nothing at all."""
    tree, home, port = tmp_path / "mirror" / "current", tmp_path / "nginx", free_port()
    (tree / "any").mkdir(parents=True)
    home.mkdir()
    (tree / "404.problem").write_text("{}")
    with serving(tree.parent, port, home), httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=CALLER) as asking:
        yield asking


@pytest.mark.parametrize(
    "path", ["/hemlig", f"/{'hemlig' * 100}", f"/?q=hemlig{'x' * 9000}", "/sv/hemlig%00", "/..%2f..%2fhemlig/"]
)
def test_the_mirror_logs_nothing_of_a_caller_who_asks_for_what_it_lacks(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code in (400, 404, 414, 500)


def test_the_mirror_logs_nothing_of_a_caller_whose_request_is_broken(client: httpx.Client) -> None:
    host = "Host: 127.0.0.1\r\nReferer: https://hemlig.example/\r\n"
    for request in (
        f"GET /hemlig HTTP/1.1\r\n{host}X: {'hemlig' * 7000}\r\n\r\n",
        f"GET /hemlig HTTP/1.1\r\n{host}Host: hemlig\r\n\r\n",
        f"HEMLIG /hemlig HTTP/9.9\r\n{host}\r\n",
        f"POST /hemlig HTTP/1.1\r\n{host}Content-Length: 5000000\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", client.base_url.port or 0), 2) as connection, suppress(OSError):
            connection.sendall(request.encode())
            connection.recv(1000)
