"""A walker of HSDS: it turns pages until the last, and finds every reference."""

from collections.abc import Iterator
from typing import Any

import httpx

BASE = "/hsds/v3"
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms", "publications")
WITH_FULL = ("services", "organizations", "service_at_locations", "publications")

Record = dict[str, Any]


def got(client: httpx.Client, path: str, **asked: Any) -> Any:
    """The JSON of an answer that must be one."""
    answer = client.get(f"{BASE}/{path}", params=asked)
    assert answer.status_code == 200, (path, asked, answer.text)
    return answer.json()


def pages(client: httpx.Client, collection: str, **asked: Any) -> Iterator[Record]:
    """Each page, as a consumer turns them that knows nothing but `last_page`."""
    number = 1
    while True:
        page = got(client, collection, **asked, page=number)
        yield page
        if page["last_page"]:
            return
        number += 1


def walked(client: httpx.Client, collection: str, **asked: Any) -> list[Record]:
    """Every record of a list."""
    return [record for page in pages(client, collection, **asked) for record in page["contents"]]


def whole(client: httpx.Client, collection: str) -> list[Record]:
    """Every record of a list, with all that belongs to it."""
    return walked(client, collection, per_page=100, **({"full": "true"} if collection in WITH_FULL else {}))


def objects(node: Any) -> Iterator[Record]:
    """Every object in an answer, at any depth."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from objects(one)


def ids(records: list[Record]) -> list[str]:
    return [record["id"] for record in records]
