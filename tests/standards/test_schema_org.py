"""JSON-LD in schema.org's words, read as a JSON-LD library reads it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from pyld import jsonld
from rdflib import SDO, URIRef

from app.opening_hours.rules import OpeningState
from app.opening_hours.spans import staffed
from app.resources.kind import Kind
from app.standards.schema_org_hours import Hours
from tests import npm
from tests.standards.test_schema_org_hours import read_back

SCHEMA = "https://schema.org/"
CONTEXT = {"@context": {"@vocab": SCHEMA}}
"""What https://schema.org answers with is longer; what it does to our documents is this. Nothing is fetched."""
ALL = {"status": ["current", "unverified", "outdated", "ended"]}


def loader(address: str, _options: object) -> dict[str, Any]:
    assert address.rstrip("/") == "https://schema.org", f"{address} would be fetched"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": CONTEXT}


def expanded(document: Any) -> list[Any]:
    found: list[Any] = jsonld.expand(document, {"documentLoader": loader})
    return found


def framed(document: Any, frame: dict[str, Any]) -> list[dict[str, Any]]:
    options = {"documentLoader": loader, "omitGraph": False}
    found = jsonld.frame(document, {"@context": "https://schema.org", **frame}, options)
    graph: list[dict[str, Any]] = found["@graph"]
    return graph


def everything(client: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    """All pages of the flat array."""
    found: list[dict[str, Any]] = []
    address: str | None = str(client.build_request("GET", "/v1/resources.jsonld", params=asked).url)
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/ld+json"
        found += answer.json()
        address = answer.links.get("next", {}).get("url")
    return found


def one(client: httpx.Client, path: str, **asked: str) -> dict[str, Any]:
    answer = client.get(path, params=asked, headers={"Accept": "application/ld+json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def nodes(expanded_part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(expanded_part, list):
        for part in expanded_part:
            yield from nodes(part)
    elif isinstance(expanded_part, dict) and "@value" not in expanded_part:
        yield expanded_part
        for value in expanded_part.values():
            yield from nodes(value)


def test_every_word_of_every_resource_is_schema_orgs(client: httpx.Client) -> None:
    for node in nodes(expanded(everything(client, **ALL))):
        used = {name for name in node if not name.startswith("@")} | set(node.get("@type", []))
        unknown = {word for word in used if URIRef(word) not in SDO}
        assert not unknown


VOCABULARY = (npm.MODULES / "schema-dts/dist/schema.d.ts").read_text(encoding="utf-8")
"""The vocabulary as types: an interface for each type, with those that it extends and its own properties."""
INTERFACES = {
    name: (re.findall(r"\w+", above or ""), set(re.findall(r'^    "(\w+)"\?', body, re.MULTILINE)))
    for name, above, body in re.findall(
        r"^(?:export )?interface (\w+)(?: extends ([^{]+))? \{\n(.*?)^\}", VOCABULARY, re.MULTILINE | re.DOTALL
    )
}


def properties_of(interface: str) -> set[str]:
    """The properties of a type, those of wider types included."""
    above, own = INTERFACES.get(interface, ([], set()))
    return own.union(*(properties_of(one) for one in above))


def test_every_property_stands_on_a_type_that_has_it(client: httpx.Client) -> None:
    assert "openingHours" in properties_of("LocalBusinessBase") - properties_of("ThingBase")
    organizations = client.get("/v1/organizations", params={"limit": 100}).json()["items"]
    documents = [*everything(client, **ALL), *(one(client, f"/v1/organizations/{o['id']}") for o in organizations)]
    wrong = set()
    for node in nodes(expanded(documents)):
        types = [name.removeprefix(SCHEMA) for name in node.get("@type", [])]
        allowed = set[str]().union(*(properties_of(f"{name}Base") | properties_of(f"{name}Leaf") for name in types))
        used = {name.removeprefix(SCHEMA) for name in node if not name.startswith("@")}
        wrong |= {(*types, name) for name in used - allowed}
    assert not wrong


def test_every_resource_is_in_the_array_with_its_address_type_and_name(client: httpx.Client) -> None:
    listed = client.get("/v1/resources", params={**ALL, "limit": 100, "lang": "sv"}).json()
    found = everything(client, **ALL, limit=7, lang="sv")
    assert len(found) == listed["_meta"]["total"]
    known = {item["_links"]["self"]["href"].removesuffix("?lang=sv"): item["name"] for item in listed["items"]}
    named = {node["@id"]: node["name"] for node in found}
    assert known.items() <= named.items()
    assert all(node["@context"] == "https://schema.org" and node["@type"] for node in found)


def test_each_address_answers_with_the_same_object(client: httpx.Client) -> None:
    seen = set()
    for node in everything(client, at="2026-11-23T10:00:00+01:00", **ALL):
        collection = node["@id"].split("/v1/")[1].partition("/")[0]
        if collection not in seen:
            seen.add(collection)
            assert one(client, node["@id"], at="2026-11-23T10:00:00+01:00") == node if _takes_at(collection) else True
            assert one(client, f"/v1/resources/{node['identifier']}", at="2026-11-23T10:00:00+01:00") == node
    assert seen == {kind.collection for kind in Kind}


def _takes_at(collection: str) -> bool:
    return collection not in ("publications", "events")


def test_the_emergency_number_comes_first_and_filters_are_those_of_resources(client: httpx.Client) -> None:
    assert everything(client)[0]["identifier"] == "sos-112"
    courses = everything(client, kind="course")
    assert {node["@type"] for node in courses} == {"Course"}
    assert client.get("/v1/resources.jsonld", params={"kind": "kurs"}).status_code == 422
    assert client.get("/v1/resources.jsonld", params={"limit": "0"}).status_code == 422


def test_framing_finds_a_services_number_and_provider(client: httpx.Client) -> None:
    frame = {"@type": "Service", "availableChannel": {"servicePhone": {"@type": "ContactPoint", "telephone": {}}}}
    found = {node["identifier"]: node for node in framed(everything(client, kind="hotline", lang="sv"), frame)}
    line = found["nationella-stodtelefonen"]
    assert line["availableChannel"]["servicePhone"]["telephone"] == "+4620390000"
    assert line["provider"]["name"] == "Jämställdhetsmyndigheten"


def test_framing_finds_what_a_record_is_based_on(client: httpx.Client) -> None:
    document = one(client, "/v1/hotlines/nationella-stodtelefonen")
    sources = framed(document, {"@type": "CreativeWork", "@requireAll": True, "dateModified": "2022-10-06"})
    assert [source["name"] for source in sources] == ["Stöd till yrkesverksamma"]
    assert sources[0]["url"].startswith("https://jamstalldhetsmyndigheten.se/")


def points(node: dict[str, Any]) -> list[dict[str, Any]]:
    channels = node.get("availableChannel", [])
    return [*node.get("contactPoint", []), *(channel.get("servicePhone", channel) for channel in channels)]


def test_unknown_hours_are_left_out_and_the_sources_own_words_kept(client: httpx.Client) -> None:
    for path, words in (
        ("nationella-stodtelefonen", "Öppettider enligt källan: ”kontorstid på vardagar”."),
        ("pegasuschatten", "Ingen källa anger öppettiderna."),
    ):
        point = points(one(client, f"/v1/hotlines/{path}"))[0]
        assert "hoursAvailable" not in point
        assert point["description"] == words


def test_stated_hours_read_back_are_the_engines_for_a_year(client: httpx.Client) -> None:
    shown = client.get("/v1/hotlines", params={"limit": 100}).json()["items"]
    hours = {
        f"{item['_links']['self']['href']}#{point['id']}": point["opening_hours"]["expression"]
        for item in shown
        for point in item["contact_points"]
        if point["opening_hours"]
    }
    compared = 0
    first = date(2026, 11, 23)
    for node in everything(client, kind="hotline", at=f"{first}T10:00:00+01:00"):
        for point in points(node):
            if "hoursAvailable" in point:
                weekly = [one for one in point["hoursAvailable"] if "dayOfWeek" in one]
                found = Hours(weekly, [one for one in point["hoursAvailable"] if "dayOfWeek" not in one])
                assert_same(hours[point["@id"]], found, first)
                compared += 1
    assert compared >= 1


def assert_same(expression: str, found: Hours, first: date) -> None:
    for number in range(365):
        day = first + timedelta(days=number)
        spans = [one for one in staffed(expression, day, day) if one.start.date() == day]
        assert all(one.state is OpeningState.OPEN for one in spans)
        assert read_back(found, day) == {
            (one.start.replace(tzinfo=None), one.end.replace(tzinfo=None)) for one in spans
        }


def test_a_coordinator_is_the_governments_serves_named_counties_and_leads_to_the_line(client: httpx.Client) -> None:
    node = one(client, "/v1/coordinators/regionkoordinator-vast")
    assert node["@type"] == "GovernmentService"
    (region,) = node["areaServed"]
    assert [county["name"] for county in region["containsPlace"]] == ["Hallands län", "Västra Götalands län"]
    assert node["isRelatedTo"]["@id"].endswith("/v1/hotlines/nationella-stodtelefonen")
    assert all("telephone" not in point for point in points(node))


def test_a_course_has_its_form_and_length_only_where_a_source_states_them(client: httpx.Client) -> None:
    for item in client.get("/v1/courses", params={"limit": 100}).json()["items"]:
        node = one(client, item["_links"]["self"]["href"])
        instance = node.get("hasCourseInstance", {})
        assert ("courseMode" in instance) == (item["format"] is not None)
        assert ("courseWorkload" in instance) == (item["minutes"] is not None or item["days"] is not None)
        assert node.get("isAccessibleForFree") == item["free"]


def test_publications_are_reports_articles_and_news_with_their_publishers(client: httpx.Client) -> None:
    items = client.get("/v1/publications", params={**ALL, "limit": 100}).json()["items"]
    words = {"report": "Report", "statistics": "Report", "news": "NewsArticle"}
    kinds = set()
    for item in items:
        node = one(client, item["_links"]["self"]["href"])
        assert node["@type"] == words.get(item["type"], "Article")
        assert [one["name"] for one in node.get("publisher", [])] == [
            part["name"] for part in item["organizations"] if part["role"] == "publisher"
        ]
        kinds.add(node["@type"])
    assert kinds == {"Report", "Article", "NewsArticle"}


def test_what_has_ended_says_so_and_cannot_be_contacted(client: httpx.Client) -> None:
    for status, lead in (("ended", "Avslutat."), ("outdated", "Inaktuellt.")):
        for node in everything(client, status=status, lang="sv"):
            assert node["description"].startswith(lead)
            assert points(node) == []
            assert node["mainEntityOfPage"]["creativeWorkStatus"] == status


def test_an_event_has_its_day_place_and_organizers(client: httpx.Client) -> None:
    node = one(client, "/v1/events/temadag-lulea-2016", lang="sv")
    assert (node["@type"], node["startDate"], node["location"]["name"]) == ("Event", "2016-12-01", "Clarion Sense")
    assert node["location"]["address"]["addressLocality"] == "Luleå"
    assert len(node["organizer"]) == 5


def test_an_organization_has_its_name_ties_and_sources(client: httpx.Client) -> None:
    node = one(client, "/v1/organizations/anova")
    assert node["@type"] == "Organization"
    assert [parent["name"] for parent in node["parentOrganization"]] == ["Karolinska universitetssjukhuset"]
    assert node["mainEntityOfPage"]["isBasedOn"]
    assert expanded(node)


def test_texts_follow_the_language(client: httpx.Client) -> None:
    swedish, english = (one(client, "/v1/hotlines/sos-112", lang=language) for language in ("sv", "en"))
    assert (swedish["name"], english["name"]) == ("Nödnumret 112", "Emergency number 112")
    assert english["mainEntityOfPage"]["inLanguage"] == "en"


@pytest.mark.parametrize("path", ["/v1/hotlines", "/v1/sources/nspm-om-nspm", "/v1/counties/13"])
def test_where_there_is_no_json_ld_it_is_refused(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "application/ld+json"}).status_code == 406


def test_what_is_nowhere_is_not_found_in_this_format_either(client: httpx.Client) -> None:
    answer = client.get("/v1/hotlines/finns-inte", headers={"Accept": "application/ld+json"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
