"""The real nginx, with a configuration of a test."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import needs


@contextmanager
def run_nginx(folder: Path, configuration: str, port: int) -> Iterator[Path]:
    """Run until the block ends. Yields the file with all that it says: whatever it logs, and wherever it fails.

    `configuration` is the whole file; nginx is to listen on `port` of 127.0.0.1.
    """
    folder.chmod(0o755)  # a worker is another user where we are root
    (folder / "nginx.conf").write_text(f"daemon off;\nmaster_process off;\n{configuration}", "utf-8")
    log = folder / "nginx.log"
    program = needs.nginx()
    assert program is not None, "python -m tests.needs"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"], stdout=output, stderr=output
        )
    try:
        _wait(port, process, log)
        yield log
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text()
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")
