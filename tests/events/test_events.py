"""Events, through the door: all that are known are over."""

import httpx


def test_no_event_is_offered_as_something_to_attend(client: httpx.Client) -> None:
    assert client.get("/v1/events").json()["_meta"]["total"] == 0
    assert client.get("/v1/events", params={"status": "ended"}).json()["_meta"]["total"] == 7


def test_nothing_is_upcoming_and_what_has_no_date_is_not_either(client: httpx.Client) -> None:
    assert client.get("/v1/events", params={"status": "ended", "upcoming": "true"}).json()["items"] == []
    over = client.get("/v1/events", params={"status": "ended", "upcoming": "false"}).json()["items"]
    assert len(over) == 7
    assert None in [one["starts_on"] for one in over]


def test_a_date_whose_year_is_inferred_says_so(client: httpx.Client) -> None:
    for one in client.get("/v1/events", params={"status": "ended"}).json()["items"]:
        dates = [one[name] for name in ("starts_on", "ends_on", "register_by") if one[name]]
        assert (one["date_basis"] is None) == (not dates), one["id"]
