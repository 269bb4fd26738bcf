"""The small directory, served, with keys to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.main import create_app
from app.settings import Settings
from tests.records.conftest import Store, folder, store
from tests.serving import serve

__all__ = ["folder", "store"]

Header = dict[str, str]
MakeKey = Callable[..., Header]


@pytest.fixture
def client(store: Store) -> Iterator[httpx.Client]:
    """The service over the small directory."""
    with serve(create_app(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))) as running:
        yield running.client


@pytest.fixture
def make_key(store: Store) -> MakeKey:
    """Makes keys: the header that each is sent in."""

    def make(
        role: KeyRole = KeyRole.EDITOR, scope: str | None = None, name: str = "Redaktionen", **more: Any
    ) -> Header:
        token, _ = add_key(store.engine, KeyRequest(name, role, scope, **more), datetime.now(UTC))
        return {"Authorization": f"Bearer {token}"}

    return make
