"""Several processes of the service: callers spread over them, and a stop loses no request."""

import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
from uvicorn import Config

from app.main import create_app
from app.seeding.files import Seed
from app.server.slow_clients import PatientProtocol
from app.server.workers import GracefulServer, take_waiting
from app.settings import Settings
from tests.conftest import create_seeded
from tests.ports import free_port
from tests.serving import PLAIN, wait_for, wait_for_workers
from tests.stores import Stores
from tests.test_cli import find_workers, serving

PATH = "/v1/hotlines/sos-112"
CALLERS = 100


def count_sockets(process: int) -> int:
    """The open sockets of a process."""
    return sum(str(file.readlink()).startswith("socket:") for file in Path(f"/proc/{process}/fd").iterdir())


def count_callers(port: int, workers: list[int]) -> list[int]:
    """How many of those who come at once each worker takes."""
    before = [count_sockets(worker) for worker in workers]
    deadline = time.monotonic() + 30
    with ExitStack() as stack:
        for _ in range(CALLERS):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        while True:
            taken = [count_sockets(worker) - number for worker, number in zip(workers, before, strict=True)]
            if sum(taken) >= CALLERS:
                return taken
            assert time.monotonic() < deadline
            time.sleep(0.05)


def ask_until_refused(address: str, begin: threading.Barrier, *, keeps: bool) -> list[int | str]:
    """The statuses of one caller's requests, and what became of those that had no answer, until nobody listens."""
    answers: list[int | str] = []
    headers = {} if keeps else {"Connection": "close"}
    with httpx.Client(base_url=address, timeout=20, verify=PLAIN, headers=headers) as client:
        begin.wait()
        while True:
            try:
                answers.append(client.get(PATH).status_code)
            except httpx.ConnectError:
                return answers
            except httpx.TransportError as error:
                answers.append(type(error).__name__)


def test_callers_spread_over_the_workers_and_a_stop_under_load_loses_none_of_them(
    stores: Stores, seed: Seed, tmp_path: Path
) -> None:
    create_seeded(stores, tmp_path, None, seed)
    with serving(tmp_path, "--workers", "2") as (address, process), ThreadPoolExecutor(8) as pool:
        if sys.platform == "linux":  # elsewhere the workers share a socket
            port = httpx.URL(address).port or 0
            wait_for_workers(port, 2)
            assert min(count_callers(port, find_workers(process.pid))) >= CALLERS // 4
        begin = threading.Barrier(9)
        asking = [pool.submit(ask_until_refused, address, begin, keeps=place % 2 == 0) for place in range(8)]
        begin.wait()
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGTERM)
        answers = [answer for each in asking for answer in each.result(60)]
        assert process.wait(20) == 0
    assert set(answers) == {200}


def test_a_service_that_stops_says_on_open_connections_that_it_is_not_ready(
    stores: Stores, seed: Seed, tmp_path: Path
) -> None:
    application = create_app(Settings(database_url=create_seeded(stores, tmp_path, None, seed)))
    port = free_port()
    config = Config(application, port=port, http=PatientProtocol, log_level="critical", timeout_graceful_shutdown=5)
    server = GracefulServer(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(f"http://127.0.0.1:{port}")
    answers = list[httpx.Response]()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, verify=PLAIN) as client:
        answers.append(client.get("/readyz"))
        server.should_exit = True
        while answers[-1].headers.get("connection") != "close":
            answers.append(client.get("/readyz"))
    thread.join(20)
    assert (answers[0].status_code, answers[0].json()["ready"]) == (200, True)
    assert (answers[-1].status_code, answers[-1].json()["ready"]) == (503, False)


def test_whoever_waits_is_taken_before_a_socket_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(socket.create_connection(listener.getsockname()))
        taken = [stack.enter_context(each) for each in take_waiting(listener)]
        assert len(taken) == 3
        assert take_waiting(listener) == []
