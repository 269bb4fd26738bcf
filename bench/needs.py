"""What the benchmark needs beside Python: found on the machine, installed where we may, or named in one line."""

import os
import shutil
import sys
from pathlib import Path

from tests import needs

PROGRAMS = {"wrk": "wrk", "nginx": "nginx", "taskset": "util-linux"}


def program(name: str) -> Path | None:
    """Where a program is."""
    found = shutil.which(name) or shutil.which(f"/usr/sbin/{name}")
    return None if found is None else Path(found)


def main() -> None:
    """Install what is missing, or say what it is."""
    missing = [name for name in PROGRAMS if program(name) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        wanted = [needs.Need(name, lambda: None, (PROGRAMS[name],)) for name in missing]
        needs._apt_get_install(wanted)
        missing = [name for name in PROGRAMS if program(name) is None]
    if missing:
        packages = " ".join(PROGRAMS[name] for name in missing)
        sys.exit(f"The benchmark needs {', '.join(missing)}: install it (Debian, Ubuntu: apt-get install {packages})")


if __name__ == "__main__":
    main()
