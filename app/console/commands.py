"""`stodkatalog login-link`."""

import argparse
import sys
from datetime import datetime

from sqlalchemy import Engine

from app.access.models import KeyRole
from app.console.sessions import choose_key, make_login_link

LOCAL = "http://127.0.0.1:8000"


def print_login_link(engine: Engine, arguments: argparse.Namespace, base: str | None, now: datetime) -> None:
    """Make a link and print it; without `base` its address is a guess, and the next line says so. Raises KeyRefused."""
    key = choose_key(engine, arguments.key, arguments.name, arguments.role and KeyRole(arguments.role), now)
    code = make_login_link(engine, key, now)
    print(f"Signs in as {key.name} ({key.role}, key {key.id}), once, within ten minutes:", file=sys.stderr)
    print(f"{base or LOCAL}/redaktion/logga-in?kod={code}", flush=True)
    if base is None:
        print(
            f"The address {LOCAL} is a guess: set STODKATALOG_BASE_URL, or give --base-url, to where the service is.",
            file=sys.stderr,
        )
