"""The filters that all kinds share: what each finds, and what it refuses."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from app.main import create_app
from app.resources import filters, slices
from app.resources.models import ContactPoint, Resource
from app.search import queries as search
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.conftest import SEEDED
from tests.plans import noting_scans
from tests.serving import Served, serve

EVERY_STATUS = ("current", "unverified", "outdated", "ended")


def found(client: httpx.Client, path: str = "/v1/resources", **query: Any) -> list[dict[str, Any]]:
    answer = client.get(path, params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ids(client: httpx.Client, path: str = "/v1/resources", **query: Any) -> set[str]:
    return {one["id"] for one in found(client, path, **query)}


def refused(client: httpx.Client, path: str, **query: Any) -> dict[str, Any]:
    answer = client.get(path, params=query)
    assert answer.status_code == 422, answer.text
    fault: dict[str, Any] = answer.json()["errors"][0]
    return fault


def test_what_is_outdated_or_ended_is_left_out_unless_asked_for(client: httpx.Client) -> None:
    assert {one["status"] for one in found(client)} <= {"current", "unverified"}
    for status in EVERY_STATUS:
        assert {one["status"] for one in found(client, status=status)} <= {status}
    assert {one["status"] for one in found(client, status=["outdated", "ended"])} == {"outdated", "ended"}
    assert found(client, "/v1/events") == []
    assert len(found(client, "/v1/events", status="ended")) == 7


def test_what_is_outdated_can_still_be_read_and_says_so(client: httpx.Client) -> None:
    for one in found(client, status="outdated"):
        assert client.get(one["_links"]["self"]["href"]).json()["status"] == "outdated"


@pytest.mark.parametrize("asked", ["1290", "Kristianstad", "kristianstad", "Kristianstads kommun", "KRISTIANSTAD "])
def test_a_municipality_goes_by_its_code_and_its_names(client: httpx.Client, asked: str) -> None:
    served = ids(client, municipality=asked)
    assert {"kristianstads-kommun-vald-i-nara-relation", "regionkoordinator-syd", "sos-112"} <= served
    assert "regionkoordinator-vast" not in served


def test_visby_is_gotland_and_belongs_to_stockholms_coordination_region(client: httpx.Client) -> None:
    assert ids(client, "/v1/coordinators", municipality="Visby") == {"regionkoordinator-stockholm"}
    assert ids(client, "/v1/coordinators", municipality="Gotland") == {"regionkoordinator-stockholm"}


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [("180", "Stockholm (0180)"), ("Kristanstad", "Kristianstad (1290)"), ("halmsta", "Halmstad (1380)")],
)
def test_a_municipality_that_is_none_is_an_error_that_names_the_nearest(
    client: httpx.Client, asked: str, nearest: str
) -> None:
    for path in ("/v1/hotlines", "/v1/resources", "/v1/opening-hours", "/v1/coordinators"):
        fault = refused(client, path, municipality=asked)
        assert fault["parameter"] == "municipality"
        assert nearest in fault["allowed_values"]


@pytest.mark.parametrize("asked", ["", " ", "0", "01800", "x" * 61, "Halland", "13", "SE", "%", "_", "Hal%", "'; DROP"])
def test_what_is_no_municipality_is_never_taken_for_one(client: httpx.Client, asked: str) -> None:
    assert refused(client, "/v1/hotlines", municipality=asked)["parameter"] == "municipality"


def test_habo_and_habo_with_a_ring_are_two_municipalities(client: httpx.Client) -> None:
    habo, habo_with_ring = (client.get(f"/v1/municipalities/{name}").json()["id"] for name in ("Habo", "Håbo"))
    assert (habo, habo_with_ring) == ("0643", "0305")
    assert client.get("/v1/municipalities/håbo").json()["id"] == "0305"
    assert client.get("/v1/municipalities/Ha\u030abo").json()["id"] == "0305"


@pytest.mark.parametrize("asked", ["13", "Halland", "Hallands län", "halland county"])
def test_a_county_finds_what_serves_it_and_what_serves_some_of_it(client: httpx.Client, asked: str) -> None:
    assert ids(client, "/v1/coordinators", county=asked) == {"regionkoordinator-vast"}


def test_a_county_finds_what_its_municipalities_have(client: httpx.Client) -> None:
    assert "kristianstads-kommun-vald-i-nara-relation" in ids(client, county="Skåne")
    assert "kristianstads-kommun-vald-i-nara-relation" in ids(client, coordination_region="syd")
    assert "kristianstads-kommun-vald-i-nara-relation" not in ids(client, county="Halland")


@pytest.mark.parametrize("asked", ["vast", "Region Väst", "väst", "region vast"])
def test_a_coordination_region_goes_by_slug_and_name(client: httpx.Client, asked: str) -> None:
    assert ids(client, "/v1/coordinators", coordination_region=asked) == {"regionkoordinator-vast"}


def test_region_halland_is_no_coordination_region(client: httpx.Client) -> None:
    assert refused(client, "/v1/coordinators", coordination_region="Region Halland")


def test_filters_combine_with_and(client: httpx.Client) -> None:
    both = ids(client, municipality="Halmstad", topic="human-trafficking")
    assert both == ids(client, municipality="Halmstad") & ids(client, topic="human-trafficking")
    assert ids(client, "/v1/coordinators", municipality="Halmstad", county="Skåne") == set()


def test_an_audience_finds_the_wider_and_the_narrower_ones_too(client: httpx.Client) -> None:
    terms = client.get("/v1/audiences", params={"limit": 100}).json()["items"]
    narrower = next(term for term in terms if term["broader_terms"])
    wider = narrower["broader_terms"][-1]
    offered = found(client)
    for term, above in ((narrower["id"], narrower["broader_terms"]), (wider, [])):
        related = {term, *above} | {one["id"] for one in terms if term in one["broader_terms"]}
        expected = {one["id"] for one in offered if related & {audience["id"] for audience in one["audiences"]}}
        assert ids(client, audience=term) >= expected
        assert expected


def test_a_topic_and_an_organization_find_what_names_them(client: httpx.Client) -> None:
    for one in found(client, topic="human-trafficking"):
        assert one["topics"]
    for one in found(client, organization="socialstyrelsen"):
        assert "socialstyrelsen" in {part["id"] for part in one["organizations"]}
    assert "socialstyrelsen-barn-och-unga" in ids(client, "/v1/courses", organization="socialstyrelsen")


@pytest.mark.parametrize(
    ("name", "value"),
    [("audience", "alla-barn"), ("topic", "x"), ("organization", "ingen"), ("audience", "Professionals")],
)
def test_a_word_that_is_in_no_vocabulary_is_refused(client: httpx.Client, name: str, value: str) -> None:
    assert refused(client, "/v1/resources", **{name: value})["parameter"] == name


def test_a_channel_finds_what_is_reached_that_way(client: httpx.Client) -> None:
    for one in found(client, channel="chat"):
        assert "chat" in {point["channel"] for point in one["contact_points"]}
    assert "pegasuschatten" in ids(client, channel="chat")
    assert refused(client, "/v1/hotlines", channel="fax")["allowed_values"] == [
        "phone",
        "sms",
        "chat",
        "email",
        "web",
        "visit",
    ]


def test_a_language_finds_only_what_is_stated_to_answer_in_it(client: httpx.Client) -> None:
    for one in found(client, language="sv"):
        assert any("sv" in point["languages"] for point in one["contact_points"])
    assert ids(client, language="zz") == set()


@pytest.mark.parametrize("path", ["/v1/hotlines", "/v1/support-services", "/v1/resources"])
def test_what_costs_nothing_to_contact_is_found_only_where_a_source_says_so(client: httpx.Client, path: str) -> None:
    stated = {
        costs_nothing: {
            one["id"]
            for one in found(client, path)
            if costs_nothing in {point["free_of_charge"] for point in one["contact_points"]}
        }
        for costs_nothing in (True, False)
    }
    assert ids(client, path, free_of_charge="true") == stated[True]
    assert ids(client, path, free_of_charge="false") == stated[False]
    assert stated[True]
    assert {one["id"] for one in found(client, path)} - stated[True] - stated[False]
    for one in found(client, path, free_of_charge="true"):
        cited = {citation["field"] for citation in one["citations"]}
        assert any(field.endswith(".free_of_charge") for field in cited), one["id"]


def test_updated_since_includes_its_moment_and_nothing_before(client: httpx.Client) -> None:
    assert ids(client, updated_since="2026-11-21T12:00:00Z") == ids(client)
    assert ids(client, updated_since="2026-11-21T13:00:00+01:00") == ids(client)
    assert ids(client, updated_since="2026-11-21T12:00:01Z") == set()
    for value in ("5", "2026-11-21", "2026-11-21T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert refused(client, "/v1/resources", updated_since=value)["parameter"] == "updated_since"


def test_words_find_what_search_finds(client: httpx.Client) -> None:
    assert "nationella-stodtelefonen" in ids(client, "/v1/hotlines", q="stodtelefonen")
    assert ids(client, q="zzzz") == set()


def test_kinds_can_be_chosen(client: httpx.Client) -> None:
    assert {one["kind"] for one in found(client, kind=["hotline", "course"])} == {"hotline", "course"}
    assert "hotline" in refused(client, "/v1/resources", kind="hotlines")["allowed_values"]


def test_every_record_carries_what_trust_needs(client: httpx.Client) -> None:
    for one in found(client, status=EVERY_STATUS):
        assert {"status", "stated_on", "verified_at", "review_due", "updated_at", "citations"} <= set(one)
        cited = {citation["field"] for citation in one["citations"]}
        assert {"name", "summary"} <= cited, one["id"]
        for point in one["contact_points"]:
            if point["value"]:
                assert f"contact_points.{point['id']}.value" in cited, one["id"]


def test_lists_follow_the_editors_order_and_the_emergency_number_is_first(client: httpx.Client) -> None:
    whole = [one["id"] for one in found(client)]
    assert whole[0] == "sos-112"
    paged = []
    for offset in range(0, len(whole), 7):
        paged += [one["id"] for one in found(client, limit=7, offset=offset)]
    assert paged == whole
    assert len(set(whole)) == len(whole)


@pytest.fixture
def always_open(engine: Engine, seed: Seed) -> Iterator[httpx.Client]:
    """The line that refers on to the coordinators is open at every hour."""
    write_seed(engine, seed, SEEDED)
    with Session(engine) as session:
        line = select(col(Resource.id)).where(col(Resource.slug) == "nationella-stodtelefonen").scalar_subquery()
        mine = update(ContactPoint).where(col(ContactPoint.resource_id) == line)
        session.execute(mine.values(opening_hours="24/7"))
        session.commit()
    url = engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        yield running.client


def test_a_coordinator_without_a_number_is_as_open_as_the_line_that_refers_on_to_it(always_open: httpx.Client) -> None:
    coordinators = found(always_open, "/v1/coordinators")
    through = {
        one["id"]
        for one in coordinators
        if one["reached_through"] and all(point["value"] is None for point in one["contact_points"])
    }
    assert through
    assert through <= ids(always_open, "/v1/coordinators", open="true")
    assert not through & ids(always_open, "/v1/coordinators", open="false")
    assert through <= ids(always_open, open="true")


@pytest.mark.parametrize("asked", ["language=en", "language=ar", "channel=chat", "channel=phone"])
def test_a_filter_finds_the_same_whether_few_or_most_have_it(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    answers = []
    for many in (1, 100_000):
        monkeypatch.setattr(filters, "MANY", many)
        answers.append(
            client.get(f"/v1/hotlines?{asked}&at=2026-11-22T03:00:00Z", headers={"content-length": "0"}).text
        )
    assert answers[0] == answers[1]


def test_what_a_filter_asks_for_is_looked_up_and_no_table_is_read_whole(served: Served) -> None:
    asked = ("language=ar", "channel=sms", "topic=violence", "audience=health-care", "organization=polismyndigheten")
    with noting_scans(served.application.state.engine) as scanned:
        for one in asked:
            answer = served.client.get(f"/v1/hotlines?{one}&at=2026-11-22T03:01:00Z")
            assert answer.status_code == 200, answer.text
    assert scanned <= {"term"}  # as many as there are groups and topics


def test_what_is_open_is_found_without_reading_every_contact_point(served: Served) -> None:
    with noting_scans(served.application.state.engine) as scanned:
        answer = served.client.get("/v1/hotlines?open=true&at=2026-11-22T03:02:00Z")
        assert answer.status_code == 200, answer.text
    assert "contactpoint" not in scanned


@pytest.mark.parametrize(
    "path",
    [
        "/v1/support-services?municipality=1380",
        "/v1/hotlines?county=13&open=true",
        "/v1/publications?topic=human-trafficking&q=rapport",
        "/v1/courses?q=utbildning",
        "/v1/courses?q=xyzzy",
        "/v1/coordinators?coordination_region=vast&open=false",
        "/v1/resources?audience=health-care&q=jämställdhetsmyndigheten",
        "/v1/resources?organization=jamstalldhetsmyndigheten",
        "/v1/organizations?q=kommun",
    ],
)
def test_what_filters_find_is_the_same_however_much_it_is(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(slices, "MANY_PAGES", 100_000)
    few = client.get(f"{path}&limit=100").json()
    monkeypatch.setattr(slices, "MANY_PAGES", 0)
    monkeypatch.setattr(search, "MOST_LISTED", -1)
    many = client.get(f"{path}&limit=99").json()
    assert many["_meta"]["total"] == few["_meta"]["total"]
    assert [item["id"] for item in many["items"]] == [item["id"] for item in few["items"]][:99]
    assert many["items"] or "xyzzy" in path
