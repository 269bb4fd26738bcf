"""The lines for a server-side include, in a real nginx, over real TLS: for the visitor, against the directory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.embed.guide.including import CERTIFICATES, SOCKET
from app.main import create_app
from tests.certificates import Certificate, make_certificate
from tests.embed.guide.hostile import Hostile, serve_hostile
from tests.embed.pasting import lines
from tests.nginx import run_nginx
from tests.ports import free_port
from tests.serving import Served, serve

NUMBERS = ('href="tel:112">112<', 'href="tel:11414">114 14<', 'href="tel:+4620390000">020-39 00 00<')
VISITOR = {
    "Cookie": "session=hemlig-kaka", "Authorization": "Basic hemlig-nyckel", "X-Forwarded-For": "192.0.2.77",
    "Referer": "https://hemlig.example/journal", "User-Agent": "hemlig-webblasare", "Accept-Language": "fa-hemlig",
    "X-Hemlig": "1", "Accept-Encoding": "br",
}  # fmt: skip
FRAGMENT = b'<div class="stodkatalog">%s</div>'


@contextmanager
def municipality(folder: Path, snippet: str, authority: Path) -> Iterator[httpx.Client]:
    """A municipality's site: nginx with the lines in it, and a page that has the others."""
    http, server, html = snippet.split("\n\n")
    port = free_port()
    (folder / "page.html").write_text(f"<h1>Kommunen</h1>{html}<footer>Slut</footer>", encoding="utf-8")
    paths = "".join(f"{name}_temp_path {folder}/{name};\n"
                    for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    configuration = (
        f"pid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{paths}access_log off;\n"
        f"default_type text/html;\ncharset utf-8;\n{http}\n"
        f"server {{\nlisten 127.0.0.1:{port};\nroot {folder};\n{server}\n"
        "location /secret { internal; return 200 'the secret of the municipality</div>'; }\n}\n}\n"
    )
    configuration = configuration.replace(SOCKET, f"{folder}/s.sock")
    configuration = configuration.replace(CERTIFICATES, str(authority))
    with (
        run_nginx(folder, configuration, port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, headers=VISITOR) as client,
    ):
        yield client


def snippet_for(client: httpx.Client, port: int, host: str = "localhost") -> str:
    """The lines that the guide gives to who reached it by this host, over TLS."""
    behind = {"Host": f"{host}:{port}", "X-Forwarded-Proto": "https"}
    with httpx.Client(base_url=client.base_url, headers=behind) as asking:
        return lines(asking, "include", municipality="Halmstad")


@dataclass
class Attack:
    """A municipality's site that includes from a directory that means harm."""

    client: httpx.Client
    directory: Hostile

    def page(self) -> httpx.Response:
        answer = self.client.get("/page.html")
        assert answer.status_code == 200
        assert answer.text.startswith("<h1>Kommunen</h1>")
        assert answer.text.endswith("<footer>Slut</footer>")
        return answer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificates"), "localhost")


@pytest.fixture
def attack(site: Served, tmp_path: Path, certificate: Certificate) -> Iterator[Attack]:
    with (
        serve_hostile(certificate) as directory,
        municipality(tmp_path, snippet_for(site.client, directory.port), certificate.authority) as client,
    ):
        yield Attack(client, directory)


def assert_numbers_only(page: httpx.Response) -> None:
    for number in NUMBERS:
        assert number in page.text
    assert 'class="stodkatalog"' not in page.text


def test_a_server_includes_the_fragment_over_tls_and_has_the_numbers_when_ours_is_down(
    site: Served, tmp_path: Path, certificate: Certificate
) -> None:
    tls = {"ssl_certfile": certificate.certificate, "ssl_keyfile": certificate.key}
    port = free_port()
    with municipality(tmp_path, snippet_for(site.client, port), certificate.authority) as client:
        with serve(create_app(site.application.state.settings), port=port, **tls):
            page = client.get("/page.html")
            assert page.status_code == 200
            assert '<h3 class="stodkatalog-name"><bdi>Kvinnofridslinjen</bdi></h3>' in page.text
            assert "Öppet dygnet runt" in page.text
            assert "<!--#" not in page.text
            assert client.get("/stodkatalogen/hotlines").status_code == 404, "only for includes"
        assert_numbers_only(client.get("/page.html"))


def test_nothing_of_a_visitor_reaches_the_directory(attack: Attack) -> None:
    attack.directory.answer_with(FRAGMENT % b"hej")
    assert "hej" in attack.page().text
    assert attack.client.post("/page.html", content=b"hemligt=1").status_code in (200, 405)
    for request in attack.directory.requests:
        line, *headers = request.decode().strip().split("\r\n")
        assert line == "GET /embed/hotlines?lang=sv&municipality=1380&heading_level=2 HTTP/1.0"
        assert sorted(headers) == ["Connection: close", f"Host: localhost:{attack.directory.port}"]
    assert set(attack.directory.names) == {"localhost"}


def test_an_answer_is_text_and_never_a_command_of_the_municipalitys_server(attack: Attack) -> None:
    command = b'<!--# include virtual="/secret" --><!--# echo var="http_cookie" -->'
    attack.directory.answer_with(FRAGMENT % command)
    page = attack.page().text
    assert command.decode() in page
    assert "the secret" not in page
    assert "hemlig" not in page


@pytest.mark.parametrize(
    "headers",
    [
        ("X-Accel-Redirect: /secret",),
        ("X-Accel-Redirect: /stodkatalogen/hotlines",),
        ("X-Accel-Limit-Rate: 1", "X-Accel-Buffering: no", "X-Accel-Charset: utf-7"),
        ("Set-Cookie: spy=1; Domain=.kommun.example", "Location: https://evil.example/", "Refresh: 0; url=/evil"),
        ("Content-Security-Policy: script-src *", "Access-Control-Allow-Origin: *", "Clear-Site-Data: *"),
    ],
)
def test_no_header_of_an_answer_does_anything_in_the_municipality(attack: Attack, headers: tuple[str, ...]) -> None:
    attack.directory.answer_with(FRAGMENT % b"hej", *headers)
    page = attack.page()
    assert '<div class="stodkatalog">hej</div>' in page.text
    assert "the secret" not in page.text
    assert not {header.partition(":")[0].lower() for header in headers} & set(page.headers)


@pytest.mark.parametrize(
    "status", ["302 Found", "308 Permanent Redirect", "404 Not Found", "422 No", "500 No", "503 No"]
)
def test_no_redirect_is_followed_and_no_error_is_included(attack: Attack, status: str) -> None:
    attack.directory.answer_with(
        FRAGMENT % b"fault", f"Location: https://localhost:{attack.directory.port}/evil", status=status
    )
    page = attack.page()
    assert_numbers_only(page)
    assert "fault" not in page.text
    assert len(attack.directory.requests) == 1


@pytest.mark.parametrize("sized", [True, False])
def test_fifty_kilobytes_are_included(attack: Attack, sized: bool) -> None:
    attack.directory.answer_with(FRAGMENT % (b"hej " * 12_500), sized=sized)
    assert len(attack.page().content) > 50_000


@pytest.mark.parametrize("sized", [True, False])
def test_five_megabytes_are_not_included(attack: Attack, sized: bool) -> None:
    attack.directory.answer_with(FRAGMENT % (b"</div>" * 900_000), sized=sized)
    page = attack.page()
    assert len(page.content) < 2000
    assert_numbers_only(page)


@pytest.mark.parametrize("whole", ["head", "body"])
def test_a_visitor_does_not_wait_for_an_answer_that_drips(attack: Attack, whole: str) -> None:
    attack.directory.answer_with(FRAGMENT % (b"</div>" * 50), "X-Accel-Buffering: no", sized=False)
    (answer,) = attack.directory.answer
    head = answer.index(b"\r\n\r\n") + 4
    drips = [answer[place : place + 1] for place in range(len(answer))]
    attack.directory.answer = drips if whole == "head" else [answer[:head], *drips[head:]]
    attack.directory.pause = 0.2
    began = time.monotonic()
    assert_numbers_only(attack.page())
    assert time.monotonic() - began < 10  # all of it takes a minute


@pytest.mark.parametrize(
    "cut", [b"<div class=", b'<div class="stodkatalog"><a href="tel:112">112</a>', b"", b"Problem"]
)
def test_what_is_no_whole_fragment_is_not_included(attack: Attack, cut: bytes) -> None:
    attack.directory.answer_with(cut)
    assert_numbers_only(attack.page())
    attack.directory.answer_with(cut, "Content-Length: 5000", sized=False)
    assert_numbers_only(attack.page())


@pytest.mark.parametrize("fault", ["another name", "another authority"])
def test_a_directory_that_cannot_prove_who_it_is_is_not_asked(
    site: Served, tmp_path: Path, certificate: Certificate, fault: str
) -> None:
    other = make_certificate(tmp_path / "other", "evil.example" if fault == "another name" else "localhost")
    trusted = other if fault == "another name" else certificate
    home = tmp_path / "nginx"
    home.mkdir()
    with serve_hostile(other) as directory:
        directory.answer_with(FRAGMENT % b"evil")
        with municipality(home, snippet_for(site.client, directory.port), trusted.authority) as client:
            assert_numbers_only(client.get("/page.html"))
        assert directory.requests == []
