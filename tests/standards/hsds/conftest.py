"""Everything HSDS answers, walked once for each database."""

import httpx
import pytest

from tests.standards.hsds.walking import LISTS, Record, whole


@pytest.fixture(scope="session")
def directory(client: httpx.Client) -> dict[str, list[Record]]:
    """Every record of every list, with all that belongs to it."""
    return {collection: whole(client, collection) for collection in LISTS}
