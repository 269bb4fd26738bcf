"""Parameters that a page does not know: others append them to the links that they share (`fbclid`, `utm_source`)."""

from urllib.parse import unquote_plus

from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.context import context_of
from app.http.contract import Declared
from app.http.declared import Declarations
from app.http.guard import KEY

MACHINES = ("/v1/", "/hsds/")
"""Addresses for programs, also where somebody opens one in a browser."""


class WithoutStrays:
    """ASGI middleware: removes unknown and empty parameters where the route passes over them.

    Other routes are for programs, and refuse unknown parameters by name.
    """

    def __init__(self, app: ASGIApp, declarations: Declarations) -> None:
        self.app = app
        self._declarations = declarations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["query_string"] or _accepts_page(scope)):
            route = self._declarations.find_route(scope)
            if _accepts_page(scope):
                context_of(scope).wants_page = _is_for_people(scope, route)
            # An address with a key in it is left as it is, for the guard to refuse.
            if route is not None and route.contract.passes_over_strays and not _holds_key(scope["query_string"]):
                scope = {**scope, "query_string": without_strays(scope["query_string"], route.parameters)}
                context_of(scope).lookup = None  # it was made of the address as it came
        await self.app(scope, receive, send)


def _accepts_page(scope: Scope) -> bool:
    """Whether a browser asks: programs do not name HTML in their Accept header."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_for_people(scope: Scope, route: Declared | None) -> bool:
    """Whether an error is shown as a page: at the address of a page, and at one that leads nowhere."""
    if route is None:
        return not scope["path"].startswith(MACHINES)
    return route.contract.is_for_browsers and "text/html" in route.contract.formats


def without_strays(query: bytes, names: frozenset[str]) -> bytes:
    """A query string with those of its parameters that have a known name and a value, as they were written."""
    return b"&".join(part for part in query.split(b"&") if _is_of_use(part, names))


def _holds_key(query: bytes) -> bool:
    return KEY.search(unquote_plus(query.decode("latin-1"))) is not None


def _is_of_use(part: bytes, names: frozenset[str]) -> bool:
    name, _, value = part.partition(b"=")
    return value != b"" and unquote_plus(name.decode("latin-1")) in names
