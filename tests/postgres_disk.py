"""Limit the files of running processes of PostgreSQL, whose server treats that as a full disk.

A process of its own, for only the account of the server may do so: root may not in most containers.

Usage: postgres_disk.py ACCOUNT BYTES PROCESS... (ACCOUNT may be empty: stay who we are. -1 bytes: no limit.)
"""

import contextlib
import os
import pwd
import resource
import sys


def limit_files(account: str, size: int, processes: list[int]) -> None:
    if account:
        entry = pwd.getpwnam(account)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    for process in processes:
        with contextlib.suppress(ProcessLookupError):  # a connection that has just ended
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


if __name__ == "__main__":
    limit_files(sys.argv[1], int(sys.argv[2]), [int(process) for process in sys.argv[3:]])
