"""A record that is broken in the store, past every check, is told as unknown and takes no other one down."""

import logging
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlmodel import Session

from app import faults
from app.main import create_app
from app.records.publishing import begin_edition
from app.settings import Settings
from tests.conftest import SEEDED
from tests.serving import Served, serve

LINE = "nationella-stodtelefonen"
ADDRESSES = (
    "/v1/hotlines", f"/v1/hotlines/{LINE}", "/v1/resources", "/v1/resources.jsonld", f"/v1/resources/{LINE}.vcf",
    "/v1/hotlines?open=true", "/v1/hotlines?open=false", "/v1/search?q=stodtelefonen", "/v1/opening-hours",
    "/v1/opening-hours?state=unknown", "/v1/referrals?municipality=Halmstad", "/v1/exports/resources.csv",
    "/v1/exports/contact-points.csv", "/v1/exports/resources.xlsx", "/hsds/v3/services?full=true", "/datasets/dcat",
    "/sv/", "/sv/stodlinjer", f"/sv/resurser/{LINE}", "/sv/vem-kontaktar-jag?municipality=Halmstad",
    "/embed/v1/hotlines.json", "/embed/hotlines", "/embed/frame/hotlines",
)  # fmt: skip
"""Lists, pages, referrals, exports and every other form that tells hours."""
BROKEN = ("Mo-Fr 9-16", "", "måndag till fredag", "\x01", "x" * 600)


@pytest.fixture
def running(seeded_engine: Engine) -> Iterator[Served]:
    """The service over the real data."""
    with serve(create_app(Settings(database_url=seeded_engine.url.render_as_string(hide_password=False)))) as served:
        yield served


def change(engine: Engine, statement: str, **values: object) -> None:
    """Break what is read, past every check, in an edition of its own: `rebuild` would mend it."""
    with Session(engine) as session:
        assert session.connection().execute(text(statement), values).rowcount
        begin_edition(session, SEEDED)
        session.commit()


def statuses(client: httpx.Client, addresses: list[str]) -> dict[str, int]:
    return {path: client.get(path).status_code for path in addresses}


def test_hours_that_cannot_be_read_are_unknown_and_take_nothing_else_down(
    seeded_engine: Engine, running: Served, caplog: pytest.LogCaptureFixture
) -> None:
    client = running.client
    hours = [
        item["links"] if "links" in item else item["_links"] for item in client.get("/v1/opening-hours").json()["items"]
    ]
    own_hours = [
        links["self"]["href"].removeprefix(running.address) for links in hours if LINE in links["self"]["href"]
    ]
    addresses = [*ADDRESSES, *own_hours, *(f"{path}/intervals{form}" for path in own_hours for form in ("", ".ics"))]
    assert own_hours
    assert {path: status for path, status in statuses(client, addresses).items() if status != 200} == {}
    faults.report_fault.cache_clear()
    own = "(SELECT id FROM resource WHERE slug = :slug)"
    with caplog.at_level(logging.ERROR, "stodkatalog"):
        for broken in BROKEN:
            change(
                seeded_engine,
                f"UPDATE contactpoint SET opening_hours = :hours, hours_basis = 'stated' WHERE resource_id = {own}",
                hours=broken, slug=LINE,
            )  # fmt: skip
            assert set(statuses(client, addresses).values()) == {200}
            point = client.get(f"/v1/hotlines/{LINE}").json()["contact_points"][0]
            assert point["opening_hours"]["state"] == "unknown"
            assert point["opening_hours"]["always_open"] is False
    assert len(caplog.records) == len(BROKEN)  # each once, however many addresses met it


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError, 503), (IntegrityError, 500), (DataError, 500), (ProgrammingError, 500)],
)
def test_only_what_may_pass_is_told_as_try_again(running: Served, error: type[OperationalError], status: int) -> None:
    def fail(*_: object) -> None:
        raise error("SELECT", {}, Exception())

    event.listen(running.application.state.engine, "before_cursor_execute", fail)
    answer = running.client.get("/v1/hotlines?limit=7")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) is (status == 503)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expression"),
    [
        ("2026-01-01", "2030-12-31", "Mo-Fr 9-16"),
        ("2026-01-01", "2030-12-31", "\x01; x"),
        ("2026-01-01", "2030-12-31", ""),
        ("0001-01-01", "9999-12-31", "10:00-12:00"),
        ("2030-12-31", "2026-01-01", "10:00-12:00"),
    ],
)
def test_an_exception_that_cannot_be_read_is_never_open_and_takes_nothing_else_down(
    seeded_engine: Engine, running: Served, starts_on: str, ends_on: str, expression: str
) -> None:
    faults.report_fault.cache_clear()
    statement = (
        "INSERT INTO openingexception (id, contact_point_id, starts_on, ends_on, expression, reason_sv, reason_en)"
        " SELECT p.id, p.id, :starts_on, :ends_on, :expression, 'prov', 'test' FROM contactpoint p"
        " JOIN resource r ON r.id = p.resource_id WHERE r.slug = :slug AND p.opening_hours IS NOT NULL"
    )
    change(seeded_engine, statement, starts_on=starts_on, ends_on=ends_on, expression=expression, slug=LINE)
    assert set(statuses(running.client, list(ADDRESSES)).values()) == {200}
    if starts_on == "2026-01-01":
        point = running.client.get(f"/v1/hotlines/{LINE}?at=2026-11-23T10:00:00Z").json()["contact_points"][0]
        assert point["opening_hours"]["state"] == "unknown"
