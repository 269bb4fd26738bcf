"""Going on far down a long list: links by place, at the same cost everywhere."""

import base64
import json

import httpx
import pytest
from sqlalchemy import event

from app.http import paging
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
