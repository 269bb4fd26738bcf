"""`serve`, and `mcp` for assistants."""

import argparse
import logging
import os
import socket
import sys
from contextlib import AbstractContextManager, nullcontext
from ipaddress import ip_address
from typing import Any

import uvicorn
from sqlalchemy import Engine, make_url

from app.cli.arguments import Commands, add_command, parse_port, parse_workers
from app.cli.preparing import prepare_in_child, wait_for
from app.database import engine_for, is_one_server, is_pooled
from app.http.safe_logs import make_logs_safe
from app.http.spans import MISSING, is_installed
from app.migrating import is_ready, refuse_older
from app.seeding.noticing import find_unseeded
from app.server.choosing import choose_protocol
from app.server.open_files import raise_file_limit
from app.settings import Settings, load, unsaid

SERVER = "app.server.application:application"
GRACE = 5
"""Seconds for requests in progress at a shutdown. Without a limit, a client that does not read delays it for ever."""

START = 60
"""Seconds for a worker to start. On a busy machine, uvicorn's default of five kills each worker before it serves."""


def add_serving(commands: Commands) -> None:
    """`serve` and `mcp`."""
    _add_serve(commands)
    _add_assistants(commands)


def _add_serve(commands: Commands) -> None:
    serve = add_command(commands, "serve", _serve, "migrate, seed an empty store, and serve over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=parse_port, default=8000, help="port to listen on (default: %(default)s)")
    serve.add_argument(
        "--workers",
        type=parse_workers,
        default=1,
        help="number of processes, or `auto`: one a core it may use (default: %(default)s)",
    )
    serve.add_argument("--no-migrate", action="store_true", help="refuse a store that is not ready, and change nothing")
    serve.add_argument("--no-access-log", action="store_true", help="no line for each request")


def _add_assistants(commands: Commands) -> None:
    assistants = add_command(
        commands, "mcp", _mcp, "serve assistants by the Model Context Protocol, on stdin and stdout"
    )
    assistants.add_argument("--port", type=parse_port, help="over HTTP instead, at /mcp of this port")
    assistants.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")


def _serve(arguments: argparse.Namespace) -> None:
    settings = load()
    if settings.opentelemetry and not is_installed():
        sys.exit(f"stodkatalog: {MISSING}")
    _refuse_taken(arguments.host, arguments.port)
    engine = engine_for(settings.database_url)
    wait_for(engine)
    if not is_ready(engine):
        if arguments.no_migrate:
            sys.exit(
                "stodkatalog: The store has no records, or another schema than this version: `stodkatalog prepare`"
            )
        prepare_in_child()
        refuse_older(engine)
    _announce(arguments, settings, engine)
    engine.dispose()
    raise_file_limit()
    with _metrics_of(settings):
        _run(arguments, settings)


def _refuse_taken(host: str, port: int) -> None:
    # Checked before the address is announced.
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        sys.exit(f"stodkatalog: Cannot listen on {host}, port {port}: {reason}. Choose another with --host or --port.")


def _metrics_of(settings: Settings) -> AbstractContextManager[None]:
    """A context that serves `/metrics` if the settings ask for it."""
    if settings.metrics is None:
        return nullcontext()
    from app.operating.metrics import serving_metrics

    reading = settings.read_database_url
    standby = engine_for(reading) if reading is not None else None  # whose address is all that is needed
    return serving_metrics(settings.metrics, engine_for(settings.database_url, for_callers=True), standby)


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    protocol = choose_protocol(fast_path=settings.fast_path)
    options: dict[str, Any] = {
        "app": SERVER,
        "host": arguments.host,
        "port": arguments.port,
        "http": protocol,
        "ws": "none",
        "forwarded_allow_ips": settings.trusted_proxies,
        "workers": arguments.workers,
        "timeout_worker_healthcheck": START,
        "timeout_graceful_shutdown": GRACE,
        "access_log": False,  # it would hold addresses and query texts; ours holds neither
        "log_config": _log_config(ours=not arguments.no_access_log, as_json=settings.log_format == "json"),
        "log_level": "warning",
        "server_header": False,
        "date_header": True,
    }
    if protocol == "h11":
        uvicorn.run(**options)
        return
    from app.server.workers import run_workers  # it may not import with another uvicorn

    run_workers(**options)


def _announce(arguments: argparse.Namespace, settings: Settings, engine: Engine) -> None:
    lines = _describe_start(arguments, settings, engine)
    if settings.log_format == "text":
        print("\n".join(lines), file=sys.stderr)
    else:
        make_logs_safe(as_json=True)
        for line in lines:
            logging.getLogger("stodkatalog").info(" ".join(line.split()))


def _describe_start(arguments: argparse.Namespace, settings: Settings, engine: Engine) -> list[str]:
    host = "127.0.0.1" if arguments.host in ("0.0.0.0", "::") else arguments.host  # noqa: S104  # only compared
    address = f"http://{f'[{host}]' if ':' in host else host}:{arguments.port}"
    lines = [
        f"Stödkatalogen   {address}/",
        f"  documentation {address}/docs",
        f"  API           {address}/v1",
        f"  data          {settings.seed_dir} → {engine.url.render_as_string()}",
    ]
    if settings.read_database_url is not None:
        standby = make_url(settings.read_database_url).render_as_string()  # without the password
        lines.append(f"  reads         {standby} where it has caught up")
    if is_pooled(engine):
        lines.append("  pooler        between us and PostgreSQL: statements are not prepared.")
    if not is_one_server(engine):
        lines.append(
            "  warning       The hosts of the store may be different servers: no answer is kept. With"
            " target_session_attrs=primary all connections reach the same one."
        )
    if news := find_unseeded(engine, settings.seed_dir):
        lines.append(f"  warning       Changed since the last seeding: {', '.join(news)}. Run `stodkatalog seed`.")
    if settings.base_url is None and _others_reach(arguments.host, settings):
        lines.append("  warning       STODKATALOG_BASE_URL is not set: links follow the Host header of each caller.")
    if names := unsaid(settings):
        lines += [
            f"  not set       {', '.join(names)}",
            "                The data catalogue (/datasets/dcat) and security.txt lack them, or name placeholders.",
        ]
    return lines


def _others_reach(host: str, settings: Settings) -> bool:
    """Whether requests may come from other machines, directly or through a proxy."""
    try:
        is_local = ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    return not is_local or settings.trusted_proxies is not None or "FORWARDED_ALLOW_IPS" in os.environ


def _log_config(*, ours: bool, as_json: bool) -> dict[str, Any]:
    """The logging configuration of each process. `ours`: whether each request is logged, on one line."""
    loggers: dict[str, Any] = uvicorn.config.LOGGING_CONFIG["loggers"]
    formatter = {"()": "app.http.safe_logs.JsonFormatter" if as_json else "app.http.safe_logs.SafeFormatter"}
    return {
        **uvicorn.config.LOGGING_CONFIG,
        "formatters": {"default": formatter, "access": formatter},
        "loggers": {**loggers, "stodkatalog.access": {"level": "INFO" if ours else "WARNING"}},
    }


def _mcp(arguments: argparse.Namespace) -> None:
    from app.assistants.commands import AT_ONCE, make_tools_application, serve_tools
    from app.main import create_app

    settings = load()
    engine = engine_for(settings.database_url)
    refuse_older(engine)
    engine.dispose()
    application = create_app(settings)
    if arguments.port is None:
        serve_tools(application, settings)
    else:
        tools = make_tools_application(application, settings)
        options: dict[str, Any] = {"access_log": False, "log_level": "warning", "limit_concurrency": AT_ONCE}
        uvicorn.run(tools, host=arguments.host, port=arguments.port, **options)
