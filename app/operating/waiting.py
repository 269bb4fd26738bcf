"""Waits for a PostgreSQL that is still starting, as when a machine starts everything at once."""

import sys
import time

from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from app.database import connection_arguments

LONGEST = 60.0
"""Seconds, after which a wrong address is reported."""

PAUSE = 0.5


def wait_for_store(engine: Engine, seconds: float = LONGEST) -> None:
    """Return when PostgreSQL answers or the time is over; errors are left to the connection that follows."""
    arguments = {name: value for name, value in connection_arguments(engine).items() if name != "context"}
    address = make_conninfo(**arguments).encode()
    deadline, is_first = time.monotonic() + seconds, True
    while pq.PGconn.ping(address) in (pq.Ping.REJECT, pq.Ping.NO_RESPONSE) and time.monotonic() < deadline:
        if is_first:
            print(f"PostgreSQL does not answer yet; waiting for up to {seconds:g} seconds", file=sys.stderr, flush=True)
        is_first = False
        time.sleep(PAUSE)
