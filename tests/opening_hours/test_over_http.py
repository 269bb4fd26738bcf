"""Opening hours over HTTP: the state at a moment, never a wrong one."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from app.main import create_app
from app.opening_hours.live import Exceptional, State, live
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from app.times import STOCKHOLM
from tests.conftest import SEEDED
from tests.seeding.small import add_exceptions, write_folder
from tests.serving import serve

LINE = "nationella-stodtelefonen.telefon"
KVINNOFRID = "kvinnofridslinjen.telefon"


def hours(client: httpx.Client, identity: str, at: str, **query: str) -> dict[str, Any]:
    answer = client.get(f"/v1/opening-hours/{identity}", params={"at": at, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("identity", "at", "state", "comment", "next_change"),
    [
        (LINE, "2026-11-22T02:00:00+01:00", "closed", None, "2026-11-23T07:00:00+01:00"),
        (LINE, "2026-11-25T11:00:00+01:00", "unknown", "kontorstid", "2026-11-25T18:00:00+01:00"),
        (LINE, "2027-01-01T11:00:00+01:00", "closed", None, "2027-01-04T07:00:00+01:00"),
        (LINE, "2026-06-19T11:00:00+02:00", "unknown", "midsommarafton", "2026-06-19T18:00:00+02:00"),
        (LINE, "2026-11-25T10:00:00Z", "unknown", "kontorstid", "2026-11-25T18:00:00+01:00"),
        (KVINNOFRID, "2026-12-25T03:00:00+01:00", "open", None, None),
        (KVINNOFRID, "2026-10-25T02:59:00+02:00", "open", None, None),
        (KVINNOFRID, "2026-10-25T02:59:00+01:00", "open", None, None),
        ("pegasuschatten.chatt", "2026-11-25T11:00:00+01:00", "not_stated", None, None),
        ("sos-112.telefon", "2026-11-25T11:00:00+01:00", "open", None, None),
    ],
)
def test_the_state_at_a_moment(
    client: httpx.Client, identity: str, at: str, state: str, comment: str | None, next_change: str | None
) -> None:
    found = hours(client, identity, at)
    assert (found["state"], found["comment"], found["next_change"]) == (state, comment, next_change)
    assert found["time_zone"] == "Europe/Stockholm"


def test_a_holiday_has_its_name_in_the_language_of_the_answer(client: httpx.Client) -> None:
    at = "2027-01-01T11:00:00+01:00"
    assert hours(client, LINE, at)["holiday"] == "Nyårsdagen"
    assert hours(client, LINE, at, lang="en")["holiday"] == "New Year's Day"
    assert hours(client, LINE, "2026-11-25T11:00:00+01:00")["holiday"] is None


def test_an_entry_says_what_is_stated_by_whom_and_what_is_inferred(client: httpx.Client) -> None:
    found = hours(client, LINE, "2026-11-25T11:00:00+01:00")
    assert (found["basis"], found["stated"], found["always_open"]) == ("inferred", "kontorstid på vardagar", False)
    assert found["reason"]
    assert found["resource"]["kind"] == "hotline"
    assert found["contact_point"]["value"] == "+4620390000"
    assert {one["source"]["publisher"] for one in found["citations"]} >= {"Jämställdhetsmyndigheten"}
    assert {one["field"] for one in found["citations"]} == {"contact_points.telefon.opening_hours"}
    assert hours(client, KVINNOFRID, "2026-11-25T11:00:00+01:00")["always_open"] is True


def test_there_is_an_entry_for_each_point_that_has_hours_or_is_known_to_lack_them(client: httpx.Client) -> None:
    entries = client.get("/v1/opening-hours", params={"limit": 100}).json()["items"]
    ids = {entry["id"] for entry in entries}
    assert {LINE, KVINNOFRID, "preventell.telefon", "sos-112.telefon"} <= ids
    for entry in entries:
        assert (entry["state"] == "not_stated") == (entry["expression"] is None)
        assert entry["contact_point"]["value"] is None or "@" not in entry["contact_point"]["value"]


@pytest.mark.parametrize("at", ["2026-11-22T02:00:00+01:00", "2026-11-25T11:00:00+01:00", "2026-12-25T03:00:00+01:00"])
def test_states_share_out_the_whole_and_the_filter_agrees_with_what_is_shown(client: httpx.Client, at: str) -> None:
    whole = client.get("/v1/opening-hours", params={"at": at, "limit": 100}).json()
    seen = []
    for state in ("open", "closed", "unknown", "not_stated"):
        found = client.get("/v1/opening-hours", params={"at": at, "state": state, "limit": 100}).json()["items"]
        assert {one["state"] for one in found} <= {state}
        seen += [one["id"] for one in found]
    assert sorted(seen) == sorted(one["id"] for one in whole["items"])
    two = client.get("/v1/opening-hours", params=[("at", at), ("state", "open"), ("state", "closed")]).json()
    assert {one["state"] for one in two["items"]} <= {"open", "closed"}


def test_open_lists_what_is_certainly_open_and_nothing_else(client: httpx.Client) -> None:
    at = "2026-12-25T03:00:00+01:00"
    found = client.get("/v1/hotlines", params={"open": "true", "at": at, "limit": 100}).json()["items"]
    assert "kvinnofridslinjen" in [one["id"] for one in found]
    for line in found:
        assert "open" in [point["opening_hours"]["state"] for point in line["contact_points"] if point["opening_hours"]]
    rest = client.get("/v1/hotlines", params={"open": "false", "at": at, "limit": 100}).json()["items"]
    whole = client.get("/v1/hotlines", params={"limit": 100}).json()["_meta"]["total"]
    assert len(found) + len(rest) == whole


def test_a_kind_a_channel_and_a_municipality_narrow_the_entries(client: httpx.Client) -> None:
    found = client.get("/v1/opening-hours", params={"kind": "support_service", "municipality": "Malmö"}).json()["items"]
    assert "evonhuset.telefon" in [one["id"] for one in found]
    assert {one["resource"]["kind"] for one in found} == {"support_service"}
    assert client.get("/v1/opening-hours", params={"channel": "chat"}).json()["items"]


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-25T11:00:00", "2026-11-25", "11:00", "now", "1700000000", "2026-13-01T00:00:00Z", "",
        "2026-02-29T00:00:00Z", "1999-12-31T22:59:59Z", "2077-01-01T00:00:00+01:00", "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00", "2026-11-25T11:00:00+25:00", "2026-11-25T24:00:00Z", "２０26-11-25T11:00:00Z",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/opening-hours", f"/v1/opening-hours/{LINE}", "/v1/hotlines", "/v1/resources"])
def test_a_moment_without_offset_outside_the_years_or_that_is_none_is_refused(
    client: httpx.Client, path: str, at: str
) -> None:
    answer = client.get(path, params={"at": at})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["parameter"] == "at"


def test_a_plus_that_was_not_encoded_is_still_an_offset(client: httpx.Client) -> None:
    found = client.get(f"/v1/opening-hours/{LINE}?at=2026-11-25T11:00:00+01:00").json()
    assert found["evaluated_at"] == "2026-11-25T11:00:00+01:00"


def test_each_entry_says_whom_it_is_for_and_who_says_so(client: httpx.Client) -> None:
    entries = client.get("/v1/opening-hours", params={"limit": 100}).json()["items"]
    assert {one["state"] for one in entries} >= {"not_stated"}
    for entry in entries:
        collection = {"support_service": "support-services"}.get(kind := entry["resource"]["kind"], f"{kind}s")
        resource = client.get(f"/v1/{collection}/{entry['resource']['id']}").json()
        assert entry["audiences"] == resource["audiences"]
        assert entry["citations"], entry["id"]
        own = f"contact_points.{entry['contact_point']['id']}."
        stated = {one["field"] for one in resource["citations"] if one["field"].startswith(own)}
        assert all(one["field"].startswith(own) for one in entry["citations"]) == bool(stated)


def test_a_live_answer_is_fresh_for_a_minute_at_most_and_never_served_stale(client: httpx.Client) -> None:
    for path in (f"/v1/opening-hours/{KVINNOFRID}", "/v1/hotlines?open=true", "/v1/opening-hours?state=open"):
        directives = client.get(path).headers["cache-control"].split(", ")
        assert {"public", "must-revalidate"} <= set(directives)
        assert not [one for one in directives if one.startswith("stale")]
        (fresh,) = [int(one.partition("=")[2]) for one in directives if one.startswith("max-age")]
        assert 0 <= fresh <= 60


def test_an_empty_list_of_what_is_open_now_is_not_served_stale_either(client: httpx.Client) -> None:
    found = client.get("/v1/coordinators?open=true")
    assert found.json()["items"] == []
    assert "must-revalidate" in found.headers["cache-control"]


@pytest.mark.parametrize("hours", ["off; Mo-Su off", "10:00-12:00, Mo-Su off", "alltid", "99:99-10:00"])
def test_a_stored_exception_counts_on_its_own_dates_only(hours: str) -> None:
    exception = Exceptional(date(2026, 12, 21), date(2026, 12, 27), hours)
    states = [
        live("24/7", [exception], datetime(2026, 12, day, 10, tzinfo=STOCKHOLM)).state for day in (20, 21, 27, 28)
    ]
    assert states == [State.OPEN, State.UNKNOWN, State.UNKNOWN, State.OPEN]


@pytest.fixture
def changed(engine: Engine, tmp_path: Path) -> Iterator[httpx.Client]:
    """A line with other hours on some dates, served."""
    folder = write_folder(tmp_path / "seed")
    add_exceptions(
        folder, ("2026-07-06", "2026-07-10", "off"), ("2026-07-18", "2026-07-18", "10:00-12:00"),
        ("2026-07-13", "2026-07-15", 'unknown "kontorstid"'),
    )  # fmt: skip
    write_seed(engine, read_seed(folder), SEEDED)
    url = engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        yield running.client


def test_exceptions_override_the_hours_on_their_dates_and_are_shown_as_such(changed: httpx.Client) -> None:
    for at, state, exceptional in (
        ("2026-07-03T10:00:00+02:00", "open", False),  # the Friday before
        ("2026-07-06T10:00:00+02:00", "closed", True),
        ("2026-07-10T15:59:00+02:00", "closed", True),
        ("2026-07-13T10:00:00+02:00", "unknown", True),
        ("2026-07-16T10:00:00+02:00", "open", False),
        ("2026-07-18T11:00:00+02:00", "open", True),  # a Saturday, usually closed
        ("2026-07-18T13:00:00+02:00", "closed", True),
        ("2026-07-25T11:00:00+02:00", "closed", False),
    ):
        found = hours(changed, "linjen.telefon", at)
        assert (found["state"], found["exceptional"]) == (state, exceptional), at
        (point,) = changed.get("/v1/hotlines/linjen", params={"at": at}).json()["contact_points"]
        assert point["opening_hours"]["state"] == state
        listed = changed.get("/v1/opening-hours", params={"at": at, "state": state}).json()["items"]
        assert "linjen.telefon" in [one["id"] for one in listed]
        is_open = changed.get("/v1/hotlines", params={"at": at, "open": "true"}).json()["items"] != []
        assert is_open == (state == "open"), at
    found = hours(changed, "linjen.telefon", "2026-07-04T10:00:00+02:00")
    assert found["next_change"] == "2026-07-16T09:00:00+02:00" or found["next_change"].startswith("2026-07-13")
    assert [one["starts_on"] for one in found["exceptions"]] == ["2026-07-06", "2026-07-13", "2026-07-18"]
    assert found["exceptions"][0]["reason"] == "Semesterstängt"
    assert any(one["field"] == "contact_points.telefon.exceptions" for one in found["citations"])
