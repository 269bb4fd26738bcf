"""A value of any column that is none of its kind, past every check, takes nothing down but its own record."""

import json
import logging
import xml.dom.minidom
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from sqlite3 import Connection, IntegrityError, connect
from typing import Any

import httpx
import pytest
from sqlalchemy import Boolean, Date, DateTime, Engine, Enum, Integer, String, Uuid, inspect, make_url, text
from sqlmodel import SQLModel

from app import faults
from app.main import create_app
from app.records.rebuilding import REBUILT, rebuild
from app.settings import Settings
from app.stored_values import StoredValue, UtcDateTime
from tests.serving import Served, serve

LINE = "nationella-stodtelefonen"
ADDRESSES = (
    "/v1/resources?limit=100", "/v1/hotlines", "/v1/courses", "/v1/events?upcoming=false", "/v1/publications",
    "/v1/programs", "/v1/coordinators", "/v1/support-services", "/v1/organizations?limit=100", "/v1/sources?limit=100",
    "/v1/audiences", "/v1/topics", "/v1/counties", "/v1/municipalities", "/v1/municipalities/Halmstad",
    "/v1/coordination-regions", "/v1/opening-hours", "/v1/search?q=polisen", "/v1/search?q=stodtelefonne",
    "/v1/changes", "/v1/changes.atom", "/v1/referrals", "/v1/referrals?municipality=Halmstad",
    "/v1/exports/resources.csv", "/v1/exports/contact-points.csv", "/v1/exports/resources.xlsx",
    "/v1/exports/resources.ndjson", "/v1/exports/datapackage.zip", "/hsds/v3/services?full=true",
    "/hsds/v3/organizations?full_service=true", "/hsds/v3/taxonomy_terms", "/hsds/v3/service_at_locations",
    "/v1/resources.jsonld", "/v1/events.ics", "/datasets/dcat", "/sv/", "/sv/stodlinjer", "/sv/utbildningar",
    "/sv/vem-kontaktar-jag?municipality=Halmstad", "/embed/v1/hotlines.json", "/embed/hotlines",
    "/embed/frame/hotlines", "/embed/guide", "/sitemap.xml",
)  # fmt: skip
"""Lists, single things, pages, fragments, referrals, search, exports and every standard that is served."""

CONTROLS = "\x00\x01\x0b\x1b]\r\nBEGIN:X\u2028\ufffe\t<b>"
ROUNDS: tuple[dict[type, Any], ...] = (
    {Enum: "okänd", Uuid: "zzz", Date: "snart", DateTime: "snart", Boolean: "kanske", Integer: "abc", String: CONTROLS},
    {Enum: "", Uuid: "", Date: "9999-12-31", DateTime: "9999-12-31 23:59:59.000000", Integer: 2**31 - 1, String: ""},
    {Enum: 7, Uuid: 7, Date: "0001-01-01", DateTime: "0001-01-01 00:00:00.000000", Integer: -1, String: "http://[x"},
    {Enum: b"\xff", Uuid: b"\xff", Date: 7, DateTime: b"\xff", Integer: 2**62, String: b"\xff\xfe", Boolean: 7},
)
"""By the kind of a column: what is written into it."""
TABLES = [
    table for table in SQLModel.metadata.sorted_tables if table in {inspect(model).local_table for model in REBUILT}
]


@pytest.fixture
def running(seeded_engine: Engine) -> Iterator[Served]:
    """The service over the real data."""
    settings = Settings(database_url=seeded_engine.url.render_as_string(hide_password=False), dear_per_minute=100_000)
    with serve(create_app(settings)) as served:
        yield served


def break_columns(store: Connection, values: dict[type, Any], nth: int) -> int:
    """Write into each column of each table, in another row each; how many columns took it."""
    taken = 0
    store.execute("PRAGMA foreign_keys=OFF")
    for table in TABLES:
        rows = [row for (row,) in store.execute(f'SELECT rowid FROM "{table.name}" ORDER BY rowid')]
        for number, column in enumerate(table.columns if rows else ()):
            assert isinstance(column.type, StoredValue)
            kind = column.type.kind
            value = next((value for one, value in values.items() if isinstance(kind, one)), None)
            if isinstance(kind, UtcDateTime):
                value = values[DateTime]
            row = rows[(number + 7 * nth) % len(rows)]
            try:
                store.execute(f'UPDATE "{table.name}" SET "{column.name}" = ? WHERE rowid = ?', (value, row))
                taken += 1
            except IntegrityError:
                pass
    return taken


def ask(client: httpx.Client, addresses: list[str]) -> dict[str, tuple[int, str]]:
    """What was not answered."""
    unanswered, answers = dict[str, tuple[int, str]](), dict[str, httpx.Response]()
    for path in addresses:
        try:
            answers[path] = client.get(path)
        except httpx.TransportError as error:
            unanswered[path] = 0, str(error)
    for answer in answers.values():
        kind = answer.headers["content-type"].partition(";")[0]
        if kind.endswith("json") and "ndjson" not in kind:
            json.loads(answer.text)
        elif kind.endswith("xml"):
            xml.dom.minidom.parseString(answer.content)
    failed = {path: answer for path, answer in answers.items() if answer.status_code >= 500}
    return unanswered | {path: (answer.status_code, answer.text[:80]) for path, answer in failed.items()}


def test_every_column_is_read_with_care() -> None:
    careless = [f"{table.name}.{column.name}" for table in SQLModel.metadata.sorted_tables
                for column in table.columns if not isinstance(column.type, StoredValue)]  # fmt: skip
    assert careless == []


@pytest.mark.parametrize("seeded_engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nth", range(len(ROUNDS)))
def test_a_broken_value_in_each_column_leaves_every_address_answered(
    seeded_engine: Engine, running: Served, nth: int, caplog: pytest.LogCaptureFixture
) -> None:
    faults.report_fault.cache_clear()
    slugs = [one["id"] for one in running.client.get("/v1/resources?limit=100").json()["items"]]
    own = [f"/v1/resources/{slug}{form}" for slug in slugs[::12] for form in ("", ".vcf")]
    pages = [f"/sv/resurser/{slug}" for slug in slugs[::6]]
    with closing(connect(str(make_url(str(seeded_engine.url)).database), isolation_level=None)) as store:
        assert break_columns(store, ROUNDS[nth], nth) > 50
    with caplog.at_level(logging.ERROR, "stodkatalog"):
        assert ask(running.client, [*ADDRESSES, *own, *pages]) == {}
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == len(set(messages)), "each is logged once"
    assert rebuild(seeded_engine, datetime(2026, 11, 22, tzinfo=UTC)), "the revisions mend it"
    faults.report_fault.cache_clear()
    caplog.clear()
    assert ask(running.client, ["/v1/resources?limit=100", "/v1/referrals?municipality=Halmstad"]) == {}
    assert caplog.records == []


@pytest.mark.parametrize("seeded_engine", ["postgresql"], indirect=True)
def test_an_enum_that_has_no_such_value_leaves_out_its_row_alone(seeded_engine: Engine, running: Served) -> None:
    before = running.client.get("/v1/resources?limit=100").json()["items"]
    with seeded_engine.begin() as connection:
        broken = (
            "UPDATE contactpoint SET channel = 'rök' WHERE resource_id = (SELECT id FROM resource WHERE slug = :slug)"
        )
        connection.execute(text(broken), {"slug": LINE})
        connection.execute(text("UPDATE coursedetails SET format = 'dröm'"))
    assert running.client.get(f"/v1/hotlines/{LINE}").json()["contact_points"] == []
    assert {one["format"] for one in running.client.get("/v1/courses").json()["items"]} == {None}
    assert len(running.client.get("/v1/resources?limit=100").json()["items"]) == len(before)
