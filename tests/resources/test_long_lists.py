"""Going on far down a long list: links by place, at the same cost everywhere."""

import base64
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from app.http import paging
from app.resources import slices
from tests.serving import Served


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links go on by place from the third row, so that the real directory is long enough."""
    monkeypatch.setattr(paging, "FIRST_PAGES", 2)


@pytest.mark.usefixtures("early")
@pytest.mark.parametrize("path", ["/v1/resources?", "/v1/hotlines?status=unverified&", "/v1/opening-hours?"])
def test_pages_by_place_join_without_gap_and_tell_where_they_are(client: httpx.Client, path: str) -> None:
    whole = client.get(f"{path}limit=100").json()["items"]
    met, address, offsets = [], f"{path}limit=3", []
    while address:
        page = client.get(address).json()
        met += [one["id"] for one in page["items"]]
        offsets.append(page["_meta"]["offset"])
        address = page["_links"].get("next", {}).get("href", "")
        assert "after=" in address or not address
    assert met == [one["id"] for one in whole]
    assert offsets == list(range(0, len(whole), 3))


def token(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


PLACES = [token(), token(3), token(3, "a", "b"), token(-1, 1, "a"), token(0, 2**40, "a"), token(0, 1, "\x00")]


@pytest.mark.parametrize("after", ["x", "!", "w" * 500, *PLACES])
def test_a_place_that_no_link_gave_is_refused(client: httpx.Client, after: str) -> None:
    answer = client.get("/v1/hotlines", params={"after": after})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "after"


def test_the_pages_of_a_list_are_counted_once(served: Served) -> None:
    counted: list[str] = []
    engine = served.application.state.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "count(" in statement:
            counted.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for offset in (1, 2, 3):
            served.client.get("/v1/publications", params={"offset": offset, "topic": "violence"})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(counted) <= 1


LONG = "/v1/hotlines?at=2031-03-04T05:06:07Z&limit=3"
"""At a moment of its own: totals are known for the day."""


@pytest.fixture
def short_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are counted up to the seventh row, so that the real directory is long enough."""
    monkeypatch.setattr(slices, "MOST_COUNTED", 7)


@pytest.mark.usefixtures("short_count")
@pytest.mark.parametrize("goes_on_by_place", [True, False])
def test_a_list_with_more_rows_than_are_counted_says_so_and_is_walked_to_its_end(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, goes_on_by_place: bool
) -> None:
    monkeypatch.setattr(paging, "FIRST_PAGES", 2 if goes_on_by_place else 1000)
    whole = [one["id"] for one in client.get("/v1/hotlines?limit=100&status=current&status=unverified").json()["items"]]
    assert len(whole) > 8
    path = f"{LONG}&lang={'sv' if goes_on_by_place else 'en'}"
    met, address, page = [], path, dict[str, Any]()
    while address:
        page = client.get(address).json()
        met += [one["id"] for one in page["items"]]
        assert page["items"]
        assert (page["_meta"]["total"], page["_meta"]["total_is_exact"]) == (7, False)
        assert "last" not in page["_links"]
        address = page["_links"].get("next", {}).get("href", "")
    assert met == whole
    before = page["_links"]["prev"]["href"]
    assert [one["id"] for one in client.get(before).json()["items"]] == whole[
        len(whole) - page["_meta"]["count"] - 3 :
    ][:3]


@pytest.mark.usefixtures("short_count")
def test_past_the_end_of_a_list_that_is_not_counted_whole_a_page_leads_back_to_rows(client: httpx.Client) -> None:
    page = client.get(f"{LONG}&offset=5000").json()
    assert (page["items"], page["_meta"]["total"], "next" in page["_links"]) == ([], 7, False)
    assert client.get(page["_links"]["prev"]["href"]).json()["items"]


@pytest.mark.usefixtures("short_count")
def test_a_total_up_to_what_is_counted_is_exact_and_says_nothing_of_it(client: httpx.Client) -> None:
    total = client.get("/v1/hotlines?channel=sms").json()["_meta"]["total"]
    assert 0 < total <= 7
    page = client.get(f"{LONG}&channel=sms").json()
    assert (page["_meta"]["total"], "total_is_exact" in page["_meta"], "last" in page["_links"]) == (total, False, True)


def test_a_total_visits_no_row_beyond_those_that_are_counted(served: Served) -> None:
    counted: list[tuple[str, Any]] = []
    engine = served.application.state.engine

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if "count(" in statement:
            counted.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        served.client.get("/v1/hotlines?at=2031-03-05T05:06:07Z")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    ((statement, values),) = counted
    assert "LIMIT" in statement
    assert slices.MOST_COUNTED + 1 in (values.values() if isinstance(values, dict) else values)
