"""`stodkatalog mcp`: the tools for assistants, on standard input and output, or over HTTP."""

import argparse
import sys

import uvicorn
from fastapi import FastAPI

from app.settings import Settings

AT_ONCE = 64
"""Requests that are answered at the same time; more are refused with 503."""
MISSING = "stodkatalog: `stodkatalog mcp` needs the package's extra: pip install 'stodkatalog[mcp]'"


def serve_tools(application: FastAPI, settings: Settings, asked: argparse.Namespace) -> None:
    """Serve until the client goes, or the process is ended. Ends the process where the extra is not installed."""
    try:
        from app.assistants.tools import make_http_application, make_server  # noqa: PLC0415  # an extra
    except ModuleNotFoundError:
        sys.exit(MISSING)
    server = make_server(application, settings)
    if asked.port is None:
        server.run("stdio")
    else:
        over_http = make_http_application(server)
        uvicorn.run(
            over_http,
            host=asked.host,
            port=asked.port,
            access_log=False,
            log_level="warning",
            limit_concurrency=AT_ONCE,
        )
