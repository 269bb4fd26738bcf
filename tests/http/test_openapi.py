"""The OpenAPI document: current, clean, and good for a client."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app.http.openapi import at_address, document
from app.http.openapi_components import EXAMPLES
from app.http.openapi_schemas import never_null, nullable, renamed
from app.main import ROUTES, create_app
from app.settings import ROOT, Settings
from app.standards.hsds import BASE
from tests import npm
from tests.http import examples
from tests.serving import serve

DOCUMENT = ROOT / "docs" / "openapi.json"
RENEW = "`make openapi` renews it"


def described(**settings: Any) -> dict[str, Any]:
    return document(ROUTES, Settings(**settings))


def test_the_examples_are_what_the_routes_answer() -> None:
    assert EXAMPLES.read_text(encoding="utf-8") == examples.text(), RENEW


def test_the_checked_in_document_is_current() -> None:
    kept = DOCUMENT.read_text(encoding="utf-8")
    assert kept == json.dumps(described(), ensure_ascii=False, indent=2) + "\n", RENEW


def test_the_service_answers_the_document(client: httpx.Client) -> None:
    answer = client.get("/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == at_address(json.loads(DOCUMENT.read_text(encoding="utf-8")), str(client.base_url))


@pytest.mark.parametrize(("path", "mount"), [("/v1/openapi.json", "/v1"), (f"{BASE}/openapi.json", BASE)])
def test_the_server_in_the_document_is_the_one_that_answers(
    client: httpx.Client, database_url: str, path: str, mount: str
) -> None:
    for host in (str(client.base_url).removeprefix("http://"), "katalog.example"):
        found = client.get(path, headers={"Host": host}).json()
        assert found["servers"] == [{"url": f"http://{host}{mount}"}]
        assert found["externalDocs"]["url"] == f"http://{host}/docs"
        assert found["info"]["termsOfService"] == f"http://{host}/#villkor"
    for base in ("http://127.0.0.1:8000/stod", "https://katalog.example"):
        with serve(create_app(Settings(database_url=database_url, base_url=base))) as running:
            assert running.client.get(path).json()["servers"] == [{"url": f"{base}{mount}"}]
    (server,) = client.get(path).json()["servers"]
    collection = "hotlines" if mount == "/v1" else "services"
    assert client.get(f"{server['url']}/{collection}").status_code == 200


def test_the_operator_is_named_in_the_document() -> None:
    found = described(
        base_url="https://katalog.example/stod",
        publisher_name="Exempelkommunen",
        contact_url="https://kommunen.example",
        contact_email="katalog@kommunen.example",
    )
    assert found["servers"] == [{"url": "https://katalog.example/stod/v1"}]
    assert found["info"]["contact"] == {
        "name": "Exempelkommunen",
        "url": "https://kommunen.example",
        "email": "katalog@kommunen.example",
    }


def test_a_document_that_is_not_served_names_the_address_that_is_set_or_a_placeholder() -> None:
    assert described(base_url="http://127.0.0.1:8000")["servers"] == [{"url": "http://127.0.0.1:8000/v1"}]
    assert described()["servers"] == [{"url": "https://stodkatalogen.example/v1"}]


@pytest.mark.parametrize("tags", ["*", '"a","b"', '"a" ,W/"b"', 'W/"a",  "b"'])
def test_the_document_allows_every_if_none_match_that_works(client: httpx.Client, tags: str) -> None:
    assert client.get("/v1/hotlines", headers={"If-None-Match": tags}).status_code in (200, 304)
    for path, item in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].items():
        if "304" not in item.get("get", {}).get("responses", {}):
            continue  # an answer to a key is stored by nobody
        (told,) = [one["schema"] for one in item["get"]["parameters"] if one["name"] == "If-None-Match"]
        assert Draft202012Validator(told).is_valid(tags), path


@pytest.mark.parametrize(
    "moment",
    [
        "1999-12-31T22:59:59Z",
        "1999-12-31T23:00:00Z",
        "1999-12-31T12:00:00-12:00",
        "2000-01-01T00:00:00+01:00",
        "2026-06-19T10:00:00+02:00",
        "2076-12-31T22:59:59Z",
        "2077-01-01T11:59:59+13:00",
        "2077-01-01T00:00:00Z",
        "1998-01-01T00:00:00Z",
        "2077-01-02T00:00:00Z",
        "2080-01-01T00:00:00Z",
        "2100-01-01T00:00:00Z",
    ],
)
def test_the_years_of_a_moment_stand_in_the_schema_and_forbid_nothing_that_works(
    client: httpx.Client, moment: str
) -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    moments = [
        (path, one)
        for path, item in document["paths"].items()
        for one in item.get("get", {}).get("parameters", ())
        if one["schema"].get("format") == "date-time"
    ]
    assert {one["name"] for _, one in moments} == {"at", "updated_since", "from", "to", "since"}
    works = client.get("/v1/hotlines", params={"at": moment}).status_code == 200
    for path, one in moments:
        allowed = Draft202012Validator(one["schema"]).is_valid(moment)
        assert allowed or not works, (path, one["name"])
        if moment[:4] not in ("1999", "2077") or moment == "2077-01-02T00:00:00Z":
            assert allowed == works, (path, one["name"])


def test_the_document_is_valid() -> None:
    validate(json.loads(DOCUMENT.read_text(encoding="utf-8")))


def test_every_operation_is_told_in_both_languages() -> None:
    for path, item in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].items():
        for operation in item.values():
            english, *_, swedish = operation["description"].split("\n\n")
            assert english != swedish, path
            assert not re.search(r"\b(och|med|av|som|efter|ett)\b", english), path
            assert re.search(r"[åäö]|\b(och|med|av|som|efter|en|ett)\b", swedish, re.IGNORECASE), path
            assert operation["summary"], path
            verbs = "list|get" if operation is item.get("get") else "create|decide|confirm|remove"
            assert re.fullmatch(rf"({verbs})[A-Z][A-Za-z]+|search", operation["operationId"]), path


def test_spectral_finds_no_fault(tmp_path: Path) -> None:
    rules = tmp_path / "spectral.json"
    rules.write_text('{"extends": ["spectral:oas"]}')
    judged = npm.run("spectral", "lint", "--ruleset", rules, "--fail-severity", "hint", DOCUMENT)
    assert judged.returncode == 0, judged.stdout


def test_redocly_finds_no_fault() -> None:
    judged = npm.run("redocly", "lint", "--format", "json", DOCUMENT)
    assert json.loads(judged.stdout)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}, judged.stdout


def test_a_thing_is_one_named_type_wherever_it_stands() -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    answers = {
        item["get"]["operationId"]: item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for item in document["paths"].values()
        if "get" in item and "application/json" in item["get"]["responses"]["200"]["content"]
    }
    assert [name for name, schema in answers.items() if set(schema) != {"$ref"}] == []
    schemas = document["components"]["schemas"]
    assert answers["listHotlines"]["$ref"].endswith("/HotlinePage")
    assert schemas["HotlinePage"]["properties"]["items"]["items"] == answers["getHotline"]
    assert schemas["HotlinePage"]["properties"]["_links"]["$ref"].endswith("/PageLinks")
    assert schemas["PageLinks"]["properties"]["next"]["$ref"].endswith("/Link")


def test_a_schema_is_named_for_the_thing() -> None:
    given = ("ContactPointShown", "Hotline", "TieShown", "Page[SourceShown]", "Page_Hotline_")
    expected = ["ContactPoint", "Hotline", "OrganizationTie", "SourcePage", "HotlinePage"]
    assert [renamed(name) for name in given] == expected


def test_null_is_said_plainly() -> None:
    either = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "description": "When."}
    assert nullable(either) == {"type": ["string", "null"], "format": "date", "description": "When."}
    assert never_null(either) == {"type": "string", "format": "date"}
    reference = {"anyOf": [{"$ref": "#/components/schemas/Basis"}, {"type": "null"}]}
    assert nullable(reference) == reference


def test_an_audience_is_asked_for_alike_everywhere() -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    asked = [
        parameter["schema"]
        for item in document["paths"].values()
        for operation in item.values()
        for parameter in operation["parameters"]
        if parameter["name"].startswith("audience")
    ]
    assert len(asked) > 5
    assert {schema["pattern"] for schema in asked} == {asked[0]["pattern"]}
    names = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", ())}
    assert {name for name in names if name.startswith("audience")} == {"audiences"}, "a list, in every answer"
