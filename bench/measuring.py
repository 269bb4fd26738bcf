"""The runs: each subject in turn, several rounds, so that a slow minute of the machine hits all of them."""

import gzip
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from bench.loading import Measured, Work, load
from bench.subjects import Subject
from bench.works import (
    DATASETTE,
    DETAIL,
    LIST,
    MIXED,
    REFERRAL,
    TUTORIAL,
    WARM,
    cold,
    cold_of_tutorial,
    file_of,
    unread,
    unread_of_tutorial,
)

FEW = 4
UNREAD = "detail, cold, never read before"
Case = tuple[str, str]
"""The work and the subject."""


@dataclass(slots=True)
class Runs:
    """Everything measured under load."""

    found: defaultdict[Case, list[Measured]] = field(default_factory=lambda: defaultdict(list))

    def rate(self, work: str, subject: str) -> float | None:
        """The median of requests a second."""
        runs = self.found.get((work, subject))
        return median(run.rate for run in runs) if runs else None

    def ratios(self, work: str, subject: str, other: str) -> list[float]:
        """Ours by theirs, round by round."""
        ours, theirs = self.found.get((work, subject), []), self.found.get((work, other), [])
        return [one.rate / two.rate for one, two in zip(ours, theirs, strict=False)]


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is there to be measured, over a store of so many resources."""

    size: int
    store: Path
    service: Subject
    another: Subject
    """The same, which is asked for nothing twice: the first would forget what it knows."""
    real: Subject
    files: Subject
    tutorial: Subject
    datasette: Subject | None


def fill(folder: Path, service: Subject, real: Subject) -> None:
    """Give nginx the bytes that the service answers with."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    for name, path in (*WARM.items(), ("referral", REFERRAL)):
        subject = real if name == "referral" else service
        body = httpx.get(subject.address + path, headers={"Accept-Encoding": "identity"}, timeout=60).content
        (files / file_of(name)[1:]).write_bytes(body)
        (files / f"{file_of(name)[1:]}.gz").write_bytes(gzip.compress(body, 6))


def measure(stage: Stage, rounds: int, seconds: int, folder: Path, few: bool = False) -> Runs:
    """All cases, in rounds."""
    runs = Runs()
    for nth in range(rounds):
        for name, subject, work in cases(stage, seconds)[: FEW if few else None]:
            print(f"\rround {nth + 1} of {rounds}: {name}, {subject.name}".ljust(70), end="", file=sys.stderr)
            runs.found[name, subject.name].append(load(subject, work, seconds, folder))
    print(file=sys.stderr)
    return runs


def cases(stage: Stage, seconds: int) -> Sequence[tuple[str, Subject, Work]]:
    """What is measured in each round."""
    found = []
    for name, path in WARM.items():
        found += [(name, stage.service, Work([path])), (name, stage.files, Work([file_of(name)]))]
        if name in TUTORIAL:
            found.append((name, stage.tutorial, Work([TUTORIAL[name]])))
        if name in DATASETTE and stage.datasette is not None:
            address = DATASETTE[name].format(store=stage.store.stem)
            found.append((name, stage.datasette, Work([address])))
    found += [("referral", stage.real, Work([REFERRAL])), ("referral", stage.files, Work([file_of("referral")]))]
    for name, path in (("detail", DETAIL), ("list of 20", LIST)):
        found += [
            (f"{name}, mixed headers", stage.service, Work([path], MIXED)),
            (f"{name}, mixed headers", stage.files, Work([file_of(name)], MIXED)),
            (f"{name}, gzip", stage.service, Work([path], [{"Accept-Encoding": "gzip"}])),
            (f"{name}, gzip", stage.files, Work([file_of(name)], [{"Accept-Encoding": "gzip"}])),
            (f"{name}, 304", stage.service, Work([path], [{"If-None-Match": "*"}])),
            (f"{name}, 304", stage.files, Work([file_of(name)], [{"If-None-Match": "*"}])),
            (f"{name}, cold", stage.service, cold(path, 2000 * seconds, stage.size)),
            (f"{name}, cold", stage.tutorial, cold_of_tutorial(path, 2000, stage.size)),
        ]
    found += [
        (UNREAD, stage.another, unread(1000 * seconds, stage.size)),
        (UNREAD, stage.tutorial, unread_of_tutorial(1000 * seconds, stage.size)),
    ]
    return found
