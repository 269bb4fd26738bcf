"""Pages, streams, and the same record wherever it stands."""

import json

import httpx
import pytest

from app.standards.hsds import answering
from app.standards.hsds.writing import flatten
from tests.standards.hsds.walking import BASE, LISTS, WITH_FULL, Record, got, ids, pages, walked


@pytest.mark.parametrize("collection", LISTS)
def test_pages_add_up_and_repeat_nothing(client: httpx.Client, collection: str) -> None:
    everything = ids(walked(client, collection, per_page=100))
    assert everything
    for per_page in (4, len(everything)):
        turned = list(pages(client, collection, per_page=per_page))
        assert len({page["total_items"] for page in turned}) == 1
        for number, page in enumerate(turned, 1):
            assert page["total_items"] == len(everything)
            assert page["total_pages"] == len(turned) == -(-len(everything) // per_page)
            assert page["page_number"] == number
            assert page["size"] == len(page["contents"]) == min(per_page, len(everything) - per_page * (number - 1))
            assert page["first_page"] == (number == 1)
            assert page["last_page"] == (number == len(turned))
            assert not page["empty"]
        assert [one for page in turned for one in ids(page["contents"])] == everything
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("collection", LISTS)
def test_past_the_end_there_is_an_empty_page_that_is_the_last(client: httpx.Client, collection: str) -> None:
    page = got(client, collection, page=1000)
    assert (page["size"], page["empty"], page["contents"]) == (0, True, [])
    assert (page["first_page"], page["last_page"]) == (False, True)


def test_finding_nothing_is_one_empty_page(client: httpx.Client) -> None:
    page = got(client, "services", search="xyzzyplugh")
    assert page == {
        "total_items": 0,
        "total_pages": 0,
        "page_number": 1,
        "size": 0,
        "first_page": True,
        "last_page": True,
        "empty": True,
        "contents": [],
    }


@pytest.mark.parametrize("collection", LISTS)
def test_a_record_is_the_same_in_a_list_and_by_its_id(
    client: httpx.Client, directory: dict[str, list[Record]], collection: str
) -> None:
    for record in directory[collection]:
        assert got(client, f"{collection}/{record['id']}") == record
    if collection in WITH_FULL:
        assert walked(client, collection, per_page=100) == [flatten(record) for record in directory[collection]]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_records_are_in_the_language_that_is_asked_for(client: httpx.Client, language: str) -> None:
    asked = client.get(f"{BASE}/services", headers={"Accept-Language": language})
    assert asked.headers["content-language"] == language
    assert asked.json() == got(client, "services", lang=language)
    named = "Nödnumret 112" if language == "sv" else "Emergency number 112"
    assert asked.json()["contents"][0]["name"] == named


@pytest.mark.parametrize("collection", LISTS)
def test_ndjson_streams_every_record_one_a_line(client: httpx.Client, collection: str) -> None:
    with client.stream("GET", f"{BASE}/{collection}", params={"format": "ndjson", "per_page": 2}) as answer:
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        streamed = [json.loads(line) for line in answer.iter_lines()]
    assert streamed == walked(client, collection, per_page=100)
    accepted = client.get(f"{BASE}/{collection}", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in accepted.text.splitlines()] == streamed


@pytest.mark.parametrize("collection", LISTS)
def test_a_stream_has_the_same_records_in_the_same_order_however_many_are_read_at_a_time(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, collection: str
) -> None:
    whole = client.get(f"{BASE}/{collection}?format=ndjson").content
    for size in (1, 7):
        monkeypatch.setattr(answering, "BATCH", size)
        assert client.get(f"{BASE}/{collection}?format=ndjson&page={size}").content == whole


def test_a_stream_gives_its_connection_back(client: httpx.Client) -> None:
    for _ in range(20):  # more than the pool has
        assert client.get(f"{BASE}/services", params={"format": "ndjson"}).status_code == 200


def test_minimal_is_every_id_and_moment_of_change_on_one_page(client: httpx.Client) -> None:
    everything = walked(client, "services", per_page=100)
    page = got(client, "services", minimal="true")
    assert page["contents"] == [{"id": one["id"], "modified_date": one["last_modified"]} for one in everything]
    assert (page["total_pages"], page["first_page"], page["last_page"]) == (1, True, True)
    assert got(client, "services", minimal="true", per_page=5, page=2)["contents"] == page["contents"][5:10]
    streamed = client.get(f"{BASE}/services", params={"minimal": "true", "format": "ndjson"}).text.splitlines()
    assert [json.loads(line) for line in streamed] == page["contents"]


def test_answers_may_be_kept_and_are_not_sent_twice(client: httpx.Client) -> None:
    for path in ("", "services", "organizations?full=true", "profile/", "profile/service.json", "openapi.json"):
        first = client.get(f"{BASE}/{path}")
        assert first.headers["cache-control"].startswith("public, max-age="), path
        again = client.get(f"{BASE}/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
