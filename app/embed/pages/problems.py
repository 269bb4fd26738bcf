"""Errors as pages: in plain words, with 112 and a link to help."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.areas.suggesting import UnknownArea
from app.embed.pages.answering import render
from app.embed.pages.asking import asking_after_fault
from app.embed.pages.questions import ReferralQuestion
from app.embed.pages.referring import load_choices
from app.embed.pages.words import place_hints
from app.http.context import context_of
from app.http.handlers import faults_of, name_methods
from app.http.problems import Fault, ProblemError
from app.resources.open_now import Person, load_open_now
from app.stored_values import ReadingSession

log = logging.getLogger("stodkatalog")


def register(pages: FastAPI) -> None:
    """Let an application answer every error as a page."""
    pages.add_exception_handler(ProblemError, _on_problem)
    pages.add_exception_handler(RequestValidationError, _on_validation_error)
    pages.add_exception_handler(HTTPException, _on_http_exception)
    for fault in (DBAPIError, PoolTimeoutError):
        pages.add_exception_handler(fault, _on_database_error)
    pages.add_exception_handler(Exception, _on_exception)


def _on_problem(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, ProblemError)
    if isinstance(error, UnknownArea):
        return _unknown_place(request, error)
    return _question(request, error.errors, error.status) if error.errors else _problem(request, error.status)


def _on_validation_error(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, RequestValidationError)
    return _question(request, faults_of(error), 422)


def _on_http_exception(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, HTTPException)
    headers = {"Allow": name_methods(request)} if error.status_code == 405 else error.headers
    return _problem(request, error.status_code, headers)


def _on_database_error(request: Request, error: Exception) -> HTMLResponse:
    log.error("the store failed on a page: %s", type(error).__name__)
    return _problem(request, 503, {"Retry-After": "5"})


def _on_exception(request: Request, error: Exception) -> HTMLResponse:
    log.error("a fault of ours on a page")
    return _problem(request, 500)


def _question(request: Request, faults: list[Fault], status: int) -> HTMLResponse:
    """A value that cannot be used, or a question that the page does not ask."""
    refused = {fault.parameter for fault in faults}
    answers = {name: value for name, value in context_of(request.scope).posted.items() if name not in refused}
    return _problem(request, status, kind="question", faults=faults, again=_without(request, refused), answers=answers)


def _unknown_place(request: Request, error: UnknownArea) -> HTMLResponse:
    """The page for an unknown municipality: the nearest names, each a link that asks again, and what is known of the
    text."""
    parameter = error.errors[0].parameter
    posted = context_of(request.scope).posted
    nearest = [
        (
            suggestion.label,
            suggestion.area.code
            if posted
            else f"{request.url.path}?{request.url.include_query_params(**{parameter: suggestion.area.code}).query}",
        )
        for suggestion in error.suggestions
    ]
    return _problem(
        request,
        error.status,
        kind="place",
        entered=posted.get(parameter) or request.query_params.get(parameter, ""),
        parameter=parameter,
        answers={name: value for name, value in posted.items() if name != parameter},
        nearest=nearest,
        hints=place_hints(error, request.app.state.language),
        again=_without(request, {parameter}),
    )


def _without(request: Request, refused: set[str]) -> str:
    """The address with the other parameters, so that nobody has to type them again."""
    query = request.url.remove_query_params(list(refused)).query
    return f"{request.url.path}?{query}" if query else request.url.path


def _problem(
    request: Request, status: int, headers: Any = None, *, kind: str | None = None, **particulars: Any
) -> HTMLResponse:
    missing = "not_held" if context_of(request.scope).lasting else "missing"
    kind = kind or ("fault" if status >= 500 else missing if status == 404 else "question")
    nothing = {"faults": [], "again": request.url.path, "nearest": [], "entered": "", "hints": [], "answers": {}}
    help_now = _load_help(request, particulars.get("faults", [])) if status < 500 else {"now": None}
    values = {**nothing, **particulars, "kind": kind, **help_now, "is_posted": bool(context_of(request.scope).posted)}
    answer = render(request, "start", values, template="problem.html", status=status, listed=False)
    answer.headers.update(headers or {})
    return answer


def _load_help(request: Request, faults: Sequence[Fault]) -> dict[str, Any]:
    """What is open now, and the form that tells whom to contact; nothing where the store cannot be read."""
    refused = {fault.parameter for fault in faults}
    try:
        with ReadingSession(request.app.state.engine) as session:
            asking = asking_after_fault(request, session)
            return {
                "now": load_open_now(asking, Person()),
                "answered": _read_answers(request, refused),
                **load_choices(asking),
            }
    except (DBAPIError, PoolTimeoutError):
        return {"now": None}


def _read_answers(request: Request, refused: set[str]) -> ReferralQuestion:
    """What was answered in the form and can be used."""
    sent = {**request.query_params, **context_of(request.scope).posted}
    names = ReferralQuestion.model_fields.keys() - refused
    try:
        return ReferralQuestion.model_validate({name: value for name, value in sent.items() if name in names})
    except ValidationError:
        return ReferralQuestion()
