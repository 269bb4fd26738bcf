"""Traces for OpenTelemetry: a span for each request and for each statement. Nothing is loaded unless they are wanted.

The spans are made here: OpenTelemetry's own instrumentation of ASGI, and FastAPI's, send the caller's query along and
do not see answers from the cache, and that of SQLAlchemy does not know version 2.1. A span holds what a line of the log
holds, and nothing that a caller sent but the ids of its trace.
"""

import os
from contextlib import AbstractContextManager
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Engine, ExceptionContext, event

from app.http.measuring import METHODS
from app.http.safe_logs import find_database_code, read_statement
from app.version import VERSION

if TYPE_CHECKING:  # an extra
    from opentelemetry.trace import Span

LIBRARY = "opentelemetry.exporter.otlp.proto.http"
MISSING = "STODKATALOG_OPENTELEMETRY needs the package's extra: pip install 'stodkatalog[opentelemetry]'"
PATIENCE = 2.0
"""Seconds for the last spans to be sent when the service stops."""


class Caller(NamedTuple):
    """The span of the caller that a request belongs to, by W3C trace context."""

    trace: int
    span: int
    flags: int


class Spans:
    """Makes spans, and sends them by OTLP over HTTP. The settings are OpenTelemetry's own, `OTEL_…`."""

    def __init__(self) -> None:
        from opentelemetry import trace  # noqa: PLC0415  # an extra
        from opentelemetry.context import Context  # noqa: PLC0415
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        name = os.environ.get("OTEL_SERVICE_NAME", "stodkatalog")
        resource = Resource.create({"service.name": name, "service.version": VERSION})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("stodkatalog", VERSION)
        self._library, self._no_parent = trace, Context()

    def start_request(self, caller: Caller | None) -> "Span":
        """The span of a request, within that of its caller."""
        library, parent = self._library, self._no_parent
        if caller is not None:
            flags = library.TraceFlags(caller.flags)
            theirs = library.SpanContext(caller.trace, caller.span, is_remote=True, trace_flags=flags)
            parent = library.set_span_in_context(library.NonRecordingSpan(theirs), parent)
        return self._tracer.start_span("request", parent, library.SpanKind.SERVER)

    def use(self, span: "Span") -> AbstractContextManager[Any]:
        """A context in which statements belong to this span."""
        return self._library.use_span(span, record_exception=False, set_status_on_exception=False)

    def end_request(self, span: "Span", method: str, route: str, status: int) -> None:
        """End the span of a request that was answered."""
        method = method if method in METHODS else "other"
        span.update_name(f"{method} {route}")
        span.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
        if status >= 500:
            span.set_status(self._library.StatusCode.ERROR)
        span.end()

    def watch(self, engine: Engine) -> None:
        """Make a span for each statement of an engine that belongs to a request."""
        event.listen(engine, "before_cursor_execute", self._start_statement)
        event.listen(engine, "after_cursor_execute", _end_statement)
        event.listen(engine, "handle_error", self._end_failed_statement)

    def stop(self) -> None:
        """Send the spans that are left, within `PATIENCE` seconds."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(PATIENCE)

    def _start_statement(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        verb, table = read_statement(statement)
        if verb and self._library.get_current_span().is_recording():
            names = {"db.system.name": connection.dialect.name, "db.operation.name": verb, "db.collection.name": table}
            kind = self._library.SpanKind.CLIENT
            connection.info["span"] = self._tracer.start_span(f"{verb} {table}".strip(), kind=kind, attributes=names)

    def _end_failed_statement(self, context: ExceptionContext) -> None:
        span = context.connection.info.pop("span", None) if context.connection is not None else None
        if span is not None:
            error = context.original_exception
            span.set_attribute("error.type", find_database_code(error) or type(error).__name__)
            span.set_status(self._library.StatusCode.ERROR)
            span.end()


def _end_statement(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if (span := connection.info.pop("span", None)) is not None:
        span.end()


_spans: Spans | None = None


def is_installed() -> bool:
    """Whether the extra `opentelemetry` is installed."""
    try:
        return find_spec(LIBRARY) is not None
    except ModuleNotFoundError:
        return False


def start_spans() -> None:
    """Make spans from now on, in this process."""
    global _spans  # noqa: PLW0603  # one a process, as the log
    _spans = _spans or Spans()


def stop_spans() -> None:
    """Send the spans that are left, and make no more."""
    global _spans  # noqa: PLW0603  # see above
    if _spans is not None:
        _spans.stop()
        _spans = None


def find_spans() -> Spans | None:
    """The maker of this process's spans; None where they are not wanted."""
    return _spans


def watch_statements(engine: Engine) -> None:
    """Make spans for the statements of an engine, where spans are made."""
    if _spans is not None:
        _spans.watch(engine)
