"""Each of the further facts is found over HTTP with its evidence, or is left out for a reason."""

import json
import os
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.resources.models import Channel
from app.resources.quoting import IN_WORDS, holds_value

HERE = Path(__file__).parent
FACTS: list[dict[str, Any]] = tomllib.loads((HERE / "more_facts.toml").read_text("utf-8"))["fact"]
FACT_BASE = os.environ.get("STODKATALOG_MORE_FACTS")
USED = [fact for fact in FACTS if "at" in fact]
DOUBTFUL = ("stodlinjen-for-man", "stodlinjen-for-transpersoner", "ratt-att-valja")
THIRD_PARTIES = ("stodlinjer-lista", "stodlinjer-lista-2025", "bsr-trm")


def test_every_further_fact_is_cited_where_the_map_says(client: httpx.Client) -> None:
    by_path = defaultdict[str, set[str]](set)
    for path in {fact["at"] for fact in USED}:
        answer = client.get(f"/v1/{path}")
        assert answer.status_code == 200, path
        by_path[path] = {citation["evidence"] for citation in answer.json()["citations"]}
    missing = [(fact["number"], fact["at"]) for fact in USED if fact["evidence"] not in by_path[fact["at"]]]
    assert not missing


def test_every_further_fact_is_used_or_left_out_for_a_reason() -> None:
    assert [fact["number"] for fact in FACTS] == list(range(1, len(FACTS) + 1))
    assert all(("at" in fact) != bool(fact.get("left_out")) for fact in FACTS)
    if FACT_BASE:
        stated = json.loads(Path(FACT_BASE).read_text("utf-8"))
        assert [fact["about"] for fact in FACTS] == [f"{fact['record']}: {fact['field']}" for fact in stated]


def test_what_is_left_out_stands_in_the_readme_of_the_seed() -> None:
    readme = (HERE.parents[1] / "seed" / "README.md").read_text("utf-8")
    assert not [fact["number"] for fact in FACTS if "left_out" in fact and fact["left_out"] not in readme]


@pytest.mark.parametrize("moment", ["2026-11-29T02:00:00+01:00", "2026-12-24T15:00:00+01:00", "2027-06-06T11:00:00+02:00"])  # fmt: skip  # noqa: E501  # one list
def test_112_and_114_14_stand_first_among_the_open_ones_at_any_moment(client: httpx.Client, moment: str) -> None:
    for path in ("/v1/resources", "/v1/hotlines"):
        found = client.get(path, params={"open": "true", "at": moment}).json()["items"]
        assert [one["id"] for one in found[:2]] == ["sos-112", "polisen-114-14"]
    for slug in ("sos-112", "polisen-114-14"):
        (point,) = client.get(f"/v1/hotlines/{slug}").json()["contact_points"]
        assert point["opening_hours"]["always_open"]
        assert point["opening_hours"]["basis"] == "stated"


def test_every_number_and_email_address_is_cited_in_words_that_hold_it(client: httpx.Client) -> None:
    address, wordless = "/v1/resources?limit=100", list[tuple[str, str]]()
    while address:
        page = client.get(address).json()
        for item in page["items"]:
            for point in (one for one in item["contact_points"] if one["value"] and one["channel"] in IN_WORDS):
                field, channel = f"contact_points.{point['id']}.value", Channel(point["channel"])
                words = [one["evidence"] for one in item["citations"] if one["field"] == field]
                if not any(holds_value(channel, point["value"], one) for one in words):
                    wordless.append((item["id"], field))
        address = page["_links"].get("next", {}).get("href", "")
    assert wordless == []


def test_hours_that_only_a_third_party_gives_are_never_open(client: httpx.Client) -> None:
    """Rule of the directory: a volunteer list completes a record, and never opens it."""
    for item in client.get("/v1/resources", params={"limit": 100}).json()["items"]:
        for point in item["contact_points"]:
            field = f"contact_points.{point['id']}.opening_hours"
            sources = {one["source"]["id"] for one in item["citations"] if one["field"] == field}
            if sources and sources <= set(THIRD_PARTIES):
                hours = point["opening_hours"]
                assert hours["basis"] == "inferred"
                rules = [rule for rule in hours["expression"].split(";") if not rule.strip().endswith("off")]
                assert all("unknown" in rule for rule in rules), item["id"]


def test_a_record_that_rests_on_a_third_party_is_not_current(client: httpx.Client) -> None:
    for item in client.get("/v1/resources", params={"limit": 100, "status": "current"}).json()["items"]:
        named = {one["source"]["id"] for one in item["citations"] if one["field"] == "name"}
        assert not named & set(THIRD_PARTIES), item["id"]


def test_kvinnofridslinjen_has_both_numbers_and_says_who_gives_which(client: httpx.Client) -> None:
    line = client.get("/v1/hotlines/kvinnofridslinjen").json()
    numbers = {point["value"]: point for point in line["contact_points"] if point["channel"] == "phone"}
    assert list(numbers) == ["+4620505050", "116016"]
    assert numbers["+4620505050"]["opening_hours"]["state"] == "open"
    assert numbers["116016"]["opening_hours"]["state"] == "unknown"
    assert numbers["116016"]["display"] == "116 016"
    assert "juni 2026" in numbers["116016"]["label"]
    assert "116 016" in line["description"]


@pytest.mark.parametrize("slug", DOUBTFUL)
def test_a_doubtful_line_says_so_wherever_its_number_stands(client: httpx.Client, slug: str) -> None:
    for language, said in (("sv", "inte känt"), ("en", "not known")):
        line = client.get(f"/v1/hotlines/{slug}", params={"lang": language}).json()
        assert said in line["summary"].casefold()
        assert all(said in point["label"] for point in line["contact_points"] if point["channel"] == "phone")
        card = client.get(f"/v1/resources/{slug}/vcard", params={"lang": language})
        assert card.status_code == 404 or said in card.text


def test_the_names_of_the_agencys_support_are_those_of_today_and_the_old_one_finds_it(client: httpx.Client) -> None:
    assert "NSPM" in client.get("/v1/organizations/nmt").json()["name"]
    for asked in ("NSPM", "NMT", "metodstödsteam"):
        found = client.get("/v1/organizations", params={"q": asked}).json()["items"]
        assert "nmt" in [one["id"] for one in found], asked


def test_the_course_of_2017_says_that_it_may_be_gone_and_what_is_given(client: httpx.Client) -> None:
    course = client.get("/v1/courses/manniskohandel-med-barn-och-unga").json()
    assert course["summary"].startswith("Det är inte känt om utbildningen fortfarande ges.")
    assert "Barnafrids basprogram" in course["description"]


def test_the_packages_of_socialstyrelsen_are_free_and_have_an_address(client: httpx.Client) -> None:
    for slug in ("socialstyrelsen-utbildningspaket", "socialstyrelsen-barn-och-unga", "socialstyrelsen-vuxna"):
        course = client.get(f"/v1/courses/{slug}").json()
        assert (course["free"], course["format"], course["price_stated"]) == (True, "online", "kostnadsfri")
        assert [point["channel"] for point in course["contact_points"]] == ["web"]


def test_the_law_is_that_of_today(client: httpx.Client) -> None:
    reflection = client.get("/v1/programs/betanketid").json()
    assert reflection["days"] == 30
    assert reflection["applicant"] == "Socialnämnden eller förundersökningsledaren"
    assert "särskilda skäl" in reflection["description"]
    proceedings = client.get("/v1/programs/uppehallstillstand-rattsprocess").json()
    assert proceedings["applicant"] == "Förundersökningsledaren"
    assert "minst sex månader" in proceedings["description"]
    assert "köp av sexuell handling" in client.get("/v1/topics/sex-purchase-law").json()["description"]
