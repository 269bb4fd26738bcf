"""The real pgbouncer, pooling transactions before the server of a store."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests import needs
from tests.ports import free_port

CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
{more}
"""


@contextmanager
def pool(url: str, folder: Path, more: str = "") -> Iterator[str]:
    """The address of a store by way of a pgbouncer, until the block ends. `more`: lines of its configuration."""
    program = needs.pgbouncer()
    assert program is not None, "python -m tests.needs"
    store, listen = make_url(url), free_port()
    configured = CONFIGURATION.format(host=store.host, port=store.port, user=store.username, listen=listen, more=more)
    folder.chmod(0o755)  # it reads the file as another user where we are root
    (folder / "pgbouncer.ini").write_text(configured, "utf-8")
    account = ("-u", "nobody") if os.geteuid() == 0 else ()
    with (folder / "pgbouncer.log").open("wb") as output:
        process = subprocess.Popen([program, *account, folder / "pgbouncer.ini"], stdout=output, stderr=output)
    try:
        _wait(listen, process, folder / "pgbouncer.log")
        yield store.set(host="127.0.0.1", port=listen).render_as_string(hide_password=False)
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
    raise AssertionError("pgbouncer did not start")
