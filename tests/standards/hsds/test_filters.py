"""Filters find what they say, no more and no less, and combine with AND."""

from itertools import product
from operator import itemgetter
from typing import Any

import httpx
import pytest

from app.folding import fold
from app.standards.hsds import organization_describing, organization_routes
from tests.standards.hsds.walking import BASE, Record, got, ids, walked

TAGGED = ("services", "service_at_locations", "publications")


def terms_of(record: Record) -> set[str]:
    attributes = record.get("attributes") or record.get("service", {}).get("attributes", [])
    return {one["taxonomy_term_id"] for one in attributes}


def taxonomies_of(record: Record) -> set[str]:
    attributes = record.get("attributes") or record.get("service", {}).get("attributes", [])
    return {one["taxonomy_term"]["taxonomy_id"] for one in attributes}


def deliverers(record: Record) -> set[str]:
    parts = record.get("organizations") or record.get("service", {}).get("organizations", [])
    return {one["organization_id"] for one in parts if one["role"] in ("provider", "administrator", "publisher")}


@pytest.mark.parametrize("collection", TAGGED)
def test_a_term_finds_just_what_has_it(
    client: httpx.Client, directory: dict[str, list[Record]], collection: str
) -> None:
    for term in directory["taxonomy_terms"]:
        expected = [one["id"] for one in directory[collection] if term["id"] in terms_of(one)]
        assert ids(walked(client, collection, taxonomy_term_id=term["id"], per_page=100)) == expected, term["code"]


@pytest.mark.parametrize("collection", TAGGED)
def test_a_taxonomy_finds_just_what_has_a_term_of_it(
    client: httpx.Client, directory: dict[str, list[Record]], collection: str
) -> None:
    for taxonomy in directory["taxonomies"]:
        expected = [one["id"] for one in directory[collection] if taxonomy["id"] in taxonomies_of(one)]
        assert ids(walked(client, collection, taxonomy_id=taxonomy["id"], per_page=100)) == expected


@pytest.mark.parametrize("collection", TAGGED)
def test_an_organization_finds_just_what_it_delivers(
    client: httpx.Client, directory: dict[str, list[Record]], collection: str
) -> None:
    for organization in directory["organizations"]:
        expected = [one["id"] for one in directory[collection] if organization["id"] in deliverers(one)]
        found = walked(client, collection, organization_id=organization["id"], per_page=100)
        assert ids(found) == expected
        if collection == "services":
            assert [one["id"] for one in organization.get("services", [])] == expected


def test_organizations_are_found_by_the_terms_of_their_services(
    client: httpx.Client, directory: dict[str, list[Record]]
) -> None:
    for term in directory["taxonomy_terms"]:
        having = [one for one in directory["services"] if term["id"] in terms_of(one)]
        expected = {key for one in having for key in deliverers(one)}
        assert set(ids(walked(client, "organizations", taxonomy_term_id=term["id"], per_page=100))) == expected


def test_filters_combine_with_and(client: httpx.Client, directory: dict[str, list[Record]]) -> None:
    terms = {one["code"]: one["id"] for one in directory["taxonomy_terms"]}
    filters: list[dict[str, Any]] = [
        {"taxonomy_term_id": terms["course"]},
        {"search": "prostitution"},
        {"modified_after": "2026-11-21T12:00:00Z"},
        {"organization_id": directory["organizations"][0]["id"]},
        {"taxonomy_id": directory["taxonomies"][2]["id"]},
    ]
    found = [set(ids(walked(client, "services", **one))) for one in filters]
    for (one, first), (other, second) in product(zip(filters, found, strict=True), repeat=2):
        if one is not other:
            assert set(ids(walked(client, "services", **one, **other))) == first & second


def test_search_finds_as_it_does_elsewhere(client: httpx.Client) -> None:
    for words in ("stöd", "manniskohandel", "Kristianstad", "020-390 000"):
        kinds = ("hotlines", "coordinators", "support-services", "courses", "programs")
        elsewhere = [
            one["name"]
            for kind in kinds
            for one in client.get(f"/v1/{kind}", params={"q": words, "limit": 100}).json()["items"]
        ]
        assert [one["name"] for one in walked(client, "services", search=words, per_page=100)] == elsewhere, words


def test_modified_after_includes_the_moment_itself(client: httpx.Client) -> None:
    total = got(client, "services")["total_items"]
    for collection in TAGGED:
        assert got(client, collection, modified_after="2026-11-21T12:00:00Z")["total_items"] > 0
        assert got(client, collection, modified_after="2026-11-21T13:00:01+01:00")["total_items"] == 0
    assert got(client, "services", modified_after="1970-01-01T00:00:00Z")["total_items"] == total


def test_terms_are_found_by_taxonomy_parent_level_and_words(
    client: httpx.Client, directory: dict[str, list[Record]]
) -> None:
    terms = directory["taxonomy_terms"]
    top = [one["id"] for one in terms if "parent_id" not in one]
    assert ids(walked(client, "taxonomy_terms", top_only="true", per_page=100)) == top
    for parent in terms:
        within = [one["id"] for one in terms if one.get("parent_id") == parent["id"]]
        assert ids(walked(client, "taxonomy_terms", parent_id=parent["id"])) == within
    assert any("parent_id" in one for one in terms)
    for taxonomy in directory["taxonomies"]:
        of_it = [one["id"] for one in terms if one["taxonomy_id"] == taxonomy["id"]]
        assert of_it
        assert ids(walked(client, "taxonomy_terms", taxonomy_id=taxonomy["id"], per_page=100)) == of_it
    for term in walked(client, "taxonomy_terms", search="sjukvard"):
        assert "sjukvard" in fold(str([term, got(client, f"taxonomy_terms/{term['id']}", lang="en")]))
    assert [one["name"] for one in walked(client, "taxonomies", search="malgrupp")] == ["Målgrupper"]


def test_a_postcode_finds_what_is_certain_to_serve_it(client: httpx.Client, directory: dict[str, list[Record]]) -> None:
    nationwide = [
        one["id"]
        for one in directory["service_at_locations"]
        if "SE" in {area["area_code"] for area in one["service_areas"]}
    ]
    for postcode in ("302 45", "30245", "SE-302 45"):
        assert ids(walked(client, "service_at_locations", postcode=postcode)) == nationwide
    assert got(client, "service_at_locations", postcode="30245", proximity=1000)["empty"]


def test_a_whole_service_of_an_organization_has_all_that_the_service_has(
    client: httpx.Client, directory: dict[str, list[Record]]
) -> None:
    services = {one["id"]: one for one in directory["services"]}
    for organization in walked(client, "organizations", full_service="true"):
        for one in organization.get("services", []):
            assert one == services[one["id"]]
        assert got(client, f"organizations/{organization['id']}", full_service="true") == organization


@pytest.mark.parametrize(
    ("path", "wrong", "said"),
    [
        ("services", {"page": "0"}, "greater than or equal to 1"),
        ("services", {"page": "one"}, "integer"),
        ("services", {"per_page": "100000"}, "less than or equal to 100"),
        ("services", {"format": "xml"}, "json, ndjson"),
        ("services", {"taxonomy_term_id": "hotline"}, "UUID"),
        ("services", {"modified_after": "yesterday"}, "RFC 3339"),
        ("services", {"modified_after": "2026-11-21T12:00:00"}, "with its offset"),
        ("services", {"full": "perhaps"}, "boolean"),
        ("services", {"full": "true", "minimal": "true"}, "exclude each other"),
        ("services", {"search": ""}, "at least 1"),
        ("services", {"postcode": "30245"}, "not a parameter here"),
        ("services", {"taxonomyterm": "x"}, "taxonomy_term_id"),
        ("service_at_locations", {"postcode": "Halmstad"}, "postcode"),
        ("service_at_locations", {"proximity": "10"}, "postcode"),
        ("taxonomies", {"full": "true"}, "not a parameter here"),
        ("services/00000000-0000-0000-0000-000000000000", {"full": "true"}, "not a parameter here"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    client: httpx.Client, path: str, wrong: dict[str, str], said: str
) -> None:
    answer = client.get(f"{BASE}/{path}", params=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert said in problem["detail"], problem
    assert "://" not in problem["detail"]


NOTHING = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("collection", "parameter"),
    [
        *((collection, parameter) for collection in TAGGED for parameter in ("taxonomy_term_id", "taxonomy_id")),
        *((collection, "organization_id") for collection in TAGGED),
        ("organizations", "taxonomy_term_id"),
        ("organizations", "taxonomy_id"),
        ("taxonomy_terms", "taxonomy_id"),
        ("taxonomy_terms", "parent_id"),
    ],
)
def test_an_id_that_nothing_has_finds_an_empty_page(client: httpx.Client, collection: str, parameter: str) -> None:
    page = got(client, collection, **{parameter: NOTHING})
    assert (page["total_items"], page["empty"], page["last_page"], page["contents"]) == (0, True, True, [])
    asked = {parameter: NOTHING, "format": "ndjson"}
    assert client.get(f"{BASE}/{collection}", params=asked).text == ""
    assert client.post(f"{BASE}/{collection}", json={parameter: NOTHING}).json() == page


@pytest.mark.parametrize("collection", TAGGED)
def test_modified_after_takes_any_moment(client: httpx.Client, collection: str) -> None:
    every = got(client, collection)
    for early in ("0001-01-01T00:00:00+14:00", "1900-12-31T23:59:59Z", "1970-01-01T00:00:00Z"):
        assert got(client, collection, modified_after=early) == every
    for late in ("2100-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"):
        page = got(client, collection, modified_after=late)
        assert (page["total_items"], page["empty"], page["contents"]) == (0, True, [])


def test_an_answer_holds_so_many_services_and_no_more(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    delivering = {one["id"]: len(one.get("services", ())) for one in walked(client, "organizations", full="true")}
    large, most = max(delivering.items(), key=itemgetter(1))
    for module in (organization_describing, organization_routes):
        monkeypatch.setattr(module, "MOST", most - 1)
    address = f"{BASE}/organizations"
    for asked, parameter in (
        (f"{address}?full=true&per_page=97", "per_page"),
        (f"{address}?full_service=true&per_page=97", "per_page"),
        (f"{address}?full_service=true&format=ndjson", "full_service"),
        (f"{address}/{large}?full_service=true&lang=en", "full_service"),
    ):
        refused = client.get(asked)
        assert refused.status_code == 422, asked
        assert [fault["parameter"] for fault in refused.json()["errors"]] == [parameter]
    assert client.get(f"{address}?full=true&format=ndjson&lang=en").text.count("\n") > 10
    assert len(client.get(f"{address}/{large}?lang=en").json()["services"]) == most
    assert client.get(f"{address}?full=true&per_page=1&lang=en").status_code == 200
