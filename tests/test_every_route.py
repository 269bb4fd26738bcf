"""What holds on every route that anybody may read, whichever it is."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from app.main import create_app
from app.settings import Settings
from tests.routes import Route, routes_of
from tests.serving import Served

OF_THEIR_OWN = re.compile(r"/(sv|en|embed|oembed|pages|help|hsds|redaktion)(/|$)")
"""Pages, what is embedded, HSDS and the console follow rules of their own, which their own tests hold them to."""
ROUTES = [
    route
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
    if route.is_public and not OF_THEIR_OWN.match(route.path)
]
LISTS = [route for route in ROUTES if route.is_list]
EVERY_STATUS = ["current", "unverified", "outdated", "ended"]
REQUIRED = {"from": "2026-11-23T00:00:00+01:00", "to": "2026-11-30T00:00:00+01:00"}

every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
every_list = pytest.mark.parametrize("route", LISTS, ids=lambda route: route.path)


def query_of(route: Route, **more: Any) -> dict[str, Any]:
    """What has to be asked so that the route has something to show."""
    fields = route.parameters.model_fields
    names = {field.alias or name for name, field in fields.items()}
    query: dict[str, Any] = {name: value for name, value in REQUIRED.items() if name in names}
    if "status" in names:
        query["status"] = EVERY_STATUS
    if route.path == "/v1/search":
        query["q"] = "stöd"
    return query | more


def address_of(route: Route, client: httpx.Client) -> str:
    """The route's path with the id of the first thing in its list."""
    if "{" not in route.path:
        return route.path
    if route.path.startswith("/v1/records/"):
        record = "/v1/records/hotlines/nationella-stodtelefonen"
        number = client.get(record).json()["number"]
        path = route.path.replace("/v1/records/{collection}/{id}", record)
        return path.replace("{number}", str(number))
    if route.path == "/docs/{group}":
        return "/docs/hotlines"
    collection = route.path.partition("/{")[0]
    listed = next((other for other in LISTS if other.path == collection), None)
    if listed is None:
        return route.path.replace("{id}", "nationella-stodtelefonen")
    first = client.get(collection, params=query_of(listed, limit=1)).json()["items"][0]
    return route.path.replace("{id}", first["id"])


def get(route: Route, client: httpx.Client, **headers: str) -> httpx.Response:
    return client.get(address_of(route, client), params=query_of(route), headers=headers)


def assert_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "private, no-store"
    problem: dict[str, Any] = answer.json()
    assert sorted(problem) == ["detail", "errors", "instance", "status", "title", "type"]
    assert problem["status"] == status
    return problem


@every_route
def test_it_declares_its_formats_and_how_long_an_answer_stays_fresh(route: Route) -> None:
    assert hasattr(route.endpoint, "contract"), "@answers is missing"
    assert route.contract.caching is not None or route.path == "/healthz"


@every_route
def test_it_answers_get_and_head_alike_and_304_to_who_has_it_already(client: httpx.Client, route: Route) -> None:
    address, query = address_of(route, client), query_of(route)
    answer = client.get(address, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    head = client.head(address, params=query)
    assert (head.status_code, head.content) == (200, b"")
    changing = {"date", "traceparent", "cache-control", "transfer-encoding"}
    if route.path != "/healthz":
        assert_it_is_kept(client, answer, changing)
    assert {name: value for name, value in head.headers.items() if name not in changing} == {
        name: value for name, value in answer.headers.items() if name not in changing
    }


def assert_it_is_kept(client: httpx.Client, answer: httpx.Response, changing: set[str]) -> None:
    again = client.get(answer.request.url, headers={"If-None-Match": f'"other", {answer.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    kept = {"etag", "vary", "content-language"} - changing
    assert {name: again.headers.get(name) for name in kept} == {name: answer.headers.get(name) for name in kept}
    assert answer.headers["cache-control"].startswith("public, max-age=")


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if not one.contract.passes_over_strays], ids=lambda route: route.path
)
def test_an_unknown_parameter_is_refused_by_name_with_those_that_are_allowed(
    client: httpx.Client, route: Route
) -> None:
    address = address_of(route, client)
    problem = assert_problem(client.get(address, params={**query_of(route), "kommun": "Halmstad"}), 422)
    (fault,) = problem["errors"]
    assert fault["parameter"] == "kommun"
    assert "lang" in fault["allowed_values"]


@pytest.mark.parametrize("route", [one for one in ROUTES if not one.names_format], ids=lambda route: route.path)
def test_a_format_that_it_has_not_is_refused_with_those_that_it_has(client: httpx.Client, route: Route) -> None:
    problem = assert_problem(get(route, client, Accept="image/png"), 406)
    assert all(name in problem["detail"] for name in route.contract.formats)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.names_format], ids=lambda route: route.path)
def test_an_address_that_names_one_format_answers_in_it_whatever_is_accepted(
    client: httpx.Client, route: Route
) -> None:
    answer = get(route, client, Accept="image/png")
    assert answer.status_code == 200, answer.text
    assert (answer.headers["content-type"].partition(";")[0],) == route.contract.formats


@every_route
def test_it_answers_in_each_format_that_it_declares(client: httpx.Client, route: Route) -> None:
    tags = set()
    for name in route.contract.formats:
        answer = get(route, client, Accept=f"{name}, image/png;q=0.1")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == name
        tags.add(answer.headers.get("etag"))
    assert len(tags) == len(route.contract.formats), "two formats share an ETag"


@every_route
def test_it_answers_in_both_languages(client: httpx.Client, route: Route) -> None:
    address = address_of(route, client)
    for language, other in (("sv", "en"), ("en", "sv")):
        asked = client.get(address, params=query_of(route, lang=language), headers={"Accept-Language": other})
        negotiated = client.get(
            address, params=query_of(route), headers={"Accept-Language": f"{language}, {other};q=0.5"}
        )
        for answer in (asked, negotiated):
            assert answer.headers.get("content-language", language) == language
            for item in items(answer):
                assert item.get("language", language) == language


def items(answer: httpx.Response) -> list[dict[str, Any]]:
    if answer.headers["content-type"] != "application/json":
        return []
    found = answer.json()
    if not isinstance(found, dict):
        return []
    return [found, *found["items"]] if isinstance(found.get("items"), list) else [found]


@every_list
def test_it_takes_as_many_queries_for_ten_rows_as_for_one(served: Served, route: Route) -> None:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = served.application.state.engine
    counts = {}
    # In schema.org's words each kind is read by statements of its own.
    kinds = {"kind": "publication"} if route.path.endswith(".jsonld") else {}
    address = address_of(route, served.client)
    event.listen(engine, "before_cursor_execute", note)
    try:
        for limit in (1, 5, 10):
            seen.clear()
            # This header makes an answer that is never taken from the cache.
            answer = served.client.get(
                address, params=query_of(route, limit=limit, **kinds), headers={"Content-Length": "0"}
            )
            assert answer.status_code == 200, answer.text
            counts[limit] = len(seen)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counts[1] == counts[5] == counts[10], counts
    assert counts[1] <= 16, counts
