"""Every route of an application, those of what is mounted included."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any

from fastapi import FastAPI
from fastapi.params import Depends
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from app.access.callers import Needs
from app.access.deciding import Action
from app.console.visitors import Sending, SignedIn
from app.http.contract import Contract, Parameters, contract_of, parameters_of


@dataclass(frozen=True, slots=True)
class Route:
    """A route: its whole path, such as `/v1/hotlines/{id}`, what it declares, and its method."""

    path: str
    endpoint: Callable[..., Any]
    method: str = "GET"

    @property
    def contract(self) -> Contract:
        return contract_of(self.endpoint)

    @property
    def parameters(self) -> type[Parameters]:
        return parameters_of(self.endpoint)

    @property
    def action(self) -> Action | None:
        """What its caller must be allowed to do; None where neither key nor session is needed."""
        for parameter in signature(self.endpoint).parameters.values():
            for one in getattr(parameter.annotation, "__metadata__", ()):
                if isinstance(one, Depends) and isinstance(one.dependency, Needs | SignedIn | Sending):
                    return one.dependency.action
        return None

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.method == "GET" and self.action is None

    @property
    def names_format(self) -> bool:
        """Whether the address ends as a file of its one format does, such as `/v1/events.ics`."""
        return len(self.contract.formats) == 1 and "." in self.path.rpartition("/")[2]

    @property
    def is_list(self) -> bool:
        return {"limit", "offset"} <= set(self.parameters.model_fields)


def routes_of(application: FastAPI | Mount, prefix: str = "") -> Iterator[Route]:
    """All of them, in order."""
    for context in iter_route_contexts(application.routes):
        route = context.original_route
        if isinstance(route, Mount):
            yield from routes_of(route, route.path)
        elif isinstance(route, APIRoute):
            (method,) = route.methods or {"GET"}
            yield Route(prefix + (context.path or route.path), route.endpoint, method)
