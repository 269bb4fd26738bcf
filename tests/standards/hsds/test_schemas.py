"""Every answer, against the official schemas and against our profile's."""

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app.identity import identify
from tests.standards.hsds.official import faults, merged, needs_schemas, schemas
from tests.standards.hsds.walking import BASE, LISTS, Record, got, objects, pages, walked

pytestmark = needs_schemas

LISTED = {
    "services": "service_list.json",
    "organizations": "organization_list.json",
    "service_at_locations": "service_at_location_list.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}
WHOLE = {
    "services": "service.json",
    "organizations": "organization_full.json",
    "service_at_locations": "service_at_location_full.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}


@pytest.mark.parametrize("collection", LISTED)
def test_every_page_and_every_record_on_it_is_what_hsds_says(client: httpx.Client, collection: str) -> None:
    for page in pages(client, collection, per_page=7):
        assert faults(schemas(), "page.json", page) == []
        for record in page["contents"]:
            assert faults(schemas(), LISTED[collection], record) == [], record["name" if "name" in record else "id"]


@pytest.mark.parametrize("collection", WHOLE)
def test_every_record_with_all_that_belongs_to_it_is_what_hsds_says(
    directory: dict[str, list[Record]], collection: str
) -> None:
    for record in directory[collection]:
        assert faults(schemas(), WHOLE[collection], record) == [], record["id"]


def test_organizations_with_their_whole_services_are_what_hsds_says(client: httpx.Client) -> None:
    for record in walked(client, "organizations", full_service="true"):
        assert faults(schemas(), "organization_full.json", record) == []


def test_what_is_outdated_or_ended_is_what_hsds_says(client: httpx.Client) -> None:
    old = client.get("/v1/resources", params={"status": ["outdated", "ended"], "limit": 100}).json()["items"]
    services = [one for one in old if one["kind"] not in ("publication", "event")]
    for one in services:
        record = got(client, f"services/{identify('resource', one['id'])}")
        assert faults(schemas(), "service.json", record) == []
        assert record["status"] in ("inactive", "defunct")


def test_the_root_is_what_hsds_says(client: httpx.Client) -> None:
    assert faults(schemas(), "api_root.json", got(client, "")) == []


def profile(client: httpx.Client) -> dict[str, Any]:
    """The official schemas with our patches on them."""
    files = {file["name"]: client.get(file["url"]).json() for file in got(client, "profile/")["files"]}
    files.pop("openapi.json")
    return {**schemas(), **{name: merged(schemas().get(name, {}), patch) for name, patch in files.items()}}


def test_our_profile_merges_onto_the_official_schemas(client: httpx.Client) -> None:
    for schema in profile(client).values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("collection", LISTS)
def test_every_record_of_every_endpoint_is_what_our_profile_says(
    client: httpx.Client, collection: str, language: str
) -> None:
    patched = profile(client)
    single = {**WHOLE, "publications": "publication.json"}[collection]
    listed = {**LISTED, "publications": "publication.json"}[collection]
    patched_list = _with_our_properties(patched, listed, single)
    asked: dict[str, Any] = {"lang": language, "per_page": 100}
    for record in walked(client, collection, **asked):
        assert faults(patched_list, listed, record) == [], record["id"]
        assert faults(patched, single, got(client, f"{collection}/{record['id']}", lang=language)) == [], record["id"]
    for switch in SWITCHES.get(collection, ()):
        streamed = client.get(f"{BASE}/{collection}", params={switch: "true", "format": "ndjson", "lang": language})
        for line in streamed.text.splitlines():
            assert faults(patched, single, json.loads(line)) == [], line[:200]


SWITCHES = {
    "services": ("full",),
    "organizations": ("full", "full_service"),
    "service_at_locations": ("full",),
    "publications": ("full",),
}


def _with_our_properties(patched: dict[str, Any], listed: str, single: str) -> dict[str, Any]:
    """The schemas, where that of lists knows what our profile says of the record's own properties."""
    own = patched[single.replace("_full", "")]
    arrays = {name for name, told in own["properties"].items() if told.get("type") == "array"}
    told = {name: one for name, one in own["properties"].items() if name not in arrays}
    return {**patched, listed: {**patched[listed], "allOf": [{"properties": told}]}}


def test_what_is_outdated_or_ended_is_what_our_profile_says(client: httpx.Client) -> None:
    old = client.get("/v1/resources", params={"status": ["outdated", "ended"], "limit": 100}).json()["items"]
    patched = profile(client)
    named = {"publication": ("publications", "publication.json")}
    for one in old:
        if one["kind"] != "event":
            collection, name = named.get(one["kind"], ("services", "service.json"))
            record = got(client, f"{collection}/{identify('resource', one['id'])}")
            assert faults(patched, name, record) == [], one["id"]


def test_there_is_no_property_that_neither_hsds_nor_our_profile_knows(
    client: httpx.Client, directory: dict[str, list[Record]]
) -> None:
    patched = profile(client)
    strict = {name: _closed(schema) for name, schema in patched.items() if "_" not in name or name in OBJECTS}
    strict["organization.json"]["properties"]["services"] = {"type": "array", "items": {"$ref": "service.json"}}
    strict["service_at_location.json"]["properties"]["service"] = {"$ref": "service.json"}
    names = {"organizations": "organization.json", "service_at_locations": "service_at_location.json"}
    for collection, name in {**WHOLE, **names, "publications": "publication.json"}.items():
        for record in directory[collection]:
            assert faults(strict, name, record) == [], record["id"]


OBJECTS = ("cost_option.json", "service_area.json", "service_at_location.json", "taxonomy_term.json",
           "organization_identifier.json", "required_document.json", "service_capacity.json")  # fmt: skip


def _closed(schema: Any) -> Any:
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


def test_our_openapi_patch_merges_onto_the_official_document(client: httpx.Client) -> None:
    patch = client.get(f"{BASE}/profile/openapi.json").json()
    whole = merged(schemas()["openapi-3.1-dev.json"], patch)
    validate(whole)
    official = schemas()["openapi-3.1-dev.json"]["paths"]
    assert set(official) <= set(whole["paths"])
    for collection in LISTS:
        asked = {one["name"] for one in whole["paths"][f"/{collection}"]["get"]["parameters"]}
        standard = official.get(f"/{collection}", {}).get("get", {}).get("parameters", [])
        names = {one.get("name") or one["$ref"].rsplit("/", 1)[1] for one in standard}
        assert names <= asked, collection


def test_no_object_holds_a_null_or_an_empty_array(directory: dict[str, list[Record]]) -> None:
    for collection, records in directory.items():
        for one in objects(records):
            assert None not in one.values(), (collection, one)
            assert [] not in one.values(), (collection, one)
