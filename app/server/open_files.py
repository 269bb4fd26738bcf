"""How many connections a process may hold, and the open files that they take."""

import resource
from contextlib import suppress

MOST_CONNECTIONS = 20_000
"""Of one process; an idle one takes some five kilobytes."""

RESERVED = 150
"""Files for all else: the store may have 25 connections, of three files each on SQLite."""


def raise_file_limit() -> None:
    """Let this process, and those that it starts, open as many files as `MOST_CONNECTIONS` takes, where it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + RESERVED
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # a system may have a limit beside
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections() -> int:
    """How many connections leave files enough for all else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(soft // 2, soft - RESERVED))
