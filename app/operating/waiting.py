"""Waiting for a PostgreSQL that is starting, as machines do that start everything at once."""

import sys
import time

from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from app.database import connection_arguments

LONGEST = 60.0
"""Seconds; whoever started the service is told in time that the address is wrong."""

PAUSE = 0.5


def wait_for_store(engine: Engine, seconds: float = LONGEST) -> None:
    """Return when PostgreSQL takes connections, even if not ours, or the time is over: connecting then says why."""
    arguments = {name: value for name, value in connection_arguments(engine).items() if name != "context"}
    address = make_conninfo(**arguments).encode()
    deadline, is_first = time.monotonic() + seconds, True
    while pq.PGconn.ping(address) in (pq.Ping.REJECT, pq.Ping.NO_RESPONSE) and time.monotonic() < deadline:
        if is_first:
            print(f"PostgreSQL does not answer yet; waiting for up to {seconds:g} seconds", file=sys.stderr, flush=True)
        is_first = False
        time.sleep(PAUSE)
