"""What readers see of how fresh a record is, in every form: two dates that are never merged."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.identity import identify
from app.main import create_app
from app.records.confirming import Confirmation, confirm
from app.records.drafts import RecordChange
from app.records.models import Origin
from app.records.publishing import publish
from app.records.revising import Author
from app.resources.models import Resource
from app.settings import Settings
from app.sources.models import Citation
from app.standards.hsds import BASE
from app.verifying.models import EvidenceCheck, Method, Scope
from tests.serving import serve

LINE, DOUBTED, LONE = "kvinnofridslinjen", "stodlinjen-for-man", "somaya"
MOMENT = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
READ = "Läst den 21 november 2026; numren har inte provringts"
GONE = "Det är inte känt om linjen finns kvar"


def see(engine: Engine, slug: str, *, is_missing: bool = False) -> None:
    """Write down that a run saw, or missed, all fragments that a record cites."""
    with Session(engine) as session:
        cited = select(Citation.source_id, Citation.evidence).join(Resource, col(Resource.id) == Citation.subject_id)
        for source, evidence in set(session.exec(cited.where(Resource.slug == slug))):
            seen_at, missing_since = (None, MOMENT) if is_missing else (MOMENT, None)
            session.add(
                EvidenceCheck(
                    source_id=source, evidence=evidence, checked_at=MOMENT, seen_at=seen_at,
                    missing_since=missing_since, misses=int(is_missing), counted_at=None,
                )
            )  # fmt: skip
        session.commit()


def read_feed(client: httpx.Client, slug: str) -> str:
    """What the feed of changes says of a line."""
    address = "/v1/changes/feed.json?limit=100"
    while address:
        page = client.get(address).json()
        for item in page["items"]:
            if item["url"].endswith(f"/{slug}"):
                return str(item["content_text"])
        address = page.get("next_url", "")
    return ""


def forms(client: httpx.Client, slug: str) -> dict[str, str]:
    """Each form that tells of a line, as text."""
    workbook = load_workbook(BytesIO(client.get("/v1/exports/resources.xlsx").content), read_only=True)
    cells = [str(cell) for sheet in workbook for row in sheet.values for cell in row]
    hours = client.get("/v1/opening-hours", params={"limit": 100}).json()["items"]
    entry = next(item["id"] for item in hours if item["resource"]["id"] == slug)
    calendar = client.get(f"/v1/opening-hours/{entry}/intervals", headers={"Accept": "text/calendar"}).text
    paths = {
        "record": f"/v1/hotlines/{slug}", "page": f"/sv/resurser/{slug}", "list": "/sv/stodlinjer",
        "fragment": "/embed/hotlines", "feed": "/embed/v1/hotlines.json", "card": f"/v1/resources/{slug}.vcf",
        "csv": "/v1/exports/resources.csv", "lines": "/v1/exports/resources.ndjson",
        "hours": f"/v1/opening-hours/{entry}",
    }  # fmt: skip
    texts = {name: client.get(path).raise_for_status().text for name, path in paths.items()}
    texts["changes"] = read_feed(client, slug)
    linked = client.get(f"/v1/hotlines/{slug}", headers={"Accept": "application/ld+json"}).text
    unfolded = {"card": texts["card"].replace("\r\n ", ""), "calendar": calendar.replace("\r\n ", "")}
    plain = {name: text.replace("\\;", ";").replace("\\,", ",") for name, text in unfolded.items()}
    return texts | plain | {"schema.org": linked, "xlsx": "\n".join(cells)}


def load_service(client: httpx.Client, slug: str, lang: str = "sv") -> dict[str, Any]:
    """A line as HSDS has it."""
    found: dict[str, Any] = client.get(f"{BASE}/services/{identify('resource', slug)}", params={"lang": lang}).json()
    return found


@pytest.fixture
def client(seeded_engine: Engine) -> Iterator[httpx.Client]:
    """A service of its own: these tests write down what was checked and seen."""
    settings = Settings(database_url=seeded_engine.url.render_as_string(hide_password=False))
    with serve(create_app(settings)) as running:
        yield running.client


def test_every_form_tells_the_date_of_a_check_within_the_next_request(
    client: httpx.Client, seeded_engine: Engine
) -> None:
    assert [name for name, text in forms(client, LINE).items() if READ not in text] == []
    see(seeded_engine, LINE)
    confirmation = Confirmation(Scope.CONTACT, Method.PHONE, "editor", MOMENT.date())
    confirm(seeded_engine, "hotline", LINE, confirmation, MOMENT)
    told = "Provringt den 27 november 2026; stod senast i källan den 27 november 2026"
    assert [name for name, text in forms(client, LINE).items() if told not in text] == []
    linked = client.get(f"/v1/hotlines/{LINE}", headers={"Accept": "application/ld+json"}).json()
    assert linked["mainEntityOfPage"]["lastReviewed"] == "2026-11-27"
    service = load_service(client, LINE)
    assert service["assured_date"] == "2026-11-27"
    assert {one["seen_at"] for one in service["metadata"]} == {"2026-11-27"}


def test_that_a_line_may_be_gone_is_said_wherever_its_number_stands_at_every_hour(client: httpx.Client) -> None:
    assert [name for name, text in forms(client, DOUBTED).items() if GONE not in text] == []
    asked = {"municipality": "Halmstad", "audience": "exposed", "at": "2026-11-25T11:00:00+01:00"}
    plain = client.get("/v1/referrals", params=asked, headers={"Accept": "text/plain"}).text
    (line,) = [one for one in plain.splitlines() if "Stödlinjen för män" in one]
    assert GONE in line
    linked = client.get(f"/v1/hotlines/{DOUBTED}", headers={"Accept": "application/ld+json"}).json()
    assert linked["description"].startswith(GONE)
    assert load_service(client, DOUBTED)["alert"] == f"{GONE}."


def test_nothing_is_said_of_112_that_could_keep_somebody_from_calling(
    client: httpx.Client, seeded_engine: Engine
) -> None:
    see(seeded_engine, "sos-112", is_missing=True)
    long_ago = Confirmation(Scope.CONTACT, Method.PHONE, "editor", date(2020, 1, 1))
    confirm(seeded_engine, "hotline", "sos-112", long_ago, MOMENT)
    record = client.get("/v1/hotlines/sos-112").json()
    assert (record["review"], record["freshness"]) == ("overdue", "Provringt den 1 januari 2020.")
    for path in ("/sv/resurser/sos-112", "/sv/stodlinjer", "/v1/resources/sos-112.vcf"):
        text = client.get(path).text
        assert "Skulle ha kontrollerats" not in text
        assert "inte längre i källan sedan" not in text
    assert client.get("/v1/referrals").json()["steps"][0]["resource"]["id"] == "sos-112"


def test_an_overdue_check_is_said_and_the_number_stays(client: httpx.Client, seeded_engine: Engine) -> None:
    see(seeded_engine, LINE, is_missing=True)
    long_ago = Confirmation(Scope.CONTACT, Method.PHONE, "editor", date(2026, 1, 1))
    confirm(seeded_engine, "hotline", LINE, long_ago, MOMENT)
    overdue = "It should have been checked again by 1 April 2026."
    for path in (
        f"/en/resources/{LINE}",
        "/en/hotlines",
        "/embed/hotlines?lang=en",
        f"/v1/resources/{LINE}.vcf?lang=en",
    ):
        text = client.get(path).text.replace("\r\n ", "")
        assert overdue.removesuffix(".") in text, path
        assert "no longer in the source since 27 November 2026" in text, path
    assert load_service(client, LINE, "en")["alert"] == overdue
    steps = client.get("/v1/referrals", params={"audience": "exposed"}).json()["steps"]
    assert any(point["display"] == "020-50 50 50" for step in steps for point in step["contact_points"])


def change_number(client: httpx.Client, engine: Engine, evidence: str | None = None) -> None:
    """Give a line with one number another, cited in the same words of a source or in these."""
    record, field = client.get(f"/v1/records/hotlines/{LONE}").json(), "contact_points.telefon.value"
    document = record["document"]
    document["contact_points"][0]["value"] = "+46313900613"
    if evidence is not None:
        cited = next(one for one in document["citations"] if field in one["fields"])
        cited["evidence"] = evidence
    change = RecordChange("hotline", LONE, document, record["number"])
    publish(engine, [change], Author("editor", Origin.CONSOLE, "Another number."), MOMENT)


def test_a_source_that_was_read_before_a_number_changed_has_not_seen_the_new_one(
    client: httpx.Client, seeded_engine: Engine
) -> None:
    def read() -> str:
        return str(client.get(f"/v1/hotlines/{LONE}").json()["freshness"])

    see(seeded_engine, LONE)
    assert read() == "Stod senast i källan den 27 november 2026; numret har inte provringts."
    change_number(client, seeded_engine)
    assert read() == "Numret har inte provringts."
    change_number(client, seeded_engine, "031-390 06 13")
    assert read() == "Läst den 27 november 2026; numret har inte provringts."


def test_a_lone_number_keeps_the_label_that_says_what_it_is(client: httpx.Client) -> None:
    assert "Telefon: inte känt om någon svarar" in client.get("/sv/stodlinjer").text
