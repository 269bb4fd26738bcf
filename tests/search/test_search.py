"""Search, through the door: what a person means, in the same order on both databases."""

import unicodedata
from typing import Any

import httpx
import pytest
from sqlmodel import Session

from app.database import engine_for
from app.search.queries import find_hits
from app.status import OFFERED
from tests.search.finding import find_ids


def search(client: httpx.Client, query: str, **more: Any) -> list[str]:
    answer = client.get("/v1/search", params={"q": query, "limit": 100, **more})
    assert answer.status_code == 200, answer.text
    return [hit["id"] for hit in answer.json()["items"]]


MEANT = {
    "manniskohandel": "manniskohandel-med-barn-och-unga",
    "MÄNNISKOHANDEL": "manniskohandel-med-barn-och-unga",
    "människohandeln": "manniskohandel-med-barn-och-unga",
    "Kristianstad": "kristianstads-kommun-vald-i-nara-relation",
    "kristians": "kristianstads-kommun-vald-i-nara-relation",
    "regionkoordinatorn": "regionkoordinator-vast",
    "regionkoordinatorer väst": "regionkoordinator-vast",
    "utbildningar": "socialstyrelsen-utbildningspaket",
    "020-390 000": "nationella-stodtelefonen",
    "+46 20 39 00 00": "nationella-stodtelefonen",
    "020390000": "nationella-stodtelefonen",
    "112": "sos-112",
    "114 14": "polisen-114-14",
    "kvinnofrid": "kvinnofridslinjen",
    "trafficking": "manniskohandel-med-barn-och-unga",
    "support line": "nationella-stodtelefonen",
    "coordinators": "regionkoordinator-vast",
    "Halmstad": "regionkoordinator-vast",
    "socialstyrelsen": "socialstyrelsen",
}


@pytest.mark.parametrize(("said", "meant"), MEANT.items())
def test_it_finds_what_a_person_means(client: httpx.Client, said: str, meant: str) -> None:
    assert meant in search(client, said)


def test_a_decomposed_letter_is_the_same_letter(client: httpx.Client) -> None:
    assert search(client, unicodedata.normalize("NFD", "människohandel")) == search(client, "människohandel") != []


def test_a_name_that_is_exactly_so_comes_first(client: httpx.Client) -> None:
    assert search(client, "Kvinnofridslinjen")[0] == "kvinnofridslinjen"
    assert search(client, "Socialstyrelsen")[0].startswith("socialstyrelsen")
    assert search(client, "PrevenTell")[0] == "preventell"


def test_all_words_must_be_met(client: httpx.Client) -> None:
    both = set(search(client, "socialstyrelsen vuxna"))
    assert both <= set(search(client, "socialstyrelsen")) & set(search(client, "vuxna"))
    assert both
    assert search(client, "kvinnofridslinjen zzzz") == []


def test_what_is_outdated_or_ended_is_found_only_when_asked_for(client: httpx.Client) -> None:
    assert "temadag-lulea-2016" not in search(client, "Luleå")
    assert "temadag-lulea-2016" in search(client, "Luleå", status="ended")


def test_kinds_narrow_and_pages_join_without_gap(client: httpx.Client) -> None:
    whole = search(client, "människohandel")
    paged = [
        one for offset in range(0, len(whole), 3) for one in search(client, "människohandel", limit=3, offset=offset)
    ]
    assert paged == whole
    page = client.get("/v1/search", params={"q": "människohandel", "kind": "course"}).json()
    assert {hit["kind"] for hit in page["items"]} == {"course"}
    assert page["_meta"]["total"] == len(page["items"])


@pytest.mark.parametrize("query", ["", "x" * 201])
def test_a_query_that_is_empty_or_too_long_is_refused(client: httpx.Client, query: str) -> None:
    for path in ("/v1/search", "/v1/hotlines"):
        answer = client.get(path, params={"q": query})
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "q")


HOSTILE = [
    "'", '"', '"" OR ""', "NEAR(a b)", "a AND", "NOT", "-", "*", "a*", "^a", "tokens:a", "(", ")))", "{", "\\", "\\'",
    "'; DROP TABLE resource; --", "a' | 'b", "a & !b", "<->", ":*", "%", "_", "__", "?", "=", "n=a", "~",
    "😀", "👩‍👩‍👧",
    "...", "。", "ﷺ" * 60, "⑴⑴", "½", "ᦰa", "aᦰb", "ꞵ", "\u202eabc", "ß", "ŉ", "a\u0301\u0301\u0301", "x" * 200,
    "a " * 100,     "1" * 200, "+46" * 60, "\ud7ff", "\U0010ffff", "İ", "ᾶ", "\u00a0", "\ufeff",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_words_or_nothing(client: httpx.Client, query: str) -> None:
    for path in ("/v1/search", "/v1/resources"):
        assert client.get(path, params={"q": query}).status_code == 200


def test_every_letter_of_unicode_can_be_asked_for(database_url: str) -> None:
    letters = [char for char in map(chr, range(0x20, 0x110000)) if char.isalnum()]
    engine = engine_for(database_url)
    with Session(engine) as session:
        for start in range(0, len(letters), 600):
            joined = "".join(letters[start : start + 600])
            words = " ".join(joined[place : place + 50] for place in range(0, len(joined), 50))
            find_ids(session, words)
    engine.dispose()


def test_the_number_of_hits_is_that_of_all_pages(database_url: str) -> None:
    engine = engine_for(database_url)
    with Session(engine) as session:
        total, page = find_hits(session, "stöd", OFFERED, [], 1000, 0)
        assert total == len(page) == len(set(page))
    engine.dispose()
