"""The OpenAPI document of HSDS: that of the routes, with POST on lists, which the routes do not know of."""

from typing import Any

from fastapi import FastAPI

from app.http import openapi, openapi_about
from app.settings import Settings
from app.standards.hsds import BASE, HSDS_VERSION
from app.standards.hsds.posting import COLLECTIONS, FORM, JSON

TITLE = "Stödkatalogen: HSDS"
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
WRONG_BODY = "The body is neither JSON nor a form."


def document(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document; its store is not read."""
    if api.openapi_schema is None:
        api.openapi_schema = _document(api)
    return api.openapi_schema


def openapi_patch(document: dict[str, Any]) -> dict[str, Any]:
    """The same as a merge patch on the OpenAPI document of HSDS, as its profiles have it."""
    return {key: value for key, value in document.items() if key != "openapi"}


def _document(api: FastAPI) -> dict[str, Any]:
    settings: Settings = api.state.settings
    found = openapi.document(api)
    found["info"] = {**found["info"], "title": TITLE, "summary": f"HSDS {HSDS_VERSION}", "description": DESCRIPTION}
    found["servers"] = [{"url": f"{openapi_about.address(settings)}{BASE}"}]
    found["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    for collection in COLLECTIONS:
        item = found["paths"][f"/{collection}"]
        item["post"] = _posted(item["get"])
    return found


def _posted(get: dict[str, Any]) -> dict[str, Any]:
    """The POST that is answered as a GET."""
    body = {
        "type": "object",
        "additionalProperties": False,
        "properties": {one["name"]: {**one["schema"], "description": one["description"]} for one in get["parameters"]},
    }
    found = get["responses"]["200"]
    headers = {name: header for name, header in found["headers"].items() if name != "ETag"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = {status: one for status, one in get["responses"].items() if status != "304"}
    return {
        **get,
        "operationId": get["operationId"].replace("list", "post", 1),
        "requestBody": {"required": False, "content": {kind: {"schema": body} for kind in (JSON, FORM)}},
        "responses": {
            **responses,
            "200": {**found, "headers": headers},
            "415": {"description": WRONG_BODY, "content": problem},
        },
    }
