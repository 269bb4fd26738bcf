"""What the operations of an OpenAPI document share: headers, problems, and real examples."""

import json
from functools import lru_cache
from http import HTTPStatus
from inspect import cleandoc
from pathlib import Path
from typing import Any

from app.http.problems import (
    BadRequest,
    ContentTooLarge,
    Forbidden,
    InternalError,
    InvalidParameter,
    NotAcceptable,
    NotFound,
    PreconditionFailed,
    Problem,
    ProblemError,
    StaleRevision,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UriTooLong,
    WrongContentType,
)

EXAMPLES = Path(__file__).with_name("examples.json")
"""Real requests and their answers, by operation; `make openapi` renews them."""

HEADERS = {
    "ETag": ("Validator of this representation, for `If-None-Match`.", '"5f0c6a5d0f4e4b0f8f3a2b1c"'),
    "Cache-Control": ("For how long, and by whom, the answer may be kept.", "public, max-age=300"),
    "Content-Language": ("The language of the answer.", "sv"),
    "Vary": ("The request headers that the answer depends on.", "Accept, Accept-Language, Accept-Encoding"),
    "traceparent": ("W3C Trace Context: the caller's trace, or a new one.", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),  # noqa: E501  # one example
    "Retry-After": ("Seconds to wait before the next attempt.", "5"),
    "Location": ("The address of today, or of what was made.", "https://katalog.example/v1/hotlines/sos-112"),
}  # fmt: skip
PROBLEMS: tuple[type[ProblemError], ...] = (
    BadRequest, Unauthorized, Forbidden, NotFound, NotAcceptable, StaleRevision, PreconditionFailed, ContentTooLarge,
    UriTooLong, WrongContentType, InvalidParameter, TooManyRequests, InternalError, Unavailable,
)  # fmt: skip
"""What operations may answer, see `openapi._problems_of`. 405 is of those that are not documented."""


def build_components(components: dict[str, Any]) -> dict[str, Any]:
    """The components of a document: the schemas that FastAPI made, and ours. `components`: those that it made."""
    problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = {
        name: schema
        for name, schema in components["schemas"].items()
        if name not in ("HTTPValidationError", "ValidationError")
    }
    schemas |= {**problem.pop("$defs"), "Problem": problem}
    return {
        "schemas": dict(sorted(schemas.items())),
        "headers": {
            name: {"description": description, "schema": {"type": "string"}, "example": example}
            for name, (description, example) in HEADERS.items()
        },
        "responses": {
            "NotModified": {
                "description": "The answer at hand still holds.",
                "headers": refer_to_headers("ETag", "Cache-Control", "Vary", "traceparent"),
            },
            "PermanentRedirect": {
                "description": "The record has another id now; its address is in `Location`.",
                "headers": refer_to_headers("Location", "Cache-Control", "Vary", "traceparent"),
            },
            **{problem.__name__: _describe_problem(problem) for problem in PROBLEMS},
        },
        **({"securitySchemes": components["securitySchemes"]} if "securitySchemes" in components else {}),
    }


def refer_to_headers(*names: str) -> dict[str, Any]:
    """The headers of an answer, each as it is among the components."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _describe_problem(kind: type[ProblemError]) -> dict[str, Any]:
    retry = ("Retry-After",) if kind.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else ()
    example = read_examples().get(kind.__name__)
    return {
        "description": " ".join(cleandoc(kind.__doc__ or kind.title).split()),
        "headers": refer_to_headers("Cache-Control", "Content-Language", "Vary", "traceparent", *retry),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                **({"examples": {kind.slug: show_example(example)}} if example else {}),
            }
        },
    }


@lru_cache
def read_examples() -> dict[str, Any]:
    """Real requests with their answers, by operation id and by name of problem."""
    examples: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}
    return examples


def show_example(example: dict[str, Any]) -> dict[str, Any]:
    """One of the examples, as a document has it."""
    return {"summary": f"{example.get('method', 'GET')} {example['request']}", "value": example["answer"]}
