"""HSDS, to be mounted at BASE."""

from starlette.middleware import Middleware
from starlette.routing import Mount, Router

from app.http.routing import routes_of
from app.standards.hsds import BASE, about, organization_routes, routes, taxonomy_routes
from app.standards.hsds.posting import Posting

ROUTES = routes_of((about.router, routes.router, organization_routes.router, taxonomy_routes.router))


def mounted() -> Mount:
    """The routes of HSDS, whose lists take their questions as POST, too."""
    return Mount(BASE, Router(ROUTES, redirect_slashes=False), middleware=[Middleware(Posting)])
