"""The lines for a server-side include, in a real nginx."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from app.main import create_app
from tests import needs
from tests.embed.pasting import lines
from tests.serving import Served, serve


@contextmanager
def nginx(folder: Path, server: str) -> Iterator[str]:
    """An nginx with these lines in its `server` block and `folder` as its root; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    paths = "".join(f"{name}_temp_path {folder}/{name};\n"
                    for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{paths}access_log off;\ndefault_type text/html;\ncharset utf-8;\n"
        f"server {{\nlisten 127.0.0.1:{port};\nroot {folder};\n{server}\n}}\n}}\n"
    )
    command = [str(needs.nginx()), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command) as running:
        try:
            _wait(port, running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert running.poll() is None, "nginx stopped before it started"
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def test_a_server_includes_the_fragment_and_has_the_numbers_when_ours_is_down(site: Served, tmp_path: Path) -> None:
    with ExitStack() as up:
        own = up.enter_context(serve(create_app(site.application.state.settings)))
        config, _, html = lines(own.client, "include", municipality="Halmstad").partition("<!-- HTML -->")
        (tmp_path / "page.html").write_text(f"<h1>Kommunen</h1>{html}", encoding="utf-8")
        with nginx(tmp_path, config) as address:
            page = httpx.get(f"{address}/page.html")
            assert page.status_code == 200
            assert '<h3 class="stodkatalog-name"><bdi>Kvinnofridslinjen</bdi></h3>' in page.text
            assert "Öppet dygnet runt" in page.text
            assert httpx.get(f"{address}/stodkatalogen/hotlines").status_code == 404, "only for includes"
            up.close()
            page = httpx.get(f"{address}/page.html", timeout=10)
            assert page.status_code == 200
            for number in ('href="tel:112">112<', 'href="tel:11414">114 14<', 'href="tel:+4620390000">020-39 00 00<'):
                assert number in page.text
