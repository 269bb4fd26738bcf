"""Every route of an application, those of what is mounted included."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from app.http.contract import Contract, Parameters, contract_of, parameters_of


@dataclass(frozen=True, slots=True)
class Route:
    """A route that answers GET: its whole path, such as `/v1/hotlines/{id}`, and what it declares."""

    path: str
    endpoint: Callable[..., Any]

    @property
    def contract(self) -> Contract:
        return contract_of(self.endpoint)

    @property
    def parameters(self) -> type[Parameters]:
        return parameters_of(self.endpoint)

    @property
    def names_format(self) -> bool:
        """Whether the address ends as a file of its one format does, such as `/v1/events.ics`."""
        return len(self.contract.formats) == 1 and "." in self.path.rpartition("/")[2]

    @property
    def is_list(self) -> bool:
        return {"limit", "offset"} <= set(self.parameters.model_fields)


def routes_of(application: FastAPI, prefix: str = "") -> Iterator[Route]:
    """All of them, in order."""
    for context in iter_route_contexts(application.routes):
        route = context.original_route
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from routes_of(route.app, route.path)
        elif isinstance(route, APIRoute):
            yield Route(prefix + (context.path or route.path), route.endpoint)
