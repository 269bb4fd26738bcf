"""`/embed/v1/`: the module under its hash, and the feeds that its elements read."""

import base64
import gzip
import hashlib
import re
from datetime import UTC, datetime, timedelta

import httpx

from tests.embed.pasting import lines

BUDGET = 5000
FEEDS = ("hotlines", "coordinators", "courses", "referral")


def module(client: httpx.Client) -> tuple[str, str]:
    """The address of the module in the guide's lines, and its integrity hash."""
    found = re.search(r'src="([^"]+)"\s+integrity="([^"]+)"', lines(client))
    assert found
    return found[1], found[2]


def test_the_module_has_at_most_five_kilobytes(client: httpx.Client) -> None:
    address, _ = module(client)
    assert len(gzip.compress(client.get(address).content, 6)) <= BUDGET


def test_the_modules_address_is_for_ever_and_its_hash_is_that_of_its_bytes(client: httpx.Client) -> None:
    address, integrity = module(client)
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert integrity == f"sha384-{base64.b64encode(hashlib.sha384(answer.content).digest()).decode()}"


def test_a_version_that_never_was_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/embed/v1/stodkatalog.0123456789abcdef.js")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_feed_holds_the_coming_days_without_a_gap_and_may_be_kept(client: httpx.Client) -> None:
    before = datetime.now(UTC)
    for feed in FEEDS:
        answer = client.get(f"/embed/v1/{feed}.json")
        is_ordered = feed == "referral"  # by what is open
        assert ("must-revalidate" in answer.headers["Cache-Control"]) == is_ordered, "the reader works the state out"
        told = answer.json()
        assert told["since"] <= before.timestamp()
        assert told["until"] >= (before + timedelta(days=14)).timestamp(), "longer than any cache may keep it"
        assert told["emergency"][0]["uri"] == "tel:112"
        for point in (point for entry in told["entries"] for point in entry["points"] if point["spans"]):
            starts, ends, states, _ = zip(*point["spans"], strict=True)
            assert (starts[0], ends[-1]) == (told["since"], told["until"])
            assert starts[1:] == ends[:-1]
            assert set(states) <= {"open", "closed", "unknown"}


def test_what_no_source_gives_is_not_invented(client: httpx.Client) -> None:
    entries = client.get("/embed/v1/hotlines.json").json()["entries"]
    (line,) = (entry for entry in entries if entry["name"] == "Pegasuschatten")
    chat, _website = line["points"]
    assert (chat["display"], chat["uri"], chat["spans"]) == (None, None, None)


def test_the_coordinator_is_reached_through_the_line_that_refers_on(client: httpx.Client) -> None:
    feed = client.get("/embed/v1/coordinators.json", params={"municipality": "1380", "lang": "en"}).json()
    (coordinator,) = feed["entries"]
    *counties, reason, checked = coordinator["facts"]
    assert counties == ["Halland County", "Västra Götaland County"]
    assert checked == "Read on 27 November 2026; not confirmed with those who run it"
    assert "inferred" in reason
    assert [(point["label"], point["uri"]) for point in coordinator["points"]] == [
        ("Through National support line", "tel:+4620390000")
    ]


def test_a_wrong_value_is_named(client: httpx.Client) -> None:
    answer = client.get("/embed/v1/referral.json", params={"municipality": "Halmstadd"})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Halmstad (1380)" in answer.json()["detail"]


def test_the_limit_holds_for_every_feed(client: httpx.Client) -> None:
    for feed in FEEDS:
        assert len(client.get(f"/embed/v1/{feed}.json", params={"limit": 2}).json()["entries"]) == 2


def test_the_order_of_a_referral_is_never_given_stale(client: httpx.Client) -> None:
    answer = client.get("/embed/v1/referral.json")
    caching = answer.headers["Cache-Control"]
    assert "stale" not in caching
    assert int(caching.partition("max-age=")[2].partition(",")[0]) <= 60
    assert "tel:+4620505050" in answer.json()["pasted"]
