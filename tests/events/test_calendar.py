"""`/events.ics`, through the door."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.events.models import EventDetails
from app.main import create_app
from app.resources.models import Basis, Resource
from app.settings import Settings
from app.status import Status
from tests.serving import serve

DAY = timedelta(days=1)


def calendar(client: httpx.Client, **asked: Any) -> Calendar:
    answer = client.get("/v1/events.ics", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    assert not found.errors
    assert found.subcomponents, "RFC 5545 wants a component, also where there is no event"
    return found


@pytest.fixture
def ahead(seeded_engine: Engine) -> Iterator[httpx.Client]:
    """Three of the seeded events moved: to yesterday, to today until tomorrow, and to a day far ahead."""
    today = date.today()  # noqa: DTZ011  # a day off in Stockholm would still be ahead, or past
    with Session(seeded_engine) as session:
        found = session.exec(
            select(Resource, EventDetails).where(EventDetails.resource_id == Resource.id).order_by(Resource.slug)
        ).all()
        moved = ((today - 3 * DAY, today - 2 * DAY), (today, today + 2 * DAY), (today + 200 * DAY, None))
        for (resource, details), (first, last) in zip(found, moved, strict=False):
            resource.status, details.starts_on, details.ends_on = Status.CURRENT, first, last
            details.date_basis = Basis.INFERRED if last is None else Basis.STATED
            details.venue = "Folkets hus; stora salen, 2 tr"
            session.add_all((resource, details))
        session.commit()
    with serve(create_app(Settings(database_url=seeded_engine.url.render_as_string(hide_password=False)))) as running:
        yield running.client


def test_of_the_events_that_are_known_none_is_ahead_and_the_calendar_is_empty_and_valid(client: httpx.Client) -> None:
    for asked in ({}, {"status": ["current", "unverified", "outdated", "ended"]}, {"lang": "en"}):
        assert calendar(client, **asked).events == []


def test_what_is_not_over_is_in_the_calendar_and_what_is_over_never(ahead: httpx.Client) -> None:
    under_way, far = sorted(calendar(ahead).events, key=lambda event: event.start)
    assert under_way.end - under_way.start == 3 * DAY, "the end of whole days is the day after the last"
    assert far.end - far.start == DAY
    assert (under_way["STATUS"], far["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert str(under_way["LOCATION"]).startswith("Folkets hus; stora salen, 2 tr")
    assert "Källor: " in str(under_way["DESCRIPTION"])
    assert [event["UID"] for event in calendar(ahead, status="current").events] == [
        event["UID"] for event in calendar(ahead).events
    ]


def test_filters_are_those_of_events(ahead: httpx.Client) -> None:
    assert calendar(ahead, status="unverified").events == []
    assert ahead.get("/v1/events.ics", params={"status": "ny"}).status_code == 422
    named = ahead.get("/v1/events.ics", headers={"Accept": "application/json"})
    assert (named.status_code, named.headers["content-type"].partition(";")[0]) == (200, "text/calendar")
