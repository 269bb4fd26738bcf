"""Following the directory through `/v1/changes`, on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.changes.models import Change, Edition
from app.main import create_app
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import Settings
from app.status import Status
from tests.serving import serve

FIRST = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)


@pytest.fixture
def small(seed: Seed) -> Seed:
    """Three hotlines of the real seed, with all they need."""
    lines = [one for one in seed.resources if one.id in ("kvinnofridslinjen", "nationella-stodtelefonen", "preventell")]
    assert len(lines) == 3
    return Seed(
        sources=seed.sources,
        audiences=seed.audiences,
        topics=seed.topics,
        organizations=seed.organizations,
        areas=seed.areas,
        resources=lines,
    )


@pytest.fixture
def follower(engine: Engine) -> Iterator[httpx.Client]:
    """A client of a service over a store that the test writes to."""
    url = engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        yield running.client


def pages(client: httpx.Client, **parameters: str) -> list[dict[str, Any]]:
    """All pages, by following `next`."""
    found = [client.get("/v1/changes", params={**parameters, "limit": 7}).json()]
    while (following := found[-1]["_links"].get("next")) is not None:
        found.append(client.get(following["href"]).json())
    return found


def told(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["change"], one["record"]) for page in found for one in page["items"] if one["kind"] == "hotline"]


def altered(small: Seed) -> Seed:
    """One hotline changed, one ended, one removed, and no other difference."""
    lines = {one.id: one for one in small.resources}
    line = lines["kvinnofridslinjen"]
    first, *others = line.citations
    cited = first.model_copy(update={"fields": [*first.fields, "min_age"]})
    renamed = line.model_copy(update={"min_age": 18, "citations": [cited, *others]})
    ended = lines["preventell"].model_copy(update={"status": Status.ENDED})
    return replace(small, resources=[renamed, ended])


def test_a_follower_learns_what_was_added_changed_ended_and_removed_in_order_and_misses_nothing(
    engine: Engine, follower: httpx.Client, small: Seed
) -> None:
    write_seed(engine, small, FIRST)
    first = pages(follower)
    assert told(first) == [("added", one.id) for one in small.resources]
    assert len(first) > 1
    assert first[0]["_meta"]["total"] == sum(len(page["items"]) for page in first)

    write_seed(engine, altered(small), FIRST)  # within the same moment: the token tells them apart
    (page,) = pages(follower, after=first[-1]["_meta"]["after"])
    assert told([page]) == [
        ("removed", "nationella-stodtelefonen"),
        ("changed", "kvinnofridslinjen"),
        ("ended", "preventell"),
    ]
    (tombstone, changed, ended) = page["items"]
    assert (tombstone["_links"], tombstone["name"]) == ({}, "Nationella stödtelefonen")
    assert (ended["status"], ended["changed_at"]) == ("ended", "2026-01-05T08:00:00Z")
    assert follower.get(changed["_links"]["related"]["href"]).json()["min_age"] == 18

    (later,) = pages(follower, after=page["_meta"]["after"])
    assert (later["items"], later["_meta"]["after"]) == ([], page["_meta"]["after"])


def test_seeding_the_same_again_is_no_change_and_no_edition(engine: Engine, small: Seed) -> None:
    write_seed(engine, small, FIRST)
    with Session(engine) as session:
        before = len(session.exec(select(Change)).all())
    write_seed(engine, small, SECOND)
    with Session(engine) as session:
        assert len(session.exec(select(Change)).all()) == before
        assert [one.number for one in session.exec(select(Edition))] == [1]


def test_moving_a_record_in_the_list_is_a_new_edition_but_changes_no_record(engine: Engine, small: Seed) -> None:
    write_seed(engine, small, FIRST)
    small.resources.reverse()
    write_seed(engine, small, SECOND)
    with Session(engine) as session:
        assert {one.edition for one in session.exec(select(Change))} == {1}
        assert [one.number for one in session.exec(select(Edition).order_by("number"))] == [1, 2]


def renumbered(small: Seed) -> Seed:
    """One number changed, the title of a source of that line, and another line's summary."""
    lines = {one.id: one for one in small.resources}
    line, other = lines["kvinnofridslinjen"], lines["preventell"]
    first, *points = line.contact_points
    assert first.value is not None
    number = first.model_copy(update={"value": "+4620505051"})
    summary = other.summary.model_copy(update={"en": "Other words."})
    changed = {
        line.id: line.model_copy(update={"contact_points": [number, *points]}),
        other.id: other.model_copy(update={"summary": summary}),
    }
    cited = line.citations[0].source
    sources = [
        one.model_copy(update={"title": f"{one.title}, anew"}) if one.id == cited else one for one in small.sources
    ]
    return replace(small, sources=sources, resources=[changed.get(one.id, one) for one in small.resources])


def test_a_follower_of_numbers_is_told_of_changed_new_and_ended_numbers_and_of_nothing_else(
    engine: Engine, follower: httpx.Client, small: Seed
) -> None:
    write_seed(engine, small, FIRST)
    numbers = {"changed": "contact_points.value"}
    new = pages(follower, **numbers)
    assert told(new) == [("added", one.id) for one in small.resources]
    after = pages(follower)[-1]["_meta"]["after"]
    write_seed(engine, renumbered(small), SECOND)
    (page,) = pages(follower, after=after, **numbers)
    (item,) = page["items"]
    assert item["record"] == "kvinnofridslinjen"
    assert item["fields"] == ["citations", "contact_points", "contact_points.value"]
    everything = {one["record"]: one["fields"] for one in pages(follower, after=after)[0]["items"]}
    assert everything["preventell"] == ["citations", "summary"]
    after = page["_meta"]["after"]
    write_seed(engine, altered(renumbered(small)), SECOND)
    assert told(pages(follower, after=after, **numbers)) == [
        ("removed", "nationella-stodtelefonen"),
        ("ended", "preventell"),
    ]


def test_a_change_from_before_fields_were_kept_is_told_of_to_every_follower(
    engine: Engine, follower: httpx.Client, small: Seed
) -> None:
    write_seed(engine, small, FIRST)
    with Session(engine) as session:
        change = session.exec(select(Change).where(Change.slug == "preventell")).one()
        change.fields = None
        session.add(change)
        session.commit()
    (page,) = pages(follower, changed="max_age")
    assert [(one["record"], one["fields"]) for one in page["items"]] == [("preventell", None)]


def test_a_field_that_no_record_has_is_refused_with_those_that_there_are(client: httpx.Client) -> None:
    answer = client.get("/v1/changes", params={"changed": "numbers"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "changed")
    assert "contact_points.value" in answer.json()["errors"][0]["detail"]


def test_each_page_keeps_all_the_fields_that_were_asked_for(client: httpx.Client) -> None:
    asked: dict[str, Any] = {"changed": ["summary", "contact_points.value"], "limit": 1}
    page = client.get("/v1/changes", params=asked).json()
    assert page["_links"]["next"]["href"].count("changed=") == 2
    assert client.get("/v1/changes/feed.json", params=asked).json()["next_url"].count("changed=") == 2


def test_since_includes_its_moment(engine: Engine, follower: httpx.Client, small: Seed) -> None:
    write_seed(engine, small, FIRST)
    write_seed(engine, altered(small), SECOND)
    at_second = pages(follower, since="2026-01-06T09:00:00+01:00")
    assert [what for what, _ in told(at_second)] == ["removed", "changed", "ended"]
    (page,) = pages(follower, since="2026-01-06T08:00:01Z")
    assert (page["items"], page["_meta"]["after"]) == ([], None)


@pytest.mark.parametrize(
    "token", ["x", "AAAA", "åäö", "AAAAAAAAAAAAAAAA", "_______________=", "____________AAAA", "a" * 61, ""]
)
def test_a_broken_token_is_refused_and_told_so(client: httpx.Client, token: str) -> None:
    answer = client.get("/v1/changes", params={"after": token})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "after"


def test_a_token_of_another_history_is_refused_rather_than_skipping_what_is_new(
    engine: Engine, follower: httpx.Client, client: httpx.Client, small: Seed
) -> None:
    write_seed(engine, small, FIRST)
    theirs = client.get("/v1/changes").json()["_meta"]["after"]
    assert follower.get("/v1/changes", params={"after": theirs}).status_code == 422


@pytest.mark.parametrize("moment", ["yesterday", "2026-01-05", "2026-01-05T08:00:00", "2026-13-05T08:00:00Z"])
@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes.atom", "/v1/changes/feed.json"])
def test_a_broken_moment_is_refused(client: httpx.Client, path: str, moment: str) -> None:
    answer = client.get(path, params={"since": moment})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "since")
