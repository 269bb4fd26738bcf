"""The worst that one request can cost: processor time of the service, over parameters put together at random.

    python -m bench.dearest [--requests 600] [--postgresql]

Serves the real directory on a free port of this machine, asks every route for as much as its parameters allow, then as
many random questions, and prints the dearest twenty, each by its best of three (ms): what other programs of the machine
take from its caches is no cost of the request. With `--postgresql` the store is a PostgreSQL of its own, whose
processor time counts as well. Ends by itself.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from tempfile import gettempdir
from typing import Any, get_args
from urllib.parse import urlencode

import httpx
from pydantic.fields import FieldInfo

from app.main import create_app
from app.settings import Settings
from bench.starving import serving
from tests import postgres
from tests.routes import Route, routes_of

WORDS = (
    "a b s st k f m h p u i e", "stö hjä pro män tra sex utb kom reg pol soc kvi", "a", "s", "stöd", "av och i en",
    "telefonjur stödd koordinatorr utbildningr människohandl polisn", " ".join("abcdefghijklmnopqrstuvwxyzåäö" * 3),
    "stodlinjenn " * 16, "prostitutionenshandelsutbildningens" * 5,
)  # fmt: skip
PLACES = ("Halmstad", "1380", "Stockholm")
MOMENTS = ("2026-11-22T02:00:00Z", "2075-12-30T23:59:59Z", "2000-01-02T00:00:00Z")
TEXTS = {
    "q": WORDS, "search": WORDS, "municipality": PLACES,
    "at": MOMENTS, "from": MOMENTS, "to": MOMENTS, "modified_after": MOMENTS,
}  # fmt: skip
SHOWN, LIMIT = 20, 250
"""How many are printed, and the milliseconds that one may cost."""


def cpu_milliseconds(*processes: int) -> float:
    """What all threads of some processes, and of all that they started, have taken of the processor."""
    family = list(processes)
    for process in family:  # which grows meanwhile
        family += children_of(process)
    return sum(int(spent[0]) for each in family for spent in _read_tasks(each, "schedstat")) / 1e6


def children_of(process: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for children in _read_tasks(process, "children") for child in children]


def workers_of(process: int) -> list[int]:
    """The processes that serve: forked from a child of the service, or the service itself."""
    return [worker for child in children_of(process) for worker in children_of(child)] or [process]


def _read_tasks(process: int, name: str) -> Iterator[list[str]]:
    """The words of such a file of each thread, but of those that end meanwhile."""
    for path in Path(f"/proc/{process}/task").glob(f"*/{name}"):
        with suppress(OSError):
            yield path.read_text().split()


@contextmanager
def served(on_postgresql: bool) -> Iterator[tuple[str, Callable[[], float]]]:
    """The service on one of the two databases: its address, and what it and its database have cost (ms)."""
    unlimited = {"STODKATALOG_DEAR_PER_MINUTE": "0"}
    if not on_postgresql:
        with serving(**unlimited) as (address, process):
            yield address, lambda: cpu_milliseconds(process)
        return
    with postgres.server() as database:
        with database.connect() as connection:
            backend = connection.info.backend_pid
            parent = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
        with serving(**unlimited, STODKATALOG_DATABASE_URL=database.create_database()) as (address, process):
            yield address, lambda: cpu_milliseconds(process, parent)


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
    if name == "offset":
        return [0, 100, 100_000]
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
    if "from" in choices:  # at most a year, or half a year of a calendar
        yield _address(path, most | {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"})
        most |= {"from": "2026-01-01T00:00:00Z", "to": "2026-07-04T00:00:00Z"}
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
    parser = argparse.ArgumentParser(prog="python -m bench.dearest")
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--postgresql", action="store_true")
    asked_for = parser.parse_args()
    chance = random.Random(11)
    routes = list(routes_of(create_app(Settings(database_url=f"sqlite:///{gettempdir()}/never-seeded"))))
    with served(asked_for.postgresql) as (address, spent), httpx.Client(base_url=address, timeout=60) as client:
        asked = [(route, questions(route, path, chance)) for route in routes for path in paths_of(route, client)]
        cost: dict[tuple[str, str], tuple[float, int, int]] = {}

        def measure(route: Route, path: str) -> None:
            accept = chance.choice(route.contract.formats)
            milliseconds, answer = _ask(client, spent, path, accept)
            kept = cost.get((path, accept), (0.0, 0, 0))
            cost[path, accept] = max(kept, (milliseconds, answer.status_code, len(answer.content)))

        _ask_all(asked, asked_for.requests, chance, measure)
        worst = sorted(cost, key=lambda request: cost[request], reverse=True)[: 2 * SHOWN]
        again = {request: min(_ask(client, spent, *request)[0] for _ in range(3)) for request in worst}
    print(f"{len(cost)} requests on {'PostgreSQL' if asked_for.postgresql else 'SQLite'}\n")
    print(f"| ms | at most {LIMIT}? | status | bytes | request |\n|---:|---|---:|---:|---|")
    for path, accept in sorted(again, key=lambda request: again[request], reverse=True)[:SHOWN]:
        milliseconds, (_, status, size) = again[path, accept], cost[path, accept]
        verdict = "yes" if milliseconds <= LIMIT else "**no**"
        print(f"| {milliseconds:.0f} | {verdict} | {status} | {size} | `{path[:150]}` as {accept} |")


def _ask(client: httpx.Client, spent: Callable[[], float], path: str, accept: str) -> tuple[float, httpx.Response]:
    before = spent()
    answer = client.get(path, headers={"Accept": accept, "Content-Length": "0"})  # a length passes the cache by
    return spent() - before, answer


def _ask_all(
    asked: list[tuple[Route, Iterator[str]]], number: int, chance: random.Random, measure: Callable[[Route, str], None]
) -> None:
    for route, addresses in asked:
        for _ in range(10 if {"q", "search"} & set(route.parameters.model_fields) else 2):
            measure(route, next(addresses))
    for _ in range(number):
        route, addresses = chance.choice(asked)
        measure(route, next(addresses))


if __name__ == "__main__":
    main()
