"""Anybody can say that something is wrong, and nobody can fill the store by it."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from app.access.models import KeyRole
from app.main import create_app
from app.reports import keeping, routes
from app.reports.keeping import Complaint, forget_old, keep_report
from app.reports.models import ReplyAddress, Report
from app.reports.routes import PER_DAY, PER_MINUTE
from app.settings import Settings
from app.verifying import running
from app.verifying.fetching import Fetcher
from app.verifying.listing import list_tasks
from app.verifying.models import Task
from app.verifying.tasks import update_tasks
from tests.access.conftest import MakeKey
from tests.records.conftest import Store
from tests.test_every_route import assert_problem

HOSTILE = "<script>alert(1)</script> {{7*7}} ' OR 1=1 --"


def body(**more: Any) -> dict[str, Any]:
    opened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    return {"record": "hotlines/linjen", "text": "Numret går inte fram.", "opened_at": opened, **more}


def rows(store: Store, model: type[SQLModel]) -> list[Any]:
    with Session(store.engine) as session:
        return list(session.exec(select(model)).all())


def test_reports_of_one_thing_are_one_task_that_an_editor_closes(
    store: Store, client: httpx.Client, make_key: MakeKey
) -> None:
    field = "contact_points.telefon.value"
    before = client.get("/v1/hotlines/linjen").headers["etag"]
    for text in ("Numret går inte fram.", HOSTILE):
        taken = client.post("/v1/reports?lang=en", json=body(field=field, text=text, answer_to="nagon@example.com"))
        assert taken.status_code == 202, taken.text
        assert "call 112" in taken.json()["message"]
        assert taken.headers["cache-control"] == "private, no-store"
    client.post("/v1/reports", json=body())
    assert client.get("/v1/hotlines/linjen").headers["etag"] == before
    editor = make_key(KeyRole.EDITOR)
    tasks = client.get("/v1/tasks", headers=editor).json()["items"]
    (task,) = [one for one in tasks if field in one["why"]]
    assert len(tasks) == 2
    assert task["record"] == "hotlines/linjen"
    assert task["why"].startswith("2 reported")
    assert HOSTILE in task["why"]
    assert "Numret går inte fram." in task["why"]
    assert "example.com" not in client.get("/v1/tasks", headers=editor).text
    path = f"/v1/tasks/{task['id']}/decision"
    elsewhere = make_key(KeyRole.EDITOR, "records=coordinators/koordinator-ost")
    assert_problem(client.post(path, json={"reason": "Vi ringde."}, headers=elsewhere), 404)
    assert "Numret går inte fram." not in client.get("/v1/tasks", headers=elsewhere).text
    assert client.post(path, json={"reason": "Vi ringde."}, headers=make_key(is_test=True)).status_code == 200
    assert client.post(path, json={"reason": "Vi ringde."}, headers=editor).status_code == 200
    assert_problem(client.post(path, json={"reason": "Vi ringde."}, headers=editor), 409)
    assert len(client.get("/v1/tasks", headers=editor).json()["items"]) == 1


def test_an_editor_reads_the_texts_of_a_task_and_whom_to_answer(client: httpx.Client, make_key: MakeKey) -> None:
    client.post("/v1/reports", json=body(answer_to="nagon@example.com"))
    client.post("/v1/reports", json=body(text="Ett till."))
    editor = make_key(KeyRole.EDITOR)
    (task,) = client.get("/v1/tasks", headers=editor).json()["items"]
    told = client.get(f"/v1/tasks/{task['id']}", headers=editor)
    assert told.headers["cache-control"] == "private, no-store"
    reports = told.json()["reports"]
    assert [(one["text"], one["answer_to"]) for one in reports] == [
        ("Ett till.", None), ("Numret går inte fram.", "nagon@example.com")
    ]  # fmt: skip
    operator = make_key(KeyRole.OPERATOR, name="Linjen")
    assert_problem(client.get(f"/v1/tasks/{task['id']}", headers=operator), 403)
    assert_problem(client.get("/v1/tasks/00000000-0000-4000-8000-000000000000", headers=editor), 404)


def test_a_run_of_verify_leaves_reports_open(store: Store, client: httpx.Client) -> None:
    client.post("/v1/reports", json=body())
    with Session(store.engine) as session:
        assert update_tasks(session, [], datetime.now(UTC)) == (0, 0)


def test_addresses_go_thirty_days_after_the_decision_and_reports_after_a_year(store: Store) -> None:
    now = datetime.now(UTC)
    keep_report(store.engine, Complaint("hotlines/linjen", None, "Fel.", "nagon@example.com"), now)
    for days, left in ((29, (1, 1)), (31, (0, 1)), (366, (0, 0))):
        with Session(store.engine) as session:
            task = session.exec(select(Task)).one()
            task.closed_at = now - timedelta(days=days)
            forget_old(session, now)
            session.commit()
        assert (len(rows(store, ReplyAddress)), len(rows(store, Report))) == left, days


def test_a_run_of_verify_deletes_addresses_whose_time_is_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    keep_report(store.engine, Complaint("hotlines/linjen", None, "Fel.", "nagon@example.com"), now)
    with Session(store.engine) as session:
        session.exec(select(Task)).one().closed_at = now
        session.commit()
    monkeypatch.setattr(running, "load_sources", lambda session, only: [])
    for days, left in ((29, 1), (31, 0)):
        running.run_checks(store.engine, Fetcher("test"), now + timedelta(days=days))
        assert len(rows(store, ReplyAddress)) == left, days


def test_what_people_do_not_fill_in_or_send_at_once_is_no_report(store: Store, client: httpx.Client) -> None:
    bot = client.post("/v1/reports", json=body(website="https://spam.example"))
    assert (bot.status_code, bot.json()["taken"]) == (202, True)
    hasty = client.post("/v1/reports", json=body(opened_at=datetime.now(UTC).isoformat()))
    assert assert_problem(hasty, 422)["errors"][0]["parameter"] == "opened_at"
    for opened in ("2000-01-01T00:00:00Z", (datetime.now(UTC) - timedelta(hours=25)).isoformat(), "", " "):
        old = client.post("/v1/reports", json=body(opened_at=opened))
        assert assert_problem(old, 422)["errors"][0]["parameter"] == "opened_at"
    for more in ({"text": 1001 * "x"}, {"text": "x"}, {"text": "a\u0000b"}, {"answer_to": "nobody"}, {"other": 1}):
        assert_problem(client.post("/v1/reports", json=body(**more)), 422)
    for record in ("hotlines/ingen", "linjer/linjen", "coordinators/linjen"):
        assert_problem(client.post("/v1/reports", json=body(record=record)), 404)
    assert_problem(client.post("/v1/reports", content=json.dumps(body()), headers={"Content-Type": "text/plain"}), 415)
    assert_problem(client.post("/v1/reports", content=9000 * b"x", headers={"Content-Type": "application/json"}), 413)
    unknown = assert_problem(client.post("/v1/reports", json=body(field="contact_points.okänd.value")), 422)
    assert unknown["errors"][0]["parameter"] == "field"
    unknown = assert_problem(client.post("/v1/reports", json=body(field="contact_points.fax.value")), 422)
    assert "contact_points.telefon.value" in unknown["errors"][0]["allowed_values"]
    assert rows(store, Report) == []


def test_no_report_hides_those_before_it_and_a_text_is_listed_once(store: Store, client: httpx.Client) -> None:
    now = datetime.now(UTC)
    for nth, text in enumerate(["Det riktiga felet.", *30 * ["Brus."], *(f"Brus {n}." for n in range(18))]):
        keep_report(store.engine, Complaint("hotlines/linjen", None, text, None), now + timedelta(seconds=nth))
    with Session(store.engine) as session:
        (task,) = list_tasks(session)
    assert "Det riktiga felet." in task["why"]
    assert task["why"].count("“Brus.”") == 1
    keep_report(store.engine, Complaint("hotlines/linjen", None, "Ett till.", None), now + timedelta(minutes=2))
    with Session(store.engine) as session:
        (task,) = list_tasks(session)
    assert task["why"].count("“") == 20


def test_a_network_and_a_day_take_so_many_and_say_when_again(
    store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = create_app(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))
    with TestClient(application, client=("192.0.2.7", 5000)) as network:
        statuses = [network.post("/v1/reports", json=body()).status_code for _ in range(PER_MINUTE + 1)]
        assert statuses == [*PER_MINUTE * [202], 429]
        assert "retry-after" in network.post("/v1/reports", json=body()).headers
    monkeypatch.setattr(routes, "PER_MINUTE", 0)
    with TestClient(create_app(application.state.settings), client=("192.0.2.9", 5000)) as network:
        statuses = [network.post("/v1/reports", json=body(website="x")).status_code for _ in range(PER_DAY + 1)]
        assert statuses == [*PER_DAY * [202], 429]
        assert "a day" in network.post("/v1/reports", json=body()).json()["detail"]
    monkeypatch.setattr(keeping, "MOST_A_DAY", PER_MINUTE)
    full = client.post("/v1/reports", json=body())
    assert "until tomorrow" in assert_problem(full, 429)["detail"]
    assert 80_000 < int(full.headers["retry-after"]) <= 86_400, "when the first of today's is a day old"
    assert len(rows(store, Report)) == PER_MINUTE


def test_nothing_that_a_reporter_sent_is_in_a_log(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "stodkatalog")
    client.post("/v1/reports", json=body(text="Hemligheten.", answer_to="nagon@example.com"))
    client.post("/v1/reports", json=body(text="Hemligheten.", record="hotlines/ingen"))
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "Hemligheten" not in logged
    assert "example.com" not in logged
    assert "127.0.0.1" not in logged
