"""Only what a route declares public is kept or shared; not what is answered to somebody known or to a question."""

import re
import time
from collections.abc import Iterator
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Query, Response

from app.http.contract import Parameters, answers
from app.http.delivery import Delivery
from app.http.enforcing import keep_contract
from app.main import Surrounded, create_app
from app.server.cache_access import find_access
from app.settings import Settings
from tests.serving import serve


@pytest.fixture(scope="module")
def fresh(database_url: str) -> Iterator[httpx.Client]:
    """A service whose cache no other test has filled."""
    with serve(create_app(Settings(database_url=database_url))) as running:
        yield running.client


def test_what_was_answered_to_somebody_known_is_given_to_nobody_else(fresh: httpx.Client) -> None:
    for name, value in (("Authorization", "Bearer secret"), ("X-API-Key", "secret"), ("Cookie", "session=secret")):
        path = f"/v1/search?q=polisen&lang=en&limit={len(name)}"
        assert fresh.get(path, headers={name: value}).headers["cache-control"] == "private, no-store"
        time.sleep(1.1)
        assert re.match(r"public, max-age=(300|299),", fresh.get(path).headers["cache-control"]), "made anew"
        again = fresh.get(path, headers={name: value})
        assert again.headers["cache-control"] == "private, no-store"
        assert "etag" not in again.headers, "made anew, too"


def test_a_file_for_somebody_known_is_for_nobody_else(fresh: httpx.Client) -> None:
    for path in ("/v1/exports/resources.csv?kind=course", "/hsds/v3/services?format=ndjson"):
        for name in ("Authorization", "Cookie"):
            answer = fresh.get(path, headers={name: "secret"})
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")


def test_only_a_route_that_declares_it_public_may_be_stored_by_anybody() -> None:
    application = FastAPI(dependencies=[Depends(keep_contract)])

    @application.get("/undeclared")
    def get_undeclared(wanted: Annotated[Parameters, Query()]) -> Response:
        return Response("x", headers={"Cache-Control": "public, max-age=60"})

    @application.get("/declared")
    @answers(fresh=60)
    def get_declared(wanted: Annotated[Parameters, Query()]) -> Response:
        return Response("x")

    with serve(Delivery(application), http="httptools") as own:  # type: ignore[arg-type]  # what uvicorn serves is any ASGI
        assert own.client.get("/undeclared").headers["cache-control"] == "private, no-store"
        assert own.client.get("/declared").headers["cache-control"].startswith("public, max-age=")


def test_pages_that_answer_a_question_are_stored_nowhere_and_the_others_are(database_url: str) -> None:
    questions = (
        "/sv/vem-kontaktar-jag?age=15&municipality=Halmstad", "/en/whom-to-contact?age=15", "/sv/sok?q=hallick",
        "/sv/sok?q=hallick&offset=50", "/sv/regionkoordinatorer?municipality=Halmstad", "/sv/stodlinjer?status=current",
        "/embed/guide?municipality=Halmstad",
    )  # fmt: skip
    with serve(create_app(Settings(database_url=database_url))) as own:
        assert isinstance(own.application, Surrounded)
        assert (delivery := own.application.delivery) is not None
        assert (cache := delivery.cache) is not None
        for path in questions * 3:
            answer = own.client.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == "private, no-store", path
        assert cache.size == 0
        assert (access := find_access(own.application)) is not None
        assert not access.remembered, "bytes of a question"
        for path in ("/sv/", "/en/whom-to-contact", "/sv/sok", "/sv/stodlinjer?offset=0", "/sv/integritet", "/"):
            answer = own.client.get(path, follow_redirects=True)
            assert (answer.status_code, answer.headers["cache-control"][:7]) == (200, "public,"), path


def test_a_script_whose_address_holds_its_hash_never_has_to_be_asked_for_again(fresh: httpx.Client) -> None:
    (address,) = re.findall(r"/embed/v1/stodkatalog\.[0-9a-f]+\.js", fresh.get("/embed/guide").text)[:1]
    control = fresh.get(address).headers["cache-control"]
    assert re.fullmatch(r"public, max-age=31536000, immutable", control)
