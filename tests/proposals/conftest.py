"""The small directory, served, with keys to it and ways to propose."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.access.models import KeyRole
from tests.access.conftest import Header, MakeKey, client, folder, make_key, store
from tests.records.conftest import Store

__all__ = ["client", "folder", "make_key", "store"]

LINE, COORDINATOR = "hotlines/linjen", "coordinators/koordinator-vast"
Post = Callable[..., httpx.Response]


class Desk:
    """Sends proposals and decisions."""

    def __init__(self, client: httpx.Client, store: Store, make_key: MakeKey) -> None:
        self.client, self.store, self._make_key = client, store, make_key
        self.editor = make_key(KeyRole.EDITOR, None, "Redaktionen")
        self.second = make_key(KeyRole.EDITOR, None, "Granskaren")

    def contributor(self, scope: str | None = None, name: str = "Myndigheten", **more: Any) -> Header:
        """A key that proposes."""
        return self._make_key(KeyRole.CONTRIBUTOR, scope, name, **more)

    def revision(self, record: str = COORDINATOR) -> int:
        """The revision that stands."""
        return int(self.client.get(f"/v1/records/{record}").json()["number"])

    def propose(self, key: Header, record: str = COORDINATOR, **asked: Any) -> httpx.Response:
        """Send a proposal against the revision that stands."""
        headers = key | asked.pop("headers", {})
        base = asked.pop("base_revision", None) or (None if "document" in asked else self.revision(record))
        body = {"record": record, "base_revision": base, "reason": "The page says so.", **asked}
        return self.client.post("/v1/proposals", json=body, headers=headers)

    def decide(self, key: Header, proposal: str, decision: str, **asked: Any) -> httpx.Response:
        """Send a decision."""
        headers = key | asked.pop("headers", {})
        body = {"decision": decision, "reason": "It is as it says.", **asked}
        return self.client.post(f"/v1/proposals/{proposal}/decision", json=body, headers=headers)


@pytest.fixture
def desk(client: httpx.Client, store: Store, make_key: MakeKey) -> Desk:
    """A desk at the served store."""
    return Desk(client, store, make_key)
