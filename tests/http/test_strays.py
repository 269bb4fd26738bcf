"""Parameters that a page does not know, as others append them to a link that they share."""

import httpx
import pytest

from app.http.strays import without_strays
from app.main import create_app
from app.settings import Settings
from tests.routes import Route, routes_of

STRAYS = "fbclid=abc&utm_source=x&_ga=1.2&kommun=Halmstad&q2=chatt&utm_campaign=&lang2&=x&%C3%A5=1&x[]=1&ver=6.8"
EXAMPLES = {
    "/docs/{group}": "/docs/hotlines",
    "/sv/resurser/{id}": "/sv/resurser/sos-112",
    "/en/resources/{id}": "/en/resources/sos-112",
}
WITH_TOKEN = {"/sv/bekrafta/{id}", "/en/confirm/{id}"}
"""Pages that only the address in a mail leads to; any other is refused."""
FOR_BROWSERS = [
    route
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
    if route.contract.is_for_browsers and route.contract.cross_origin
]


def address_of(route: Route, client: httpx.Client) -> str:
    if route.path == "/embed/v1/{name}":
        return next(part for part in client.get("/embed/frame/hotlines").text.split('"') if part.endswith(".css"))
    return EXAMPLES.get(route.path, route.path)


@pytest.mark.parametrize("route", FOR_BROWSERS, ids=lambda route: route.path)
def test_a_page_and_what_it_is_drawn_with_pass_over_what_they_do_not_know(client: httpx.Client, route: Route) -> None:
    address = address_of(route, client)
    plain, stray = client.get(address), client.get(f"{address}?{STRAYS}")
    assert (stray.status_code, stray.text) == (plain.status_code, plain.text)
    assert plain.status_code in ((422,) if route.path in WITH_TOKEN else (200, 302, 308))
    kept = ("content-type", "etag", "content-language", "location")
    assert [stray.headers.get(name) for name in kept] == [plain.headers.get(name) for name in kept]


@pytest.mark.parametrize("path", ["/sv/stodlinjer?q=chatt", "/en/hotlines?lang=sv", "/sv/?municipality=Halmstad"])
def test_a_parameter_of_another_page_is_a_stray(client: httpx.Client, path: str) -> None:
    assert client.get(path).text == client.get(path.partition("?")[0]).text


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        ("/sv/stodlinjer", "municipality=&offset=&status="),
        ("/sv/vem-kontaktar-jag", "municipality=&age=&at=&urgency=&topic="),
        ("/embed/hotlines", "municipality=&audience=&open=&lang="),
        ("/embed/frame/courses", "municipality&theme=&limit="),
        ("/embed/guide", "accent=&heading_level=&embed="),
    ],
)
def test_an_empty_parameter_of_a_page_is_one_left_out(client: httpx.Client, path: str, empty: str) -> None:
    answer = client.get(f"{path}?{empty}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert 'href="tel:112"' in answer.text


def test_what_was_asked_for_beside_a_stray_is_answered(client: httpx.Client) -> None:
    plain = client.get("/sv/regionkoordinatorer?municipality=Halmstad")
    stray = client.get("/sv/regionkoordinatorer?fbclid=a&%6Dunicipality=Halmstad&q=chatt")
    assert stray.text.replace("%6D", "m") == plain.text
    assert 'href="/en/coordinators?municipality=Halmstad"' in plain.text
    assert client.get("/sv/stodlinjer?fbclid=a&municipality=Halmstadd").status_code == 422


def test_a_page_with_strays_is_kept_once_and_for_anybody(client: httpx.Client) -> None:
    answer = client.get("/sv/om?fbclid=abc")
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert client.get("/sv/om?fbclid=d", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_start_page_is_found_with_strays_and_without_a_slash(client: httpx.Client) -> None:
    answer = client.get("/sv?fbclid=abc")
    assert (answer.status_code, answer.headers["location"]) == (308, "/sv/")


@pytest.mark.parametrize(
    "path",
    ["/v1/hotlines", "/v1/resources/sos-112", "/v1/changes.atom", "/hsds/v3/services", "/embed/v1/hotlines.json",
     "/oembed", "/v1/openapi.json", "/robots.txt", "/svenska"],
)  # fmt: skip
def test_what_programs_read_stays_strict(client: httpx.Client, path: str) -> None:
    assert client.get(f"{path}?fbclid=abc").status_code in (400, 404, 422)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (b"utm_source=x", b""),
        (b"q=1&fbclid&offset=utm_source", b"q=1&offset=utm_source"),
        (b"%71=%C3%A5&a=b", b"%71=%C3%A5"),
        (b"q=1&q=2&q=", b"q=1&q=2"),
        (b"&&=&=q&q", b""),
        (b"\xff=1&q=\xff", b"q=\xff"),
        (b"", b""),
    ],
)
def test_only_strays_and_empty_ones_are_taken_out(query: bytes, left: bytes) -> None:
    assert without_strays(query, frozenset({"q", "offset"})) == left
