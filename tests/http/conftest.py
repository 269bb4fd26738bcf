"""HTTP is the same on the fast path and on uvicorn's own protocol: each test here runs on both."""

from collections.abc import Iterator

import pytest

from app.main import create_app
from app.server.choosing import choose_protocol
from app.settings import Settings
from tests.serving import Served, serve


@pytest.fixture(scope="session", params=["fast", "ordinary"])
def served(database_url: str, request: pytest.FixtureRequest) -> Iterator[Served]:
    """The service over the real data, on each database and each protocol."""
    protocol = choose_protocol(fast_path=request.param == "fast")
    with serve(create_app(Settings(database_url=database_url)), http=protocol) as running:
        yield running
