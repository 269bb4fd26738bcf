"""Parameters that others append to a shared link."""

import httpx
import pytest

from app.embed.tracking import without_tracking

TRACKED = "utm_source=x&fbclid=abc&gclid=1&dclid=1&msclkid=1&mc_cid=1&mc_eid=1&_ga=1.2&igshid=1&utm_campaign="


@pytest.mark.parametrize(
    "path",
    [
        "/", "/sv/", "/en/hotlines", "/sv/resurser/kvinnofridslinjen", "/sv/om", "/docs", "/problems",
        "/embed/guide", "/embed/frame/hotlines", "/embed/hotlines",
    ],
)  # fmt: skip
def test_a_shared_link_with_tracking_is_the_page_without_it(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{path}?{TRACKED}")
    assert answer.status_code == 200
    assert not any(one in answer.text for one in ("utm_", "fbclid", "mc_cid", "igshid"))


def test_what_was_asked_for_beside_it_is_still_answered(client: httpx.Client) -> None:
    plain = client.get("/sv/regionkoordinatorer?municipality=Halmstad")
    assert client.get("/sv/regionkoordinatorer?fbclid=a&municipality=Halmstad&utm_source=b").text == plain.text
    assert 'href="/en/coordinators?municipality=Halmstad"' in plain.text


def test_the_start_page_is_found_with_tracking_and_without_a_slash(client: httpx.Client) -> None:
    answer = client.get("/sv?fbclid=abc")
    assert (answer.status_code, answer.headers["location"]) == (308, "/sv/")


@pytest.mark.parametrize("path", ["/v1/hotlines", "/embed/v1/hotlines.json", "/oembed", "/svenska"])
def test_the_api_stays_strict(client: httpx.Client, path: str) -> None:
    assert client.get(f"{path}?fbclid=abc").status_code in (404, 422)


def test_another_parameter_that_a_page_does_not_know_is_still_refused(client: httpx.Client) -> None:
    assert client.get("/sv/?utmost=1&fbclid=abc").status_code == 422


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (b"utm_source=x", b""),
        (b"a=1&fbclid&b=utm_source", b"a=1&b=utm_source"),
        (b"%75tm_source=x&q=%C3%A5", b"q=%C3%A5"),
        (b"utm_=1&xfbclid=1&fbclid2=1", b"utm_=1&xfbclid=1&fbclid2=1"),
        (b"", b""),
    ],
)
def test_only_what_tracks_is_taken_out(query: bytes, left: bytes) -> None:
    assert without_tracking(query) == left
