"""What we add to the hours is understood in both languages; what the source says is marked as its own words."""

import httpx


def test_what_we_add_to_the_hours_is_in_the_language_of_the_answer(client: httpx.Client) -> None:
    entries = client.get("/v1/opening-hours?limit=100&at=2026-11-25T12:00:00%2B01:00").json()["items"]
    (trial,) = [one["id"] for one in entries if one["id"] == "stodlinjen-for-man.telefon"]
    moment = "at=2026-11-25T12:00:00%2B01:00"
    assert (
        client.get(f"/v1/opening-hours/{trial}?{moment}&lang=en").json()["comment"]
        == "not known whether the line still exists"
    )
    assert (
        client.get(f"/v1/opening-hours/{trial}?{moment}&lang=sv").json()["comment"] == "inte känt om linjen finns kvar"
    )
    spans = client.get(f"/v1/opening-hours/{trial}/intervals?lang=en").json()["intervals"]
    assert {one["comment"] for one in spans} == {None, "not known whether the line still exists"}
    calendar = client.get(f"/v1/opening-hours/{trial}/intervals.ics?lang=en").text
    assert "May be staffed: not known whether the line still exists" in calendar.replace("\r\n ", "")
    assert "in Swedish: “varje dag 7–21”" in calendar.replace("\r\n ", "")
    text = client.get(f"/v1/referrals?lang=en&{moment}", headers={"Accept": "text/plain"}).text
    assert "May be staffed now (“kontorstid på vardagar” in Swedish; office hours)" in text
    assert "inte känt" not in text
    assert "Kan vara bemannad nu (”kontorstid på vardagar”)" in client.get(
        f"/v1/referrals?{moment}", headers={"Accept": "text/plain"}).text  # fmt: skip


def test_no_form_of_an_english_answer_holds_a_comment_of_ours_in_swedish(client: httpx.Client) -> None:
    for path in (
        "/en/hotlines",
        "/embed/hotlines?lang=en",
        "/embed/v1/hotlines.json?lang=en",
        "/embed/frame/hotlines?lang=en",
    ):
        text = client.get(path).text
        assert "inte känt om linjen finns kvar" not in text.replace("&nbsp;", " "), path
