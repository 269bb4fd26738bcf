"""Where the time of a test run goes: seconds by folder, printed beside `--durations`, so that growth is noticed."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

import pytest


def sum_by_folder(reports: Iterable[object]) -> dict[str, tuple[float, int]]:
    """Seconds, setup and teardown included, and number of tests of each folder of `tests/`; the dearest first."""
    seconds, tests = defaultdict[str, float](float), defaultdict[str, int](int)
    for report in reports:
        if isinstance(report, pytest.TestReport):
            folder, _, file = report.nodeid.partition("::")[0].removeprefix("tests/").partition("/")
            name = folder if file else "."
            seconds[name] += report.duration
            tests[name] += report.when == "call"
    return {name: (seconds[name], tests[name]) for name in sorted(seconds, key=lambda name: -seconds[name])}


def print_by_folder(terminal: pytest.TerminalReporter) -> None:
    """A line for each folder."""
    terminal.section("seconds by folder")
    for name, (seconds, tests) in sum_by_folder(chain.from_iterable(terminal.stats.values())).items():
        terminal.write_line(f"{seconds:7.1f} s  {tests:5} tests  tests/{name}")
