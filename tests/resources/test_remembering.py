"""A record that is known is told anew for each moment, and is the same as one that is read for it."""

from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Engine

from app.main import create_app
from app.records.commands import change_record
from app.settings import Settings
from tests.http.test_turns import counted
from tests.serving import Served, serve

ASIDE = {"content-length": "0"}  # passes the cache by, and what is known with it
MOMENTS = [
    "2026-11-22T02:00:00%2B01:00",  # a night
    "2026-11-25T11:00:00%2B01:00",  # a working day
    "2026-12-24T10:00:00Z",  # an eve
    "2027-01-01T10:00:00Z",  # a holiday
    "2026-03-29T00:59:00Z",  # the minute before the clocks go forward
]
KINDS = ("hotlines", "coordinators", "support-services", "courses", "programs", "resources")


@pytest.mark.parametrize("kind", KINDS)
def test_a_known_record_says_what_one_read_anew_says(client: httpx.Client, kind: str) -> None:
    for one in client.get(f"/v1/{kind}?limit=4").json()["items"]:
        client.get(f"/v1/{kind}/{one['id']}?lang=sv")
        client.get(f"/v1/{kind}/{one['id']}?lang=en")
        for number, at in enumerate(MOMENTS):
            address = f"/v1/{kind}/{one['id']}?lang={('sv', 'en')[number % 2]}&at={at}"
            known, anew = client.get(address), client.get(address, headers=ASIDE)
            assert known.status_code == 200
            assert known.text == anew.text, address
            for name in ("etag", "content-type", "content-language"):
                assert known.headers[name] == anew.headers[name]


def test_a_known_record_is_told_without_asking_the_store(served: Served) -> None:
    path = "/v1/hotlines/kvinnofridslinjen?at=2026-11-23T02:00:0{}Z"
    assert served.client.get(path.format(0)).status_code == 200
    with counted(served) as statements:
        assert served.client.get(path.format(1)).status_code == 200
    assert statements == []


@pytest.mark.parametrize(("path", "number"), [("/v1/hotlines/kvinnofridslinjen", 2), ("/v1/hotlines?limit=5", 3)])
def test_what_belongs_to_records_that_are_read_anew_takes_one_statement(served: Served, path: str, number: int) -> None:
    with counted(served) as statements:
        assert served.client.get(path, headers=ASIDE).status_code == 200
    assert sum(not statement.startswith("BEGIN") for statement in statements) == number


def test_a_known_record_is_as_fresh_as_one_read_anew(client: httpx.Client) -> None:
    for one in client.get("/v1/hotlines").json()["items"]:
        ages = [
            client.get(f"/v1/hotlines/{one['id']}", headers=asked).headers["cache-control"] for asked in ({}, ASIDE)
        ]
        assert len({"must-revalidate" in age for age in ages}) == 1


def test_a_known_record_has_links_of_the_address_it_is_asked_at(client: httpx.Client) -> None:
    for number, host in enumerate(["a.example", "b.example", "a.example"]):
        path = f"/v1/hotlines/kvinnofridslinjen?at=2026-11-22T02:0{number}:00Z"
        answer = client.get(path, headers={"host": host}).json()
        assert answer["_links"]["self"]["href"] == f"http://{host}/v1/hotlines/kvinnofridslinjen"
        assert answer["contact_points"][0]["opening_hours"]["evaluated_at"] == f"2026-11-22T03:0{number}:00+01:00"


def test_a_record_that_changes_is_not_known_any_more(seeded_engine: Engine) -> None:
    url = seeded_engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        for number in range(5):
            patch = {"name": {"sv": str(number), "en": str(number)}}
            change_record(seeded_engine, "hotlines/kvinnofridslinjen", patch, "editor", "counted up", datetime.now(UTC))
            for second in range(3):
                at = f"2026-11-22T02:{number:02}:{second:02}Z"
                answer = running.client.get(f"/v1/hotlines/kvinnofridslinjen?at={at}").json()
                assert answer["name"] == str(number)


def test_a_record_that_has_another_id_is_not_known_by_the_old_one(seeded_engine: Engine) -> None:
    url = seeded_engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        path = "/v1/courses/{}?at=2026-11-22T02:00:0{}Z"
        slug = running.client.get("/v1/courses").json()["items"][0]["id"]
        assert [running.client.get(path.format(slug, second)).status_code for second in range(2)] == [200, 200]
        change_record(seeded_engine, f"courses/{slug}", {"id": "another"}, "editor", "renamed", datetime.now(UTC))
        assert running.client.get(path.format(slug, 2)).status_code == 308
        assert running.client.get(path.format("another", 3)).status_code == 200
