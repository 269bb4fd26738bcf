"""HSDS's OpenAPI document, by the rules of the REST profile that HSDS leaves room for (decision 4)."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.standards.hsds.walking import BASE, got

Document = dict[str, Any]


@pytest.fixture
def document(client: httpx.Client) -> Document:
    """As it is served."""
    found: Document = got(client, "openapi.json")
    return found


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, item in document["paths"].items():
        yield from ((f"{method} {path}", operation) for method, operation in item.items())


def responses(document: Document) -> Iterator[tuple[str, Document]]:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            known = response.get("$ref", "").rpartition("/")[2]
            yield f"{name} {status}", document["components"]["responses"][known] if known else response


def test_every_operation_is_described(document: Document) -> None:
    """DOK.19: whatever stands in a path is an operation with a description."""
    assert [name for name, operation in operations(document) if not operation["description"]] == []


def test_every_answer_and_every_body_has_an_example(document: Document) -> None:
    """DOK.15."""
    for name, response in responses(document):
        for media_type in ("application/json", "application/problem+json"):
            if media_type in response.get("content", {}):
                assert response["content"][media_type]["examples"], name
    for name, operation in operations(document):
        if "requestBody" in operation:
            for content in operation["requestBody"]["content"].values():
                (example,) = content["examples"].values()
                Draft202012Validator(content["schema"]).validate(example["value"])
        else:
            assert not name.startswith("post"), name


def test_every_date_and_moment_has_an_example(document: Document) -> None:
    """DOT.02."""
    seen = set()
    for name, schema in document["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            if told.get("format") in ("date", "date-time"):
                seen.add(told["format"])
                assert re.match(r"\d{4}-\d\d-\d\d", told["example"]), (name, field)
    assert seen == {"date", "date-time"}


def test_every_answer_names_the_trace(client: httpx.Client, document: Document) -> None:
    assert [name for name, response in responses(document) if "traceparent" not in response["headers"]] == []
    for answer in (
        client.post(f"{BASE}/services", content=b"x", headers={"Content-Type": "text/plain"}),
        client.post(f"{BASE}/services", content=b"{", headers={"Content-Type": "application/json"}),
        client.put(f"{BASE}/services"),
        client.get(f"{BASE}/services?page=0"),
        client.get(f"{BASE}/services", headers={"Accept": "image/png"}),
        client.get(f"{BASE}/nowhere"),
    ):
        assert answer.status_code >= 400
        assert answer.headers["traceparent"]


def test_what_binds_parameters_to_each_other_stands_in_the_schema_of_the_body(
    client: httpx.Client, document: Document
) -> None:
    for collection, body in (
        ("service_at_locations", {"proximity": 10}),
        ("service_at_locations", {"proximity": 10, "postcode": "302 45"}),
        ("services", {"minimal": True, "full": True}),
        ("services", {"minimal": True, "full": False}),
        ("services", {"full": True, "per_page": 1}),
        ("services", {"nonsense": 1}),
    ):
        content = document["paths"][f"/{collection}"]["post"]["requestBody"]["content"]["application/json"]
        schemas = {"components": document["components"], **content["schema"]}
        works = client.post(f"{BASE}/{collection}", json=body).status_code == 200
        assert Draft202012Validator(schemas).is_valid(body) == works, (collection, body)


def test_the_parameters_of_pages_are_those_of_hsds(document: Document) -> None:
    """FNS.07 would have `limit`; HSDS has `per_page`."""
    names = {one["name"] for _, operation in operations(document) for one in operation.get("parameters", ())}
    assert {"page", "per_page"} <= names
    assert "limit" not in names
