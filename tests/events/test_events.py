"""Events, through the door: all that are known are over."""

import httpx


def test_no_event_is_offered_as_something_to_attend(client: httpx.Client) -> None:
    assert client.get("/v1/events").json()["_meta"]["total"] == 0
    assert client.get("/v1/events", params={"status": "ended"}).json()["_meta"]["total"] == 7


def test_an_empty_list_says_how_many_outdated_or_ended_records_were_left_out(client: httpx.Client) -> None:
    assert client.get("/v1/events").json()["_meta"] == {
        "total": 0, "count": 0, "limit": 20, "offset": 0, "left_out": 7
    }  # fmt: skip
    over = client.get("/v1/events", params={"upcoming": "true"}).json()["_meta"]
    assert (over["total"], over["left_out"]) == (0, 0)
    assert client.get("/v1/events", params={"status": "ended"}).json()["_meta"]["left_out"] is None
    for path in ("/v1/resources", "/v1/search"):
        event = client.get("/v1/events", params={"status": "ended"}).json()["items"][0]
        found = client.get(path, params={"q": event["name"], "kind": "event"}).json()["_meta"]
        assert found["total"] == 0
        assert found["left_out"] >= 1
    assert client.get("/v1/counties", params={"offset": 500}).json()["_meta"]["left_out"] is None


def test_pages_say_in_words_what_was_left_out(client: httpx.Client) -> None:
    assert "7 uppgifter som är inaktuella eller avslutade visas inte." in client.get("/sv/evenemang").text
    assert "7 records that are outdated or have ended are not shown." in client.get("/en/events").text
    assert "visas inte" not in client.get("/sv/stodlinjer").text
    assert "visas inte" in client.get("/sv/sok", params={"q": "Temadag i Luleå"}).text


def test_what_is_not_upcoming_is_over_or_without_a_date_without_asking_for_a_status(client: httpx.Client) -> None:
    assert client.get("/v1/events", params={"upcoming": "false"}).json()["_meta"]["total"] == 7
    assert client.get("/v1/events", params={"upcoming": "false", "status": "current"}).json()["items"] == []


def test_nothing_is_upcoming_and_what_has_no_date_is_not_either(client: httpx.Client) -> None:
    assert client.get("/v1/events", params={"status": "ended", "upcoming": "true"}).json()["items"] == []
    over = client.get("/v1/events", params={"status": "ended", "upcoming": "false"}).json()["items"]
    assert len(over) == 7
    assert None in [one["starts_on"] for one in over]


def test_a_date_whose_year_is_inferred_says_so(client: httpx.Client) -> None:
    for one in client.get("/v1/events", params={"status": "ended"}).json()["items"]:
        dates = [one[name] for name in ("starts_on", "ends_on", "register_by") if one[name]]
        assert (one["date_basis"] is None) == (not dates), one["id"]
