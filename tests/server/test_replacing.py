"""Two services behind the sample of nginx are replaced one after the other, and no caller notices."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import Engine

from app.database import engine_for
from app.migrating import migrate
from app.records.commands import change_record
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import ROOT
from tests import postgres
from tests.conftest import SEEDED
from tests.http.test_nginx import nginx_before
from tests.ports import free_port
from tests.seeding.small import write_folder
from tests.serving import PLAIN, wait_for

PATH = "/v1/hotlines/linjen"
CALLERS = 4
WITHOUT_CACHE = {
    "proxy_cache stodkatalog;": "proxy_cache off;",
    "rate=50r/s": "rate=9999r/s",
    "burst=200": "burst=999",
}
"""Each request reaches a service, however many come from one address."""


@contextmanager
def serving(url: str, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`stodkatalog serve`, as soon as it is started."""
    command = [sys.executable, "-m", "app", "serve", "--no-migrate", "--no-access-log", "--port", str(port)]
    environment = os.environ | {"STODKATALOG_DATABASE_URL": url}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a service as its supervisor does."""
    process.terminate()
    assert process.wait(20) in (0, 128 + signal.SIGTERM)


@dataclass
class Editing:
    """An editor who publishes one number after another, and callers who look for the newest."""

    engine: Engine
    newest: int = 0
    """The last number whose publication was over."""
    is_over: threading.Event = field(default_factory=threading.Event)

    def publish(self) -> None:
        while not self.is_over.wait(0.05):
            patch = {"summary": {"sv": f"Svar {self.newest + 1}."}}
            change_record(self.engine, "hotlines/linjen", patch, "editor", "Numrerat.", datetime.now(UTC))
            self.newest += 1

    def ask(self, address: str) -> tuple[int, list[str]]:
        """How many answers were right, and what was wrong with the others."""
        count, faults = 0, list[str]()
        with httpx.Client(base_url=address, timeout=20, verify=PLAIN) as client:
            while not self.is_over.is_set():
                wanted = self.newest
                answer = client.get(PATH)
                number = re.search(r"Svar (\d+)\.", answer.text)
                if answer.status_code != 200 or number is None:
                    faults.append(f"{answer.status_code} {answer.text[:200]}")
                elif int(number[1]) < wanted:
                    faults.append(f"{number[1]} instead of {wanted}")
                count += 1
        return count, faults


def test_services_replaced_one_after_the_other_lose_no_request_and_give_nothing_stale(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    url = postgres_server.create_database()
    engine = engine_for(url)
    migrate(engine)
    write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
    editing, ports = Editing(engine), (free_port(), free_port())
    change_record(engine, "hotlines/linjen", {"summary": {"sv": "Svar 0."}}, "editor", "Numrerat.", datetime.now(UTC))
    with ExitStack() as stack, ThreadPoolExecutor(CALLERS + 1) as pool:
        first = [stack.enter_context(serving(url, port)) for port in ports]  # both start at once
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}")
        front = stack.enter_context(nginx_before(*ports, folder=tmp_path, changes=WITHOUT_CACHE))
        publishing = pool.submit(editing.publish)
        asking = [pool.submit(editing.ask, str(front.client.base_url)) for _ in range(CALLERS)]
        try:
            stop(first[0])
            stack.enter_context(serving(url, ports[0]))
            wait_for(f"http://127.0.0.1:{ports[0]}")
            stop(first[1])
            time.sleep(0.5)
        finally:
            editing.is_over.set()
        publishing.result(20)
        results = [each.result(30) for each in asking]
    engine.dispose()
    postgres_server.drop_database(url)
    assert [fault for _, faults in results for fault in faults] == []
    assert all(count > 20 for count, _ in results)
    assert editing.newest > 5
