"""Traces for OpenTelemetry, as a receiver of OTLP over HTTP gets them."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from app.cli import main
from app.http import spans
from app.main import create_app
from app.settings import ROOT, Settings
from tests.ports import free_port
from tests.serving import serve

SECRET = "hemlighet"
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SENT = {
    "traceparent": f"00-{TRACE}-{CALLER}-01",
    "tracestate": f"x={SECRET}",
    "baggage": f"user={SECRET}",
    "user-agent": SECRET,
    "referer": f"https://{SECRET}.example/",
    "cookie": f"x={SECRET}",
}


@contextmanager
def receiving() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A receiver of OTLP over HTTP: its address, and what it was sent."""
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    thread.join()
    server.server_close()


def list_spans(received: list[ExportTraceServiceRequest]) -> list[Span]:
    return [
        span
        for request in received
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def read_attributes(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_trace_has_a_span_for_each_request_and_statement_and_nothing_that_a_caller_sent(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as (address, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "katalog-1")
        monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")  # FastAPI's own telemetry would send the query
        spans.start_spans()
        with serve(create_app(Settings(database_url=database_url))) as running:
            client = running.client
            unknown = {name: value for name, value in SENT.items() if name != "cookie"}
            answers = [client.get("/v1/hotlines?limit=3", headers=unknown) for _ in range(2)]  # the second one is kept
            client.get(f"/v1/search?q={SECRET}", headers=SENT)
            assert client.get(f"/v1/hotlines/{SECRET}", headers=SENT).status_code == 404
            assert client.get(f"/{SECRET}", headers=SENT).status_code == 404
            client.request(SECRET, f"/v1/hotlines/{SECRET}", headers=SENT)
    assert spans.find_spans() is None  # what was left was sent when the service stopped
    found = list_spans(received)
    assert SECRET not in str(received)
    service = {each.key: each.value.string_value for each in received[0].resource_spans[0].resource.attributes}
    assert service["service.name"] == "katalog-1"
    requests = [span for span in found if span.kind == Span.SPAN_KIND_SERVER]
    lists = [span for span in requests if span.name == "GET /hotlines"]
    lists.sort(key=lambda span: span.start_time_unix_nano)  # a span is sent when it ends, which may be after the next
    assert len(lists) == 2
    for span, answer in zip(lists, answers, strict=True):
        assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, CALLER)
        assert answer.headers["traceparent"] == f"00-{TRACE}-{span.span_id.hex()}-01"
        assert read_attributes(span) == {
            "http.request.method": "GET",
            "http.route": "/hotlines",
            "http.response.status_code": 200,
        }
    statements = [span for span in found if span.kind == Span.SPAN_KIND_CLIENT]
    of_the_list = [span for span in statements if span.parent_span_id == lists[0].span_id]
    assert {"SELECT resource", "SELECT resourcetext"} <= {span.name for span in of_the_list}
    assert not [span for span in statements if span.parent_span_id == lists[1].span_id]
    assert {read_attributes(span)["http.response.status_code"] for span in requests} >= {200, 404}


def test_a_statement_that_fails_is_marked_with_its_code_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as (address, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        spans.start_spans()
        with serve(create_app(Settings(database_url=f"sqlite:///{tmp_path}/empty.sqlite3"))) as running:
            assert running.client.get(f"/v1/search?q={SECRET}", headers=SENT).status_code == 503
    failed = [span for span in list_spans(received) if span.status.code == Status.STATUS_CODE_ERROR]
    (statement,) = [span for span in failed if span.kind == Span.SPAN_KIND_CLIENT]
    assert read_attributes(statement)["error.type"] == "SQLITE_ERROR"
    assert [read_attributes(span)["http.response.status_code"] for span in failed if span != statement] == [503]
    assert SECRET not in str(received)


def test_a_receiver_that_is_not_there_neither_harms_answers_nor_holds_up_the_end(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(spans, "PATIENCE", 0.1)
    spans.start_spans()
    with serve(create_app(Settings(database_url=database_url))) as running:
        assert running.client.get("/v1/hotlines", headers=SENT).status_code == 200
    assert spans.find_spans() is None


def test_without_the_extra_serve_says_what_to_install_and_without_the_setting_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STODKATALOG_OPENTELEMETRY", "on")
    monkeypatch.setattr(spans, "LIBRARY", "opentelemetry.exporter.of_nobody.http")
    with pytest.raises(SystemExit, match=r"pip install 'stodkatalog\[opentelemetry\]'"):
        main(["serve", "--port", str(free_port())])
    monkeypatch.delenv("STODKATALOG_OPENTELEMETRY")
    code = "import sys, app.server.application; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "opentelemetry.sdk" not in loaded.stdout
    assert "opentelemetry.exporter" not in loaded.stdout
