"""Somebody's program over the generated client: it turns the pages of all lists and prints how many items each has.

Arguments: the address of the API, and the lists as `/hotlines=hotlines.list_hotlines`.
"""

import json
import sys
from importlib import import_module
from typing import Any

from httpx import URL


def collect(asked: Any, client: Any) -> list[Any]:
    """All items of a list, by following `next`."""
    page = asked.sync(client=client, limit=60)
    items = list(page.items)
    while page.field_links.next_:
        given = URL(page.field_links.next_.href).params
        page = asked.sync(client=client, limit=int(given["limit"]), offset=int(given["offset"]))
        items += page.items
    return items


def main() -> None:
    address, *lists = sys.argv[1:]
    package = import_module("stodkatalogen_client")
    counts = {}
    with package.Client(address) as client:
        for path, _, name in (one.partition("=") for one in lists):
            counts[path] = len(collect(import_module(f"stodkatalogen_client.api.{name}"), client))
        line = import_module("stodkatalogen_client.api.hotlines.get_hotline").sync("sos-112", client=client)
    print(json.dumps({"from": package.__file__, "number": line.contact_points[0].value, "counts": counts}))


main()
