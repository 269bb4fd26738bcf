"""HSDS as an application of its own, to be mounted at BASE."""

from collections.abc import Iterator

from fastapi import Depends, FastAPI, Request

from app.http.context import context_of
from app.http.including import include
from app.standards.hsds import about, organization_routes, routes, taxonomy_routes
from app.standards.hsds.answering import NDJSON
from app.standards.hsds.posting import Posting
from app.standards.sending import one_of_few


def furnish(application: FastAPI) -> FastAPI:
    """Let an application with the routes of HSDS take their questions as POST, too."""
    application.add_middleware(Posting)
    return application


def one_of_few_streams(request: Request) -> Iterator[None]:
    """A list as a stream is a file like any other. Raises Unavailable."""
    if request.query_params.get("format") == "ndjson" or context_of(request.scope).format == NDJSON:
        yield from one_of_few()
    else:
        yield


ROUTES = include(
    (about.router, routes.router, organization_routes.router, taxonomy_routes.router),
    dependencies=[Depends(one_of_few_streams)],
)
