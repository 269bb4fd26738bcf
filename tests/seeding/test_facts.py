"""Every fact of the documents is found over HTTP with its citation, or is left out for a reason and found nowhere."""

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.routes import Route, routes_of

HERE = Path(__file__).parent
FACTS: dict[str, Any] = tomllib.loads((HERE / "facts.toml").read_text("utf-8"))
LEFT_OUT: dict[str, str] = FACTS.pop("left_out")
FACT_BASE, DOCUMENTS = os.environ.get("STODKATALOG_FACTS"), os.environ.get("STODKATALOG_DOCUMENTS")
ROUTES: list[Route] = [
    route
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
    if route.is_public and route.contract.cross_origin
]
EVERY_STATUS = {"status": ["current", "unverified", "outdated", "ended"]}

CONTACTS = [
    # path, channel, value, as it is read
    ("hotlines/sos-112", "phone", "112", "112"),
    ("hotlines/polisen-114-14", "phone", "11414", "114 14"),
    ("hotlines/nationella-stodtelefonen", "phone", "+4620390000", "020-39 00 00"),
    ("support-services/evonhuset", "phone", "+4620354040", "020-35 40 40"),
    ("support-services/evonhuset", "email", "evonhuset@malmo.se", "evonhuset@malmo.se"),
    ("support-services/kristianstads-kommun-vald-i-nara-relation", "phone", "+4644135000", "044-13 50 00"),
]


def fact_base() -> list[dict[str, Any]]:
    """The facts, where they are at hand (CI)."""
    return json.loads(Path(FACT_BASE).read_text("utf-8")) if FACT_BASE else []


def test_every_fact_is_found_at_its_addresses_with_its_citations(client: httpx.Client) -> None:
    for path in {path for paths in FACTS.values() for path in paths}:
        answer = client.get(f"/v1/{path}")
        assert answer.status_code == 200, path
        assert answer.json()["citations"], f"{path} cites nothing"


def test_no_fact_is_forgotten() -> None:
    known = set(FACTS) | set(LEFT_OUT)
    assert not {fact["id"] for fact in fact_base()} - known
    assert all(LEFT_OUT.values())


@pytest.mark.parametrize(("path", "channel", "value", "read"), CONTACTS)
def test_every_number_and_address_has_the_page_that_says_so(
    client: httpx.Client, path: str, channel: str, value: str, read: str
) -> None:
    found = client.get(f"/v1/{path}").json()
    (point,) = [one for one in found["contact_points"] if one["value"] == value]
    assert (point["channel"], point["display"]) == (channel, read)
    cited = [one for one in found["citations"] if one["field"] == f"contact_points.{point['id']}.value"]
    assert all(one["source"]["publisher"] for one in cited)
    assert any(_names(one["evidence"], value) for one in cited)


def _names(evidence: str, value: str) -> bool:
    """Whether a fragment holds the number or address."""
    digits = re.sub(r"\D", "", evidence)
    return bool(digits and re.sub(r"\D", "", value).endswith(digits.lstrip("0"))) or evidence in value


def test_every_number_of_the_facts_is_looked_for_here() -> None:
    """So that a new fact cannot slip by: the coordinator's of 2016 is the only one left out."""
    said = {fact.get("phone_e164") or re.sub(r"\D", "", fact.get("phone") or "") for fact in fact_base()}
    values = {value for _, _, value, _ in CONTACTS}
    unknown = said - values - {""}
    assert {number[:3] for number in unknown} <= {"070"}


def test_the_evidence_and_the_source_are_in_every_citation(client: httpx.Client) -> None:
    total = 0
    for item in client.get("/v1/resources", params={**EVERY_STATUS, "limit": 100}).json()["items"]:
        for citation in item["citations"]:
            total += 1
            assert 0 < len(citation["evidence"]) <= 60
            assert citation["source"]["title"]
            assert citation["source"]["publisher"]
            assert citation["source"]["retrieved"]
    assert total > 200


@pytest.fixture(scope="module")
def everything(client: httpx.Client) -> str:
    """Whatever the service says anywhere: all lists, whole and in both languages, each record, every other page."""
    said: list[str] = []
    ids: set[tuple[str, str]] = set()
    for language in ("sv", "en"):
        for route in ROUTES:
            if "{" not in route.path:
                said += pages(client, route, language, ids)
    for collection, identity in sorted(ids):
        answer = client.get(f"{collection}/{identity}")
        assert answer.status_code == 200, f"{collection}/{identity}"
        said.append(answer.text)
    return "\n".join(said)


def pages(client: httpx.Client, route: Route, language: str, ids: set[tuple[str, str]]) -> list[str]:
    """A list, page by page, noting the ids of what may say more on its own; or the one answer of another route."""
    names = route.parameters.model_fields
    query = {"lang": language} | (EVERY_STATUS if "status" in names else {}) | ({"q": "a"} if "q" in names and not route.is_list else {})  # fmt: skip  # noqa: E501  # one rule
    if not route.is_list:
        answer = client.get(route.path, params=query)
        assert answer.status_code in (200, 301, 302, 303, 307, 308, 422), f"{route.path}: {answer.text}"
        return [answer.text]
    said, following = [], f"{route.path}?{httpx.QueryParams({**query, 'limit': 100})}"
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        said.append(answer.text)
        if answer.headers["content-type"] != "application/json":
            break
        page = answer.json()
        if "citations" in (page["items"] or [{}])[0] and route.path not in ("/v1/search", "/v1/resources"):
            ids |= {(route.path, item["id"]) for item in page["items"] if not item["id"].isdigit()}
        following = page["_links"].get("next", {}).get("href", "")
    return said


def test_no_penalty_is_published(everything: str) -> None:
    assert not re.search(r"\bböter|\bfängelse|\bimprison|(?<!pointer: )\bfines?\b", everything, re.IGNORECASE)


def test_the_dead_address_of_2016_is_nowhere(everything: str) -> None:
    assert "lansstyrelsen.se/stockholm/Sv/publikationer/2016" not in everything


def test_no_mobile_number_and_no_e_mail_address_of_a_person_is_published(everything: str) -> None:
    assert not re.search(r"\+467[02369]\d{7}|\b07[02369][-– ]?\d{3}[ -]?\d{2}[ -]?\d{2}\b", everything)
    addresses = set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+\w", everything))
    assert {address for address in addresses if not address.endswith(".example")} <= {"evonhuset@malmo.se"} | GENERAL


GENERAL = {
    "fraga@boj.se",
    "pegasus@rfslungdom.se",
    "safehavens@fralsningsarmen.se",
    "stod@rfsl.se",
    "stodjouren@somaya.se",
    "visa.app@migrationsverket.se",
}
"""Addresses of offices that facts.json does not have; not persons'."""


def test_no_person_of_the_documents_is_named(everything: str) -> None:
    """The names stand in the documents only, which CI has at hand; here they would be the personal data left out."""
    for name in people():
        assert name.casefold() not in everything.casefold(), "a person's name is published"


def people() -> set[str]:
    """Who is named: the coordinator, who is quoted and who speaks at the conference."""
    found = {
        value for fact in fact_base() if "person" in fact for value in (fact["person"], fact["email"], fact["phone"])
    }
    if DOCUMENTS:
        (document,) = Path(DOCUMENTS).glob("004_*.txt")
        lines = document.read_text("utf-8").splitlines()
        found |= {line.partition(",")[0] for line in lines[106:112]}
        found |= set(re.findall(r"säger ([A-ZÅÄÖ]\w+ [A-ZÅÄÖ]\w+)", "\n".join(lines)))
        assert len(found) >= 8, "the names were not found in the document"
    return found
