"""Routers as FastAPI includes them in an application, worked out once for all applications of a process."""

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Depends, params
from starlette.routing import BaseRoute

from app.http.contract import keep_contract
from app.http.openapi import operation_id


def include(
    routers: Iterable[APIRouter], *, dependencies: Sequence[params.Depends] = (), include_in_schema: bool = True
) -> list[BaseRoute]:
    """Routes for `FastAPI(routes=…)`. FastAPI takes a millisecond and more to work out each, and keeps it with them."""
    whole = APIRouter(dependencies=[Depends(keep_contract)], generate_unique_id_function=operation_id)
    for router in routers:
        whole.include_router(router, dependencies=dependencies, include_in_schema=include_in_schema)
    return whole.routes
