"""The limit of connections of a process, and of the files that they need."""

import resource
from contextlib import suppress

MOST_CONNECTIONS = 20_000
"""The most connections of a process; an idle one takes some five kilobytes."""

RESERVED = 150
"""Files for everything else: the store may have 25 connections, each with three files on SQLite."""


def raise_file_limit() -> None:
    """Raise the limit of open files of this process and its children for `MOST_CONNECTIONS`, as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = MOST_CONNECTIONS + RESERVED
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < needed:
        with suppress(OSError, ValueError):  # the system may have a further limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def most_connections() -> int:
    """The number of connections that leaves enough files for everything else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(soft // 2, soft - RESERVED))
