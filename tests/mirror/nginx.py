"""A real nginx over a mirror, with the configuration that we hand out."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.settings import ROOT
from tests import needs

WRAPPING = """
daemon off;
{user}
pid {home}/nginx.pid;
error_log stderr error;
events {{ }}
http {{
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/mirror.nginx.conf;
}}
"""


@contextmanager
def serving(mirror: Path, port: int, home: Path) -> Iterator[None]:
    """Serve until the block ends."""
    program = needs.nginx()
    assert program is not None, "python -m tests.needs"
    given = (ROOT / "deploy" / "mirror.nginx.conf").read_text("utf-8")
    ours = given.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
        "/srv/stodkatalog/current", f"{mirror}/current"
    )
    assert ours.count(str(port)) == 1
    assert ours.count(f"root {mirror}") == 1
    (home / "mirror.nginx.conf").write_text(ours, "utf-8")
    user = "user root;" if Path.home() == Path("/root") else ""
    (home / "nginx.conf").write_text(WRAPPING.format(home=home, user=user))
    process = subprocess.Popen([program, "-p", home, "-c", home / "nginx.conf"], stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        _, words = process.communicate(timeout=10)
        shutil.rmtree(home)
    assert not words, words.decode()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "nginx stopped before it served: its own words are above"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx did not start")
