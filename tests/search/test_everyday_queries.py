"""What people type when they need somebody: the right record first, or among the first three."""

import csv
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

TABLE = Path(__file__).with_name("everyday_queries.csv")
"""`half`: whether a query was written before search knew everyday words, after, or (most of `other`) by somebody else
who had not read these. Words were added with the misses of all three at hand. `records`: any of them will do."""
FIRST, THIRD = 0.85, 0.97
"""The shares of queries whose record is to be first, and among the first three."""

Place = tuple[str, int | None, Sequence[str]]


def find_places(client: httpx.Client, half: str) -> list[Place]:
    """Each query of a half, the place of the first of its records, from 0, and what was found."""
    places = list[Place]()
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    for row in rows:
        answer = client.get("/v1/search", params={"q": row["query"], "limit": 3})
        ids = [hit["id"] for hit in answer.raise_for_status().json()["items"]]
        place = next((nth for nth, slug in enumerate(ids) if slug in row["records"].split()), None)
        places.append((row["query"], place, ids))
    return places


@pytest.mark.parametrize("half", ["before", "after", "other"])
def test_everyday_words_find_whom_to_contact(client: httpx.Client, half: str) -> None:
    places = find_places(client, half)
    first = sum(place == 0 for _, place, _ in places) / len(places)
    third = sum(place is not None for _, place, _ in places) / len(places)
    print(f"\n{half}: {len(places)} queries, first {first:.3f}, among three {third:.3f}")
    missed = "\n".join(f"{query}: {', '.join(ids) or 'nothing'}" for query, place, ids in places if place != 0)
    assert len(places) >= 40
    assert first >= FIRST, missed
    assert third >= THIRD, missed
