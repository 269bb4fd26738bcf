"""A record is shown in every form from a view alone: no request, and no service that answers one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.database import engine_for
from app.embed.offers import OFFERS, Embed
from app.embed.pages.addresses import RESOURCE
from app.embed.pages.rendering import Frame, write_page
from app.embed.rendering import fragment
from app.events.calendar import make_events_calendar
from app.events.schemas import Event
from app.hotlines.queries import hotline
from app.hotlines.reading import build_hotlines
from app.http.views import Aging
from app.kinds import build_whole
from app.opening_hours.calendar import hours_calendar
from app.opening_hours.live import State
from app.opening_hours.queries import opening_hours
from app.opening_hours.reading import build_entries
from app.referrals.making import make_referral
from app.referrals.schemas import ReferralParameters
from app.referrals.text import plain_text
from app.resources.filters import ReachableParameters
from app.resources.kind import Kind, profile_of
from app.resources.models import Resource
from app.resources.overdue import make_overdue_feed
from app.resources.queries import of_kind
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown
from app.settings import Settings
from app.standards.exports.columns import CONTACT_POINTS, RESOURCES
from app.standards.exports.writing import Delimiter, Dialect, csv_pieces, ndjson_pieces
from app.standards.hsds.related import load_related
from app.standards.hsds.services import service
from app.standards.schema_org import build_things
from app.standards.vcard import write_vcard
from app.texts import Language

BASE = "http://directory.example"
AT = datetime.fromisoformat("2026-11-23T10:00:00+01:00")


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def reading(engine: Engine) -> Iterator[Reading]:
    """A view of a moment, and the store."""
    with Session(engine) as session:
        yield Reading(session=session, base_url=BASE, language=Language.ENGLISH, at=AT, live=False)


def load_first(reading: Reading, kind: Kind) -> Resource:
    found: Resource = reading.session.scalars(of_kind(kind, []).limit(1)).one()
    return found


@pytest.mark.parametrize("kind", Kind)
def test_a_record_of_each_kind_is_shown_in_every_form_without_a_request(reading: Reading, kind: Kind) -> None:
    resource = load_first(reading, kind)
    (item,) = build_whole(reading, [resource])
    batches = [[item]]
    frame = Frame(BASE, Language.ENGLISH, Settings(), slug=item.id)
    dialect = Dialect(Delimiter.COMMA, bom=False)
    forms = {
        "schema.org": json.dumps(build_things(reading, [resource])),
        "vCard": write_vcard(reading, item).decode(),
        "page": write_page(frame, RESOURCE, {"resource": item, "through": {}, "now": None}),
        "CSV": b"".join(csv_pieces(RESOURCES, batches, dialect)).decode(),
        "NDJSON": b"".join(ndjson_pieces(batches)).decode(),
    }
    if profile_of(kind).service is not None:
        forms["HSDS"] = json.dumps(service(reading, resource, load_related(reading, [resource], full=True)))
    assert [form for form, text in forms.items() if item.id not in text and str(resource.id) not in text] == []
    assert all(point.label in "".join(csv_pieces_of(batches)) for point in item.contact_points)
    if isinstance(item, Event):
        assert b"SUMMARY" in make_events_calendar(reading, [item])


def csv_pieces_of(batches: list[list[ResourceShown]]) -> list[str]:
    pieces = csv_pieces(CONTACT_POINTS, batches, Dialect(Delimiter.COMMA, bom=False))
    return [piece.decode().replace('""', '"') for piece in pieces]


def test_calendars_embeds_feeds_and_referrals_are_made_without_a_request(reading: Reading) -> None:
    rows = reading.session.execute(opening_hours().limit(5)).all()
    for entry, (_, resource) in zip(build_entries(reading, rows), rows, strict=True):
        body = hours_calendar(reading, entry, "020", resource.updated_at, (AT, AT + timedelta(days=7)))
        assert body.startswith(b"BEGIN:VCALENDAR")
    for embed in (Embed.HOTLINES, Embed.COORDINATORS):
        content = OFFERS[embed].show(reading, ReachableParameters(limit=3))
        assert content.entries[0].name in fragment(OFFERS[embed], content, 2, reading.moment).replace("&#39;", "'")
    assert make_overdue_feed(reading, 5, "Us", f"{BASE}/feed")[0].own == f"{BASE}/feed"
    referral = make_referral(reading, ReferralParameters(municipality="Halmstad"))
    assert "1. Emergency number 112" in plain_text(referral)


def test_what_is_made_without_a_request_is_what_a_request_is_answered(reading: Reading, client: httpx.Client) -> None:
    resource = load_first(reading, Kind.HOTLINE)
    at = {"at": AT.isoformat(), "lang": "en"}
    address = f"/v1/hotlines/{resource.slug}"
    base = str(client.base_url).rstrip("/")
    view = Reading(
        session=reading.session, base_url=base, language=Language.ENGLISH, at=AT, live=False,
        asked_language=Language.ENGLISH,
    )  # fmt: skip
    (item,) = build_hotlines(view, reading.session.execute(hotline(resource.slug)).all())
    assert json.loads(item.model_dump_json(by_alias=True)) == client.get(address, params=at).json()
    linked = client.get(address, params=at, headers={"Accept": "application/ld+json"})
    assert linked.json() == build_things(view, [resource])[0]
    assert client.get(f"/v1/resources/{resource.slug}.vcf", params=at).content == write_vcard(view, item)


def test_an_answer_ages_with_the_first_of_what_it_tells(reading: Reading) -> None:
    view = Reading(session=reading.session, base_url=BASE, language=Language.SWEDISH, at=AT, live=True)
    lines = reading.session.scalars(of_kind(Kind.HOTLINE, [])).all()
    changes = [
        point.opening_hours.next_change
        for line in build_whole(view, lines)
        for point in line.contact_points
        if point.opening_hours and point.opening_hours.next_change
    ]
    assert view.aging.next_change is not None
    assert AT < view.aging.next_change <= min(changes)
    build_whole(reading, lines)
    assert reading.aging.next_change is None, "what is told of a given moment does not age"


def test_what_is_to_be_kept_in_a_file_tells_no_state_that_passes(reading: Reading) -> None:
    lasting = replace(reading, live=True, lasting=AT, aging=Aging())
    lines = reading.session.scalars(of_kind(Kind.HOTLINE, [])).all()
    hours = [
        (point.opening_hours, kept.opening_hours)
        for line, file in zip(build_whole(reading, lines), build_whole(lasting, lines), strict=True)
        for point, kept in zip(line.contact_points, file.contact_points, strict=True)
        if point.opening_hours is not None and kept.opening_hours is not None
    ]
    passing = [kept for now, kept in hours if now.next_change is not None]
    always = [(now, kept) for now, kept in hours if now.always_open]
    assert passing
    assert {(kept.state, kept.comment, kept.next_change, kept.holiday) for kept in passing} == {
        (State.UNKNOWN, None, None, None)
    }
    assert always
    assert {(now.state, kept.state) for now, kept in always} == {(State.OPEN, State.OPEN)}
    assert {line.review for line in build_whole(lasting, lines)} == {None}
    assert lasting.moment is None
    assert lasting.aging.next_change is None, "what is kept does not age"
