"""Putting the parts together; nothing else does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy import Engine, event
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

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
from app.access.callers import LARGE_PER_MINUTE, PER_MINUTE
from app.database import Sessions, engine_for
from app.http import documentation, openapi, pages, problems, service
from app.http.allowances import Allowances
from app.http.caching import ResponseCache
from app.http.coherence import signal_for
from app.http.declared import Declarations
from app.http.delivery import Delivery
from app.http.guard import Guard
from app.http.logging import AccessLog
from app.http.measuring import count_store_error
from app.http.routing import routes_of
from app.http.safe_logs import watch_loop
from app.http.strays import WithoutStrays
from app.http.targets import to_origin_form
from app.http.tracing import Tracing
from app.http.turns import AT_ONCE
from app.kinds import DECLARATIONS
from app.operating.probes import Probes
from app.reports.routes import ReportAllowances, make_allowances
from app.resources.counting import Counts
from app.resources.models import REACHED
from app.resources.remembering import Records
from app.settings import Settings

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

THREADS = 2 * AT_ONCE
"""In which a worker makes answers and streams: more would only wait for the interpreter's lock, and take memory."""


class Surrounded(FastAPI):
    """The routes and what is around them, the outermost last: guard, delivery with its cache, strays, trace,
    log.

    Around FastAPI and not within, so that an answer from the cache costs nothing of FastAPI's own.
    """

    _outermost: ASGIApp | None = None
    delivery: Delivery | None = None

    def surround(self, cache: ResponseCache, standby: Engine | None) -> None:
        """Put everything around the routes. `standby`: answers are made from it where it may be read."""
        self.state.standby = standby
        declarations = Declarations(self.routes)
        allowances = Allowances(self.state.settings.dear_per_minute)
        guard = Guard(Sessions(super().__call__), declarations)
        self.delivery = Delivery(guard, cache, declarations, allowances, standby)
        reading = WithoutStrays(self.delivery, declarations)
        probes = Probes(reading, self.state.engine, self.state.settings.seed_dir)
        self._outermost = AccessLog(Tracing(probes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["raw_path"][:1] != b"/":
            scope = to_origin_form(scope)
        scope["app"] = self  # what is around the routes asks it for its settings, too
        await (self._outermost or super().__call__)(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """The whole service, over the store that the settings name."""
    engine = engine_for(settings.database_url, for_callers=True)
    standby = engine_for(settings.read_database_url, for_callers=True) if settings.read_database_url else None
    engines = [engine] if standby is None else [engine, standby]
    for each in engines:
        event.listen(each, "handle_error", lambda context: count_store_error(context.original_exception))
    cache = ResponseCache(signal_for(engine, standby))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        watch_loop()
        yield
        await cache.close()
        for each in engines:
            each.dispose()

    whole = _application(settings, engine, lifespan=lifespan, made_as=Surrounded)
    assert isinstance(whole, Surrounded)
    api = create_api(settings, engine)
    reports: ReportAllowances = api.state.report_allowances  # one for the API and the pages together
    whole.mount("/v1", api)  # first, as most is asked of it
    whole.state.api = api  # which the documentation is about
    whole.router.routes.extend(BESIDE)
    hsds = _application(settings, engine, app.standards.hsds.application.ROUTES)
    whole.mount(app.standards.hsds.BASE, app.standards.hsds.application.furnish(hsds))
    app.embed.pages.routes.mount(whole, lambda routes: _application(settings, engine, routes, reports=reports))
    app.embed.routes.mount(whole, _application(settings, engine, app.embed.routes.ROUTES))
    app.console.application.mount(whole, _application(settings, engine, app.console.application.ROUTES))
    whole.surround(cache, standby)
    return whole


def create_api(settings: Settings, engine: Engine) -> FastAPI:
    """The API under `/v1`."""
    return _application(settings, engine, ROUTES)


@cache
def _declarations(application: FastAPI) -> Declarations:
    """What the routes of an application declare, once they are all there."""
    return Declarations(application.routes)


def _application(
    settings: Settings,
    engine: Engine,
    routes: Sequence[BaseRoute] = (),
    *,
    lifespan: Lifespan[FastAPI] | None = None,
    made_as: type[FastAPI] = FastAPI,
    reports: ReportAllowances | None = None,
) -> FastAPI:
    application = made_as(
        routes=list(routes),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    application.state.settings = settings
    application.state.engine = engine
    application.state.methods_at = lambda path: _declarations(application).methods_at(path)
    application.state.counts = Counts()
    application.state.report_allowances = reports or make_allowances()
    application.state.key_allowances = Allowances(PER_MINUTE, "Your key")
    application.state.large_allowances = Allowances(LARGE_PER_MINUTE, "Your key")
    application.state.records = Records()
    application.state.representations = app.standards.records.REPRESENTATIONS
    problems.register(application)
    return application
