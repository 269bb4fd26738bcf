"""HSDS as an application of its own, to be mounted at BASE."""

from fastapi import FastAPI

from app.http.routing import routes_of
from app.standards.hsds import about, organization_routes, routes, taxonomy_routes
from app.standards.hsds.posting import Posting

ROUTES = routes_of((about.router, routes.router, organization_routes.router, taxonomy_routes.router))


def furnish(application: FastAPI) -> FastAPI:
    """Let an application with the routes of HSDS take their questions as POST, too."""
    application.add_middleware(Posting)
    return application
