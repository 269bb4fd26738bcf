"""The list of everyday words in `seed/`: what it puts first, and what it leaves as it is."""

from pathlib import Path
from shutil import copytree

import httpx
import pytest

from app.seeding.checking import BrokenSeed, read_seed
from app.seeding.files import Seed
from app.settings import ROOT

HELPING = {"hotline", "support_service", "coordinator"}


def search(client: httpx.Client, query: str) -> list[str]:
    answer = client.get("/v1/search", params={"q": query, "limit": 100})
    return [hit["id"] for hit in answer.raise_for_status().json()["items"]]


def test_every_phrase_of_the_list_finds_a_record_of_its_entry_first(client: httpx.Client, seed: Seed) -> None:
    for entry in seed.everyday_words:
        for phrase in (entry.sv[0], entry.en[0]):
            assert search(client, phrase)[0] in entry.records, phrase


@pytest.mark.parametrize("query", ["våldtagen", "människohandel", "hjälp", "prostitution", "sälja sex"])
def test_lines_and_services_come_before_courses_and_reports(client: httpx.Client, query: str) -> None:
    answer = client.get("/v1/search", params={"q": query, "limit": 100}).json()
    helping = [hit["kind"] in HELPING for hit in answer["items"]]
    assert helping == sorted(helping, reverse=True)
    assert helping[0]


def test_who_names_a_kind_of_material_finds_that_kind(client: httpx.Client) -> None:
    for query in ("kurs människohandel", "course trafficking"):
        answer = client.get("/v1/search", params={"q": query}).json()
        assert answer["items"][0]["kind"] == "course", query


def test_the_words_of_a_phrase_stand_in_any_form_and_order_with_others_between(client: httpx.Client) -> None:
    for query in ("sex säljer jag", "jag har sålt lite sex", "SÄLJA SEX", "salja sex"):
        assert search(client, query)[0] == search(client, "sälja sex")[0], query


def test_what_the_list_names_elsewhere_is_left_out_where_a_place_is_asked_for(client: httpx.Client) -> None:
    assert search(client, "sälja sex Malmö")[0] == "evonhuset"
    assert not {"mikamottagningen-stockholm", "evonhuset"} & set(search(client, "sälja sex Kiruna"))
    assert search(client, "kvinnojour Kiruna")[0] == "kvinnofridslinjen"


@pytest.mark.parametrize(
    ("bare", "others"),
    [
        ("Halland", ["Hallands län", "Halland county", "county of Halland", "hallands lan"]),
        ("Halmstad", ["Halmstads kommun", "Halmstad municipality", "municipality of Halmstad", "kommunen Halmstad"]),
        ("Västra Götaland", ["Västra Götalands län", "Västra Götaland County"]),
    ],
)
def test_a_place_with_what_it_is_finds_what_the_bare_name_finds(
    client: httpx.Client, bare: str, others: list[str]
) -> None:
    assert search(client, bare) != []
    for query in others:
        assert search(client, query) == search(client, bare), query


@pytest.mark.parametrize("typed", ["brik", "jaur", "mikx"])
def test_a_short_word_is_not_taken_for_a_nearby_one(client: httpx.Client, typed: str) -> None:
    items = client.get("/v1/search", params={"q": typed}).json()["items"]
    assert all(typed in str(hit).casefold().replace("å", "a") for hit in items)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('records = ["bris"]\ncitations = []', "no citation for: records"),
        ('records = ["no-such-line"]\ncitations = [CITED]', "'no-such-line' is no record in force"),
        ('records = ["temadag-lulea-2016"]\ncitations = [CITED]', "'temadag-lulea-2016' is no record in force"),
    ],
)
def test_an_entry_without_citation_or_record_is_a_fault(tmp_path: Path, written: str, fault: str) -> None:
    folder = copytree(ROOT / "seed", tmp_path / "seed")
    cited = '{ source = "bris-sms", evidence = "116 111", fields = ["records"] }'
    entry = f'[[words]]\nid = "x"\nsv = ["ord"]\nen = ["word"]\n{written}\n'.replace("CITED", cited)
    (folder / "everyday_words.toml").write_text(entry, "utf-8")
    with pytest.raises(BrokenSeed, match=fault):
        read_seed(folder)


def test_who_names_a_kind_of_material_with_words_that_nothing_has_is_given_what_the_list_knows(
    client: httpx.Client,
) -> None:
    for query in ("course for social workers", "gratis utbildning prostitution"):
        answer = client.get("/v1/search", params={"q": query}).json()
        assert [item["kind"] for item in answer["items"][:3]] == ["course"] * 3, query
