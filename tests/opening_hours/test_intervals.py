"""`/opening-hours/{id}/intervals`, through the door."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from icalendar import Calendar, Event
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.identity import identify
from app.main import create_app
from app.resources.models import ContactPoint, OpeningException, Resource
from app.settings import Settings
from app.times import STOCKHOLM
from tests.serving import serve

OFFICE, ALWAYS, SILENT = "nationella-stodtelefonen.telefon", "kvinnofridslinjen.telefon", "pegasuschatten.chatt"
CHRISTMAS = {"from": "2026-12-23T12:00:00+01:00", "to": "2026-12-27T00:00:00+01:00"}


def intervals(client: httpx.Client, point: str, **asked: str) -> dict[str, Any]:
    answer = client.get(f"/v1/opening-hours/{point}/intervals", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def events(client: httpx.Client, point: str, **asked: str) -> list[Event]:
    answer = client.get(f"/v1/opening-hours/{point}/intervals.ics", params=asked)
    assert answer.headers["content-type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    assert [zone.tz_name for zone in found.timezones] == ["Europe/Stockholm"]
    assert not found.errors
    return found.events


def told(event: Event) -> tuple[str, str, str, str]:
    return f"{event.start:%d %H:%M}", f"{event.end:%d %H:%M}", str(event["SUMMARY"]), str(event["STATUS"])


def test_the_spans_of_christmas_have_its_eve_unknown_and_its_days_closed(client: httpx.Client) -> None:
    found = intervals(client, OFFICE, **CHRISTMAS)
    assert (found["from"], found["to"]) == ("2026-12-23T12:00:00+01:00", "2026-12-27T00:00:00+01:00")
    spans = [(one["start"][8:16], one["state"], one["comment"]) for one in found["intervals"]]
    assert spans == [
        ("23T12:00", "unknown", "kontorstid"),
        ("23T18:00", "closed", None),
        ("24T07:00", "unknown", "julafton"),
        ("24T18:00", "closed", None),
    ]


def test_the_spans_have_no_gap_and_begin_and_end_with_the_window(client: httpx.Client) -> None:
    for point in (OFFICE, ALWAYS, SILENT):
        found = intervals(client, point, **{"from": "2026-03-01T00:00:00Z", "to": "2027-03-02T00:00:00Z"})
        spans = found["intervals"]
        assert [found["from"], *(one["end"] for one in spans)] == [*(one["start"] for one in spans), found["to"]]
        told = [(one["state"], one["comment"]) for one in spans]
        assert all(one != other for one, other in pairwise(told))


def test_the_offset_of_each_moment_is_the_one_in_force(client: httpx.Client) -> None:
    found = intervals(client, OFFICE, **{"from": "2026-10-23T12:00:00Z", "to": "2026-10-26T12:00:00Z"})
    assert {one["start"][-6:] for one in found["intervals"]} == {"+02:00", "+01:00"}
    assert found["from"] == "2026-10-23T14:00:00+02:00"
    assert found["to"] == "2026-10-26T13:00:00+01:00"


def test_hours_that_nobody_states_are_one_span_that_says_so(client: httpx.Client) -> None:
    found = intervals(client, SILENT, **CHRISTMAS)
    assert [one["state"] for one in found["intervals"]] == ["not_stated"]
    assert found["expression"] is None
    assert found["citations"], "who says that there is such a contact point"


def test_without_a_window_it_is_the_seven_days_from_now(client: httpx.Client) -> None:
    found = intervals(client, ALWAYS)
    since, until = datetime.fromisoformat(found["from"]), datetime.fromisoformat(found["to"])
    assert until.astimezone(UTC) - since.astimezone(UTC) == timedelta(days=7)
    assert abs(datetime.now(UTC) - since) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"from": "2026-12-23"}, "from"),
        ({"from": "2026-12-23T12:00:00"}, "from"),
        ({"from": "1999-12-31T12:00:00Z"}, "from"),
        ({"from": "2026-02-30T12:00:00Z"}, "from"),
        ({"to": "2077-06-01T12:00:00Z"}, "to"),
        ({"to": "2001-06-01T12:00:00Z"}, "to"),
        ({"from": CHRISTMAS["to"], "to": CHRISTMAS["from"]}, "to"),
        ({"from": CHRISTMAS["from"], "to": CHRISTMAS["from"]}, "to"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2027-01-02T00:00:01Z"}, "to"),
        ({"start": "2026-01-01T00:00:00Z"}, "start"),
        ({"at": "2026-01-01T00:00:00Z"}, "at"),
    ],
)
@pytest.mark.parametrize("path", ["intervals", "intervals.ics"])
def test_a_window_that_cannot_be_is_refused_by_name(
    client: httpx.Client, asked: dict[str, str], parameter: str, path: str
) -> None:
    answer = client.get(f"/v1/opening-hours/{OFFICE}/{path}", params=asked)
    assert answer.status_code == 422, answer.text
    assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]


def test_a_window_at_the_end_of_what_is_known_stops_there(client: httpx.Client) -> None:
    assert intervals(client, ALWAYS, **{"from": "2076-12-31T12:00:00+01:00"})["to"] == "2077-01-01T00:00:00+01:00"


def test_a_calendar_holds_half_a_year_at_most_where_json_holds_a_year(client: httpx.Client) -> None:
    year = {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
    assert intervals(client, OFFICE, **year)["to"] == "2027-01-01T01:00:00+01:00"
    for path, accept in (("intervals.ics", "*/*"), ("intervals", "text/calendar")):
        address, headers = f"/v1/opening-hours/{OFFICE}/{path}", {"Accept": accept}
        refused = client.get(address, params=year, headers=headers)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["detail"] == "is more than 184 days after `from`"
        assert client.get(address, params={**year, "to": "2026-07-04T00:00:00Z"}, headers=headers).status_code == 200


def test_an_unknown_contact_point_is_not_found(client: httpx.Client) -> None:
    for point in ("kvinnofridslinjen", "kvinnofridslinjen.fax", "finns-inte.telefon"):
        for path in ("intervals", "intervals.ics"):
            assert client.get(f"/v1/opening-hours/{point}/{path}").status_code == 404


def test_a_calendar_marks_what_may_be_staffed_as_tentative_and_says_so(client: httpx.Client) -> None:
    summaries = [told(one) for one in events(client, OFFICE, **CHRISTMAS)]
    assert summaries == [
        ("23 07:00", "23 18:00", "Kan vara bemannad: kontorstid – Nationella stödtelefonen", "TENTATIVE"),
        ("24 07:00", "24 18:00", "Kan vara bemannad: julafton – Nationella stödtelefonen", "TENTATIVE"),
    ]
    english = events(client, OFFICE, lang="en", **CHRISTMAS)
    assert str(english[0]["SUMMARY"]) == "May be staffed: office hours – National support line"


def test_a_calendar_names_112_the_number_the_sources_own_words_and_the_source(client: httpx.Client) -> None:
    lines = str(events(client, OFFICE, **CHRISTMAS)[0]["DESCRIPTION"]).split("\n")
    assert lines[:4] == [
        "Akut fara: ring 112.",
        "Stödtelefonen: 020-39 00 00.",
        "Läst den 27 november 2026; numret har inte provringts.",
        "Öppettider enligt källan: ”kontorstid på vardagar”.",
    ]
    assert lines[-1].startswith("Källa: Jämställdhetsmyndigheten, Stöd till yrkesverksamma")


def test_what_is_always_open_is_an_event_a_day(client: httpx.Client) -> None:
    found = [told(one) for one in events(client, ALWAYS, **CHRISTMAS)]
    assert found[0] == ("23 00:00", "24 00:00", "Öppet – Kvinnofridslinjen", "CONFIRMED")
    assert len(found) == 4


def test_an_event_has_the_same_uid_whichever_window_it_is_fetched_in(client: httpx.Client) -> None:
    whole = {one.start: str(one["UID"]) for one in events(client, OFFICE, **CHRISTMAS)}
    later = events(client, OFFICE, **{**CHRISTMAS, "from": "2026-12-24T09:30:00+01:00"})
    assert [str(one["UID"]) for one in later] == [whole[one.start] for one in later]
    assert len(set(whole.values())) == len(whole)


def test_hours_that_nobody_states_have_an_empty_calendar_that_says_so(client: httpx.Client) -> None:
    answer = client.get(f"/v1/opening-hours/{SILENT}/intervals", headers={"Accept": "text/calendar"})
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    assert (found.events, len(found.subcomponents)) == ([], 1), "RFC 5545 wants a component: the time zone"
    assert "Ingen källa anger öppettiderna." in str(found["DESCRIPTION"])


def test_the_calendars_own_time_zone_is_stockholms(client: httpx.Client) -> None:
    answer = client.get(f"/v1/opening-hours/{ALWAYS}/intervals.ics")
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    zone = found.timezones[0].to_tz(lookup_tzid=False)
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(2 * 24 * 365)]
    # Asked with wall-clock times: those that a clock shows twice or never are not the question.
    clear = [one.astimezone(STOCKHOLM) for one in moments if one.astimezone(STOCKHOLM).hour not in (2, 3)]
    assert all(one.replace(tzinfo=zone).utcoffset() == one.utcoffset() for one in clear)


@pytest.fixture
def with_exceptions(seeded_engine: Engine) -> Iterator[httpx.Client]:
    """A line that is open 11–19, closed for a day, and open longer on the next."""
    with Session(seeded_engine) as session:
        resource = session.exec(select(Resource).where(Resource.slug == "kvinnofridslinjen")).one()
        point = session.exec(
            select(ContactPoint).where(ContactPoint.resource_id == resource.id, ContactPoint.slug == "telefon")
        ).one()
        point.opening_hours = "Mo-Su 11:00-19:00"
        session.add(point)
        for day, expression in ((date(2026, 12, 3), "off"), (date(2026, 12, 4), "08:00-22:00")):
            session.add(
                OpeningException(
                    id=identify("exception", str(day)),
                    contact_point_id=point.id,
                    starts_on=day,
                    ends_on=day,
                    expression=expression,
                    reason_sv="personaldag",
                    reason_en="staff day",
                )
            )
        session.commit()
    settings = Settings(database_url=seeded_engine.url.render_as_string(hide_password=False))
    with serve(create_app(settings)) as running:
        yield running.client


def test_exceptions_are_in_the_spans_and_in_the_calendar(with_exceptions: httpx.Client) -> None:
    window = {"from": "2026-12-02T00:00:00+01:00", "to": "2026-12-05T00:00:00+01:00"}
    found = intervals(with_exceptions, ALWAYS, **window)
    opened = [(one["start"][8:16], one["end"][8:16]) for one in found["intervals"] if one["state"] == "open"]
    assert opened == [("02T11:00", "02T19:00"), ("04T08:00", "04T22:00")]
    assert [one["reason"] for one in found["exceptions"]] == ["personaldag", "personaldag"]
    calendar = [told(one)[:2] for one in events(with_exceptions, ALWAYS, **window)]
    assert calendar == [("02 11:00", "02 19:00"), ("04 08:00", "04 22:00")]


def test_a_calendar_that_is_subscribed_to_reaches_three_months_ahead(client: httpx.Client) -> None:
    now = "2026-11-21T12:00:00+01:00"
    last = max(event.end for event in events(client, OFFICE, **{"from": now}) if isinstance(event.end, datetime))
    assert timedelta(days=85) < last - datetime.fromisoformat(now) < timedelta(days=95)


def test_an_event_in_a_calendar_leads_to_the_page_for_people(client: httpx.Client) -> None:
    for language, page in (
        ("sv", "/sv/resurser/nationella-stodtelefonen"),
        ("en", "/en/resources/nationella-stodtelefonen"),
    ):
        (first, *_) = events(client, OFFICE, **CHRISTMAS, lang=language)
        assert str(first["URL"]) == str(client.base_url.copy_with(path=page))
        assert "text/html" in client.get(str(first["URL"])).headers["content-type"]
