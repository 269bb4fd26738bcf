"""The worst that one request can cost: processor time of the service, over parameters put together at random.

    python -m bench.dearest [REQUESTS]

Serves the real directory on a free port of this machine, asks every route for as much as its parameters allow, then as
many random questions, and prints the dearest, each by its worst of three (ms). Ends by itself.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import httpx
from pydantic.fields import FieldInfo

from app.main import create_app
from app.settings import Settings
from bench.starving import serving
from tests.routes import Route, routes_of

WORDS = (
    "a", "s", "stöd", "av och i en", "telefonjur stödd koordinatorr utbildningr människohandl polisn",
    " ".join("abcdefghijklmnopqrstuvwxyzåäö" * 3), "stodlinjenn " * 16, "prostitutionenshandelsutbildningens" * 5,
)  # fmt: skip
PLACES = ("Halmstad", "1380", "Stockholm")
MOMENTS = ("2026-11-22T02:00:00Z", "2075-12-30T23:59:59Z", "2000-01-02T00:00:00Z")
TEXTS = {
    "q": WORDS, "search": WORDS, "municipality": PLACES,
    "at": MOMENTS, "from": MOMENTS, "to": MOMENTS, "modified_after": MOMENTS,
}  # fmt: skip
SHOWN = 25


def cpu_milliseconds(process: int) -> float:
    """What all threads of a process have taken of the processor."""
    spent = (path.read_text().split()[0] for path in Path(f"/proc/{process}/task").glob("*/schedstat"))
    return sum(map(int, spent)) / 1e6


def values_of(name: str, field: FieldInfo) -> list[Any]:
    """Values for a parameter that may be dear."""
    kinds = {type(None), *_leaves(field.annotation)} - {type(None)}
    enums = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)]
    literals = [leaf for leaf in kinds if isinstance(leaf, str)]
    if enums or literals:
        each = [member.value for enum in enums for member in enum] + literals
        return [each, *each] if "list" in str(field.annotation) else each
    if name in TEXTS:
        return list(TEXTS[name])
    if int in kinds:
        return [next((limit.le for limit in field.metadata if hasattr(limit, "le")), 100), 1]
    return ["true"] if bool in kinds else []


def _leaves(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for each in inner:
        yield from _leaves(each)


def questions(route: Route, path: str, chance: random.Random) -> Iterator[str]:
    """All that the route can be asked for at once, then random choices for ever."""
    fields = {field.alias or name: field for name, field in route.parameters.model_fields.items()}
    choices = {name: found for name, field in fields.items() if (found := values_of(name, field))}
    most = {
        name: choices[name][0]
        for name in ("limit", "per_page", "status", "kind", "full", "full_service")
        if name in choices
    }
    if "from" in choices:
        most |= {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
    yield _address(path, most)
    for word in choices.get("q", choices.get("search", [])):
        yield _address(path, most | {"q" if "q" in choices else "search": word})
    while True:
        names = chance.sample(sorted(choices), chance.randint(0, min(4, len(choices))))
        yield _address(path, most | {name: chance.choice(choices[name]) for name in names})


def _address(path: str, query: dict[str, Any]) -> str:
    return f"{path}?{urlencode(query, doseq=True)}"


def paths_of(route: Route, client: httpx.Client) -> list[str]:
    """The route's path, with each of a few ids where it has one."""
    if "{" not in route.path:
        return [route.path]
    collection = route.path.partition("/{")[0]
    listed = client.get(collection, params={"limit": 3} if "/v1" in collection else {})
    found = listed.json() if listed.headers.get("content-type") == "application/json" else {}
    ids = [str(item["id"]) for item in found.get("items", found.get("contents", [])) if "id" in item][:3]
    name = route.path[route.path.index("{") : route.path.index("}") + 1]
    return [route.path.replace(name, each) for each in ids or ["kvinnofridslinjen"]]


def main() -> None:
    """Search and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    chance = random.Random(11)
    routes = list(routes_of(create_app(Settings(database_url="sqlite:///never-opened"))))
    with (
        serving(STODKATALOG_DEAR_PER_MINUTE="0") as (address, process),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        asked = [(route, questions(route, path, chance)) for route in routes for path in paths_of(route, client)]
        cost: dict[str, tuple[float, int, int]] = {}

        def measure(route: Route, path: str) -> None:
            headers = {"Accept": chance.choice(route.contract.formats), "Content-Length": "0"}  # passes the cache by
            before = cpu_milliseconds(process)
            answer = client.get(path, headers=headers)
            spent = cpu_milliseconds(process) - before
            kept = cost.get(path, (0.0, 0, 0))
            cost[path] = max(kept, (spent, answer.status_code, len(answer.content)))

        _ask_all(asked, number, chance, measure)
        worst = sorted(cost, key=lambda path: cost[path], reverse=True)[: 2 * SHOWN]
        again = {path: sorted(_once_more(client, process, path) for _ in range(3))[-1] for path in worst}
        print(f"{len(cost)} requests\n{'ms':>8}{'status':>8}{'bytes':>10}  request")
        for path in sorted(again, key=lambda path: again[path], reverse=True)[:SHOWN]:
            print(f"{again[path]:>8.0f}{cost[path][1]:>8}{cost[path][2]:>10}  {path[:150]}")
        print(json.dumps({"worst_ms": round(max(again.values()), 1)}))


def _ask_all(
    asked: list[tuple[Route, Iterator[str]]], number: int, chance: random.Random, measure: Callable[[Route, str], None]
) -> None:
    for route, addresses in asked:
        for _ in range(10 if {"q", "search"} & set(route.parameters.model_fields) else 2):
            measure(route, next(addresses))
    for _ in range(number):
        route, addresses = chance.choice(asked)
        measure(route, next(addresses))


def _once_more(client: httpx.Client, process: int, path: str) -> float:
    before = cpu_milliseconds(process)
    client.get(path, headers={"Content-Length": "0"})
    return cpu_milliseconds(process) - before


if __name__ == "__main__":
    main()
