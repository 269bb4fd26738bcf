"""Clients that take their time: nothing is held for them for long, and the others are served meanwhile."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from app.cli.serving import GRACE
from app.server import slow_clients
from app.settings import ROOT
from tests.http.test_heavy_clients import SOON, assert_others_are_served, connect
from tests.ports import free_port
from tests.serving import Served, wait_for

CROWD = 10_000
FEW_FILES = 400
LONG_LIST = "/v1/resources?limit=100&at=2026-11-21T12:00:%02dZ"
END = b"\r\n0\r\n\r\n"
EXPORT = "/v1/exports/resources.ndjson?lang=%s"


@pytest.fixture
def many_files() -> Iterator[None]:
    """As many open connections as the crowd needs, at this end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, CROWD + 500)
    assert hard == resource.RLIM_INFINITY or hard >= wanted, f"ulimit -Hn is {hard}: this test needs {wanted} files"
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service whose seconds are fiftieths."""
    monkeypatch.setattr(slow_clients, "LOOK", slow_clients.LOOK / 50)


def ask(connection: socket.socket, *paths: str) -> None:
    connection.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths))


def ask_without_reading(served: Served, *paths: str) -> socket.socket:
    """A connection on which more is asked for than the systems at both ends take in."""
    connection = connect(served)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    ask(connection, *paths)
    return connection


def is_cut(connection: socket.socket, seconds: float = 5) -> bool:
    """Whether the other end ends the connection in time, whatever it has sent before."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def send_slowly(connection: socket.socket, data: bytes, seconds: float) -> bool:
    """Send a byte at a time, for so long; whether the connection was cut meanwhile."""
    over = time.monotonic() + seconds
    with suppress(ConnectionError):
        for byte in data * 1_000:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)
            if time.monotonic() > over:
                return False
    return True


def connections_to_the_store(served: Served) -> int:
    number: int = served.application.state.engine.pool.checkedout()
    return number


def assert_nothing_is_held(served: Served) -> None:
    deadline = time.monotonic() + 10
    while connections_to_the_store(served):
        assert time.monotonic() < deadline, "a connection to the store is held"
        time.sleep(0.02)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /v1/hotlines HTTP/1.1\r\nX: ",
        b"POST /hsds/v3/services HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n",
        b"GET /v1/hotlines HTTP/1.1\r\nHost: localhost\r\n\r\nGET /v1/hotlines HTTP/1.1\r\nX: ",
    ],
    ids=["nothing", "head", "body", "second head"],
)
def test_a_request_that_comes_a_byte_at_a_time_is_let_go(served: Served, begun: bytes) -> None:
    with connect(served) as connection:
        connection.sendall(begun)
        assert send_slowly(connection, b"a", 5) if begun else is_cut(connection)
    assert_nothing_is_held(served)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_asks_now_and_then_is_not_let_go(served: Served) -> None:
    with connect(served) as connection:
        for _ in range(6):
            ask(connection, "/v1/hotlines/sos-112")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
            time.sleep(slow_clients.LOOK * slow_clients.FOR_A_REQUEST)


def test_who_asks_for_much_without_reading_holds_no_place_and_no_view_of_the_store(served: Served) -> None:
    # As a pipeline: the first answers fill what the system takes in, and the next would wait, made, to be taken.
    with ExitStack() as stack:
        for _ in range(12):
            paths = [LONG_LIST % number for number in range(30)]
            stack.enter_context(ask_without_reading(served, *paths))
        time.sleep(1.5)
        assert_others_are_served(served, "läser inte")
        assert_nothing_is_held(served)


@pytest.mark.usefixtures("hurried")
def test_who_does_not_read_is_let_go(served: Served) -> None:
    with ExitStack() as stack:
        slow = [
            stack.enter_context(ask_without_reading(served, *(LONG_LIST % number for number in range(30))))
            for _ in range(4)
        ]
        deadline = time.monotonic() + 10
        for connection in slow:
            while _is_open(connection):
                assert time.monotonic() < deadline
                with suppress(BlockingIOError):
                    connection.recv(1)  # a byte now and then makes no difference
                time.sleep(0.02)


def _is_open(connection: socket.socket) -> bool:
    # What the system has taken in before does not say that the other end is there; sending does.
    connection.setblocking(False)
    try:
        connection.send(b"\r\n")
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True


@pytest.mark.usefixtures("hurried")
def test_a_file_that_is_not_read_holds_the_store_and_a_place_among_files_only_for_so_long(served: Served) -> None:
    with ExitStack() as stack:
        for number in range(6):
            paths = [EXPORT % ("sv", "en")[number % 2]] * 30
            stack.enter_context(ask_without_reading(served, *paths))
        assert_others_are_served(served, "hämtar en fil")
        deadline = time.monotonic() + 10
        while served.client.get("/v1/exports/resources.csv").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        while connections_to_the_store(served):  # ours is given back a little after the file is read
            assert time.monotonic() < deadline
            time.sleep(0.05)
        if make_url(str(served.application.state.engine.url)).get_backend_name() == "sqlite":
            with served.application.state.engine.connect() as store:
                busy = store.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            assert busy == 0, "no view of the store is left that keeps its journal from being emptied"


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_reads_slowly_but_steadily_gets_all(served: Served) -> None:
    number = 40
    with connect(served) as connection:
        ask(connection, *(EXPORT % "sv" for _ in range(number)))
        answers, tail = 0, b""
        while answers < number:
            piece = connection.recv(slow_clients.PORTION)
            assert piece, "cut off"
            answers += (tail + piece).count(END) - tail.count(END)
            tail = (tail + piece)[-len(END) :]
            time.sleep(0.003)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_thousands_of_requests_at_once_on_one_connection_are_cut_before_they_fill_the_memory(served: Served) -> None:
    tiny = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    before = served.client.get("/v1/hotlines/sos-112")
    with ExitStack() as stack:
        for _ in range(10):
            connection = stack.enter_context(connect(served))
            with suppress(ConnectionError):
                connection.sendall(tiny * 40_000)
            assert is_cut(connection)
    began = time.monotonic()
    assert served.client.get("/v1/hotlines/sos-112").json()["id"] == before.json()["id"]
    assert time.monotonic() - began < SOON


@contextmanager
def serving(database_url: str, files: int | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The service as operators start it, perhaps with so few files that it may open; its address and its process."""
    port = free_port()
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port)]
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$0" "$@"', *command]
    process = subprocess.Popen(
        [*command, "--no-access-log"],
        cwd=ROOT,
        env=os.environ | {"STODKATALOG_DATABASE_URL": database_url},
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address, process
    finally:
        process.kill()
        process.wait(10)


def megabytes(process: subprocess.Popen[bytes]) -> float:
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def crowd(address: str, number: int, stack: ExitStack) -> None:
    """So many connections on which nothing is asked, from several addresses, as one has not ports enough for all."""
    port = int(address.rpartition(":")[2])
    for nth in range(number):
        idle = stack.enter_context(socket.socket())
        idle.bind((f"127.0.0.{2 + nth // 5_000}", 0))
        idle.connect(("127.0.0.1", port))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("many_files")
def test_ten_thousand_idle_connections_hold_up_nobody(database_url: str) -> None:
    with serving(database_url) as (address, process), ExitStack() as stack:
        before = megabytes(process)
        crowd(address, CROWD, stack)
        for _ in range(3):
            assert httpx.get(f"{address}/v1/hotlines/sos-112", timeout=SOON).status_code == 200
        assert megabytes(process) - before < 100


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_connections_than_files_let_who_comes_find_room_and_the_service_end(database_url: str) -> None:
    with serving(database_url, FEW_FILES) as (address, process), ExitStack() as stack:
        crowd(address, 2 * FEW_FILES, stack)
        wait_for(address)
        for _ in range(3):
            assert httpx.get(f"{address}/v1/search?q=ledig", timeout=SOON).status_code == 200
        host, port = address.removeprefix("http://").split(":")
        unread = stack.enter_context(socket.create_connection((host, int(port))))
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ask(unread, *(LONG_LIST % number for number in range(30)))
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(GRACE + 3) is not None
