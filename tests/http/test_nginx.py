"""The sample configuration of nginx, run by the real nginx in front of the service."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from app.http.contract import JSON, Caching, Contract
from app.main import create_app
from app.search.routes import search
from app.settings import ROOT, Settings
from tests import needs
from tests.http.test_coherence import free_port
from tests.serving import Served, serve


@contextmanager
def nginx_before(address: str, folder: Path) -> Iterator[httpx.Client]:
    """A client of an nginx with the sample configuration, in front of the service at this address."""
    folder.chmod(0o755)
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    text = text.replace("127.0.0.1:8000", address.removeprefix("http://"))
    (folder / "nginx.conf").write_text(f"daemon off; master_process off;\n{text}")
    nginx = subprocess.Popen([str(needs.nginx()), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            _wait_for(client)
            yield client
    finally:
        nginx.terminate()
        nginx.wait(10)


@pytest.fixture
def front(served: Served, tmp_path: Path) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """A client of nginx, and one of the service behind it."""
    with nginx_before(served.address, tmp_path) as client:
        yield client, served.client


def _wait_for(client: httpx.Client) -> None:
    for _ in range(100):
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx did not start")


def test_nginx_keeps_what_may_be_kept_and_gives_it_as_it_was(front: tuple[httpx.Client, httpx.Client]) -> None:
    nginx, service = front
    first, second = nginx.get("/v1/search?q=polisen"), nginx.get("/v1/search?q=polisen")
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    known = nginx.get("/v1/search?q=polisen", headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    # The links in it lead to where the caller is, not to the service behind.
    assert str(nginx.base_url).rstrip("/") in first.text
    assert str(service.base_url).rstrip("/") not in first.text


def test_languages_formats_and_encodings_do_not_mix_in_nginx(front: tuple[httpx.Client, httpx.Client]) -> None:
    nginx, _ = front
    for _ in range(2):
        for language in ("sv", "en"):
            answer = nginx.get("/v1/publications", headers={"Accept-Language": language})
            assert {one["language"] for one in answer.json()["items"]} == {language}
        for coding in ("gzip", "br", "identity"):
            answer = nginx.get("/v1/publications", headers={"Accept-Encoding": coding})
            assert answer.headers.get("content-encoding", "identity") == coding
            assert answer.json()["items"]


def test_nginx_keeps_no_error_and_answers_no_other_host(front: tuple[httpx.Client, httpx.Client]) -> None:
    nginx, _ = front
    for path in ("/v1/hotlines/none", "/v1/hotlines?limit=x", "/healthz"):
        for _ in range(2):
            assert nginx.get(path).headers["x-cache"] in ("MISS", "BYPASS", "EXPIRED")
    with pytest.raises(httpx.RemoteProtocolError):
        nginx.get("/v1/hotlines", headers={"Host": "evil.example"})


def test_when_the_service_is_gone_nginx_gives_what_lasts_although_it_is_stale(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "contract", Contract((JSON,), Caching(1)))
    with ExitStack() as stack:
        with serve(create_app(Settings(database_url=database_url))) as running:
            nginx = stack.enter_context(nginx_before(running.address, tmp_path))
            kept = nginx.get("/v1/search?q=polisen")
            assert nginx.get("/v1/hotlines/kvinnofridslinjen").status_code == 200
        time.sleep(2.1)
        answer = nginx.get("/v1/search?q=polisen")
        assert (answer.status_code, answer.headers["x-cache"]) == (200, "STALE")
        assert answer.content == kept.content
        assert nginx.get("/v1/organizations").status_code == 502
