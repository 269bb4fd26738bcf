"""Routers whose routes keep their contract, and stand in an application as they are."""

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter, Depends, params
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.http.enforcing import keep_contract


def operation_id(route: APIRoute) -> str:
    """`list_hotlines` → `listHotlines`."""
    first, *others = route.name.split("_")
    return first + "".join(word.capitalize() for word in others)


class Router(APIRouter):
    """Routes that are given to `FastAPI(routes=…)` and not included: FastAPI would work out each of them again."""

    def __init__(self, *, dependencies: Sequence[params.Depends] = (), **options: Any) -> None:
        all_dependencies = [Depends(keep_contract), *dependencies]
        super().__init__(dependencies=all_dependencies, generate_unique_id_function=operation_id, **options)


def routes_of(routers: Iterable[Router]) -> list[BaseRoute]:
    """The routes of some routers, in order."""
    return [route for router in routers for route in router.routes]
