"""Courses, through the door."""

from typing import Any

import httpx
import pytest


def courses(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/courses", params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_all_nine_courses_are_there(client: httpx.Client) -> None:
    assert len(courses(client, status=["current", "unverified", "outdated", "ended"])) == 9


def test_a_length_that_no_source_states_is_null_and_found_by_no_filter(client: httpx.Client) -> None:
    unstated = {one["id"] for one in courses(client) if one["minutes"] is None}
    assert unstated
    assert not unstated & {one["id"] for one in courses(client, max_minutes=100_000)}


def test_max_minutes_includes_its_number(client: httpx.Client) -> None:
    stated = {one["id"]: one["minutes"] for one in courses(client) if one["minutes"]}
    shortest = min(stated.values())
    assert {one["id"] for one in courses(client, max_minutes=shortest)} == {
        identity for identity, minutes in stated.items() if minutes == shortest
    }


def test_free_finds_what_is_stated_to_be_free_and_false_what_is_stated_to_cost(client: httpx.Client) -> None:
    assert {one["free"] for one in courses(client, free="true")} == {True}
    assert {one["free"] for one in courses(client, free="false")} <= {False}


def test_a_format_finds_only_its_own(client: httpx.Client) -> None:
    for name in ("online", "on_site", "blended"):
        assert {one["format"] for one in courses(client, format=name)} <= {name}
    assert courses(client, format="online")


@pytest.mark.parametrize(
    ("name", "value"),
    [("format", "webb"), ("free", "kanske"), ("max_minutes", "0"), ("max_minutes", "-1"), ("minutes", "5")],
)
def test_a_value_that_is_none_is_refused(client: httpx.Client, name: str, value: str) -> None:
    answer = client.get("/v1/courses", params={name: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == name
