"""Answers to what is not a readable HTTP request, as the server itself writes them: no route ever sees it."""

import re
from http import HTTPStatus
from typing import Any

from starlette.requests import Request

from app.http.guard import RAW_HEADERS
from app.http.logging import carry_on
from app.http.problems import BadRequest, NotImplementedMethod, ProblemError, problem_response
from app.http.representing import VARY, Header

UNKNOWN = re.compile(
    rb"(?:\A|\n)(?!(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) )[!#$%&'*+.^_`|~0-9A-Za-z-]+"
    rb" [^ \r\n]+ HTTP/1\.[01]\r?\n"
)
"""A request line of HTTP with another method than the usual ones."""

TOO_LONG = BadRequest("The request is too long: its head, and its body, may have 65,536 bytes at most.")
UNREADABLE = BadRequest("This is not an HTTP/1.1 request that can be read.")
UNKNOWN_METHOD = NotImplementedMethod("No address has this method. Most answer GET and HEAD only.")


def explain_unknown_method(data: bytes) -> ProblemError:
    """The problem of bytes in which the parser met a method that it does not know; they may be no request at all."""
    return UNKNOWN_METHOD if UNKNOWN.search(data) else UNREADABLE


def write_refusal(service: Any, error: ProblemError, default_headers: list[Header]) -> bytes:
    """The whole answer, after which the connection ends. `service` is our application."""
    scope = {"type": "http", "method": "GET", "path": "", "query_string": b"", "headers": [], "scheme": "http"}
    response = problem_response(Request({**scope, "app": service}), error)
    headers = [*default_headers, *response.raw_headers, *RAW_HEADERS, (b"vary", VARY)]
    headers += [(b"traceparent", carry_on([]).encode()), (b"connection", b"close")]
    status = HTTPStatus(response.status_code)
    lines = b"".join(b"%s: %s\r\n" % header for header in headers)
    return b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, status.phrase.encode(), lines, bytes(response.body))
