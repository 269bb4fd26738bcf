"""A site, and a small directory that cites it, on each database."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.records.shapes import CadenceRecord
from app.resources.models import Kind
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.verifying.fetching import Fetcher, Limits
from app.verifying.judging import Outcome
from app.verifying.listing import list_tasks
from app.verifying.running import Run, run_checks
from tests.seeding.small import edit
from tests.verifying.site import Site, cite, open_site

START = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
HOURS = "Mo-Fr 09:00-16:00; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
HURRIED = Limits(pause=0.0)

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what is fetched and read: no database takes part in it."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A site without pages."""
    with open_site() as opened:
        yield opened


class Directory:
    """Cites pages, is checked day by day, and tells its tasks."""

    def __init__(self, engine: Engine, folder: Path, site: Site) -> None:
        self.engine, self.site, self.folder = engine, site, folder
        self.hours = HOURS
        """Of the hotline, as an expression."""

    def cite(self, **others: tuple[str, str]) -> None:
        """Cite the number of a hotline from one path, and by source a fragment from another."""
        addresses = {name: (self.site.address + path, evidence) for name, (path, evidence) in others.items()}
        folder = cite(self.folder, self.site.address + "/sida", addresses)
        edit(folder, "hotlines.toml", HOURS, self.hours)
        seed = read_seed(folder)
        seed.cadences = [CadenceRecord(kind=Kind.HOTLINE, days=30)]
        write_seed(self.engine, seed, START)

    def verify(self, day: float = 0, **options: Any) -> Run:
        """One run, so many days after the first."""
        fetcher = Fetcher("Stodkatalogen/test", HURRIED, self.site.port)
        return run_checks(self.engine, fetcher, START + timedelta(days=day), **options)

    def tasks(self) -> list[tuple[str, str | None]]:
        """Kind and record of each open task."""
        with Session(self.engine) as session:
            return [(task["kind"], task["record"]) for task in list_tasks(session)]


@pytest.fixture
def directory(engine: Engine, tmp_path: Path, site: Site) -> Directory:
    """An empty directory, on each database."""
    return Directory(engine, tmp_path / "seed", site)


def outcomes(run: Run) -> Mapping[str, Outcome]:
    """By source."""
    return {source.slug: outcome for source, outcome in run.results}


Check = Callable[..., Run]
