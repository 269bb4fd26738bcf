"""From a key to every reader: a line closes for some days, and a municipality adds its own contact."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx

from app.access.models import KeyRole
from app.resources.reviewing import day_of
from app.times import STOCKHOLM
from tests.access.conftest import MakeKey
from tests.proposals.conftest import LINE, Desk

CLOSED, OPEN = "Stängt", "Öppet"


def find_open_noon(client: httpx.Client) -> datetime:
    """A noon in the coming days at which the line is open, as its usual hours have it."""
    today = day_of(datetime.now(UTC))
    for days in range(3, 13):
        noon = datetime.combine(today + timedelta(days), time(12), STOCKHOLM)
        if read_state(client, noon) == "open":
            return noon
    raise AssertionError("the line is never open")


def read_state(client: httpx.Client, at: datetime) -> str:
    """The state of the line at a moment."""
    record = client.get("/v1/hotlines/linjen", params={"at": at.isoformat()}).json()
    return str(record["contact_points"][0]["opening_hours"]["state"])


def read_forms(client: httpx.Client, at: datetime) -> dict[str, bool]:
    """By form, whether the line is told to be open at a moment."""
    asked = {"at": at.isoformat()}
    text = client.get("/v1/referrals", params=asked, headers={"Accept": "text/plain"}).text
    page = client.get("/sv/vem-kontaktar-jag", params=asked).text
    (entry,) = client.get("/v1/opening-hours", params={"limit": 100}).json()["items"]
    window = {"from": (at - timedelta(hours=1)).isoformat(), "to": (at + timedelta(hours=1)).isoformat()}
    address = f"/v1/opening-hours/{entry['id']}/intervals"
    calendar = client.get(address, params=window, headers={"Accept": "text/calendar"}).text
    return {
        "API": read_state(client, at) == "open",
        "plain text": OPEN in text and CLOSED not in text,
        "page": 'class="state state-open"' in page,
        "iCalendar": "SUMMARY" in calendar and "SUMMARY:Linjen: stängt" not in calendar,
        "embed": any(start <= at.timestamp() < end and state == "open" for start, end, state, _ in read_spans(client)),
        "HSDS": not any(closes_on(schedule, at) for schedule in read_schedules(client)),
    }


def read_spans(client: httpx.Client) -> Iterator[Any]:
    """The spans of the embed's feed."""
    for entry in client.get("/embed/v1/coordinators.json").json()["entries"]:  # reached through the line
        for point in entry["points"]:
            yield from point["spans"] or ()


def read_schedules(client: httpx.Client) -> list[dict[str, Any]]:
    """The schedules of HSDS."""
    (service,) = [
        service
        for service in client.get("/hsds/v3/services", params={"full": True, "per_page": 100}).json()["contents"]
        if service["name"] == "Linjen"
    ]
    at_points = [schedule for phone in service.get("phones", []) for schedule in phone.get("schedules", [])]
    return [*service.get("schedules", []), *at_points]


def closes_on(schedule: dict[str, Any], at: datetime) -> bool:
    """Whether a schedule is for the day of a moment alone, and has no time at which it opens."""
    day = day_of(at).isoformat()
    return (schedule.get("valid_from"), schedule.get("valid_to"), schedule.get("opens_at")) == (day, day, None)


def test_a_line_that_closes_for_some_days_is_closed_in_every_form_at_these_times(desk: Desk, make_key: MakeKey) -> None:
    noon = find_open_noon(desk.client)
    before = read_forms(desk.client, noon)
    assert [form for form, is_open in before.items() if not is_open] == []
    operator = make_key(KeyRole.OPERATOR, f"records={LINE}", "Linjen")
    day = str(day_of(noon))
    asked = {
        "contact_point": "telefon", "starts_on": day, "ends_on": day, "expression": "off",
        "reason": {"sv": "Stängt för inventering.", "en": "Closed for stocktaking."},
    }  # fmt: skip
    assert desk.client.post(f"/v1/records/{LINE}/exceptions", json=asked, headers=operator).status_code == 201
    after = read_forms(desk.client, noon)
    assert [form for form, is_open in after.items() if is_open] == []


def test_a_municipality_adds_its_own_contact_and_an_editor_accepts_it(desk: Desk) -> None:
    municipality = desk.contributor("municipality=1380", "Halmstads kommun")
    document = {
        "id": "halmstads-socialtjanst",
        "name": {"sv": "Socialtjänsten i Halmstad", "en": "Social services in Halmstad"},
        "summary": {"sv": "Kommunens egen kontakt.", "en": "The municipality's own contact."},
        "status": "current", "areas": ["1380"],
    }  # fmt: skip
    proposed = desk.propose(municipality, "support-services/halmstads-socialtjanst", document=document)
    assert proposed.status_code == 201, proposed.text
    assert desk.client.get("/v1/support-services/halmstads-socialtjanst").status_code == 404
    elsewhere = desk.propose(
        municipality, "support-services/annan", document={**document, "id": "annan", "areas": ["1290"]}
    )
    assert elsewhere.status_code == 403
    accepted = desk.decide(desk.editor, proposed.json()["id"], "accept")
    assert accepted.status_code == 200, accepted.text
    found = desk.client.get("/v1/support-services", params={"municipality": "Halmstad"}).json()["items"]
    assert [one["id"] for one in found] == ["halmstads-socialtjanst"]
    assert {cited["source"]["publisher"] for cited in found[0]["citations"]} == {"Halmstads kommun"}
