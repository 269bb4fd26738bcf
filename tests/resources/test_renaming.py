"""A record that has got another id is found under the old one, too."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.database import engine_for
from app.main import create_app
from app.records.commands import change_record
from app.records.drafts import RecordChange, load_current
from app.records.models import Origin
from app.records.publishing import publish
from app.records.revising import Author
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.conftest import SEEDED, find_server
from tests.seeding.small import write_folder
from tests.serving import serve
from tests.stores import Stores, discard


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, stores: Stores, tmp_path: Path) -> Iterator[Engine]:
    """The small directory, in which the hotline, the organization and the source have got other ids."""

    def fill(engine: Engine) -> None:
        write_seed(engine, read_seed(write_folder(tmp_path / "seed")), SEEDED)
        rename(engine, "hotlines/linjen", "mellannamnet")
        rename(engine, "hotlines/mellannamnet", "nya-linjen")
        rename(engine, "organizations/myndigheten", "nya-myndigheten")
        rename(engine, "sources/sida", "nya-sidan")

    created = engine_for(stores.create(tmp_path, find_server(request), "renamed", fill))
    yield created
    discard(created, find_server(request))


@pytest.fixture
def client(store: Engine) -> Iterator[httpx.Client]:
    """A client that follows no redirects by itself."""
    with serve(create_app(Settings(database_url=store.url.render_as_string(hide_password=False)))) as running:
        yield running.client


def rename(engine: Engine, address: str, slug: str) -> None:
    change_record(engine, address, {"id": slug}, "editor", "it has another name", SEEDED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/v1/hotlines/linjen", "/v1/hotlines/nya-linjen"),
        ("/v1/hotlines/mellannamnet?lang=en", "/v1/hotlines/nya-linjen?lang=en"),
        ("/v1/resources/linjen?at=2026-11-22T02:00:00Z", "/v1/resources/nya-linjen?at=2026-11-22T02:00:00Z"),
        ("/v1/resources/linjen.vcf", "/v1/resources/nya-linjen.vcf"),
        ("/v1/opening-hours/linjen.telefon", "/v1/opening-hours/nya-linjen.telefon"),
        ("/v1/opening-hours/linjen.telefon/intervals", "/v1/opening-hours/nya-linjen.telefon/intervals"),
        ("/v1/organizations/myndigheten", "/v1/organizations/nya-myndigheten"),
        ("/v1/sources/sida", "/v1/sources/nya-sidan"),
        ("/sv/resurser/linjen", "/sv/resurser/nya-linjen"),
        ("/en/resources/linjen", "/en/resources/nya-linjen"),
    ],
)
def test_an_old_address_leads_to_the_new_one(client: httpx.Client, old: str, new: str) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, old)
        assert (answer.status_code, answer.headers["Location"]) == (308, f"{client.base_url}".rstrip("/") + new)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert client.request(method, new).status_code == 200


def test_json_ld_under_an_old_id_leads_on_as_well(client: httpx.Client) -> None:
    answer = client.get("/v1/hotlines/linjen", headers={"Accept": "application/ld+json"}, follow_redirects=True)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/ld+json")


def test_an_old_id_leads_nowhere_in_a_collection_that_never_had_it(client: httpx.Client) -> None:
    for path in ("/v1/courses/linjen", "/v1/organizations/linjen", "/v1/hotlines/aldrig"):
        assert client.get(path).status_code == 404


def test_an_old_id_that_another_record_has_got_is_that_records(store: Engine, client: httpx.Client) -> None:
    rename(store, "coordinators/koordinator-vast", "linjen")
    assert client.get("/v1/resources/linjen").json()["kind"] == "coordinator"
    assert client.get("/v1/hotlines/linjen").status_code == 404
    assert client.get("/v1/hotlines/mellannamnet").status_code == 308
    assert client.get("/v1/coordinators/koordinator-vast").status_code == 308


def test_an_old_id_of_a_record_that_is_gone_leads_nowhere(store: Engine, client: httpx.Client) -> None:
    rename(store, "coordinators/koordinator-ost", "nya-ost")
    assert client.get("/v1/coordinators/koordinator-ost").status_code == 308
    with Session(store) as session:
        base = load_current(session, [("resource", "nya-ost")])["resource", "nya-ost"].revision
    publish(
        store, [RecordChange("coordinator", "nya-ost", None, base)], Author("editor", Origin.COMMAND, "gone"), SEEDED
    )
    assert client.get("/v1/coordinators/koordinator-ost").status_code == 404


def test_a_filter_follows_an_organization_an_audience_or_a_topic_that_has_another_id(
    store: Engine, client: httpx.Client
) -> None:
    rename(store, "audiences/alla", "var-och-en")
    for old, new in (
        ({"organization": "myndigheten"}, {"organization": "nya-myndigheten"}),
        ({"audience": "alla"}, {"audience": "var-och-en"}),
    ):
        asked = [client.get("/v1/hotlines", params=one) for one in (old, new)]
        assert [answer.status_code for answer in asked] == [200, 200]
        found, today = ([one["id"] for one in answer.json()["items"]] for answer in asked)
        assert found == today == ["nya-linjen"]
        assert client.get("/embed/hotlines", params=old).status_code == 200
    for unknown in ({"organization": "aldrig"}, {"organization": "sida"}, {"audience": "aldrig"}):
        assert client.get("/v1/hotlines", params=unknown).status_code == 422
