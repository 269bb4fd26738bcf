"""The console as an application of its own, under `/redaktion`."""

from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import RedirectResponse

import app.console.account_routes
import app.console.adding_routes
import app.console.admin_routes
import app.console.amend_routes
import app.console.check_routes
import app.console.deviation_routes
import app.console.edit_routes
import app.console.history_routes
import app.console.proposal_routes
import app.console.record_routes
import app.console.removal_routes
import app.console.sign_in_routes
import app.console.source_routes
import app.console.start_routes
import app.console.undo_routes
import app.console.webhook_routes
from app.access.callers import PER_MINUTE
from app.console import problems
from app.console.previews import PREVIEWS_PER_MINUTE
from app.console.rendering import HTML, Plain, lead_to
from app.console.sign_in_places import SignInPlaces
from app.http.allowances import Allowances
from app.http.contract import answers
from app.http.routing import Router, routes_of

PATH = "/redaktion"
SIGN_INS_PER_MINUTE = 10
"""What a network may send to the page to sign in, to each process."""
ROUTERS = (
    app.console.sign_in_routes.router,
    app.console.account_routes.router,
    app.console.start_routes.router,
    app.console.record_routes.router,
    app.console.edit_routes.router,
    app.console.deviation_routes.router,
    app.console.history_routes.router,
    app.console.undo_routes.router,
    app.console.check_routes.router,
    app.console.removal_routes.router,
    app.console.proposal_routes.router,
    app.console.amend_routes.router,
    app.console.source_routes.router,
    app.console.adding_routes.router,
    app.console.admin_routes.router,
    app.console.webhook_routes.router,
)
ROUTES = routes_of(ROUTERS)
beside = Router(include_in_schema=False)


@beside.get(PATH)
@answers(HTML, fresh=None, cross_origin=False)
def to_start(parameters: Annotated[Plain, Query()], request: Request) -> RedirectResponse:
    """The start page has a slash at its end."""
    return lead_to(request, "/")


def mount(whole: FastAPI, console: FastAPI) -> None:
    """Put the console into the whole service."""
    problems.register(console)
    console.state.key_allowances = Allowances(PER_MINUTE, "Your key")
    console.state.sign_in_allowances = Allowances(SIGN_INS_PER_MINUTE)
    console.state.preview_allowances = Allowances(PREVIEWS_PER_MINUTE, "Your key")
    console.state.sign_in_places = SignInPlaces()
    whole.router.routes.extend(beside.routes)
    whole.mount(PATH, console)
