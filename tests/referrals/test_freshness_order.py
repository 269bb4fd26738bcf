"""Among contacts that are equal otherwise, the one that was checked or seen lately comes first."""

from datetime import UTC, datetime

import httpx
from sqlalchemy import Engine

from app.main import create_app
from app.records.confirming import Confirmation, confirm
from app.resources.reviewing import day_of
from app.settings import Settings
from app.verifying.models import Method, Scope
from tests.serving import serve


def read_order(client: httpx.Client) -> list[tuple[str, str]]:
    """Kind and id of each step."""
    steps = client.get("/v1/referrals", params={"audience": "exposed"}).raise_for_status().json()["steps"]
    return [(step["resource"]["kind"], step["resource"]["id"]) for step in steps]


def test_what_a_person_has_checked_moves_up_among_its_equals_and_passes_no_emergency_number(
    seeded_engine: Engine,
) -> None:
    now = datetime.now(UTC)
    called = Confirmation(Scope.CONTACT, Method.PHONE, "editor", day_of(now))
    settings = Settings(database_url=seeded_engine.url.render_as_string(hide_password=False))
    moved = []
    with serve(create_app(settings)) as running:
        before = read_order(running.client)
        for kind, slug in reversed(before[1:]):
            confirm(seeded_engine, kind, slug, called, now)
            after = read_order(running.client)
            assert after[0] == before[0] == ("hotline", "sos-112")
            assert after.index((kind, slug)) <= before.index((kind, slug))
            rest = [[step for step in order if step != (kind, slug)] for order in (before, after)]
            assert rest[0] == rest[1], "nothing else changes its place"
            moved.append(after.index((kind, slug)) < before.index((kind, slug)))
            before = after
    assert any(moved)
