"""Every reference leads somewhere, and to the same thing from everywhere."""

from collections.abc import Iterator

import httpx

from tests.standards.hsds.walking import BASE, LISTS, Record, got, objects

LEADS_TO = {
    "organization_id": "organizations",
    "parent_organization_id": "organizations",
    "service_id": "services",
    "reached_through_service_id": "services",
    "service_at_location_id": "service_at_locations",
    "taxonomy_id": "taxonomies",
    "taxonomy_term_id": "taxonomy_terms",
    "parent_id": "taxonomy_terms",
}
WITHIN = {"location_id": "location", "program_id": "program"}
"""References to what has no endpoint: it stands beside them, under this name."""


def references(directory: dict[str, list[Record]]) -> Iterator[tuple[str, str]]:
    for one in objects(list(directory.values())):
        for name, value in one.items():
            if name in LEADS_TO:
                yield LEADS_TO[name], value
            elif name in LISTS and isinstance(value, list):  # such as the service_at_locations of a service
                yield from ((name, each["id"]) for each in value if "id" in each)


def test_every_reference_to_another_record_is_found(client: httpx.Client, directory: dict[str, list[Record]]) -> None:
    followed = set(references(directory))
    assert {collection for collection, _ in followed} == set(LEADS_TO.values())
    for collection, identifier in followed:
        assert got(client, f"{collection}/{identifier}")["id"] == identifier


def test_every_reference_within_a_record_is_found(directory: dict[str, list[Record]]) -> None:
    for records in directory.values():
        for record in records:
            there = {one["id"] for one in objects(record) if "id" in one}
            for one in objects(record):
                for name in ("link_id", "resource_id", "phone_id"):
                    assert one.get(name, record["id"]) in there, (name, one)
                for name, beside in WITHIN.items():
                    assert name not in one or one[beside]["id"] == one[name], one


def test_every_id_that_ends_so_is_a_reference_we_know(directory: dict[str, list[Record]]) -> None:
    named = {name for one in objects(list(directory.values())) for name in one if name.endswith("_id")}
    assert named <= {*LEADS_TO, *WITHIN, "link_id", "resource_id", "phone_id"}


def test_what_has_one_id_is_one_thing(directory: dict[str, list[Record]]) -> None:
    """An object that stands in several places says the same of itself in each; some say less."""
    seen: dict[str, Record] = {}
    for one in objects(list(directory.values())):
        if "id" not in one or "taxonomy_id" in one:  # a term says its sources only where it stands by itself
            continue
        known = seen.setdefault(one["id"], one)
        for name in set(known) & set(one):
            if not isinstance(one[name], list | dict):
                assert known[name] == one[name], (name, known, one)


def test_every_address_of_ours_answers(client: httpx.Client, directory: dict[str, list[Record]]) -> None:
    ours = {
        value
        for one in objects(list(directory.values()))
        for value in one.values()
        if isinstance(value, str) and value.startswith(str(client.base_url))
    }
    assert any("/v1/counties/" in one for one in ours)
    for address in ours:
        assert client.get(address).status_code == 200, address


def test_the_root_leads_to_the_profile_its_files_and_the_openapi_document(client: httpx.Client) -> None:
    root = got(client, "")
    assert client.get(BASE).json() == root
    assert root["version"] == "3.2"
    assert client.get(root["openapi_url"]).json()["openapi"].startswith("3.1")
    profile = client.get(root["profile"]).json()
    assert profile["version"] == "1.0.0"
    assert {"service.json", "schedule.json", "publication.json"} <= {file["name"] for file in profile["files"]}
    for file in profile["files"]:
        assert client.get(file["url"]).status_code == 200
    assert set(root["publisher"]) == {"name", "email", "website"}


def test_what_there_is_none_of_is_not_found(client: httpx.Client, directory: dict[str, list[Record]]) -> None:
    for collection in LISTS:
        other = directory["organizations" if collection != "organizations" else "services"][0]["id"]
        for identifier in ("x", "00000000-0000-0000-0000-000000000000", other, other.replace("-", "")):
            answer = client.get(f"{BASE}/{collection}/{identifier}")
            assert answer.status_code == 404, (collection, identifier)
            assert answer.headers["content-type"] == "application/problem+json"
    for path in ("locations", "profile/nothing.json", "profile/..%2fabout.py", "xyz"):
        assert client.get(f"{BASE}/{path}").status_code == 404, path
