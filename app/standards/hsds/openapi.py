"""The OpenAPI document of HSDS: that of the routes, with POST on lists, which the routes do not know of."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.http import openapi, openapi_about
from app.http.problems import OtherProblem
from app.settings import PLACEHOLDER, Settings
from app.standards.hsds import BASE, HSDS_VERSION
from app.standards.hsds.posting import COLLECTIONS, FORM, JSON, UNREADABLE

TITLE = "Stodkatalogen HSDS"
DESCRIPTION = f"""\
**Vid akut fara: ring 112. / In immediate danger, call 112.**

Katalogen i HSDS {HSDS_VERSION} (Human Services Data Specification, Open Referral), för den som redan läser det.
Allt har sin källa i `metadata`. Det som ingen källa säger är utelämnat. `/profile/` anger vad vår profil lägger till.

The directory in HSDS {HSDS_VERSION} (Human Services Data Specification, Open Referral), for whoever reads that already.
Everything has its source in `metadata`. What no source says is left out. `/profile/` tells what our profile adds.

Filters combine with AND. An unknown parameter is an error (422), never ignored. POST on a list takes the same
parameters in its body, so that what is asked for stands in no address or log; its answers are not to be stored.
"""
TAGS = {
    "about": "Om API:et och vår profil. / About the API and our profile.",
    "services": "Tjänster. / Services.",
    "organizations": "Organisationer. / Organizations.",
    "service_at_locations": "Tjänster på platser. / Services at locations.",
    "taxonomies": "Taxonomier. / Taxonomies.",
    "taxonomy_terms": "Termer. / Terms.",
    "publications": "Publikationer, ett tillägg i vår profil. / Publications, an addition of our profile.",
}
EXAMPLE_OF_A_BODY = {"example": {"summary": "The second page of five", "value": {"page": 2, "per_page": 5}}}
PROBLEM_OF_A_BODY = {
    "type": f"{PLACEHOLDER}/problems#other",
    "title": OtherProblem.title,
    "status": 415,
    "detail": UNREADABLE,
    "instance": f"{BASE}/services",
    "errors": [],
}
WRONG_BODY = {
    "description": "The body is neither JSON nor a form.",
    "headers": {
        name: {"$ref": f"#/components/headers/{name}"}
        for name in ("Cache-Control", "Content-Language", "Vary", "traceparent")
    },
    "content": {
        "application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": {"other": {"summary": f"POST {BASE}/services", "value": PROBLEM_OF_A_BODY}},
        }
    },
}


def document_at(service: FastAPI, address: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the service that answers at this address; its store is not read."""
    return openapi.document_at(service, address, BASE, _document)


def openapi_patch(document: dict[str, Any]) -> dict[str, Any]:
    """The same as a merge patch on the OpenAPI document of HSDS, as its profiles have it."""
    return {key: value for key, value in document.items() if key != "openapi"}


def _document(routes: Sequence[BaseRoute], settings: Settings) -> dict[str, Any]:
    document = openapi.at_address(openapi.document(routes, settings), openapi_about.address(settings), BASE)
    document["info"] = {
        **document["info"],
        "title": TITLE,
        "summary": f"HSDS {HSDS_VERSION}",
        "description": DESCRIPTION,
    }
    document["tags"] = [{"name": name, "description": description} for name, description in TAGS.items()]
    for collection in COLLECTIONS:
        item = document["paths"][f"/{collection}"]
        item["post"] = _posted(item["get"])
    return document


def _posted(get: dict[str, Any]) -> dict[str, Any]:
    """The POST that is answered as a GET."""
    answer = get["responses"]["200"]
    headers = {name: header for name, header in answer["headers"].items() if name != "ETag"}
    others = {status: response for status, response in get["responses"].items() if status not in ("200", "304")}
    body = _body([parameter for parameter in get["parameters"] if parameter["in"] == "query"])
    content = {kind: {"schema": body, "examples": EXAMPLE_OF_A_BODY} for kind in (JSON, FORM)}
    return {
        **get,
        "operationId": get["operationId"].replace("list", "post", 1),
        "parameters": [
            parameter
            for parameter in get["parameters"]
            if parameter["in"] == "header" and parameter["name"] != "If-None-Match"
        ],
        "requestBody": {"required": False, "content": content},
        "responses": {"200": {**answer, "headers": headers}, **others, "415": WRONG_BODY},
    }


def _body(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """The schema of a body with these parameters, and with what binds one of them to another."""
    names = {parameter["name"] for parameter in parameters}
    both = {"required": ["minimal", "full"], "properties": {"minimal": {"const": True}, "full": {"const": True}}}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            parameter["name"]: {**parameter["schema"], "description": parameter["description"]}
            for parameter in parameters
        },
        **({"dependentRequired": {"proximity": ["postcode"]}} if "proximity" in names else {}),
        **({"not": both} if "minimal" in names else {}),
    }
