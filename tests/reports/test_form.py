"""The form “Är något fel?” on the pages for people."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.main import create_app
from app.reports import keeping
from app.reports.models import ReplyAddress, Report
from app.reports.routes import PER_MINUTE
from app.settings import Settings
from app.verifying.models import Task
from tests.access.conftest import MakeKey
from tests.records.conftest import Store

HOSTILE = '</textarea><script>alert(1)</script> "{{7*7}}"'


def fill(**more: str) -> dict[str, str]:
    opened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    return {"record": "hotlines/linjen", "text": "Numret går\r\ninte fram.", "opened_at": opened, "website": "", **more}


def reports(store: Store) -> list[Report]:
    with Session(store.engine) as session:
        return list(session.exec(select(Report)).all())


def test_each_resource_page_leads_to_a_form_with_its_record_and_the_report_becomes_a_task(
    store: Store, client: httpx.Client
) -> None:
    (link,) = re.findall(r'href="([^"]+record=[^"]+)"', client.get("/sv/resurser/linjen").text)
    assert link == "/sv/fel?record=hotlines/linjen"
    form = client.get(link)
    assert form.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in form.headers
    assert "set-cookie" not in form.headers
    assert '<input type="hidden" name="record" value="hotlines/linjen">' in form.text
    assert '<option value="contact_points.telefon">Telefon: 020-39 00 00</option>' in form.text
    sent = client.post("/sv/fel", data=fill(field="contact_points.telefon", answer_to="nagon@example.com"))
    assert (sent.status_code, sent.headers["location"]) == (303, "/sv/tack")
    assert sent.headers["cache-control"] == "private, no-store"
    (report,) = reports(store)
    assert (report.text, report.field) == ("Numret går\ninte fram.", "contact_points.telefon")
    with Session(store.engine) as session:
        assert session.exec(select(ReplyAddress.address)).one() == "nagon@example.com"
        task = session.exec(select(Task)).one()
    assert json.loads(task.details) == {"count": 1, "field": "contact_points.telefon"}


@pytest.mark.parametrize(
    ("form", "thanks", "words"),
    [("/sv/fel", "/sv/tack", "visas inte för andra"), ("/en/report", "/en/thanks", "not shown to other")],
)
def test_what_concerns_no_record_is_a_task_by_itself_and_thanks_say_whom_to_call(
    form: str, thanks: str, words: str, store: Store, client: httpx.Client, make_key: MakeKey
) -> None:
    assert 'name="record"' not in client.get(form, params={"record": "hotlines/ingen"}).text
    for text in ("En jour saknas.", "En annan saknas."):
        sent = client.post(form, data={"text": text, "opened_at": fill()["opened_at"]})
        assert (sent.status_code, sent.headers["location"]) == (303, thanks)
    page = client.get(thanks)
    assert page.headers["cache-control"] == "private, no-store"
    main = page.text.partition("<main")[2]
    assert words in main
    assert 'href="tel:112"' in main
    tasks = client.get("/v1/tasks", headers=make_key()).json()["items"]
    assert sorted((task["record"], task["why"].count("reported")) for task in tasks) == [(None, 1), (None, 1)]


def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(store: Store, client: httpx.Client) -> None:
    now = datetime.now(UTC).isoformat()
    for more, words in (
        ({"text": ""}, "3 till 1 000 tecken"),
        ({"answer_to": "nobody"}, "namn@exempel.se"),
        ({"opened_at": now}, "inom några sekunder efter att det öppnades"),
        ({"opened_at": "nyss"}, "gick inte att läsa"),
        ({"record": "hotlines/ingen"}, "finns inte längre"),
        ({"field": "contact_points.fax"}, "på nytt"),
        ({"text": "a\x00bcd"}, "gick inte att läsa"),
    ):
        answer = client.post("/sv/fel", data=fill(**{"text": HOSTILE, **more}))
        assert answer.status_code == 422, more
        assert words in answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        assert "<script>alert" not in answer.text
        assert "mer än ett dygn" not in answer.text
        if "text" not in more:
            assert HOSTILE in unescape(answer.text)
    old = client.post("/sv/fel", data=fill(opened_at="2000-01-01T00:00:00+00:00"))
    assert (old.status_code, "mer än ett dygn" in old.text, "2000-01-01" in old.text) == (422, True, False)
    assert "inom några sekunder" not in old.text
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        other = client.post("/sv/fel", content="text=Fel.", headers={"Content-Type": kind})
        assert other.status_code == 415, kind
    assert client.post("/sv/fel", content=20_000 * b"x").status_code == 413
    assert client.post("/sv/fel", data=fill(website="https://spam.example")).status_code == 303
    assert client.post("/sv/fel", data=fill(text=1000 * "😀")).status_code == 303
    assert [report.text for report in reports(store)] == [1000 * "😀"]


def test_a_form_that_another_site_sends_is_no_report(store: Store, client: httpx.Client) -> None:
    own = str(client.base_url).rstrip("/")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://x.example"}):
        answer = client.post("/sv/fel", data=fill(), headers=headers)
        assert answer.status_code == 403
        assert "Skicka det från den här sidan" in answer.text
    assert reports(store) == []
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": own}, {"Origin": "null"}):
        assert client.post("/sv/fel", data=fill(), headers=headers).status_code == 303


def test_the_form_in_both_languages_and_the_api_share_what_a_network_may_send(store: Store) -> None:
    settings = Settings(database_url=store.engine.url.render_as_string(hide_password=False))
    body: dict[str, Any] = {"text": "Fel.", "opened_at": fill()["opened_at"]}
    with TestClient(create_app(settings), client=("192.0.2.7", 5000), follow_redirects=False) as network:
        statuses = [
            network.post("/v1/reports", json=body).status_code,
            network.post("/sv/fel", data=fill()).status_code,
            network.post("/en/report", data=fill()).status_code,
        ]
        refused = network.post("/en/report", data=fill())
    assert (statuses, PER_MINUTE) == ([202, 303, 303], 3)
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert "Wait a minute and send it again." in refused.text


def test_who_meets_the_ceiling_of_a_day_is_told_to_come_back_tomorrow_and_keeps_the_text(
    store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_A_DAY", 1)
    assert client.post("/sv/fel", data=fill()).status_code == 303
    refused = client.post("/sv/fel", data=fill(text="Numret är bytt."))
    assert (refused.status_code, "Försök igen i morgon." in refused.text) == (429, True)
    assert "Numret är bytt." in refused.text
    assert 'href="tel:112"' in refused.text
    assert len(reports(store)) == 1


def test_no_page_shows_an_address_that_nobody_has_set_and_error_pages_lead_to_the_form(client: httpx.Client) -> None:
    pages = {"/sv/": ("om", "tillganglighet", "integritet"), "/en/": ("about", "accessibility", "privacy")}
    for start, names in pages.items():
        form = "/sv/fel" if start == "/sv/" else "/en/report"
        for path in (*(start + name for name in names), f"/?lang={start[1:3]}"):
            text = client.get(path).text
            assert "stodkatalogen.example" not in text, path
            assert form.lstrip("/") in text, path
        assert f'href="{form}"' in client.get(f"{start}ingenting").text


def test_an_address_that_is_set_stands_beside_the_form(store: Store) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, contact_email="red@katalog.se", contact_url="https://katalog.se")
    with TestClient(create_app(settings)) as own:
        for path in ("/sv/om", "/en/privacy", "/?lang=sv"):
            assert 'href="mailto:red@katalog.se"' in own.get(path).text
        assert 'href="https://katalog.se"' in own.get("/sv/om").text
