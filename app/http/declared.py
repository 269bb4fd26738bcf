"""Finds the route of a request before it is routed: the cost of its answer and the limits of its request."""

import re
from collections.abc import Iterator, Sequence

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount, compile_path
from starlette.types import Scope

from app.http.context import context_of
from app.http.contract import Declared, contract_of, names_of, parameters_of


class Declarations:
    """The contracts of all routes, those that are mounted included."""

    def __init__(self, routes: Sequence[BaseRoute] = ()) -> None:
        self._fixed: dict[str, list[Declared]] = {}
        self._patterns: list[tuple[re.Pattern[str], Declared]] = []
        for route in list_declared(routes):
            if "{" in route.path:
                self._patterns.append((compile_path(route.path)[0], route))
            else:
                self._fixed.setdefault(route.path, []).append(route)

    def find_route(self, scope: Scope) -> Declared | None:
        """The route for this request, which is looked for once."""
        context = context_of(scope)
        if not context.is_matched:
            context.declared, context.is_matched = self.match(scope["path"], scope["method"]), True
        return context.declared

    def match(self, path: str, method: str) -> Declared | None:
        """The route at a path that takes this method. HEAD counts as GET."""
        method = "GET" if method == "HEAD" else method
        return next((route for route in self._at(path) if method in route.methods), None)

    def methods_at(self, path: str) -> list[str]:
        """The methods that an address takes, as the Allow header names them."""
        methods = {method for route in self._at(path) for method in route.methods}
        return sorted(methods | ({"HEAD"} if "GET" in methods else set()))

    def _at(self, path: str) -> Iterator[Declared]:
        yield from self._fixed.get(path, ())
        yield from (route for pattern, route in self._patterns if pattern.match(path))


def list_declared(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[Declared]:
    """Each route with what it declares, in order."""
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, Mount):
            yield from list_declared(route.routes, prefix + route.path)
        elif isinstance(route, APIRoute):
            contract = contract_of(route.endpoint)
            methods = frozenset(route.methods or ())
            names = names_of(parameters_of(route.endpoint)) if contract.passes_over_strays else frozenset[str]()
            yield Declared(prefix + (context.path or route.path), methods | contract.also, contract, names)
