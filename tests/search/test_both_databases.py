"""The real directory, and one of three thousand, on each database: the same totals in the same order."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.seeding.files import Seed
from app.settings import Settings
from bench.copying import copy_into
from bench.synthetic import build
from bench.vocabulary import english, swedish
from tests import postgres
from tests.conftest import create_seeded
from tests.search.test_search import HOSTILE, MEANT
from tests.serving import serve
from tests.stores import Stores

SIZE = 3000
COMMON, RARE, ENGLISH = swedish()[:8], swedish()[-20_000::3_000], english()[:3]
ASKED = {
    "common words": COMMON,
    "rare words": RARE,
    "English words": ENGLISH,
    "beginnings": ["p", "på", "pah", "stuv", "stuvg", "fjäll", "1", "12", "123", "1234", *(one[:6] for one in COMMON)],
    "what everything has": ["påhittad", "pahittad", "påhittade"],
    "many words": [" ".join(["påhittad", *COMMON]), " ".join(swedish()[:12]), "på pa p " * 20],
    "several words": [" ".join(COMMON[:2]), f"{COMMON[0]} hotline", f"påhittad {COMMON[1]} kalix", "Umeå påhittad 77"],
    "swapped letters": [f"{one[:3]}{one[4]}{one[3]}{one[5:]}" for one in (*COMMON, *ENGLISH)],
    "typing errors": ["stödsamtla", "telefonjur", f"{COMMON[0]}{COMMON[1][:-1]}", "stokholm", "xyzzyq"],
}  # fmt: skip
NARROWED: list[dict[str, Any]] = [
    {},
    {"kind": "hotline"},
    {"kind": ["course", "organization"], "limit": 7, "offset": 5},
    {"status": ["current", "ended"], "offset": 1000},
    {"status": "ended"},
]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: postgres.Server
) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """The service over the same directory on SQLite and on PostgreSQL."""
    store = tmp_path_factory.mktemp("both") / "store.sqlite3"
    build(store, SIZE)
    url = postgres_server.create_database()
    copy_into(url, store)
    with (
        serve(create_app(Settings(database_url=f"sqlite:///{store}"))) as one,
        serve(create_app(Settings(database_url=url))) as other,
    ):
        yield one.client, other.client


@pytest.fixture(scope="module")
def both_real(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: postgres.Server, stores: Stores, seed: Seed
) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """The service over the real directory on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("real")
    urls = [create_seeded(stores, folder, server, seed) for server in (None, postgres_server)]
    one, other = (create_app(Settings(database_url=url)) for url in urls)
    with serve(one) as on_sqlite, serve(other) as on_postgresql:
        yield on_sqlite.client, on_postgresql.client


def test_the_real_directory_finds_the_same_in_the_same_order(both_real: tuple[httpx.Client, httpx.Client]) -> None:
    more = ["stöd", "s", "st", "våld", "exploatering barn", "the", "och", "nmt", "kommun", "2021:23", "Lunds kommun"]
    for query in (query for query in (*MEANT, *HOSTILE, *more) if len(query) <= 200):
        one, other = (found(client, "/v1/search", q=query, limit=100) for client in both_real)
        assert one == other, query
        assert query not in MEANT or MEANT[query] in one[1], query


def found(client: httpx.Client, path: str, **asked: Any) -> tuple[int, list[str]]:
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["_meta"]["total"], [hit["id"] for hit in answer.json()["items"]]


@pytest.mark.parametrize("sort", ASKED)
def test_search_finds_the_same_in_the_same_order(both: tuple[httpx.Client, httpx.Client], sort: str) -> None:
    for query, narrowed in product(ASKED[sort], NARROWED):
        one, other = (found(client, "/v1/search", q=query, **narrowed) for client in both)
        assert one == other, (query, narrowed)


@pytest.mark.parametrize("path", ["/v1/resources", "/v1/hotlines", "/v1/organizations"])
def test_lists_find_the_same_in_the_same_order(both: tuple[httpx.Client, httpx.Client], path: str) -> None:
    for query in (*COMMON[:3], *RARE[:3], "påhittad", "stuv", "stödsamtla"):
        one, other = (found(client, path, q=query) for client in both)
        assert one == other, query


def test_what_everything_has_is_found_everywhere(both: tuple[httpx.Client, httpx.Client]) -> None:
    for client in both:
        assert found(client, "/v1/search", q="påhittad")[0] == SIZE
        assert found(client, "/v1/search", q="påhittad", offset=SIZE - 1)[1] == [f"prov-{SIZE - 1}"]
        assert found(client, "/v1/search", q="påhittad", offset=SIZE) == (SIZE, [])
        total, ids = found(client, "/v1/resources", q="påhittad")
        assert (total, ids) == (SIZE, [f"prov-{number}" for number in range(20)])


def test_a_number_is_found_among_thousands(both: tuple[httpx.Client, httpx.Client]) -> None:
    for client in both:
        assert found(client, "/v1/search", q="påhittad 1234") == (1, ["prov-1234"])
