"""An address that somebody ends with a slash leads to the one without it, and never to another host."""

import http.client
import socket
from pathlib import Path

import httpx
import pytest

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.settings import Settings
from tests.serving import serve


@pytest.mark.parametrize(
    ("address", "without"),
    [
        ("/v1/hotlines/", "/v1/hotlines"),
        ("/v1/hotlines/?limit=2&lang=en", "/v1/hotlines?limit=2&lang=en"),
        ("/v1/resources/sos-112/?lang=sv", "/v1/resources/sos-112?lang=sv"),
        ("/v1/municipalities/G%C3%B6teborg/", "/v1/municipalities/G%C3%B6teborg"),
        ("/v1/referrals/?municipality=Malm%C3%B6", "/v1/referrals?municipality=Malm%C3%B6"),
        ("/hsds/v3/services/?per_page=1", "/hsds/v3/services?per_page=1"),
        ("/datasets/dcat/", "/datasets/dcat"),
        ("/docs/", "/docs"),
        ("/sv/stodlinjer/?municipality=Halmstad", "/sv/stodlinjer?municipality=Halmstad"),
        ("/en/resources/sos-112/", "/en/resources/sos-112"),
        ("/embed/hotlines/?lang=en", "/embed/hotlines?lang=en"),
        ("/embed/frame/referral/?theme=dark", "/embed/frame/referral?theme=dark"),
    ],
)
def test_a_final_slash_leads_to_the_address_without_it(client: httpx.Client, address: str, without: str) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, address, headers={"Accept": "application/json, text/html, */*"})
        assert answer.status_code == 308, address
        assert answer.headers["Location"] == f"{client.base_url}".rstrip("/") + without
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(answer.headers["Location"]).status_code == 200


def test_a_question_that_is_posted_stays_one(client: httpx.Client) -> None:
    answer = client.post("/hsds/v3/services/", json={"per_page": 1}, follow_redirects=True)
    assert (answer.status_code, len(answer.json()["contents"])) == (200, 1)


@pytest.mark.parametrize("address", ["/", "/sv/", "/en/", "/hsds/v3/", "/hsds/v3/profile/"])
def test_where_the_slash_belongs_it_stays(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/v1/nothing/",
        "/v1/hotlines//",
        "/v1/hotlines%2F",
        "/sv/ingenting/",
        "/embed/nothing/",
        "/static/site.css/",
        "/pages/icon.svg/",
        "/embed/v1/stodkatalog.js/",
        "/v1/exports/resources.csv/",
        "/v1/resources/sos-112.vcf/",
        "/robots.txt/",
    ],
)
def test_files_and_unknown_addresses_are_not_found_with_a_slash_either(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "//evil.example/v1/hotlines/",
        "/%2Fevil.example/",
        "/%5Cevil.example/",
        "/\\evil.example/",
        "/v1//evil.example/",
        "/sv//evil.example/",
        "/embed//evil.example/",
        "///evil.example//",
    ],
)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_no_form_of_an_address_leads_to_another_host(client: httpx.Client, target: str, version: str) -> None:
    host = f"Host: {client.base_url.netloc.decode()}\r\n" if version == "1.1" else ""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10) as connection:
        connection.sendall(f"GET {target} HTTP/{version}\r\n{host}Connection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (answer.status, answer.getheader("Location")) == (404, None)


def test_a_service_under_a_path_leads_to_addresses_under_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    engine = engine_for(url)
    migrate(engine)
    engine.dispose()
    with serve(create_app(Settings(database_url=url, base_url="https://kommun.example/katalog"))) as running:
        answer = running.client.get("/v1/hotlines/?limit=1", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers["Location"]) == (
            308,
            "https://kommun.example/katalog/v1/hotlines?limit=1",
        )
