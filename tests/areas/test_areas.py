"""The tree of areas, through the door."""

import re

import httpx
import pytest


@pytest.mark.parametrize(
    ("collection", "number"), [("coordination-regions", 7), ("counties", 21), ("municipalities", 290)]
)
def test_all_of_them_are_there_with_who_says_where_they_lie(client: httpx.Client, collection: str, number: int) -> None:
    page = client.get(f"/v1/{collection}", params={"limit": 100}).json()
    assert page["_meta"]["total"] == number
    for one in page["items"]:
        assert one["citations"]
        assert one["ancestors"][0]["name"] == "Sverige"


def test_a_municipality_knows_its_county_and_its_coordination_region(client: httpx.Client) -> None:
    halmstad = client.get("/v1/municipalities/1380").json()
    assert [one["name"] for one in halmstad["ancestors"]] == ["Sverige", "Region Väst", "Hallands län"]
    assert client.get("/v1/municipalities/halmstad").json() == halmstad


def test_a_region_has_its_counties_and_each_area_its_region_with_who_says_so_and_what_is_inferred(
    client: httpx.Client,
) -> None:
    west = client.get("/v1/coordination-regions/vast").json()
    assert [one["name"] for one in west["counties"]] == ["Hallands län", "Västra Götalands län"]
    assert west["coordination_region"] is None
    for county in west["counties"]:
        record = client.get(f"/v1/counties/{county['id']}").json()
        region = record["coordination_region"]
        assert (region["id"], region["name"], record["counties"]) == ("vast", "Region Väst", None)
        for place in (county, region):
            assert (place["basis"], place["reason"]) == (record["basis"], record["reason"])
            assert place["citations"] == record["citations"]
    halmstad = client.get("/v1/municipalities/1380", params={"lang": "en"}).json()["coordination_region"]
    assert (halmstad["name"], halmstad["citations"][0]["field"]) == ("Region Väst (West)", "parent")
    inferred = client.get("/v1/municipalities/1480").json()["coordination_region"]
    assert (inferred["basis"], inferred["reason"][:6]) == ("inferred", "Källan")
    regions = client.get("/v1/coordination-regions").json()["items"]
    assert sum(len(one["counties"]) for one in regions) == 21
    assert all(county["citations"] for one in regions for county in one["counties"])


def test_counties_and_municipalities_can_be_asked_for_by_what_they_lie_in(client: httpx.Client) -> None:
    halland = client.get("/v1/municipalities", params={"county": "Halland"}).json()
    assert {one["name"] for one in halland["items"]} >= {"Halmstad", "Varberg"}
    assert halland["_meta"]["total"] == 6
    counties = client.get("/v1/counties", params={"coordination_region": "Region Nord"}).json()
    assert counties["_meta"]["total"] == 4
    assert client.get("/v1/counties", params={"coordination_region": "Region Halland"}).status_code == 422


def test_nobody_is_asked_whether_they_meant_one_of_none(client: httpx.Client) -> None:
    for path in ("/v1/hotlines", "/sv/regionkoordinatorer", "/embed/hotlines", "/embed/guide", "/embed/guide?lang=en"):
        answer = client.get(path, params={**httpx.URL(path).params, "municipality": "qqqqqqqq"})
        assert answer.status_code == 422, path
        assert not re.search("did you mean|menade du", answer.text, re.IGNORECASE), path
        near = client.get(path, params={**httpx.URL(path).params, "municipality": "Halmstadd"}).text
        assert re.search("did you mean|menade du", near, re.IGNORECASE), path
        assert "Halmstad (1380)" in near, path


@pytest.mark.parametrize("asked", ["180", "Halmstadd", "9999", "%25", "13", " "])
def test_what_is_none_is_not_found_and_the_nearest_are_named(client: httpx.Client, asked: str) -> None:
    answer = client.get(f"/v1/municipalities/{asked}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    if asked == "180":
        assert "Stockholm (0180)" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "other", "meant"),
    [
        ("municipalities/Region Stockholm", "coordination region", "Stockholm (0180)"),
        ("municipalities/Stockholms län", "county", "Stockholm (0180)"),
        ("municipalities/13", "county", None),
        ("counties/Kalmar kommun", "municipality", "Kalmar län (08)"),
        ("counties/Region Stockholm", "coordination region", "Stockholms län (01)"),
        ("coordination-regions/Stockholms län", "county", "Region Stockholm (samordningsregion) (stockholm)"),
    ],
)
def test_a_name_of_one_kind_of_area_is_never_taken_for_another(
    client: httpx.Client, path: str, other: str, meant: str | None
) -> None:
    answer = client.get(f"/v1/{path}")
    assert answer.status_code == 404
    assert f"It is a {other}." in answer.json()["detail"]
    assert answer.json()["errors"][0]["allowed_values"][:1] == ([meant] if meant else [])


@pytest.mark.parametrize(
    "asked", ["Region Stockholm", "stockholm", "Stockholm", "Region Stockholm (samordningsregion)"]
)
def test_a_coordination_region_answers_to_its_name_with_and_without_region(client: httpx.Client, asked: str) -> None:
    assert client.get(f"/v1/coordination-regions/{asked}").json()["id"] == "stockholm"
