"""The programs that are measured: each on one core, started and ended here."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.settings import ROOT
from bench.needs import program

SERVER_CORE, CLIENT_CORE = "0", "1"
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
DATASETTE = ROOT / "bench" / ".venv" / "bin" / "datasette"


@dataclass(frozen=True, slots=True)
class Subject:
    """A running program: its address, its process and how many seconds it took to answer for the first time."""

    name: str
    address: str
    process: subprocess.Popen[bytes]
    started_in: float

    def cpu_seconds(self) -> float:
        """Processor time so far."""
        spent = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / TICK

    def megabytes(self) -> float:
        """Memory in use."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def own_megabytes(self) -> float:
        """Of that, what is its own: the rest are pages of program files, which all processes share."""
        resident, of_files = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1:3]
        return (int(resident) - int(of_files)) * PAGE / 1e6


@contextlib.contextmanager
def running(
    name: str, command: Sequence[str | Path], path: str, port: int, *, pinned: bool = True, **env: str
) -> Iterator[Subject]:
    """Start a program on the server's core, wait until `path` answers, and end it after the block."""
    taskset = ["taskset", "-c", SERVER_CORE] if pinned and shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []
    began = time.perf_counter()
    process = subprocess.Popen(
        [*taskset, *command], cwd=ROOT, env=_environment(env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            assert process.poll() is None, f"{name} did not start"
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{address}{path}", timeout=30)
                break
            assert time.perf_counter() - began < 60, f"{name} did not answer"
            time.sleep(0.01)
        yield Subject(name, address, process, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    # With bytecode, as it is installed, also where this shell writes none.
    others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in others.items() if not name.startswith("STODKATALOG_")} | dict(more)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def service(
    name: str, url: str, workers: int = 1, *, pinned: bool = True
) -> contextlib.AbstractContextManager[Subject]:
    """Stödkatalogen as `stodkatalog serve` starts it, without its log; several workers have all cores."""
    port = free_port()
    command = [Path(sys.executable).with_name("stodkatalog"), "serve", "--port", str(port), "--no-access-log"]
    if workers > 1:
        command += ["--workers", str(workers)]
    return running(name, command, "/healthz", port, pinned=pinned and workers == 1, STODKATALOG_DATABASE_URL=url)


def tutorial(store: Path) -> contextlib.AbstractContextManager[Subject]:
    """The tutorials' way, under the same server with the same options."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.tutorial:app", "--port", str(port), "--no-access-log"]
    return running("tutorial", command, "/docs", port, BENCH_STORE=str(store))


def datasette(store: Path) -> contextlib.AbstractContextManager[Subject] | None:
    """Datasette without counts and facets; None where it is not installed."""
    if not DATASETTE.exists():
        return None
    port = free_port()
    settings = [
        part
        for name, value in (
            ("default_page_size", 20),
            ("allow_facet", 0),
            ("suggest_facets", 0),
            ("num_sql_threads", 3),
        )
        for part in ("--setting", name, str(value))
    ]
    return running("datasette", [DATASETTE, "serve", store, "--port", str(port), *settings], "/-/versions.json", port)


def files(folder: Path) -> contextlib.AbstractContextManager[Subject]:
    """nginx with the files of a folder: one worker, no log."""
    port = free_port()
    served = f"server {{ listen 127.0.0.1:{port}; root {folder}/files; }}"
    return nginx(folder, port, f"default_type application/json; open_file_cache max=100; gzip_static on; {served}")


def nginx(folder: Path, port: int, served: str) -> contextlib.AbstractContextManager[Subject]:
    """nginx with a configuration: one worker, no log."""
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; {user} pid {folder}/nginx.pid; error_log stderr error;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; {temporary}\n{served}\n}}\n"
    )
    found = program("nginx")
    assert found is not None, "nginx is not installed"
    return running("nginx", [found, "-p", folder, "-c", folder / "nginx.conf"], "/", port)
