"""Loading a subject with wrk, and what comes of it."""

import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from bench.needs import program
from bench.subjects import CLIENT_CORE, Subject

SCRIPT = """
local paths = { %(paths)s }
local headers = { %(headers)s }
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", paths[(number - 1) %% #paths + 1], headers[(number - 1) %% #headers + 1])
end
"""
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked of a subject: paths in turn, with headers in turn."""

    paths: Sequence[str]
    headers: Sequence[Headers] = ({},)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: requests a second, processor time for each (µs) and the 99th percentile of the latency (ms)."""

    rate: float
    cpu: float
    p99: float


class LoadError(RuntimeError):
    """A subject answered with errors under load: what was measured means nothing."""


def load(
    subject: Subject, work: Work, seconds: int, folder: Path, connections: int = 32, *, pinned: bool = True
) -> Measured:
    """Load a subject for so many seconds; `pinned`: from a core that the subject does not use."""
    script = folder / "work.lua"
    paths = ", ".join(f'"{path}"' for path in work.paths)
    headers = ", ".join(_table(one) for one in work.headers)
    script.write_text(SCRIPT % {"paths": paths, "headers": headers})
    command = [
        *(["taskset", "-c", CLIENT_CORE] if pinned else []),
        str(program("wrk")),
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
    ]
    before = subject.cpu_seconds()
    done = subprocess.run(
        [*command, "--latency", "-s", str(script), subject.address], capture_output=True, text=True, check=True
    )
    spent = subject.cpu_seconds() - before
    _rest(subject)
    if "Non-2xx" in done.stdout and not any("If-None-Match" in one for one in work.headers):
        raise LoadError(f"{subject.name}: {done.stdout}")
    number = int(_found(r"(\d+) requests in", done.stdout))
    amount, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", done.stdout)[0]
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", done.stdout))
    return Measured(rate, spent / max(number, 1) * 1e6, float(amount) * UNITS[unit])


def _rest(subject: Subject) -> None:
    """Wait until it has done what was asked of it last: it would be in the way of the next on the same core."""
    spent = -1.0
    for _ in range(100):
        if (now := subject.cpu_seconds()) == spent:
            return
        spent = now
        time.sleep(0.1)


def latencies(subject: Subject, paths: Sequence[str]) -> tuple[float, float]:
    """Median and 99th percentile (ms) of one request after the other."""
    taken = []
    with httpx.Client(base_url=subject.address, timeout=60) as client:
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, answer.text
            taken.append(answer.elapsed.total_seconds() * 1000)
    taken.sort()
    return median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.99))]


def _table(headers: Headers) -> str:
    return "{ " + ", ".join(f'["{name}"] = {_quoted(value)}' for name, value in headers.items()) + " }"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]
