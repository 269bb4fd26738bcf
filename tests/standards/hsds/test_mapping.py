"""What becomes of our records in the words of HSDS."""

from typing import Any
from uuid import UUID

import httpx
from openapi_spec_validator import validate
from sqlalchemy import event

from app.courses.models import CourseDetails
from app.identity import identify
from app.standards.hsds.writing import columns_of
from tests.serving import Served
from tests.standards.hsds.walking import BASE, Record, got, objects


def named(directory: dict[str, list[Record]], name: str) -> Record:
    (found,) = [one for one in directory["services"] if one["name"] == name]
    return found


def test_the_emergency_number_comes_first(directory: dict[str, list[Record]]) -> None:
    assert directory["services"][0]["phones"][0]["number"] == "112"


def test_the_ids_are_those_of_our_rows(directory: dict[str, list[Record]]) -> None:
    line = named(directory, "Nationella stödtelefonen")
    assert line["id"] == str(identify("resource", "nationella-stodtelefonen"))
    assert line["phones"][0]["id"] == str(identify("resource", "nationella-stodtelefonen", "telefon"))
    assert line["organization_id"] == str(identify("organization", "jamstalldhetsmyndigheten"))


def test_every_id_is_a_uuid_that_stays_the_same(directory: dict[str, list[Record]]) -> None:
    for one in objects(list(directory.values())):
        if "id" in one:
            assert (str(UUID(one["id"])), UUID(one["id"]).version) == (one["id"], 5)


def test_everything_in_force_but_publications_and_events_is_a_service(
    client: httpx.Client, directory: dict[str, list[Record]]
) -> None:
    kinds = ("hotlines", "coordinators", "support-services", "courses", "programs")
    ours = [
        str(identify("resource", one["id"]))
        for kind in kinds
        for one in client.get(f"/v1/{kind}", params={"limit": 100}).json()["items"]
    ]
    assert [one["id"] for one in directory["services"]] == ours
    publications = client.get("/v1/publications", params={"limit": 100}).json()["items"]
    assert [one["name"] for one in directory["publications"]] == [one["name"] for one in publications]


def test_a_coordinator_serves_county_by_county_and_names_no_person(directory: dict[str, list[Record]]) -> None:
    syd = named(directory, "Regionkoordinator för Region Syd")
    assert {area["name"] for area in syd["service_areas"]} == {
        "Skåne län",
        "Blekinge län",
        "Kronobergs län",
        "Kalmar län",
    }
    (contact,) = syd["contacts"]
    assert contact["department"] == "Region Syd"
    assert contact["phones"] == syd["phones"]
    assert "name" not in contact
    nord = named(directory, "Regionkoordinator för Region Nord")
    assert "phones" not in nord
    assert nord["reached_through_service_id"] == named(directory, "Nationella stödtelefonen")["id"]


def test_a_course_says_its_length_and_what_is_stated_of_its_price(directory: dict[str, list[Record]]) -> None:
    course = named(directory, "Människohandel med barn och unga")
    assert (course["course"]["minutes"], course["course"]["duration_stated"]) == (90, "cirka 90 minuter")
    (price,) = course["cost_options"]
    assert (price["amount"], price["currency"], price["amount_description"]) == (0, "SEK", "kostnadsfri")
    sold = next(one for one in directory["services"] if one.get("fees_description") == "mot arvode")
    assert "cost_options" not in sold


def test_a_chat_is_told_by_its_term_and_its_web_site_is_a_virtual_location(directory: dict[str, list[Record]]) -> None:
    chat = named(directory, "Pegasuschatten")
    assert "chat" in {one["taxonomy_term"]["code"] for one in chat["attributes"] if one["link_type"] == "channel"}
    (place,) = chat["service_at_locations"]
    assert (place["location"]["location_type"], place["location"]["url"]) == ("virtual", chat["url"])


def test_a_programme_has_its_programme_who_pays_and_how_to_apply(directory: dict[str, list[Record]]) -> None:
    returning = named(directory, "Återvändandeprogrammet (ÅMP)")
    assert returning["program"]["id"] == returning["program_id"]
    assert returning["organization_id"] == str(identify("organization", "iom"))
    assert [one["source"] for one in returning["funding"]] == ["Jämställdhetsmyndigheten"]
    assert "egionkoordinator" in returning["application_process"]
    reflection = named(directory, "Betänketid")
    assert (reflection["granted_days"], reflection["available_from"]) == (30, "2022-08-01")
    assert "organization" not in reflection  # who receives the application delivers nothing


def test_every_record_says_who_states_it(directory: dict[str, list[Record]]) -> None:
    for collection in ("services", "organizations", "publications"):
        for record in directory[collection]:
            assert {one["field_name"] for one in record["metadata"]} >= {"name"}, record["name"]
            for one in record["metadata"]:
                assert one["updated_by"]
                assert one["replacement_value"]


def test_lists_take_the_same_number_of_queries_for_1_5_and_10(served: Served) -> None:
    statements: list[str] = []
    engine = served.application.state.engine

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for path in ("services", "organizations", "service_at_locations", "publications", "taxonomy_terms"):
            for full in ("", "&full=true") if path != "taxonomy_terms" else ("",):
                counts = set()
                for per_page in (1, 5, 10):
                    statements.clear()
                    address = f"{BASE}/{path}?per_page={per_page}&page=2&lang=en{full}"
                    assert served.client.get(address).status_code == 200
                    counts.add(len([one for one in statements if one.lstrip().upper().startswith("SELECT")]))
                assert len(counts) == 1, (path, full, counts)
                assert max(counts) <= 21, (path, full, counts)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_openapi_document_tells_of_every_path_and_property(
    client: httpx.Client, directory: dict[str, list[Record]]
) -> None:
    document = got(client, "openapi.json")
    validate(document)
    schemas = document["components"]["schemas"]
    for collection, name in {
        "services": "Service",
        "organizations": "Organization",
        "service_at_locations": "ServiceAtLocation",
        "taxonomies": "Taxonomy",
        "taxonomy_terms": "TaxonomyTerm",
        "publications": "Publication",
    }.items():
        assert {"get", "post"} <= set(document["paths"][f"/{collection}"])
        assert "get" in document["paths"][f"/{collection}/{{id}}"]
        for record in directory[collection]:
            assert _undeclared(schemas, schemas[name], record) == set()
    operations = [
        one[method]["operationId"] for one in document["paths"].values() for method in ("get", "post") if method in one
    ]
    assert len(operations) == len(set(operations))


def _undeclared(schemas: Record, schema: Record, node: object) -> set[str]:
    """The properties of an answer that the document does not know."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(node, list):
        return set().union(*(_undeclared(schemas, schema["items"], one) for one in node))
    if not isinstance(node, dict):
        return set()
    known = schema["properties"]
    return (set(node) - set(known)).union(
        *(_undeclared(schemas, known[name], value) for name, value in node.items() if name in known)
    )


def test_the_manners_are_those_of_every_route(client: httpx.Client) -> None:
    for path in ("", "profile/", "services", "taxonomy_terms", "openapi.json"):
        answer = client.get(f"{BASE}/{path}")
        assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in answer.headers
        head = client.head(f"{BASE}/{path}")
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
        other = client.get(f"{BASE}/{path}", headers={"Accept": "text/csv"})
        assert other.status_code == (200 if path.endswith(".json") else 406)
        assert other.headers["content-type"].endswith("json")
        assert client.get(f"{BASE}/{path}", params={"unknown": "1"}).status_code == 422
        assert client.get(f"{BASE}/{path}", params={"lang": "fi"}).status_code == 422


def test_the_members_of_an_object_stand_in_one_order_whatever_the_process() -> None:
    """A tag of an answer is one for all workers."""
    values: dict[str, Any] = dict.fromkeys(CourseDetails.model_fields)
    details = CourseDetails(**values | {"chapters": 5})
    filled = vars(details)
    for name in reversed(CourseDetails.model_fields):  # reading a row fills it in an order of its own
        filled[name] = filled.pop(name)
    assert list(columns_of(details, "resource_id", "free")) == [
        "format", "minutes", "days", "duration_stated", "chapters", "price_stated", "launched_on",
    ]  # fmt: skip
