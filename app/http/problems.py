"""Errors as RFC 9457 problem details: one shape, from every side."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.http.context import context_of
from app.http.links import base_url
from app.http.logging import name_trace
from app.http.rendering import render_problem
from app.http.safe_logs import describe_exception, find_database_code, name_statement

log = logging.getLogger("stodkatalog")

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
    """Your network, or your key, has asked for more than it may in a minute; go on after the seconds in `Retry-After`.
    Cached answers, referrals and hotlines do not count. In danger, call 112."""

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
MISSING = ("42P01", "42703")
"""What PostgreSQL calls a table or a column that is not there."""
BY_STATUS = {int(one.status): one for one in PROBLEMS if one not in (FormatNotImplemented, InvalidRecord)}


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
    return InvalidParameter(_sentence(fault), [fault])


def register(app: FastAPI) -> None:
    """Let an application answer every error as a problem."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(Moved, _on_moved)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(PoolTimeoutError, _on_database_error)
    app.add_exception_handler(Exception, _on_exception)


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem_response(request, error)


def _on_moved(request: Request, error: Exception) -> RedirectResponse:
    assert isinstance(error, Moved)
    # Not to be kept: another record may get the old address one day.
    return RedirectResponse(f"{base_url(request)}{error.path}", 308, {"Cache-Control": PRIVATE})


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = BY_STATUS.get(error.status_code, OtherProblem)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = name_methods(request)
    details = {
        404: "There is nothing at this address. The collections are listed at /v1/openapi.json and /docs.",
        405: f"This address answers {headers.get('Allow', '').replace(', ', ' and ')} only.",
        413: "The body is longer than this address takes.",
    }
    detail = details.get(error.status_code, HTTPStatus(error.status_code).phrase)
    return problem_response(request, kind(detail, headers=headers), error.status_code)


def name_methods(request: Request) -> str:
    """The Allow header of an address.

    Of two routes at one address, Starlette names the methods of the first; and HEAD is answered by Delivery.
    """
    return ", ".join(request.app.state.methods_at(request.scope["path"])) or "GET, HEAD"


def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = faults_of(error)
    return problem_response(request, InvalidParameter(" ".join(map(_sentence, faults)), faults))


def faults_of(error: RequestValidationError) -> list[Fault]:
    """Each thing that is wrong with the parameters of a request."""
    return [_fault(found) for found in error.errors()]


def _on_database_error(request: Request, error: Exception) -> Response:
    if not _may_pass(error):
        message = f"the store refused a statement of ours: {name_statement(error)}"
        log.error("\n".join([message, *describe_exception(error)]), extra=_trace(request))
        return _on_exception(request, error)
    parts = type(error).__name__, _find_reason(error), name_statement(error)
    log.error("the store failed on %s: %s", _route(request), " ".join(filter(None, parts)), extra=_trace(request))
    verb = "read" if request.method in ("GET", "HEAD") else "changed"
    detail = f"The directory cannot be {verb} at the moment. Try again shortly. In danger, call 112."
    return problem_response(request, Unavailable(detail, headers={"Retry-After": "5"}))


def _find_reason(error: Exception) -> str:
    """The code of the database; its words only where it could not be connected to: later ones may quote the caller."""
    if (code := find_database_code(error)) or not isinstance(error, DBAPIError) or error.statement is not None:
        return code or ""
    return " ".join(str(error.orig).split())


def _may_pass(error: Exception) -> bool:
    """Whether trying again may help: the store is out of reach or busy, or another version is migrating it.

    What a statement does wrong, it does wrong each time: that is a fault of ours.
    """
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", None) in MISSING
    return not isinstance(error, IntegrityError | DataError | NotSupportedError)


def _on_exception(request: Request, error: Exception) -> Response:
    # Each application that a fault passes through on its way out asks for an answer; one line in the log is enough.
    context = context_of(request.scope)
    if not context.fault_is_logged:
        log.error("a fault of ours on %s", _route(request), extra=_trace(request))
        context.fault_is_logged = True
    detail = "Something went wrong on our side, and it is logged. In danger, call 112."
    return problem_response(request, InternalError(detail))


def _trace(request: Request) -> dict[str, str]:
    return name_trace(context_of(request.scope).traceparent)


def _route(request: Request) -> str:
    return getattr(request.scope.get("route"), "path", "an unknown route")


def _fault(found: Mapping[str, Any]) -> Fault:
    where = [str(part) for part in found["loc"][1:]] or ["request"]
    if found["loc"][0] == "body" and found["type"] != "json_invalid":
        where = [".".join(where)]
    context = found.get("ctx") or {}
    allowed = context.get("allowed")
    if allowed is None and "expected" in context:  # pydantic words a set as "'a', 'b' or 'c'"
        allowed = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
    return Fault(parameter=where[0], detail=str(found["msg"]).removeprefix("Value error, "), allowed=allowed)


def _sentence(fault: Fault) -> str:
    detail = fault.detail if fault.detail.endswith((".", "?")) else f"{fault.detail}."
    allowed = f" Allowed: {', '.join(fault.allowed)}." if fault.allowed else ""
    return f"{fault.parameter}: {detail}{allowed}"
