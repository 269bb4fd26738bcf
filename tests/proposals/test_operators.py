"""Operators publish other hours, and confirm their own records, at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.access.models import KeyRole
from app.records.documents import Document
from app.records.rebuilding import rebuild
from app.resources.reviewing import day_of
from app.verifying.tasks import update_tasks
from tests.access.conftest import Header, MakeKey
from tests.proposals.conftest import LINE, Desk
from tests.records.conftest import FIRST
from tests.test_every_route import assert_problem

TODAY = day_of(datetime.now(UTC))
REASON = {"sv": "Stängt.", "en": "Closed."}


@pytest.fixture
def operator(make_key: MakeKey) -> Header:
    """The key of those who run the line."""
    return make_key(KeyRole.OPERATOR, "records=hotlines/linjen", "Linjen")


def closed(first: int, last: int, **more: Any) -> dict[str, Any]:
    """Closed from one day to another, counted from today."""
    days = {"starts_on": str(TODAY + timedelta(first)), "ends_on": str(TODAY + timedelta(last))}
    return {"contact_point": "telefon", "expression": "off", "reason": REASON, **days, **more}


def test_a_line_that_closes_for_some_days_is_closed_everywhere_at_once(desk: Desk, operator: Header) -> None:
    path = f"/v1/records/{LINE}/exceptions"
    made = desk.client.post(path, json=closed(-1, 2), headers=operator)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["changed_fields"]) == ("accepted", ["contact_points.telefon.exceptions"])
    shown = desk.client.get("/v1/hotlines/linjen?lang=en").json()
    hours = shown["contact_points"][0]["opening_hours"]
    assert [(one["expression"], one["reason"]) for one in hours["exceptions"]] == [("off", "Closed.")]
    assert (hours["state"], hours["exceptional"]) == ("closed", True)
    assert desk.client.post(path, json=closed(30, 31), headers=operator).status_code == 201
    shown = desk.client.get("/v1/hotlines/linjen").json()
    assert len(shown["contact_points"][0]["opening_hours"]["exceptions"]) == 2
    cited = [one for one in shown["citations"] if one["field"] == "contact_points.telefon.exceptions"]
    assert {one["source"]["publisher"] for one in cited} == {"Linjen"}
    assert len(cited) == 2
    overlapping = assert_problem(desk.client.post(path, json=closed(1, 3), headers=operator), 422)
    assert overlapping["errors"][0]["parameter"] == "contact_points.telefon.exceptions"
    assert rebuild(desk.store.engine, FIRST) == []


@pytest.mark.parametrize(
    ("asked", "status", "parameter"),
    [
        (closed(1, 61), 422, "ends_on"),
        (closed(-3, -1), 422, "ends_on"),
        (closed(2, 1), 422, "contact_points.telefon.exceptions"),
        (closed(1, 2, contact_point="chatt"), 422, "contact_point"),
        (closed(1, 2, expression="alltid"), 422, "contact_points.telefon.exceptions"),
        (closed(1, 2, reason={"sv": "Stängt."}), 422, "reason.en"),
        (closed(1, 2, reason={"sv": "a\u0000", "en": "b"}), 422, "request"),
    ],
)
def test_an_exception_that_is_not_in_order_is_refused(
    desk: Desk, operator: Header, asked: dict[str, Any], status: int, parameter: str
) -> None:
    told = assert_problem(desk.client.post(f"/v1/records/{LINE}/exceptions", json=asked, headers=operator), status)
    assert told["errors"][0]["parameter"] == parameter


def test_exceptions_that_are_over_make_room_for_new_ones(desk: Desk, operator: Header) -> None:
    days = [str(TODAY - timedelta(day)) for day in range(1, 15)]
    over = [{"starts_on": day, "ends_on": day, "expression": "off", "reason": REASON} for day in days]

    def add_past_exceptions(document: Document) -> None:
        document["contact_points"][0]["exceptions"] = over
        document["citations"][0]["fields"].append("contact_points.telefon.exceptions")

    desk.store.change("hotline", "linjen", add_past_exceptions)
    made = desk.client.post(f"/v1/records/{LINE}/exceptions", json=closed(0, 2), headers=operator)
    assert made.status_code == 201, made.text
    (point,) = desk.store.document("hotline", "linjen")["contact_points"]
    assert [one["starts_on"] for one in point["exceptions"]] == [str(TODAY)]


def test_operators_change_nothing_else_and_nothing_of_others(desk: Desk, operator: Header) -> None:
    elsewhere = desk.client.post(
        "/v1/records/coordinators/koordinator-vast/confirmations", json={"scope": "content"}, headers=operator
    )
    assert_problem(elsewhere, 403)
    assert_problem(desk.propose(operator, LINE, patch={"summary": {"sv": "A", "en": "B"}}, publish=True), 403)
    contributor = desk.contributor("records=hotlines/linjen")
    assert_problem(desk.client.post(f"/v1/records/{LINE}/exceptions", json=closed(1, 2), headers=contributor), 403)


def test_who_runs_a_line_confirms_it_and_only_editors_say_that_they_called(desk: Desk, operator: Header) -> None:
    path = f"/v1/records/{LINE}/confirmations"
    assert_problem(desk.client.post(path, json={"scope": "contact", "method": "phone"}, headers=operator), 403)
    made = desk.client.post(path, json={"scope": "contact"}, headers=operator)
    assert made.status_code == 201, made.text
    assert made.json() == {
        "record": LINE, "scope": "contact", "method": "operator", "actor": "Linjen", "verified_on": str(TODAY)
    }  # fmt: skip
    assert desk.client.get("/v1/hotlines/linjen").json()["verified_at"] == str(TODAY)
    tomorrow = {"scope": "contact", "verified_on": str(TODAY + timedelta(1))}
    assert_problem(desk.client.post(path, json=tomorrow, headers=operator), 422)
    assert desk.client.post(path, json={"scope": "hours", "method": "phone"}, headers=desk.editor).status_code == 201


def test_a_test_key_of_an_operator_publishes_and_confirms_nothing(desk: Desk, make_key: MakeKey) -> None:
    key = make_key(KeyRole.OPERATOR, "records=hotlines/linjen", "Linjen", is_test=True)
    before = desk.revision(LINE)
    assert desk.client.post(f"/v1/records/{LINE}/exceptions", json=closed(1, 2), headers=key).status_code == 201
    made = desk.client.post(f"/v1/records/{LINE}/confirmations", json={"scope": "contact"}, headers=key)
    assert made.status_code == 201
    assert desk.revision(LINE) == before
    assert desk.client.get("/v1/hotlines/linjen").json()["verified_at"] is None


def test_only_an_operator_gives_the_operators_own_word(desk: Desk) -> None:
    path = f"/v1/records/{LINE}/confirmations"
    told = assert_problem(desk.client.post(path, json={"scope": "contact"}, headers=desk.editor), 403)
    assert "phone or read" in told["detail"]


def test_what_an_operator_publishes_at_once_is_one_task_of_its_record_to_look_at_afterwards(
    desk: Desk, operator: Header
) -> None:
    desk.client.post(f"/v1/records/{LINE}/exceptions", json=closed(1, 2), headers=operator)
    desk.client.post(f"/v1/records/{LINE}/confirmations", json={"scope": "contact"}, headers=operator)
    desk.client.post(f"/v1/records/{LINE}/exceptions", json=closed(9, 9), headers=desk.editor)
    (task,) = desk.client.get("/v1/tasks", headers=desk.editor).json()["items"]
    assert (task["kind"], task["record"]) == ("operator_act", LINE)
    assert task["why"].count("Linjen: ") == 2
    assert "confirmed (contact)" in task["why"]
    with Session(desk.store.engine) as session:
        assert update_tasks(session, [], datetime.now(UTC)) == (0, 0)
    path = f"/v1/tasks/{task['id']}"
    decided = desk.client.post(f"{path}/decision", json={"reason": "It is so."}, headers=desk.editor)
    assert decided.status_code == 200
    assert desk.client.get("/v1/tasks", headers=desk.editor).json()["items"] == []
    assert desk.client.get(path, headers=desk.editor).json()["closing_reason"] == "It is so."


def test_other_hours_for_each_of_sixty_days_fit_together(desk: Desk, operator: Header) -> None:
    days = [str(TODAY + timedelta(day)) for day in range(1, 60)]
    other = "09:00-12:00,13:00-16:00"
    ahead = [{"starts_on": day, "ends_on": day, "expression": other, "reason": REASON} for day in days]

    def add_exceptions(document: Document) -> None:
        document["contact_points"][0]["exceptions"] = ahead
        document["citations"][0]["fields"].append("contact_points.telefon.exceptions")

    desk.store.change("hotline", "linjen", add_exceptions)
    made = desk.client.post(f"/v1/records/{LINE}/exceptions", json=closed(60, 60), headers=operator)
    assert made.status_code == 201, made.text
    at = f"{days[-1]}T12:30:00Z"
    hours = desk.client.get("/v1/hotlines/linjen", params={"at": at}).json()["contact_points"][0]["opening_hours"]
    assert (hours["exceptional"], len(hours["exceptions"])) == (True, 60)
