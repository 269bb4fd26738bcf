"""Putting the parts together; nothing else does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Engine, event
from starlette.datastructures import State
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

import app.access.routes
import app.areas.routes
import app.changes.routes
import app.console.application
import app.embed.discovery
import app.embed.pages.routes
import app.embed.routes
import app.opening_hours.intervals
import app.opening_hours.routes
import app.organizations.routes
import app.proposals.operator_routes
import app.proposals.routes
import app.records.routes
import app.referrals.routes
import app.reports.routes
import app.resources.routes
import app.search.routes
import app.sources.routes
import app.standards.dcat
import app.standards.exports.routes
import app.standards.hsds.about
import app.standards.hsds.application
import app.standards.records
import app.verifying.routes
import app.vocabularies.routes
import app.webhooks.routes
from app.access.callers import LARGE_PER_MINUTE, PER_MINUTE, WRITES_PER_DAY
from app.database import Sessions, engine_for
from app.deadlines import begin_deadline
from app.http import documentation, handlers, openapi, pages, service
from app.http.allowances import DAY, Allowances
from app.http.caching import ResponseCache
from app.http.coherence import signal_for
from app.http.declared import Declarations
from app.http.delivery import Delivery
from app.http.guard import Guard
from app.http.logging import AccessLog
from app.http.measuring import count_store_error
from app.http.routing import routes_of
from app.http.safe_logs import watch_loop
from app.http.second_try import SecondTry
from app.http.spans import stop_spans, watch_statements
from app.http.strays import WithoutStrays
from app.http.targets import to_origin_form
from app.http.turns import AT_ONCE
from app.kinds import DECLARATIONS
from app.operating.probes import LIVE, READY, Probes
from app.reports.routes import make_allowances
from app.resources.models import REACHED
from app.resources.remembering import Records
from app.resources.slices import Counts
from app.settings import Settings
from app.standards.growing_files import GrowingFiles
from app.webhooks.testing import DeliveryLimits

ROUTERS = (
    *(router for kind in REACHED for router in DECLARATIONS[kind].routers),
    app.opening_hours.routes.router,
    app.opening_hours.intervals.router,
    *(router for kind in DECLARATIONS if kind not in REACHED for router in DECLARATIONS[kind].routers),
    app.organizations.routes.router,
    app.standards.records.router,  # its `/resources/{id}.vcf` is a narrower path than `/resources/{id}`
    app.resources.routes.router,
    app.search.routes.router,
    app.referrals.routes.router,
    app.areas.routes.router,
    app.vocabularies.routes.router,
    app.sources.routes.router,
    app.changes.routes.router,
    app.records.routes.router,
    app.proposals.operator_routes.router,
    app.proposals.routes.router,
    app.reports.routes.router,
    app.verifying.routes.router,
    app.access.routes.router,
    app.webhooks.routes.router,
    app.standards.exports.routes.router,
    service.router,
    openapi.router,
)
"""In the order of the documentation."""

ROUTES = routes_of(ROUTERS)
"""Under `/v1`."""

BESIDE = routes_of(
    (
        pages.router,
        documentation.router,
        service.health,
        app.standards.dcat.router,
        app.embed.discovery.router,
        app.standards.hsds.about.root,
    )
)
"""Of the whole service."""

NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)
"""FastAPI's own would send queries and texts of exceptions to where the environment says; ours is `app.http.spans`."""

PLAIN: dict[str, Any] = {
    "openapi_url": None,
    "docs_url": None,
    "redoc_url": None,
    "redirect_slashes": False,
    "telemetry": NO_TELEMETRY,
}
"""What every application of ours leaves out of FastAPI."""

THREADS = 2 * AT_ONCE
"""In which a worker makes answers and streams: more would only wait for the interpreter's lock, and take memory."""


class Surrounded(FastAPI):
    """The routes and what is around them, the outermost last: guard, delivery with its cache, strays, log.

    Around FastAPI and not within, so that an answer from the cache costs nothing of FastAPI's own.
    """

    _outermost: ASGIApp
    _probes: ASGIApp
    delivery: Delivery | None = None
    declarations: Declarations

    def surround(self, cache: ResponseCache, standby: Engine | None) -> None:
        """Put everything around the routes. `standby`: answers are made from it where it may be read."""
        declarations = self.declarations = Declarations(self.routes)
        allowances = Allowances(self.state.settings.dear_per_minute)
        answering: ASGIApp = Sessions(super().__call__)
        if standby is not None:
            answering = SecondTry(answering)
        guard = Guard(answering, declarations)
        self.delivery = Delivery(guard, cache, declarations, allowances, standby)
        self._outermost = AccessLog(WithoutStrays(self.delivery, declarations))
        self._probes = AccessLog(Probes(self.state.engine, self.state.settings.seed_dir))

    def methods_at(self, path: str) -> list[str]:
        """The methods that an address takes."""
        return self.declarations.methods_at(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_http := scope["type"] == "http":
            begin_deadline()
        if is_http and scope["raw_path"][:1] != b"/":
            scope = to_origin_form(scope)
        scope["app"] = self  # what is around the routes asks it for its settings, too
        is_probe = is_http and scope["path"] in (LIVE, READY) and scope["method"] in ("GET", "HEAD")
        await (self._probes if is_probe else self._outermost)(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """The whole service, over the store that the settings name."""
    engine = engine_for(settings.database_url, for_callers=True)
    standby = engine_for(settings.read_database_url, for_callers=True) if settings.read_database_url else None
    engines = [engine] if standby is None else [engine, standby]
    for each in engines:
        event.listen(each, "handle_error", lambda context: count_store_error(context.original_exception))
        watch_statements(each)
    cache = ResponseCache(signal_for(engine, standby))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        watch_loop()
        yield
        await cache.close()
        for each in engines:
            each.dispose()
        stop_spans()

    api = Mount(openapi.BASE, Router(ROUTES, redirect_slashes=False))  # first, as most is asked of it
    whole = Surrounded(routes=[api, *BESIDE, app.standards.hsds.application.mounted()], lifespan=lifespan, **PLAIN)
    state = _state(settings, engine, whole) | {"standby": standby}
    whole.state = State(state)
    handlers.register(whole)
    # What shows its errors in another way is an application of its own.
    app.embed.pages.routes.mount(whole, lambda routes: _within(state, routes))
    app.embed.routes.mount(whole, _within(state, app.embed.routes.ROUTES))
    app.console.application.mount(whole, _within(state, app.console.application.ROUTES))
    whole.surround(cache, standby)
    return whole


def _state(settings: Settings, engine: Engine, whole: Surrounded) -> dict[str, Any]:
    """What the routes of a service share."""
    return {
        "methods_at": whole.methods_at,
        "settings": settings,
        "engine": engine,
        "is_stopping": False,
        "counts": Counts(),
        "report_allowances": make_allowances(),
        "key_allowances": Allowances(PER_MINUTE, "Your key"),
        "write_allowances": Allowances(WRITES_PER_DAY, "Your key", window=DAY),
        "large_allowances": Allowances(LARGE_PER_MINUTE, "Your key"),
        "webhook_tests": DeliveryLimits(),
        "records": Records(),
        "representations": app.standards.records.REPRESENTATIONS,
        "documents": {},
        "files": GrowingFiles(),
    }


def _within(state: dict[str, Any], routes: Sequence[BaseRoute]) -> FastAPI:
    """An application to be mounted, whose errors are problems until it says otherwise."""
    application = FastAPI(routes=list(routes), **PLAIN)
    application.state = State({**state})
    handlers.register(application)
    return application
