"""Answers the errors that routes raise: each as a problem; faults of ours and of the store are logged, too."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.http.context import context_of
from app.http.links import base_url
from app.http.logging import name_trace
from app.http.problems import (
    PRIVATE,
    PROBLEMS,
    Fault,
    FormatNotImplemented,
    InternalError,
    InvalidParameter,
    InvalidRecord,
    Moved,
    OtherProblem,
    ProblemError,
    Unavailable,
    problem_response,
    write_fault,
)
from app.http.safe_logs import describe_exception, find_database_code, name_statement

log = logging.getLogger("stodkatalog")

MISSING = ("42P01", "42703")
"""What PostgreSQL calls a table or a column that is not there."""
BY_STATUS = {
    int(problem.status): problem for problem in PROBLEMS if problem not in (FormatNotImplemented, InvalidRecord)
}


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
    # Not to be stored: another record may get the old address one day.
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
    return problem_response(request, InvalidParameter(" ".join(map(write_fault, faults)), faults))


def faults_of(error: RequestValidationError) -> list[Fault]:
    """Each thing that is wrong with the parameters of a request."""
    return [_fault(entry) for entry in error.errors()]


def _on_database_error(request: Request, error: Exception) -> Response:
    if not _may_pass(error):
        message = f"the store refused a statement of ours: {name_statement(error)}"
        log.error("\n".join([message, *describe_exception(error)]), extra=_trace(request))
        return _on_exception(request, error)
    parts = type(error).__name__, _find_reason(error), name_statement(error)
    subject = _route(request), " ".join(filter(None, parts))
    if context_of(request.scope).reads_standby:
        log.warning("the standby failed on %s, and the primary is asked: %s", *subject, extra=_trace(request))
    else:
        log.error("the store failed on %s: %s", *subject, extra=_trace(request))
    verb = "read" if request.method in ("GET", "HEAD") else "changed"
    detail = f"The directory cannot be {verb} at the moment. Try again shortly. In danger, call 112."
    return problem_response(request, Unavailable(detail, headers={"Retry-After": "5"}))


def _find_reason(error: Exception) -> str:
    """The database's code for an error; its message only where connecting failed: others may quote the caller."""
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


def _fault(entry: Mapping[str, Any]) -> Fault:
    where = [str(part) for part in entry["loc"][1:]] or ["request"]
    if entry["loc"][0] == "body" and entry["type"] != "json_invalid":
        where = [".".join(where)]
    context = entry.get("ctx") or {}
    allowed = context.get("allowed")
    if allowed is None and "expected" in context:  # pydantic words a set as "'a', 'b' or 'c'"
        allowed = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
    return Fault(parameter=where[0], detail=str(entry["msg"]).removeprefix("Value error, "), allowed=allowed)
