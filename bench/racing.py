"""Constant publishing and constant questions: is any answer older than what was published before the question?"""

import gzip
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, IncompleteRead
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.records.commands import change_record
from app.resources.models import Kind, Resource

OF_ONE = (
    "/v1/hotlines/{slug}",
    "/v1/hotlines/{slug}?lang=en",
    "/v1/resources/{slug}",
    "/v1/resources/{slug}.vcf",
    "/v1/search?q={slug}&limit=100",
    "/sv/resurser/{slug}",
    "/en/resources/{slug}",
    "/hsds/v3/services/{id}",
)
"""Paths that show one of the lines at least."""
OF_ALL = (
    "/v1/hotlines?limit=2",
    "/v1/resources?kind=hotline&limit=2",
    "/v1/changes.atom?limit=100",
    "/v1/changes/feed.json?limit=100",
    "/v1/exports/resources.csv?kind=hotline",
    "/v1/exports/resources.ndjson?kind=hotline",
    "/sv/stodlinjer",
)
"""Paths that show all lines."""
HEADERS = ({}, {}, {"Accept-Encoding": "gzip"}, {"Accept-Language": "en"}, {"Content-Length": "0"})
ON_ONE_CONNECTION = 20
"""Requests, so that every worker is asked."""
PAUSES = (0, 0.005, 0.02, 0.6)
"""Seconds between two publications of a writer: at times long enough for answers to be kept, at times too short."""

Answer = tuple[str, bytes]
"""Its ETag and its body."""


@dataclass(slots=True)
class Line:
    """A help line whose name is counted up."""

    slug: str
    id: UUID
    committed: int = 0
    """The last number that is published."""

    def number(self, body: bytes) -> int:
        """The number that an answer shows; -1 if it shows none."""
        found = re.search(rb"nummer (\d+) av %s\b" % self.slug.encode(), body)
        return int(found[1]) if found else -1


@dataclass(slots=True)
class Tally:
    """What came of a race."""

    answers: int = 0
    unchanged: int = 0
    """Of these, 304."""
    unavailable: int = 0
    """503: told to come again."""
    ended_early: int = 0
    """Files that were on their way when the service lost the store; the client is told that they are not whole."""
    writes: int = 0
    cuts: int = 0
    """Connections of the service to PostgreSQL that were ended."""
    stale: int = 0
    broken: list[str] = field(default_factory=list)
    """Answers that there should not be."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def race(
    addresses: Sequence[str], engine: Engine, seconds: float, cut: Callable[[], int] | None = None, readers: int = 4
) -> Tally:
    """Write, ask and cut for so long."""
    with Session(engine) as session:
        first = select(Resource.slug, Resource.id).where(col(Resource.kind) == Kind.HOTLINE)
        order = first.order_by(col(Resource.position), col(Resource.slug)).limit(2)
        lines = [Line(slug, key) for slug, key in session.exec(order)]
    for line in lines:
        _count_up(engine, line)
    over = time.monotonic() + seconds
    runs: list[Callable[[Tally], None]] = []
    for line in lines:
        runs.append(lambda tally, line=line: _write(engine, line, over, tally))
    for seed in range(readers):
        runs.append(_Reader(addresses, lines, over, random.Random(seed)).run)
    if cut is not None:
        runs.append(lambda tally: _cut(cut, over, tally))
    tallies = [Tally() for _ in runs]
    threads = [threading.Thread(target=run, args=(tally,)) for run, tally in zip(runs, tallies, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(tallies, start=Tally())


def _count_up(engine: Engine, line: Line) -> None:
    number = line.committed + 1
    name = f"nummer {number} av {line.slug}"
    patch = {"name": {"sv": name, "en": name}}
    change_record(engine, f"hotlines/{line.slug}", patch, "stress", "it is counted up", datetime.now(UTC))
    line.committed = number


def _write(engine: Engine, line: Line, over: float, tally: Tally) -> None:
    pauses = random.Random(line.slug)
    while time.monotonic() < over:
        _count_up(engine, line)
        tally.writes += 1
        time.sleep(pauses.choice(PAUSES))


def _cut(cut: Callable[[], int], over: float, tally: Tally) -> None:
    while time.monotonic() < over:
        tally.cuts += cut()
        time.sleep(min(2, max(0, over - time.monotonic())))


class _Reader:
    """Asks now here, now there, with the tag of what it got before or without."""

    def __init__(self, addresses: Sequence[str], lines: Sequence[Line], over: float, chance: random.Random) -> None:
        self._addresses, self._lines, self._over, self._chance = addresses, lines, over, chance
        self._known: dict[tuple[str, ...], Answer] = {}

    def run(self, tally: Tally) -> None:
        while time.monotonic() < self._over:
            address = self._chance.choice(self._addresses).removeprefix("http://")
            with closing(HTTPConnection(address, timeout=30)) as connection:
                try:
                    for _ in range(ON_ONE_CONNECTION):
                        self._ask(connection, tally)
                except (HTTPException, OSError) as error:
                    tally.broken.append(repr(error))

    def _ask(self, connection: HTTPConnection, tally: Tally) -> None:
        line = self._chance.choice(self._lines)
        pattern = self._chance.choice(OF_ONE + OF_ALL)
        path = pattern.format(slug=line.slug, id=line.id)
        headers = dict(self._chance.choice(HEADERS))
        what = (path, *headers)
        known = self._known.get(what)
        if known is not None and self._chance.random() < 0.5:
            headers["If-None-Match"] = known[0]
        # Both numbers of a list count: what was committed before the request is sent must be in the answer.
        before = {each.slug: each.committed for each in self._lines}
        connection.request("GET", path, headers={"Accept": "*/*"} | headers)
        answer = connection.getresponse()
        try:
            body = answer.read()
        except IncompleteRead:
            if "/exports/" not in path:
                raise
            tally.ended_early += 1
            connection.close()
            return
        if answer.status == 304 and known is not None:
            tally.unchanged += 1
            body = known[1]
        elif answer.status == 200:
            body = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
            self._known[what] = (answer.headers["ETag"] or "", body)
        elif answer.status == 503:
            tally.unavailable += 1
            return
        else:
            tally.broken.append(f"{path}: {answer.status} {body[:40]!r}")
            return
        tally.answers += 1
        shown = [each for each in self._lines if each is line or pattern in OF_ALL]
        numbers = {each.slug: each.number(body) for each in shown}
        if -1 in numbers.values():
            tally.broken.append(f"{path}: shows {numbers}")
        tally.stale += any(number < before[slug] for slug, number in numbers.items())
