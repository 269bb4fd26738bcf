"""Errors as RFC 9457 problem details: one shape, from every side."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from app.http.context import context_of
from app.http.links import base_url
from app.http.rendering import render_problem

PRIVATE = "private, no-store"
"""Cache-Control of every answer that its route did not declare public, errors among them."""


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    parameter: str = Field(description="The parameter, header or field at fault.", examples=["kind"])
    detail: str = Field(description="What is wrong with it.", examples=["is not one of the allowed values"])
    allowed: list[str] | None = Field(
        serialization_alias="allowed_values",
        description="What is allowed, where that is a set.",
        examples=[["hotline", "course"]],
    )


class Problem(BaseModel):
    """RFC 9457 problem details. No technical detail of the server is ever in it."""

    type: str = Field(description="Address of a page that explains this sort of problem.")
    title: str = Field(description="The sort of problem, in a few words.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What is wrong with this request, and what is allowed.")
    instance: str = Field(description="The path that was asked for, without its query.")
    errors: list[Fault] = Field(description="Each fault of the request; empty where there is only one, told above.")


class ProblemError(Exception):
    """Base of the errors that callers see. A subclass a meaning; its docstring explains it on the problems page."""

    status: ClassVar[HTTPStatus]
    slug: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


class BadRequest(ProblemError):
    """The request cannot be read: it holds bytes that are not UTF-8, a NUL, a broken header or a body on a GET."""

    status, slug, title = HTTPStatus.BAD_REQUEST, "bad-request", "The request cannot be read"


class Unauthorized(ProblemError):
    """This address needs a valid key in the header `Authorization: Bearer …`, never in the address. Reading the
    directory itself needs no key."""

    status, slug, title = HTTPStatus.UNAUTHORIZED, "unauthorized", "A key is needed"


class Forbidden(ProblemError):
    """The key is valid but does not allow this; `detail` names the role or scope that it takes."""

    status, slug, title = HTTPStatus.FORBIDDEN, "forbidden", "Not allowed with this key"


class NotFound(ProblemError):
    """There is nothing at this address. Ids are the slugs that lists give in `id`."""

    status, slug, title = HTTPStatus.NOT_FOUND, "not-found", "Not found"


class MethodNotAllowed(ProblemError):
    """The address is right, the method is not; the `Allow` header names those that are."""

    status, slug, title = HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed"


class NotAcceptable(ProblemError):
    """The `Accept` header leaves out every format that this address can answer in."""

    status, slug, title = HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", "No acceptable format"


class PreconditionFailed(ProblemError):
    """The current answer is not the one that `If-Match` names."""

    status, slug, title = HTTPStatus.PRECONDITION_FAILED, "precondition-failed", "Precondition failed"


class StaleRevision(ProblemError):
    """Somebody else has changed the same fields meanwhile. `errors` names them and, as the allowed `base_revision`, the
    current revision: read it, and send your change against it."""

    status, slug, title = HTTPStatus.CONFLICT, "conflict", "Changed meanwhile"


class WrongContentType(ProblemError):
    """The body is of another type than this address takes, which is `application/json`."""

    status, slug, title = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Wrong type of body"


class InvalidRecord(ProblemError):
    """A record is not valid as it was sent; `errors` names every fault and its field. Nothing was stored."""

    status, slug, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-record", "The record is not in order"


class ContentTooLarge(ProblemError):
    """The body is longer than this address takes; most take none."""

    status, slug, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "content-too-large", "Body too large"


class TooManyRequests(ProblemError):
    """Your network, or your key, has asked for more than it may in a minute or a day; go on after the seconds in
    `Retry-After`. Cached answers, referrals and hotlines do not count. In danger, call 112."""

    status, slug, title = HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests"


class UriTooLong(ProblemError):
    """The address is longer than 8,192 bytes."""

    status, slug, title = HTTPStatus.REQUEST_URI_TOO_LONG, "uri-too-long", "Address too long"


class InvalidParameter(ProblemError):
    """A parameter is unknown, given more than once, or has a value outside its set; `errors` names each and what is
    allowed. Nothing is silently ignored: a mistyped filter could return the wrong phone number."""

    status, slug, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-parameter", "Invalid parameter"


class InternalError(ProblemError):
    """Something went wrong on our side. In danger, call 112; it does not depend on this service."""

    status, slug, title = HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", "Internal error"


class FormatNotImplemented(ProblemError):
    """`/oembed` does not have this `format`; its specification demands this status."""

    status, slug, title = HTTPStatus.NOT_IMPLEMENTED, "format-not-implemented", "No such format"


class NotImplementedMethod(ProblemError):
    """The method of the request is one that no address has."""

    status, slug, title = HTTPStatus.NOT_IMPLEMENTED, "method-not-implemented", "No such method"


class Unavailable(ProblemError):
    """The store cannot be reached at the moment; try again after the seconds in `Retry-After`. In danger, call 112."""

    status, slug, title = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable"


class Moved(Exception):
    """What was asked for has another address now. `path`: from the root of the service, with its query."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class OtherProblem(ProblemError):
    """A request that HTTP itself rules out; `status` says which way."""

    slug, title = "other", "The request cannot be served"


PROBLEMS: tuple[type[ProblemError], ...] = (
    BadRequest, Unauthorized, Forbidden, NotFound, MethodNotAllowed, NotAcceptable, PreconditionFailed,
    StaleRevision, ContentTooLarge, WrongContentType, InvalidRecord, UriTooLong,
    InvalidParameter, TooManyRequests, InternalError, FormatNotImplemented, NotImplementedMethod, Unavailable,
)  # fmt: skip


def problem_response(request: Request, error: ProblemError, status: int | None = None) -> Response:
    """The answer for an error, never cached: a page where a browser asked for one, else problem details."""
    if context_of(request.scope).wants_page:
        page = render_problem(request, error.detail)
        page.status_code = int(status or error.status)
        page.headers.update({"Cache-Control": PRIVATE, **error.headers})
        return page
    problem = Problem(
        type=f"{base_url(request)}/problems#{error.slug}",
        title=error.title,
        status=int(status or error.status),
        detail=error.detail,
        instance=request.url.path,
        errors=error.errors,
    )
    return JSONResponse(
        problem.model_dump(by_alias=True),
        problem.status,
        {"Cache-Control": PRIVATE, "Content-Language": "en", **error.headers},
        "application/problem+json",
    )


def invalid(parameter: str, detail: str, allowed: Sequence[str] | None = None) -> InvalidParameter:
    """The error for one parameter."""
    fault = Fault(parameter=parameter, detail=detail, allowed=None if allowed is None else list(allowed))
    return InvalidParameter(write_fault(fault), [fault])


def write_fault(fault: Fault) -> str:
    """A fault in a sentence, with what is allowed."""
    detail = fault.detail if fault.detail.endswith((".", "?")) else f"{fault.detail}."
    allowed = f" Allowed: {', '.join(fault.allowed)}." if fault.allowed else ""
    return f"{fault.parameter}: {detail}{allowed}"
