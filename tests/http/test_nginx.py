"""The sample configuration of nginx, run by the real nginx in front of the service."""

import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.http.contract import JSON, Caching, Contract
from app.main import create_app
from app.search.routes import search
from app.settings import ROOT, Settings
from tests.http.upstream import Upstream, serve_upstream
from tests.nginx import run_nginx
from tests.ports import free_port
from tests.serving import Served, serve

CALLER = {
    "Referer": "https://hemlig.example/sida", "User-Agent": "hemlig-webblasare", "Cookie": "kaka=hemlig",
    "Authorization": "Bearer hemlig",
}  # fmt: skip


@dataclass(frozen=True)
class Front:
    """An nginx with the sample configuration: its port, a client of it, its log, and its folder."""

    port: int
    client: httpx.Client
    log: Path
    folder: Path

    def send(self, request: str, wait: float = 5) -> bytes:
        """What nginx answers to these bytes before it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), wait) as connection, suppress(OSError):
            connection.sendall(request.encode())
            answer = b""
            while more := connection.recv(65536):
                answer += more
        return answer


@contextmanager
def nginx_before(*ports: int, folder: Path, changes: dict[str, str] | None = None) -> Iterator[Front]:
    """nginx with the sample configuration, in front of the service at these ports."""
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    servers = "\n".join(f"server 127.0.0.1:{behind} max_fails=0;" for behind in ports)
    replaced = {
        "server 127.0.0.1:8000 max_fails=0;": servers,
        "127.0.0.1:8080": f"127.0.0.1:{port}",
        "localhost:8080": f"localhost:{port}",
    }
    for old, new in (replaced | (changes or {})).items():
        assert old in text, old
        text = text.replace(old, new)
    with (
        run_nginx(folder, text, port) as log,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
    ):
        yield Front(port, client, log, folder)


@pytest.fixture
def front(served: Served, tmp_path: Path) -> Iterator[Front]:
    """nginx before the service."""
    with nginx_before(httpx.URL(served.address).port or 0, folder=tmp_path) as running:
        yield running


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve_upstream() as running:
        yield running


@pytest.fixture
def cache(upstream: Upstream, tmp_path: Path) -> Iterator[Front]:
    """nginx before a stand-in that counts what reaches it."""
    with nginx_before(upstream.port, folder=tmp_path) as running:
        yield running


def test_nginx_gives_what_it_keeps_as_it_was(front: Front, served: Served) -> None:
    first, second = (front.client.get("/v1/search?q=polisen") for _ in range(2))
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert "x-cache" not in second.headers
    known = front.client.get("/v1/search?q=polisen", headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    # The links in it lead to where the caller is, not to the service behind.
    assert str(front.client.base_url).rstrip("/") in first.text
    assert served.address not in first.text


def test_languages_formats_and_encodings_do_not_mix_in_nginx(front: Front) -> None:
    for _ in range(2):
        for language in ("sv", "en"):
            answer = front.client.get("/v1/publications", headers={"Accept-Language": language})
            assert {one["language"] for one in answer.json()["items"]} == {language}
        for coding in ("gzip", "br", "identity"):
            answer = front.client.get("/v1/publications", headers={"Accept-Encoding": coding})
            assert answer.headers.get("content-encoding", "identity") == coding
            assert answer.json()["items"]


def test_when_the_service_is_gone_nginx_gives_what_lasts_although_it_is_stale(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "contract", Contract((JSON,), Caching(1)))
    with ExitStack() as stack:
        with serve(create_app(Settings(database_url=database_url))) as running:
            front = stack.enter_context(nginx_before(httpx.URL(running.address).port or 0, folder=tmp_path))
            kept = front.client.get("/v1/search?q=polisen")
            assert front.client.get("/v1/hotlines/kvinnofridslinjen").status_code == 200
        time.sleep(2.1)
        answer = front.client.get("/v1/search?q=polisen")
        assert (answer.status_code, answer.content) == (200, kept.content)
        assert front.client.get("/v1/organizations").status_code == 502


def test_nginx_keeps_what_is_public_until_its_cache_is_emptied(cache: Front, upstream: Upstream) -> None:
    first = cache.client.get("/v1/hotlines").text
    assert cache.client.get("/v1/hotlines").text == first
    for kept in (cache.folder / "cache").iterdir():
        shutil.rmtree(kept)
    assert cache.client.get("/v1/hotlines").text != first
    for kept_not in ("no-store", "private, no-store", "private"):
        upstream.caching = kept_not
        assert cache.client.get("/v1/x").text != cache.client.get("/v1/x").text


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
def test_an_answer_to_a_key_or_a_cookie_is_neither_kept_nor_taken_from_what_is_kept(cache: Front, header: str) -> None:
    def ask(**headers: str) -> str:
        return cache.client.get("/v1/hotlines", headers=headers).text

    personal = ask(**{header: "x"})
    public = ask()
    assert public != personal
    assert ask(**{header: "x"}) not in (personal, public)
    assert ask() == public


def test_nginx_keeps_no_page_of_the_console_and_lets_its_forms_through(front: Front) -> None:
    for _ in range(2):
        assert front.client.get("/redaktion/logga-in?kod=x").headers["cache-control"] == "private, no-store"
    assert not [file for file in (front.folder / "cache").rglob("*") if file.is_file()]
    form = front.client.post(
        "/redaktion/poster/hotlines/linjen/andra", data={f"varde{n}": 5_000 * "x" for n in range(6)}
    )
    assert (form.status_code, "Du är utloggad" in form.text) == (401, True)


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1\r\nHost: evil.example",
        "GET http://katalog.example/ HTTP/1.1\r\nHost: evil.example",
        "GET http://evil.example/ HTTP/1.1\r\nHost: katalog.example",
        "GET http://127.0.0.1/ HTTP/1.1\r\nHost: evil.example:80",
        "GET / HTTP/1.1\r\nHost: katalog.example:31337",
        "GET / HTTP/1.1\r\nHost: katalog.example.",
        "GET / HTTP/1.1\r\nHost: skatalog.example",
        "GET / HTTP/1.0\r\nAccept: */*",
        "GET http://katalog.example/ HTTP/1.0\r\nAccept: */*",
    ],
)
def test_a_request_for_any_other_name_is_not_answered(cache: Front, upstream: Upstream, head: str) -> None:
    assert cache.send(f"{head}\r\nConnection: close\r\n\r\n") == b""
    assert upstream.requests == []


def test_of_two_names_of_ours_the_one_that_chooses_the_answer_is_the_one_it_is_kept_for(cache: Front) -> None:
    def ask(target: str, host: str) -> bytes:
        return cache.send(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").split(b"\r\n\r\n")[1]

    mixed = ask("http://katalog.example/x", f"localhost:{cache.port}")
    own = ask("/x", "katalog.example")
    assert own.startswith(b"katalog.example /x")
    assert mixed.startswith(f"localhost:{cache.port} /x".encode())
    assert ask("/x", f"localhost:{cache.port}") == mixed
    assert ask("/x", "katalog.example") == own


def test_the_key_of_the_cache_has_separators() -> None:
    assert "proxy_cache_key $scheme|$http_host|$request_uri;" in (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


def test_what_a_caller_says_of_its_own_way_does_not_reach_the_service(cache: Front, upstream: Upstream) -> None:
    claims = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": "evil.example",
              "Forwarded": "for=192.0.2.7;proto=https;host=evil.example"}  # fmt: skip
    cache.client.get("/x", headers=claims)
    ((_, headers),) = upstream.requests
    assert headers["X-Forwarded-Proto"] == "http"
    assert {headers[name] for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")} == {None}


def test_no_request_is_lost_when_two_services_restart_one_after_the_other(tmp_path: Path) -> None:
    with ExitStack() as stack:
        other = ExitStack()
        first, second = other.enter_context(serve_upstream()), stack.enter_context(ExitStack())
        behind = second.enter_context(serve_upstream())
        front = stack.enter_context(nginx_before(first.port, behind.port, folder=tmp_path))

        def ask(number: int) -> list[int]:
            return [front.client.get(f"/{number}/{each}").status_code for each in range(6)]

        assert set(ask(1)) == {200}
        other.close()
        assert set(ask(2)) == {200}
        stack.enter_context(serve_upstream(first.port))
        second.close()
        assert set(ask(3)) == {200}


def test_one_address_cannot_ask_without_bounds(upstream: Upstream, tmp_path: Path) -> None:
    slower = {"rate=50r/s": "rate=1r/m", "burst=200": "burst=20"}
    with nginx_before(upstream.port, folder=tmp_path, changes=slower) as front:
        statuses = [front.client.get("/x").status_code for _ in range(30)]
    assert statuses[:20] == [200] * 20
    assert set(statuses[-5:]) == {429}


@pytest.mark.parametrize("path", ["/v1/reports", "/sv/fel", "/en/report"])
def test_one_address_cannot_fill_a_day_with_reports(path: str, cache: Front) -> None:
    statuses = [cache.client.post(path, content=b"{}").status_code for _ in range(8)]
    assert statuses[:6].count(429) == 0
    assert statuses[6:] == [429, 429]
    assert cache.client.get(path).status_code != 429


def test_one_address_has_so_many_connections_and_no_more(upstream: Upstream, tmp_path: Path) -> None:
    upstream.pause, upstream.caching = 3.0, "no-store"
    with nginx_before(upstream.port, folder=tmp_path, changes={"connections 100": "connections 10"}) as front:
        request = "GET /{} HTTP/1.1\r\nHost: katalog.example\r\nConnection: close\r\n\r\n"
        with ThreadPoolExecutor(15) as callers:
            answers = list(callers.map(lambda place: front.send(request.format(place), 20).split()[1], range(15)))
    assert (answers.count(b"200"), answers.count(b"429")) == (10, 5)


def ask_in_every_failing_way(front: Front) -> None:
    """Requests that nginx has something to say about, each with a word that only its caller knows."""
    word = "?q=hemlig"
    front.client.get(f"/v1/search{word}", headers=CALLER)
    front.client.get(f"/v1/search{word}{'x' * 9000}", headers=CALLER)
    front.client.post(f"/hsds/v3/services{word}", headers=CALLER, content=b"hemlig" * 2000)
    host = f"Host: 127.0.0.1:{front.port}\r\nReferer: https://hemlig.example/\r\n"
    for request in (
        f"GET /{word} HTTP/1.1\r\n{host}X: {'hemlig' * 7000}\r\n\r\n",
        f"GET /{word} HTTP/1.1\r\nHost: hemlig\r\nHost: hemlig\r\n\r\n",
        f"GET /{word} HTTP/1.1\r\nHost: hem/lig\r\n\r\n",
        f"HEMLIG /{word} HTTP/9.9\r\n{host}\r\n",
        f"GET /hemlig%00 HTTP/1.1\r\n{host}\r\n",
        f"GET /../../hemlig HTTP/1.1\r\n{host}\r\n",
        f"POST /{word} HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nhemlig\r\n",
        f"POST /{word} HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n",
        "\x16\x03\x01hemlig\r\n\r\n",
    ):
        front.send(request, 2)


def test_nginx_logs_nothing_of_a_caller_with_the_service_down(tmp_path: Path) -> None:
    with nginx_before(free_port(), folder=tmp_path) as front:
        assert front.client.get("/v1/hotlines").status_code == 502
        ask_in_every_failing_way(front)
        assert front.log.read_text() == ""


def test_nginx_logs_nothing_of_a_caller_when_the_service_is_slow_or_the_limits_are_met(
    upstream: Upstream, tmp_path: Path
) -> None:
    upstream.pause = 2
    changes = {"proxy_read_timeout 15s": "proxy_read_timeout 1s", "rate=50r/s": "rate=1r/s", "burst=200": "burst=50"}
    with nginx_before(upstream.port, folder=tmp_path, changes=changes) as front:
        assert front.client.get("/v1/hotlines?q=hemlig", headers=CALLER).status_code == 504
        upstream.pause = 0
        ask_in_every_failing_way(front)
        assert 429 in [front.client.get("/x?q=hemlig", headers=CALLER).status_code for _ in range(100)]
        assert front.log.read_text() == ""
    for file in tmp_path.glob("*.log"):
        assert "hemlig" not in file.read_text(errors="replace")
