"""Typing errors, through the door: the same words are meant on both databases."""

import httpx
import pytest

from app.search.spelling import measure_distance


def found(client: httpx.Client, query: str) -> list[str]:
    answer = client.get("/v1/search", params={"q": query, "limit": 100})
    assert answer.status_code == 200
    return [hit["id"] for hit in answer.json()["items"]]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stödsamtla", "stödsamtal"),
        ("Halmstda", "Halmstad"),
        ("kvinofridslinjen", "kvinnofridslinjen"),
        ("regionkordinator", "regionkoordinator"),
        ("telefonjur", "telefon jour"),
    ],
)
def test_a_misspelled_word_finds_what_the_word_itself_finds(client: httpx.Client, typed: str, meant: str) -> None:
    assert found(client, typed)[:5] == found(client, meant)[:5] != []


def test_only_the_word_that_nothing_has_is_taken_for_another(client: httpx.Client) -> None:
    assert found(client, "regionkoordinator Halmstda") == found(client, "regionkoordinator Halmstad") != []


@pytest.mark.parametrize("typed", ["xyzzyq", "zzz", "0203900009", "q" * 60])
def test_what_is_near_to_nothing_finds_nothing(client: httpx.Client, typed: str) -> None:
    assert found(client, typed) == []


def test_lists_take_a_misspelled_word_as_search_does(client: httpx.Client) -> None:
    listed = client.get("/v1/resources", params={"q": "stödsamtla"}).json()
    assert listed["_meta"]["total"] == len(found(client, "stödsamtla"))


def test_the_distance_counts_letters_put_in_left_out_changed_and_swapped() -> None:
    assert measure_distance("jour", "jour") == 0
    assert [measure_distance("jour", other) for other in ("jouur", "jur", "jaur", "juor")] == [1, 1, 1, 1]
    assert measure_distance("jour", "") == 4
