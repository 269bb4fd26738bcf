"""Chooses the HTTP protocol: our own over httptools with the tested versions, else uvicorn's on h11."""

import asyncio
import logging
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

log = logging.getLogger("stodkatalog")

TESTED = {"uvicorn": "0.54.0", "httptools": "0.9.0"}
"""The versions that the tests ran with; pyproject.toml pins the same."""

RELIES_ON: dict[str, tuple[str, ...]] = {
    "httptools:HttpRequestParser": (
        "feed_data", "get_http_version", "get_method", "set_dangerous_leniencies", "should_keep_alive",
        "should_upgrade",
    ),
    "httptools:HttpParserError": (),
    "httptools:HttpParserInvalidMethodError": (),
    "httptools:HttpParserUpgrade": (),
    "uvicorn._types:ASGI3Application": (),
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol": (
        "_start_asgi_task", "_unset_keepalive_if_required", "app", "config", "connection_lost", "connection_made",
        "connections", "cycle", "data_received", "flow", "headers", "loop", "on_headers_complete", "on_message_begin",
        "on_message_complete", "on_response_complete", "parser", "pipeline", "resume_writing", "scope", "server_state",
        "shutdown", "timeout_keep_alive", "timeout_keep_alive_handler", "timeout_keep_alive_task", "transport", "url",
    ),
    "uvicorn.protocols.http.httptools_impl:RequestResponseCycle": (
        "chunked_encoding", "disconnected", "expected_content_length", "keep_alive", "message_event", "more_body",
        "on_response", "response_complete", "response_started", "scope", "waiting_for_100_continue",
    ),
    "uvicorn.protocols.http.flow_control:FlowControl": ("drain", "write_paused"),
    "uvicorn.config:Config": ("bind_socket", "host", "http_protocol_class", "port", "workers"),
    "uvicorn.server:Server": (
        "config", "lifespan", "run", "server_state", "servers", "shutdown", "started", "startup",
    ),
    "uvicorn:_subprocess": ("spawn",),
    "uvicorn.supervisors:multiprocess": ("Process",),
    "uvicorn.supervisors.multiprocess:Multiprocess": (
        "config", "keep_subprocess_alive", "processes", "run", "should_exit", "sockets",
    ),
    "uvicorn.supervisors.multiprocess:Process": (
        "_server", "exitcode", "join", "pid", "process", "server", "start", "target",
    ),
    "uvicorn.server:ServerState": ("default_headers", "total_requests"),
}  # fmt: skip
"""The classes that our protocol uses, each with the names that it relies on."""


def choose_protocol(*, fast_path: bool) -> type[asyncio.Protocol] | Literal["h11"]:
    """The value of uvicorn's `http` option. Logs a warning where it is not our protocol."""
    obstacle = find_obstacle() if fast_path else "STODKATALOG_FAST_PATH is off"
    if obstacle is None:
        from app.server.slow_clients import PatientProtocol  # noqa: PLC0415  # it may not import with another uvicorn

        return PatientProtocol
    log.warning("Serving on uvicorn's own protocol, slower and without limits for slow clients: %s.", obstacle)
    return "h11"


def find_obstacle() -> str | None:
    """Why our protocol cannot be used with what is installed; None: it can."""
    return next(iter([*_find_untested(), *_find_missing()]), None)


def _find_untested() -> Iterable[str]:
    for package, tested in TESTED.items():
        try:
            installed = version(package)
        except PackageNotFoundError:
            yield f"{package} is not installed"
        else:
            if installed != tested:
                yield f"{package} {installed} is installed, and {tested} was tested"


def _find_missing() -> Iterable[str]:
    for place, names in RELIES_ON.items():
        module, _, kind = place.partition(":")
        try:
            owner = getattr(import_module(module), kind)
        except (ImportError, AttributeError):
            yield f"{module} has no {kind}"
            continue
        existing = {*dir(owner), *_names_in_methods(owner)}
        yield from (f"{kind} has no {name}" for name in names if name not in existing)


def _names_in_methods(owner: object) -> Iterable[str]:
    # Attributes that methods set, the constructor above all, are not in dir().
    for method in vars(owner).values():
        yield from getattr(getattr(method, "__code__", None), "co_names", ())
