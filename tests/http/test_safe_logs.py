"""What a caller sent reaches no log, whatever fails, and what a log says of a fault is enough to find it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from app.settings import ROOT
from tests.seeding.small import write_folder
from tests.serving import wait_for

SECRET = "klara-soker-hjalp-i-halmstad"
SERVICE = """
import asyncio, logging, threading
from sqlalchemy import text
from starlette.responses import Response
from starlette.routing import Route
from app.server.application import application

async def lose(word):
    raise ValueError(word)

async def fail(request):
    word = request.query_params["word"]
    raise ValueError(f"cannot use {word}") from KeyError(word)

def fail_in_the_store(request):
    with application.state.engine.begin() as connection:
        statement = text("INSERT INTO edition (number, made_at) VALUES (1, :word), (1, :word)")
        connection.execute(statement, {"word": request.query_params["word"]})

async def lose_tasks(request):
    word = request.query_params["word"]
    asyncio.create_task(lose(word))
    asyncio.get_running_loop().call_soon(lambda given: given.missing, word)
    thread = threading.Thread(target=lambda: asyncio.run(lose(word)), name=word)
    thread.start()
    thread.join()
    logging.getLogger("some.library").warning("could not use %s", word)
    return Response()

for function in (fail, fail_in_the_store, lose_tasks):
    application.router.routes.insert(0, Route(f"/{function.__name__}", function))
"""
"""Our service, as `stodkatalog serve` runs it, with routes that fail."""


def read_log_of_failures(tmp_path: Path) -> str:
    """The log of a service that was asked for what fails, each time with SECRET."""
    (tmp_path / "breaking.py").write_text(SERVICE, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    store = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    environment = {
        **os.environ,
        "STODKATALOG_DATABASE_URL": store,
        "STODKATALOG_SEED_DIR": str(write_folder(tmp_path / "seed")),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
    }
    command = "from app.cli import main, serving; serving.SERVER = 'breaking:application'; main()"
    with (tmp_path / "log").open("wb") as log:
        service = subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--port", str(port)], env=environment, cwd=ROOT, stderr=log
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        for path in ("/fail", "/fail_in_the_store", "/lose_tasks"):
            httpx.get(f"{address}{path}?word={SECRET}", timeout=20)
        httpx.get(f"{address}/v1/search?q={SECRET}", headers={"Referer": SECRET}, timeout=20)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(20)
    return (tmp_path / "log").read_text("utf-8")


def test_no_log_holds_what_a_caller_sent_and_each_fault_says_where_it_was(tmp_path: Path) -> None:
    log = read_log_of_failures(tmp_path)
    assert SECRET not in log
    for kind in ("builtins.ValueError", "builtins.KeyError", "builtins.AttributeError", "sqlite3.IntegrityError"):
        assert kind in log
    assert "(SQLITE_CONSTRAINT" in log
    assert " in fail_in_the_store" in log
    assert "a fault in a thread" in log
    assert "a fault outside of any request" in log
    assert "WARNING of some.library at " in log
