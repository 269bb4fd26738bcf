"""What the tests stand on: a seeded store on each database, served over real HTTP."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from app.database import engine_for
from app.main import create_app
from app.seeding.checking import read_seed
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import ROOT, Settings
from tests import needs, npm, postgres
from tests.durations import print_by_folder
from tests.serving import Served, serve
from tests.stores import Stores, create_empty, discard

# Whether a change lands is not left to luck. CONTRIBUTING says how to search on.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

SEEDED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def seed() -> Seed:
    """The real seed files."""
    return read_seed(ROOT / "seed")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL for the whole run."""
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Makes stores that begin alike."""
    return Stores(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, stores: Stores, seed: Seed
) -> str:
    """A migrated and seeded store, on each database; nobody writes to it."""
    return create_seeded(stores, tmp_path_factory.mktemp("store"), find_server(request), seed)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store without a schema, on each database, for one test."""
    created = create_empty(tmp_path, find_server(request))
    yield created
    discard(created, find_server(request))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, stores: Stores) -> Iterator[Engine]:
    """An empty store with its schema, on each database, for one test."""
    created = engine_for(stores.create(tmp_path, find_server(request), "migrated", lambda _: None))
    yield created
    discard(created, find_server(request))


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded_engine(request: pytest.FixtureRequest, tmp_path: Path, stores: Stores, seed: Seed) -> Iterator[Engine]:
    """A store with the real data, on each database, for one test."""
    created = engine_for(create_seeded(stores, tmp_path, find_server(request), seed))
    yield created
    discard(created, find_server(request))


def create_seeded(stores: Stores, folder: Path, server: postgres.Server | None, seed: Seed) -> str:
    """The address of a new store with the real data."""
    return stores.create(folder, server, "seeded", lambda engine: write_seed(engine, seed, SEEDED))


def find_server(request: pytest.FixtureRequest) -> postgres.Server | None:
    """The server that a store on the database of this test is made in; None for SQLite."""
    if request.param == "sqlite":
        return None
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server


@pytest.fixture(scope="session")
def served(database_url: str) -> Iterator[Served]:
    """The service over the real data, on each database."""
    with serve(create_app(Settings(database_url=database_url))) as running:
        yield running


@pytest.fixture(scope="session")
def client(served: Served) -> httpx.Client:
    """An HTTP client of the running service."""
    return served.client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; each test opens contexts of its own in it."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        running = playwright.chromium.launch(executable_path=needs.chromium(), args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, to be evaluated in a page."""
    return (npm.MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright has started, its event loop runs in this thread until the end."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Keep Python from looking through all modules and tests for garbage over and over."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With `--durations`, as in `make test`: where the time went."""
    if terminalreporter.config.getoption("durations") is not None:
        print_by_folder(terminalreporter)
