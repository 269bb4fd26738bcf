"""HSDS as an application of its own, to be mounted at BASE."""

from fastapi import FastAPI

from app.standards.hsds import about, organization_routes, routes, taxonomy_routes
from app.standards.hsds.posting import Posting

ROUTERS = (about.router, routes.router, organization_routes.router, taxonomy_routes.router)


def furnish(application: FastAPI) -> FastAPI:
    """Put the routes of HSDS into an application."""
    for router in ROUTERS:
        application.include_router(router)
    application.add_middleware(Posting)
    return application
