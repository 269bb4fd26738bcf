"""Sweden's REST API profile (DIGG, 1.2.0): its machine-checkable rules over the document and over live answers.

Each rule is a function, named and levelled as the profile does. What is not met is in EXCEPTIONS, with its reason.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.http.openapi import at_address
from app.settings import ROOT

RULES = "STODKATALOG_RAP_RULES"
DECISION = "docs/decisions/0004-rest-profile-exceptions.md"
EXCEPTIONS = {
    "UFN.01": "the address has no {api} part: a host of its own serves this one API",
    "AME.04": "some names have digits, as the standards that they name write them, and two have a leading underscore",
    "DOT.01": "opening hours are told in Swedish time, with its offset: what opens at seven opens at seven all year",
    "UFN.04": "no `fields`, `filter` or `sort`: lists are short, and their order is the editors'",
}
"""Rules that are not met in full, each argued for in DECISION."""

SNAKE = re.compile(r"^[a-z]+(_?[a-z0-9]+)*$")
RELATIONS = {"self", "first", "last", "prev", "next", "collection", "item", "up", "related", "alternate", "describedby"}
"""IANA link relations that are in use."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Api:
    """The document and a client of the running service."""

    document: Document
    client: httpx.Client

    def operations(self) -> Iterator[tuple[str, Document]]:
        for path, item in self.document["paths"].items():
            for operation in item.values():
                yield path, operation

    def queries(self) -> Iterator[Document]:
        for _, operation in self.operations():
            yield from (one for one in operation["parameters"] if one["in"] == "query")

    def responses(self) -> Iterator[tuple[str, Document]]:
        for _, operation in self.operations():
            for status, response in operation["responses"].items():
                reference = response.get("$ref", "").rpartition("/")[2]
                yield status, self.document["components"]["responses"][reference] if reference else response

    def properties(self) -> Iterator[tuple[str, str, Document]]:
        """Of the components: the schema's name, the property's name, its schema."""
        for schema, told in self.document["components"]["schemas"].items():
            yield from ((schema, name, one) for name, one in told.get("properties", {}).items())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(f"/v1{path}", headers=headers)


Rule = Callable[[Api], None]
REGISTER: dict[str, tuple[str, Rule]] = {}


def rule(name: str, level: str) -> Callable[[Rule], Rule]:
    def register(check: Rule) -> Rule:
        assert name not in REGISTER
        REGISTER[name] = (level, check)
        return check

    return register


@rule("DOK.01", "BÖR")
def _(api: Api) -> None:
    assert api.get("/openapi.json").status_code == api.client.get("/docs").status_code == 200
    assert api.document["externalDocs"]["url"].endswith("/docs")
    assert api.document["externalDocs"]["description"]


@rule("DOK.03", "SKALL")
def _(api: Api) -> None:
    info = api.document["info"]
    assert all(info[name] for name in ("title", "version", "description", "termsOfService"))
    assert set(info["contact"]) == {"name", "url", "email"}
    assert set(info["license"]) == {"name", "url"}


@rule("DOK.05", "SKALL")
def _(api: Api) -> None:
    assert api.document["info"]["version"] == api.get("/api-info").json()["apiVersion"]


@rule("DOK.06", "BÖR")
def _(api: Api) -> None:
    words = set(re.findall(r"[a-zåäö]+", api.document["info"]["description"].lower()))
    assert words >= {"och", "för", "inte", "and", "the", "not"}


@rule("DOK.07", "BÖR")
def _(api: Api) -> None:
    assert len(api.document["info"]["description"]) > 1000


@rule("DOK.08", "SKALL")
def _(api: Api) -> None:
    assert all(api.document["info"]["x-sla"][name] for name in ("availability", "responseTime", "support"))


@rule("DOK.09", "SKALL")
def _(api: Api) -> None:
    assert {"begränsningar", "limitations"} <= set(re.findall(r"\w+", api.document["info"]["description"].lower()))


@rule("DOK.11", "SKALL")
def _(api: Api) -> None:
    assert {tag["name"] for tag in api.document["tags"] if tag["description"]} == {
        tag for _, operation in api.operations() for tag in operation["tags"]
    }


@rule("DOK.12", "SKALL")
def _(api: Api) -> None:
    assert all(one["description"] for _, operation in api.operations() for one in operation["parameters"])


@rule("DOK.13", "SKALL")
def _(api: Api) -> None:
    for path, operation in api.operations():
        located = {"404"} if "{" in path else set()
        public = {"200", "304"} if {"security", "requestBody"}.isdisjoint(operation) else set()
        assert set(operation["responses"]) >= {"400", "406", "414", "422", "500", "503"} | located | public, path


@rule("DOK.15", "SKALL")
def _(api: Api) -> None:
    for _, response in api.responses():
        for media_type, content in response.get("content", {}).items():
            if media_type in ("application/json", "application/problem+json"):
                (example,) = content["examples"].values()
                assert re.match(r"(GET|POST) /v1/", example["summary"])
                assert example["value"]


@rule("DOK.17", "BÖR")
def _(api: Api) -> None:
    assert api.document["openapi"].startswith("3.1")


@rule("DOK.19", "SKALL")
def _(api: Api) -> None:
    # DIGG's linter takes whatever stands in a path for an operation: there must be nothing else.
    assert all(operation["summary"] and operation["description"] for _, operation in api.operations())


@rule("DOK.20", "SKALL")
def _(api: Api) -> None:
    assert all(response["description"] for _, response in api.responses())


@rule("DOK.21", "SKALL")
def _(api: Api) -> None:
    assert api.document["security"] == []
    named = {name for _, operation in api.operations() for one in operation.get("security", ()) for name in one}
    assert named == set(api.document["components"]["securitySchemes"])


@rule("DOK.23", "SKALL")
def _(api: Api) -> None:
    served = at_address(api.document, str(api.client.base_url))
    assert api.client.get("/v1/openapi.json").json()["info"] == served["info"]


@rule("DOK.24", "SKALL")
def _(api: Api) -> None:
    assert api.get("/openapi.json").headers["content-type"] == "application/json"


@rule("DOT.02", "SKALL")
def _(api: Api) -> None:
    for schema, name, told in api.properties():
        if told.get("format") == "date":
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["example"]), (schema, name)
        if told.get("format") == "date-time":
            assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", told["example"]), (schema, name)


@rule("DOT.03", "BÖR")
def _(api: Api) -> None:
    times = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]*)"', api.get("/hotlines").text)
    assert times
    assert all(re.search(r"(Z|[+-]\d\d:\d\d)$", time) for time in times)


@rule("DOT.04", "BÖR")
def _(api: Api) -> None:
    moments = [told["example"] for _, _, told in api.properties() if told.get("format") == "date-time"]
    assert moments
    assert all(re.search(r"(Z|[+-]\d\d:\d\d)$", moment) for moment in moments)


@rule("RES.02", "BÖR INTE")
def _(api: Api) -> None:
    assert not any(UUID.search(api.get(path).text) for path in ("/resources?limit=100", "/sources", "/municipalities"))


@rule("RES.06", "SKALL")
def _(api: Api) -> None:
    singular = {"search", "api-info"}
    for path in api.document["paths"]:
        for part in path.strip("/").split("/"):
            assert re.fullmatch(r"\{[a-z]+\}|[a-z0-9]+(-[a-z0-9]+)*", part), path
        assert path.split("/")[1].endswith("s") or path.split("/")[1] in singular, path


@rule("UFN.02", "SKALL")
def _(api: Api) -> None:
    (server,) = api.document["servers"]
    assert re.fullmatch(r"https://[a-z0-9.-]+/v1", server["url"])


@rule("UFN.05", "BÖR INTE")
def _(api: Api) -> None:
    assert max(len(api.document["servers"][0]["url"] + path) for path in api.document["paths"]) + 80 < 2048


@rule("UFN.07", "SKALL")
def _(api: Api) -> None:
    assert all(re.fullmatch(r"[a-z0-9/.~{}-]+", path) for path in api.document["paths"])


@rule("UFN.08", "SKALL")
def _(api: Api) -> None:
    assert not any(re.search(r"[._~]|--|-(/|$)", path) for path in api.document["paths"])


@rule("UFN.09", "SKALL INTE")
def _(api: Api) -> None:
    assert not any("_" in path or " " in path for path in api.document["paths"])
    ids = [one["id"] for one in api.get("/resources?limit=100").json()["items"]]
    assert not any("_" in one for one in ids)


@rule("MOG.01", "SKALL")
def _(api: Api) -> None:
    assert {method for item in api.document["paths"].values() for method in item} <= {"get", "post", "delete"}


@rule("MOG.02", "BÖR")
def _(api: Api) -> None:
    item = api.get("/hotlines").json()["items"][0]
    assert api.client.get(item["_links"]["self"]["href"]).json()["id"] == item["id"]


@rule("SAK.05", "BÖR")
def _(api: Api) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"):
        for path in ("/hotlines", "/hotlines/sos-112", "/api-info"):
            refused = api.client.request(method, f"/v1{path}")
            assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD"), (method, path)


@rule("SAK.06", "SKALL")
def _(api: Api) -> None:
    for query in ("kommun=Halmstad", "limit=0", "limit=1&limit=2", "municipality=180", "status=okänd", "at=2026-01-01"):
        assert api.get(f"/hotlines?{query}").status_code == 422, query


@rule("SAK.09", "SKALL INTE")
def _(api: Api) -> None:
    assert "www-authenticate" not in api.get("/hotlines").headers
    assert '"basic"' not in json.dumps(api.document["components"])


@rule("SAK.10", "SKALL")
def _(api: Api) -> None:
    (scheme,) = api.document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    refused = api.get("/keys/current")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="stodkatalog"')


@rule("SAK.08", "SKALL")
def _(api: Api) -> None:
    for _, operation in api.operations():
        if "security" in operation:
            assert {"401", "403", "429"} <= set(operation["responses"]), operation["operationId"]


@rule("SAK.15", "SKALL INTE")
def _(api: Api) -> None:
    assert not any("key" in one["name"] or "token" in one["name"] for one in api.queries())


@rule("SAK.22", "BÖR INTE")
def _(api: Api) -> None:
    assert not UUID.search(api.get("/hotlines").text)


@rule("SAK.24", "SKALL INTE")
def _(api: Api) -> None:
    for path in ("/hotlines/finns-inte", "/hotlines?at=x", "/nowhere"):
        assert not re.search(r"sql|traceback|python|exception|\.py", api.get(path).text, re.IGNORECASE)


@rule("SAK.29", "BÖR")
def _(api: Api) -> None:
    assert api.get("/hotlines", accept="image/png").status_code == 406


@rule("AME.01", "BÖR")
def _(api: Api) -> None:
    for _, operation in api.operations():
        ((status, success),) = [one for one in operation["responses"].items() if one[0].startswith("2")]
        assert status == "204" or "application/json" in success["content"], operation["operationId"]


@rule("AME.02", "BÖR")
def _(api: Api) -> None:
    assert api.get("/hotlines", accept="").headers["content-type"] == "application/json"


@rule("AME.05", "SKALL")
def _(api: Api) -> None:
    camel = {schema for schema, name, _ in api.properties() if re.search(r"[a-z][A-Z]", name)}
    assert camel == {"ApiInfo"}, "whose names the profile gives; it has no others"


@rule("AME.06", "SKALL")
def _(api: Api) -> None:
    lists = {name for _, name, told in api.properties() if "array" in (told.get("type") or ())}
    assert {name for name in lists if not name.endswith("s")} == set()


@rule("AME.07", "BÖR")
def _(api: Api) -> None:
    assert all(re.fullmatch(r"[a-zA-Z0-9_]+", name) for _, name, _ in api.properties())


@rule("ARQ.06", "SKALL")
def _(api: Api) -> None:
    first, second = (api.get("/courses?at=2026-06-19T10:00:00Z") for _ in range(2))
    assert first.content == second.content
    assert api.client.head("/v1/courses?at=2026-06-19T10:00:00Z").headers["etag"] == first.headers["etag"]


@rule("FEL.01", "SKALL")
def _(api: Api) -> None:
    problem = api.document["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "detail", "instance"} <= set(problem["properties"])
    for path in ("/hotlines/finns-inte", "/hotlines?kommun=x", "/nowhere", "/hotlines?q=%00"):
        assert {"type", "title", "status", "detail", "instance"} <= set(api.get(path).json()), path


@rule("FEL.02", "BÖR")
def _(api: Api) -> None:
    for status, response in api.responses():
        if status >= "400":
            assert list(response["content"]) == ["application/problem+json"]
    for path in ("/hotlines/finns-inte", "/hotlines?kommun=x", "/nowhere", "/hotlines?q=%00"):
        assert api.get(path).headers["content-type"] == "application/problem+json"


@rule("VER.04", "SKALL")
def _(api: Api) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", api.document["info"]["version"])


@rule("VER.05", "BÖR")
def _(api: Api) -> None:
    assert api.document["servers"][0]["url"].endswith(f"/v{api.document['info']['version'].split('.')[0]}")


@rule("VER.06", "SKALL")
def _(api: Api) -> None:
    assert "/api-info" in api.document["paths"]


@rule("VER.07", "SKALL")
def _(api: Api) -> None:
    info = api.get("/api-info").json()
    assert info.keys() >= {"apiName", "apiVersion", "apiReleased", "apiDocumentation", "apiStatus"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", info["apiReleased"])
    assert api.client.get(info["apiDocumentation"]).status_code == 200


@rule("VER.10", "BÖR")
def _(api: Api) -> None:
    known = ("alpha", "beta", "active", "deprecated", "retired", "decommissioned")
    assert api.get("/api-info").json()["apiStatus"] in known


@rule("VER.12", "SKALL")
def _(api: Api) -> None:
    info = api.get("/api-info").json()
    assert (info["apiStatus"] == "active") == (info["apiVersion"] >= "1")


@rule("HYP.04", "BÖR")
def _(api: Api) -> None:
    for link in api.get("/hotlines/sos-112").json()["_links"].values():
        assert api.client.get(link["href"]).status_code == 200, link


@rule("HYP.05", "SKALL")
def _(api: Api) -> None:
    for path in ("/hotlines", "/search?q=chatt", "/municipalities", "/referrals", "/changes"):
        answer = api.get(path).json()
        own = [one["_links"]["self"]["href"] for one in answer.get("items", ()) if one["_links"].get("self")]
        assert len(own) == len(answer.get("items", ())) or path == "/changes"
        assert api.client.get(answer["_links"]["self"]["href"]).status_code == 200


@rule("HYP.07", "BÖR")
def _(api: Api) -> None:
    assert all(link["href"].startswith(str(api.client.base_url)) for link in _links(api))


@rule("HYP.11", "SKALL")
def _(api: Api) -> None:
    assert all(set(link) == {"href", "rel", "method"} for link in _links(api))


@rule("HYP.14", "SKALL")
def _(api: Api) -> None:
    answer = api.get("/hotlines", host="katalog.example").json()
    assert answer["_links"]["self"]["href"].startswith("http://katalog.example/v1/")


@rule("HYP.17", "SKALL")
def _(api: Api) -> None:
    assert {link["method"] for link in _links(api)} == {"GET"}


@rule("HYP.19", "SKALL")
def _(api: Api) -> None:
    assert {link["rel"] for link in _links(api)} <= RELATIONS


def _links(api: Api) -> Iterator[dict[str, str]]:
    for path in ("/hotlines?limit=1&offset=1", "/organizations", "/opening-hours", "/audiences", "/counties"):
        answer = api.get(path).json()
        for holder in (answer, *answer["items"]):
            yield from holder["_links"].values()


@rule("FNS.01", "SKALL")
def _(api: Api) -> None:
    assert all(SNAKE.match(one["name"]) for one in api.queries())


@rule("FNS.02", "SKALL")
def _(api: Api) -> None:
    assert api.get("/municipalities/%C3%96rebro").json()["name"] == "Örebro"
    assert api.get("/coordinators?municipality=%D6rebro").status_code == 400


@rule("FNS.03", "SKALL")
def _(api: Api) -> None:
    assert all(one["name"][0].isalpha() for one in api.queries())


@rule("FNS.05", "BÖR")
def _(api: Api) -> None:
    assert not any(one["required"] for one in api.queries())


@rule("FNS.06", "BÖR")
def _(api: Api) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]+", one["name"]) for one in api.queries())


@rule("FNS.07", "SKALL")
def _(api: Api) -> None:
    for path, operation in api.operations():
        names = {one["name"] for one in operation["parameters"]}
        assert ("limit" in names) or "offset" not in names, path


@rule("FNS.09", "BÖR")
def _(api: Api) -> None:
    assert api.get("/municipalities").json()["_meta"]["count"] == 20
    for path, operation in api.operations():
        limits = {one["schema"]["default"] for one in operation["parameters"] if one["name"] == "limit"}
        assert limits <= {20}, path


@rule("FNS.10", "BÖR")
def _(api: Api) -> None:
    for path, operation in api.operations():
        if "offset" in {one["name"] for one in operation["parameters"]}:
            name = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schema = api.document["components"]["schemas"][name]
            assert {"_meta", "_links"} <= set(schema["required"]), path


@rule("FNS.11", "BÖR")
def _(api: Api) -> None:
    links = api.get("/municipalities?limit=10&offset=10").json()["_links"]
    assert set(links) == {"self", "first", "last", "prev", "next"}
    assert api.client.get(links["last"]["href"]).json()["_meta"] == {
        "total": 290, "count": 10, "limit": 10, "offset": 280, "left_out": None,
    }  # fmt: skip


@rule("FNS.12", "SKALL")
def _(api: Api) -> None:
    for link in api.get("/municipalities?limit=2&county=Halland&lang=en&offset=2").json()["_links"].values():
        kept = httpx.URL(link["href"]).params
        assert (kept["county"], kept["lang"], kept["limit"]) == ("Halland", "en", "2")


@rule("FNS.13", "BÖR")
def _(api: Api) -> None:
    assert set(api.get("/hotlines").json()["_meta"]) == {"total", "count", "limit", "offset", "left_out"}


@rule("FNS.14", "BÖR")
def _(api: Api) -> None:
    answer = api.get("/municipalities?offset=999999")
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@rule("CAC.01", "BÖR")
def _(api: Api) -> None:
    for path in ("/hotlines", "/sources", "/search?q=chatt", "/api-info", "/openapi.json"):
        answer = api.get(path)
        assert "max-age" in answer.headers["cache-control"], path
        assert api.get(path, **{"if-none-match": answer.headers["etag"]}).status_code == 304, path


def _document() -> Document:
    found: Document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", REGISTER)
def test_the_rule_of_the_profile_holds(name: str, client: httpx.Client) -> None:
    REGISTER[name][1](Api(_document(), client))


def test_every_exception_is_argued_for_in_its_decision_record() -> None:
    argued = (ROOT / DECISION).read_text(encoding="utf-8")
    assert not set(EXCEPTIONS) & set(REGISTER)
    assert [name for name in EXCEPTIONS if name not in argued] == []


def test_what_diggs_linter_has_against_the_document_is_what_the_decision_record_says() -> None:
    """Its rules AME.04 and UFN.01, by the patterns of version 1.1.0."""
    document = _document()
    names = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})}
    odd = {name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*|[a-z]+([A-Z][a-z]*)*", name)}
    assert odd
    assert all(SNAKE.match(name.removeprefix("_")) and re.search(r"\d|^_", name) for name in odd), odd
    argued = (ROOT / DECISION).read_text(encoding="utf-8")
    assert {name for name in odd if f"`{name}`" not in argued} == set()
    (server,) = document["servers"]
    assert not re.fullmatch(r"[a-z]+://[^/]+/[^/]+/v[0-9]+/?", server["url"])


def test_the_rules_are_those_of_the_published_profile() -> None:
    if RULES in os.environ:  # the profile's own file, where it is at hand
        published = {number: level for _, number, level, _ in json.loads(Path(os.environ[RULES]).read_text("utf-8"))}
        assert {name: published[name] for name in REGISTER} == {name: level for name, (level, _) in REGISTER.items()}
        assert set(EXCEPTIONS) <= set(published)


def test_a_trace_is_carried_on_and_named_in_every_answer(client: httpx.Client) -> None:
    """SPA.02 and SPA.04 of version 2.0.0."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    for path in ("/v1/hotlines", "/v1/nowhere", "/docs"):
        answer = client.get(path, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "x-request-id": "1"})
        assert answer.headers["traceparent"].split("-")[1] == trace
    for item in _document()["paths"].values():
        for operation in item.values():
            assert "traceparent" in {one["name"] for one in operation["parameters"]}
