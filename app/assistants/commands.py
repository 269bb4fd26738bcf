"""`stodkatalog mcp`: the tools for assistants, on standard input and output, or over HTTP."""

import sys

from fastapi import FastAPI
from starlette.applications import Starlette

from app.settings import Settings

AT_ONCE = 64
"""Requests that are answered at the same time over HTTP; more are refused with 503."""
MISSING = "stodkatalog: `stodkatalog mcp` needs the package's extra: pip install 'stodkatalog[mcp]'"


def serve_tools(application: FastAPI, settings: Settings) -> None:
    """Serve on standard input and output until the client goes. Ends the process where the extra is not installed."""
    try:
        from app.assistants.tools import make_server  # noqa: PLC0415  # an extra
    except ModuleNotFoundError:
        sys.exit(MISSING)
    make_server(application, settings).run("stdio")


def make_tools_application(application: FastAPI, settings: Settings) -> Starlette:
    """The same to be served over HTTP. Ends the process where the extra is not installed."""
    try:
        from app.assistants.tools import make_http_application, make_server  # noqa: PLC0415  # an extra
    except ModuleNotFoundError:
        sys.exit(MISSING)
    return make_http_application(make_server(application, settings))
