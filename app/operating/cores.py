"""How many processes have something to run on."""

import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def count_cores(cgroup: Path = CGROUP) -> int:
    """Cores that this process may use, and no more than its container may keep busy; at least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _read_quota(cgroup)
    return cores if quota is None else max(1, min(cores, quota))


def _read_quota(cgroup: Path) -> int | None:
    """Whole cores of a quota, of version 2 or 1 of control groups; None where there is none."""
    try:
        quota, period = (cgroup / "cpu.max").read_text("ascii").split()
    except (OSError, ValueError):
        try:
            quota, period = ((cgroup / "cpu" / f"cpu.cfs_{name}_us").read_text("ascii") for name in ("quota", "period"))
        except OSError:
            return None
    return int(quota) // int(period) if quota.strip().isdigit() else None
