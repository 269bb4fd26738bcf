"""Errors as pages of the console, in words that say what to do."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.console.faults import explain_faults
from app.console.rendering import lead_to, render
from app.console.visitors import ForeignForm, NotSignedIn
from app.http.handlers import faults_of
from app.http.problems import ProblemError

log = logging.getLogger("stodkatalog")


def register(console: FastAPI) -> None:
    """Let the console answer every error as a page."""
    console.add_exception_handler(NotSignedIn, _on_not_signed_in)
    console.add_exception_handler(ForeignForm, _on_foreign_form)
    console.add_exception_handler(ProblemError, _on_problem)
    console.add_exception_handler(RequestValidationError, _on_validation_error)
    console.add_exception_handler(HTTPException, _on_http_exception)
    for fault in (DBAPIError, PoolTimeoutError):
        console.add_exception_handler(fault, _on_database_error)
    console.add_exception_handler(Exception, _on_exception)


def _on_not_signed_in(request: Request, error: Exception) -> Response:
    if request.method == "GET":
        return lead_to(request, "/logga-in")
    return render(request, "problem.html", status=401, kind="signed_out")


def _on_foreign_form(request: Request, error: Exception) -> HTMLResponse:
    return render(request, "problem.html", status=403, kind="foreign_form", sent=[])  # it may be another site's


def _on_problem(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, ProblemError)
    faults = explain_faults(error)
    response = render(request, "problem.html", status=error.status, kind=error.slug, faults=faults)
    response.headers.update(error.headers)
    return response


def _on_validation_error(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, RequestValidationError)
    faults = [f"{fault.parameter}: {fault.detail}" for fault in faults_of(error)]
    return render(request, "problem.html", status=422, kind="not-found", faults=faults)


def _on_http_exception(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, HTTPException)
    return render(request, "problem.html", status=error.status_code, kind="not-found")


def _on_database_error(request: Request, error: Exception) -> HTMLResponse:
    log.error("the store failed in the console: %s", type(error).__name__)
    return render(request, "problem.html", status=503, kind="unavailable")


def _on_exception(request: Request, error: Exception) -> HTMLResponse:
    log.error("a fault of ours in the console")
    return render(request, "problem.html", status=500, kind="internal-error")
