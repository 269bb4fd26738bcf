"""The OpenAPI document of the API: what FastAPI knows of the routes, completed with what it does not."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount

from app.http import openapi_about as about
from app.http.contract import Contract, Cost, Parameters, answers, contract_of
from app.http.links import base_url
from app.http.openapi_components import (
    HEADERS,
    PROBLEMS,
    build_components,
    read_examples,
    refer_to_headers,
    show_example,
)
from app.http.openapi_schemas import leave_out_unused, never_null, refine
from app.http.problems import (
    ContentTooLarge,
    Forbidden,
    NotFound,
    PreconditionFailed,
    ProblemError,
    StaleRevision,
    TooManyRequests,
    Unauthorized,
    WrongContentType,
)
from app.http.routing import Router, operation_id
from app.settings import Settings
from app.version import VERSION

BASE = "/v1"
"""Where the API is mounted."""
TITLE = "Stodkatalogen"
"""Without ö, as generators of clients name packages after it, and names of packages are ASCII."""
REQUEST_HEADERS: dict[str, tuple[str, str]] = {
    "Accept-Language": ("Preferred languages; `sv` (default) and `en` can be answered.", "en"),
    "If-None-Match": ("The `ETag` of an answer at hand: 304 if it still holds.", HEADERS["ETag"][1]),
    "traceparent": ("W3C Trace Context. What cannot be read begins a new trace.", HEADERS["traceparent"][1]),
}
LEADS_ON = "(308)"
"""Part of the description of every id that redirects from its earlier forms."""

TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
"""Any text without the control characters that the guard refuses in every address."""

router = Router(include_in_schema=False)


@router.get("/openapi.json")
@answers(fresh=300)
def get_openapi_document(parameters: Annotated[Parameters, Query()], request: Request) -> JSONResponse:
    """This API as an OpenAPI 3.1 document.

    API:et som OpenAPI 3.1-dokument.
    """
    return JSONResponse(document_at(request.app, base_url(request)))


def document(routes: Sequence[BaseRoute], settings: Settings) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an API; its store is not read."""
    document = get_openapi(title=TITLE, version=VERSION, routes=routes)
    document["info"] = about.info(settings, TITLE, VERSION)
    document["security"] = []
    document["tags"] = about.tags({tag for _, operation in _operations(document) for tag in operation["tags"]})
    document["components"] = build_components(document["components"])
    # RES.06: names of resources have no dot. What looks like a file is a form of one, told of in its description.
    document["paths"] = {path: item for path, item in document["paths"].items() if "." not in path}
    for _, operation in _operations(document):
        operation["parameters"] = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    refine(document)
    contracts = {operation_id(route): contract_of(route.endpoint) for route in _api_routes(routes)}
    for path, operation in _operations(document):
        contract = contracts[operation["operationId"]]
        _complete(operation, path, contract)
        # In the operation and not beside it: DIGG's linter takes whatever stands in a path for an operation.
        operation["parameters"] += _request_headers(contract)
    _leave_out_unused_responses(document)
    leave_out_unused(document)
    document = at_address(document, about.address(settings))
    order = ("openapi", "info", "externalDocs", "servers", "security", "tags", "paths", "components")
    return {key: document[key] for key in order}


def document_at(
    service: FastAPI,
    address: str,
    mount: str = BASE,
    make: Callable[[Sequence[BaseRoute], Settings], dict[str, Any]] = document,
) -> dict[str, Any]:
    """The document of what is mounted in the service, as it is published at an address; made once for each service."""
    documents: dict[str, dict[str, Any]] = service.state.documents
    if mount not in documents:
        mounted = next(route for route in service.routes if isinstance(route, Mount) and route.path == mount)
        documents[mount] = make(mounted.routes, service.state.settings)
    return at_address(documents[mount], address, mount)


def at_address(document: dict[str, Any], address: str, mount: str = BASE) -> dict[str, Any]:
    """The document as it is published at this address, which it names as its server."""
    return {
        **document,
        "info": {**document["info"], "termsOfService": f"{address}/#villkor"},
        "servers": [{"url": f"{address}{mount}"}],
        "externalDocs": {
            "description": "Dokumentation att läsa och prova. / Documentation to read and try out.",
            "url": f"{address}/docs",
        },
    }


def _leave_out_unused_responses(document: dict[str, Any]) -> None:
    """Drop the components for answers that no operation of this document gives."""
    components = document["components"]
    for name in ("responses", "headers"):
        text = json.dumps([document["paths"], components["responses"]])
        used = (key for key in components[name] if f'"#/components/{name}/{key}"' in text)
        components[name] = {key: components[name][key] for key in list(used)}


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with its path."""
    for path, item in document["paths"].items():
        yield from ((path, operation) for operation in item.values())


def _api_routes(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    for context in iter_route_contexts(routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def _request_headers(contract: Contract) -> Iterator[dict[str, Any]]:
    for name, (description, example) in REQUEST_HEADERS.items():
        if contract.caching is None and name == "If-None-Match":
            continue
        yield {
            "name": name,
            "in": "header",
            "required": False,
            "description": description,
            "schema": {"type": "string"},
            "example": example,
        }


def _complete(operation: dict[str, Any], path: str, contract: Contract) -> None:
    example = read_examples().get(operation["operationId"])
    status = next(status for status in operation["responses"] if status.startswith("2"))
    generated = operation["responses"][status].get("content", {})
    formats = () if status == "204" else contract.formats
    content = {name: generated.get(name) or {"schema": _any(name)} for name in formats}
    if example and "application/json" in content:
        content["application/json"]["examples"] = {"example": show_example(example)}
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter["example"] = example["path"][parameter["name"]]
    leads_on = any(LEADS_ON in parameter.get("description", "") for parameter in operation["parameters"])
    lasting, always = contract.caching is not None, ("Cache-Control", "Content-Language", "Vary", "traceparent")
    special = ["ETag"] if lasting else ["Location"] if status == "201" else []
    operation["responses"] = {
        status: {
            "description": "Svaret. / The answer.",
            "headers": refer_to_headers(*special, *always),
            **({"content": content} if content else {}),
        },
        **({"304": {"$ref": "#/components/responses/NotModified"}} if lasting else {}),
        **({"308": {"$ref": "#/components/responses/PermanentRedirect"}} if leads_on else {}),
        **{
            str(int(problem.status)): {"$ref": f"#/components/responses/{problem.__name__}"}
            for problem in _problems_of(operation, path, contract)
        },
    }


def _problems_of(operation: dict[str, Any], path: str, contract: Contract) -> list[type[ProblemError]]:
    """The problems that an operation may answer, in the order of their statuses."""
    keyed = "security" in operation
    where = {
        NotFound: "{" in path,
        TooManyRequests: keyed or contract.cost >= Cost.DEAR,
        Unauthorized: keyed,
        Forbidden: keyed,
        **dict.fromkeys((ContentTooLarge, WrongContentType), "requestBody" in operation),
        StaleRevision: keyed and "requestBody" in operation,
        PreconditionFailed: any(parameter["name"] == "If-Match" for parameter in operation["parameters"]),
    }
    return [problem for problem in PROBLEMS if where.get(problem, True)]


def _any(media_type: str) -> dict[str, Any]:
    return {"type": "object"} if media_type.endswith("json") else {"type": "string"}


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = never_null(parameter["schema"])
    free = schema.get("type") == "string" and not {"pattern", "format", "enum"} & set(schema)
    return {**parameter, "schema": {**schema, "pattern": TEXT} if free else schema}
