"""The table, and which of the goals hold."""

import platform
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.measuring import UNREAD, Runs
from bench.needs import program
from bench.works import WARM

NEAR = 3.0
"""Microseconds of processor time that a kept answer may cost more than a static file of nginx."""


@dataclass(slots=True)
class Alone:
    """What is measured without load from wrk."""

    starts: list[float] = field(default_factory=list)
    megabytes: dict[str, float] = field(default_factory=dict)
    own_megabytes: dict[str, float] = field(default_factory=dict)
    cold_lists: dict[int, list[float]] = field(default_factory=dict)
    searches: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    alike: int = 0
    """Searches that both databases answered with the same total and the same first results."""
    builds: dict[int, float] = field(default_factory=dict)


def report(runs: Runs, alone: Alone, rounds: int, seconds: int) -> str:
    """The whole of RESULTS.md."""
    parts = [
        "# What was measured",
        f"`make bench`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {rounds} rounds of {seconds} s for each case, in "
        "turn; one worker on one core, wrk (1 thread, 32 connections) on another. Ratios are ours by theirs, requests "
        "a second, round by round: the median (lowest–highest). Cold: another address each time, so that no answer "
        "is kept; some 1,000 records at ever other moments, and some 1,000 pages. Never read before: each record once.",
        "\n".join([*machine(), "- datasette 0.65"]),
        "## Goals",
        "\n".join(_goals(runs, alone)),
        "## All cases",
        "\n".join(_cases(runs)),
        "## Alone",
        "\n".join(_alone(alone)),
    ]
    return "\n\n".join(parts) + "\n"


def machine() -> Iterator[str]:
    """What it was measured on."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    yield f"- {len(model)} cores, {model[0].partition(':')[2].strip() if model else platform.machine()}"
    yield f"- Linux {platform.release()}, Python {platform.python_version()}"
    packages = ("fastapi", "sqlmodel", "sqlalchemy", "uvicorn", "uvloop", "httptools", "pydantic")
    yield "- " + ", ".join(f"{name} {version(name)}" for name in packages)
    told = subprocess.run([str(program("nginx")), "-v"], capture_output=True, text=True, check=False).stderr.strip()
    yield f"- {told.removeprefix('nginx version: ')}"


def _goals(runs: Runs, alone: Alone) -> Iterator[str]:
    yield "| work | against | goal | found | holds |"
    yield "|---|---|---|---|---|"
    for work in (*WARM, "referral"):
        yield _warm(work, runs)
    for other, goals in (("tutorial", (25, 70)), ("datasette", (20, 70))):
        for work, goal in zip(("detail", "list of 20"), goals, strict=True):
            yield _ratio(f"warm {work}", runs.ratios(work, "service", other), other, goal)
    for work, goal in (("detail, cold", 5), (UNREAD, 6), ("list of 20, cold", 10)):
        yield _ratio(work, runs.ratios(work, "service", "tutorial"), "tutorial", goal)
    if len(alone.cold_lists) > 1:
        small, large = min(alone.cold_lists), max(alone.cold_lists)
        found = median(alone.cold_lists[large]) / median(alone.cold_lists[small])
        yield _row(f"cold list at {large:,}", f"itself at {small:,}", "at most 2 times", f"{found:.2f}", found <= 2)
    for (store, words), (_, p99) in alone.searches.items():
        yield _row(f"search, {words} words, 100,000, {store}", "–", "p99 ≤ 50 ms", f"{p99:.1f} ms", p99 <= 50)
    start = median(alone.starts)
    yield _row("start with a seeded store", "–", "≤ 0.7 s", f"{start:.2f} s", start <= 0.7)
    most = max(alone.megabytes.values())
    yield _row("memory of a worker", "–", "≤ 110 MB", f"{most:.0f} MB", most <= 110)


def _warm(work: str, runs: Runs) -> str:
    """As fast as nginx is with the same bytes, or within so many microseconds of processor time."""
    ours, theirs = ([run.cpu for run in runs.found.get((work, subject), [])] for subject in ("service", "nginx"))
    found = runs.ratios(work, "service", "nginx")
    if not found:
        return f"| warm {work} | nginx static | 0.9, or within {NEAR:.0f} µs | not measured | – |"
    more = median(ours) - median(theirs)
    holds = median(found) >= 0.9 or more <= NEAR
    figure = f"{_spread(found)}; {more:+.1f} µs"
    return _row(f"warm {work}", "nginx static", f"0.9, or within {NEAR:.0f} µs", figure, holds)


def _ratio(work: str, found: list[float], other: str, goal: float) -> str:
    if not found:
        return f"| {work} | {other} | {goal:g} | not measured | – |"
    return _row(work, other, f"{goal:g}", _spread(found), median(found) >= goal)


def _row(work: str, other: str, goal: str, found: str, holds: bool) -> str:
    return f"| {work} | {other} | {goal} | {found} | {'yes' if holds else '**no**'} |"


def _spread(found: list[float]) -> str:
    return f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def _cases(runs: Runs) -> Iterator[str]:
    yield "| work | subject | requests a second | CPU µs for one | p99 ms |"
    yield "|---|---|---|---|---|"
    for (work, subject), found in runs.found.items():
        rate, cpu, p99 = (median(getattr(one, name) for one in found) for name in ("rate", "cpu", "p99"))
        yield f"| {work} | {subject} | {rate:,.0f} | {cpu:,.0f} | {p99:,.1f} |"


def _alone(alone: Alone) -> Iterator[str]:
    yield "- start: " + ", ".join(f"{one:.2f} s" for one in alone.starts)
    own = alone.own_megabytes
    memory = (f"{name} {one:.0f} MB ({own[name]:.0f} its own)" for name, one in alone.megabytes.items())
    yield "- memory, and how much of it is no file that all processes share: " + ", ".join(memory)
    for size, found in alone.cold_lists.items():
        yield f"- cold list of 20 at {size:,} resources: {_spread(found)} ms of processor time"
    for (store, words), (half, p99) in alone.searches.items():
        yield f"- search, {words} words, 100,000 resources, {store}: median {half:.1f} ms, p99 {p99:.1f} ms"
    if alone.alike:
        yield f"- search, {alone.alike} queries: the same totals and the same first 20 on SQLite and PostgreSQL"
    for size, seconds in alone.builds.items():
        yield f"- building a directory of {size:,}: {seconds:.0f} s"
