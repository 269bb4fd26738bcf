"""Who may do what: every route that needs a key, with every role."""

from typing import Any

import httpx
import pytest

from app.access.deciding import LEAST_ROLE, ROLES
from app.access.models import KeyRole
from app.main import create_app
from app.settings import Settings
from tests.access.conftest import MakeKey
from tests.routes import Route, routes_of
from tests.test_every_route import assert_problem

ROUTES = [
    route
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
    if not route.path.startswith("/redaktion")  # the console has sessions: tests/console
]
KEYED = [route for route in ROUTES if route.action is not None]
OPEN_WRITES = {
    "/v1/reports", "/sv/fel", "/en/report", "/sv/vem-kontaktar-jag", "/en/whom-to-contact",
    "/sv/bekrafta/{id}", "/en/confirm/{id}",
}  # fmt: skip
"""What anybody may send; the address of a confirmation is itself what proves who sends it."""


def send(client: httpx.Client, route: Route, headers: dict[str, str]) -> httpx.Response:
    """A request that is in order but for its content."""
    address = route.path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{collection}", "hotlines")
    body: dict[str, Any] = {} if route.method in ("GET", "DELETE") else {"json": {}}
    return client.request(route.method, address, headers=headers, **body)


def test_whatever_writes_needs_a_key() -> None:
    assert {route.path for route in ROUTES if route.method != "GET" and route.action is None} <= OPEN_WRITES
    assert {route.path for route in KEYED} >= {"/v1/keys/current", "/v1/proposals", "/v1/proposals/{id}/decision"}


@pytest.mark.parametrize("route", KEYED, ids=lambda route: f"{route.method} {route.path}")
def test_each_role_may_do_just_what_is_said_of_it(client: httpx.Client, make_key: MakeKey, route: Route) -> None:
    assert route.contract.caching is None
    assert not route.contract.cross_origin
    assert_problem(send(client, route, {}), 401)
    assert route.action is not None
    least = LEAST_ROLE[route.action]
    for role in KeyRole:
        answer = send(client, route, make_key(role))
        if ROLES.index(role) >= ROLES.index(least):
            assert answer.status_code in (200, 404, 422), answer.text
        else:
            assert f"the role {least}" in assert_problem(answer, 403)["detail"]
        assert answer.headers["cache-control"] == "private, no-store"
        assert "access-control-allow-origin" not in answer.headers
