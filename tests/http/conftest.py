"""HTTP is the same on the fast path and on uvicorn's own protocol: each test here runs on both.

The protocol does not know the database: the fast path runs over SQLite, the other over PostgreSQL. Tests for one
database run on both protocols; the other folders try the fast path over PostgreSQL.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import create_app
from app.server.choosing import choose_protocol
from app.settings import Settings
from tests.serving import Served, serve

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session", params=["fast", "ordinary"])
def served(database_url: str, request: pytest.FixtureRequest) -> Iterator[Served]:
    """The service over the real data, on each database and each protocol."""
    protocol = choose_protocol(fast_path=request.param == "fast")
    with serve(create_app(Settings(database_url=database_url)), http=protocol) as running:
        yield running


CROSSED = {("sqlite", "ordinary"), ("postgresql", "fast")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the other two of the four combinations, except in tests that name their databases themselves."""
    items[:] = [item for item in items if not is_crossed(item)]


def is_crossed(item: pytest.Item) -> bool:
    """Whether a test is to run over both databases and this run of it is one of `CROSSED`."""
    call = getattr(item, "callspec", None)
    if item.path.parent != FOLDER or call is None or not {"database_url", "served"} <= set(call.params):
        return False
    names_database = any("database_url" in mark.args[0] for mark in item.iter_markers("parametrize"))
    return not names_database and (call.params["database_url"], call.params["served"]) in CROSSED
