"""Those who know say so, and every reader gets it: each story by the API and, where a person acts, in a browser."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, expect

from app.access.models import KeyRole
from app.times import STOCKHOLM
from tests.embed.elsewhere import served_elsewhere
from tests.embed.pasting import bare, lines
from tests.stories.conftest import EVE, Header, House

LINE, CLINIC, OURS = "hotlines/kvinnofridslinjen", "support-services/evonhuset", "support-services/halmstads-kontakt"
NUMBER, WRITTEN = "+46846500401", "08-465 004 01"
"""A number that is nobody's: it is kept free for fiction."""


def record_of(house: House, record: str) -> Any:
    """The record with its document, as both workers and nginx have it."""
    told = house.read_everywhere(f"/v1/records/{record}")
    assert len({one["number"] for one in told}) == 1
    return told[0]


def number_of(house: House, record: str) -> str:
    """The first number of a record."""
    (number,) = {one["contact_points"][0]["value"] for one in house.read_everywhere(f"/v1/{record}")}
    return str(number)


def propose_number(house: House, record: str, key: Header, number: str) -> Any:
    """Ask for another number, with a source that says so, against the revision that stands."""
    standing = record_of(house, record)
    points = standing["document"]["contact_points"]
    points[0]["value"] = number
    body = {"record": record, "base_revision": standing["number"], "patch": {"contact_points": points}}
    match = {"If-Match": f'"r{standing["number"]}"', "Idempotency-Key": number}
    made = house.send("/proposals", {**body, "reason": "Numret är bytt."}, key | match)
    again = house.send("/proposals", {**body, "reason": "Numret är bytt."}, key | match)
    assert again["id"] == made["id"], "sent twice, made once"
    return made


def accept(house: House, key: Header, proposal: str, status: int = 200) -> Any:
    body = {"decision": "accept", "reason": "Det stämmer."}
    return house.send(f"/proposals/{proposal}/decision", body, key, status)


def test_the_agencys_editor_changes_a_number_that_another_one_accepts_and_takes_it_back(house: House) -> None:
    editor, second = (house.make_key(name, KeyRole.EDITOR) for name in ("Myndigheten", "Granskaren"))
    before, number = record_of(house, LINE), number_of(house, LINE)
    made = propose_number(house, LINE, editor, NUMBER)
    assert (made["state"], made["needs_two"]) == ("open", True)
    assert "two" in accept(house, editor, made["id"], 403)["detail"]
    assert number_of(house, LINE) == number
    accept(house, second, made["id"])
    assert number_of(house, LINE) == NUMBER
    assert WRITTEN in house.read("/sv/resurser/kvinnofridslinjen").text
    changed = record_of(house, LINE)
    back = {"record": LINE, "base_revision": changed["number"], "revert_to": before["number"], "reason": "Fel sida."}
    house.send("/proposals", {**back, "publish": True}, editor, 403)
    accept(house, second, house.send("/proposals", back, editor)["id"])
    assert number_of(house, LINE) == number
    assert record_of(house, LINE)["document"] == before["document"]
    history = house.read(f"/v1/records/{LINE}/revisions").json()["items"]
    assert [one["actor"] for one in history[:2]] == ["Myndigheten", "Myndigheten"]
    assert [one["changed_fields"] for one in history[:2]] == 2 * [["contact_points.telefon.value"]]


def test_the_agencys_editor_changes_a_number_at_the_console_and_takes_it_back(house: House, browser: Browser) -> None:
    public, before = f"{house.address}/sv/resurser/evonhuset", "020-35 40 40"
    with house.sign_in(browser, "Redaktionen") as page, house.visit(browser) as reader:
        page.goto(f"{house.address}/redaktion/poster/{CLINIC}")
        page.get_by_role("link", name="Ändra Telefon: nummer eller adress").click()
        page.get_by_label("Nummer eller adress").fill(WRITTEN)
        for words in page.get_by_label("Källans egna ord").all():
            if "40 40" in words.input_value():
                words.fill(WRITTEN)
        page.get_by_label("Varför ändrar du?").fill("Numret är bytt.")
        page.get_by_role("button", name="Se ändringen").click()
        page.get_by_role("button", name="Publicera").click()
        expect(page.get_by_text("Ändringen är publicerad.")).to_be_visible()
        house.empty_cache()
        reader.goto(public)
        expect(reader.get_by_role("link", name=WRITTEN)).to_be_visible()
        page.goto(f"{house.address}/redaktion/poster/{CLINIC}/historik")
        page.get_by_role("link", name="Gå tillbaka till den här").first.click()
        page.get_by_label("Varför går du tillbaka?").fill("Det var fel sida.")
        page.get_by_role("button", name="Gå tillbaka").click()
        expect(page.get_by_text("Ändringen är publicerad.")).to_be_visible()
        house.empty_cache()
        reader.reload()  # a browser may keep a page for a minute
        expect(reader.get_by_role("link", name=before)).to_be_visible()
        expect(reader.get_by_role("link", name=WRITTEN)).to_have_count(0)


def test_halmstad_adds_its_own_contact_with_a_scoped_key_and_an_editor_accepts_it(
    house: House, browser: Browser
) -> None:
    halmstad = house.make_key("Halmstads kommun", KeyRole.CONTRIBUTOR, "municipality=1380")
    document = {
        "id": "halmstads-kontakt",
        "name": {"sv": "Kommunens kontakt i Halmstad", "en": "The municipality's contact in Halmstad"},
        "summary": {"sv": "Kommunens egen kontakt.", "en": "The municipality's own contact."},
        "status": "current", "areas": ["1380"],
        "contact_points": [
            {"id": "telefon", "channel": "phone", "label": {"sv": "Telefon", "en": "Phone"}, "value": NUMBER}
        ],
    }  # fmt: skip
    asked = {"record": OURS, "document": document, "reason": "Vår egen kontakt."}
    house.send("/proposals", {**asked, "document": {**document, "areas": ["1480"]}}, halmstad, 403)
    house.send("/proposals", {**asked, "publish": True}, halmstad, 403)
    proposal = house.send("/proposals", asked, halmstad)
    accept(house, halmstad, proposal["id"], 403)
    assert house.front.client.get(f"/v1/{OURS}").status_code == 404
    with house.sign_in(browser, "Redaktionen") as page, house.visit(browser) as reader:
        page.goto(f"{house.address}/redaktion/forslag")
        page.locator(f"a[href$='/forslag/{proposal['id']}']").first.click()
        expect(page.get_by_text("Uppgift från Halmstads kommun").first).to_be_visible()
        page.get_by_label("Godkänn och publicera").check()
        page.get_by_label("Varför?").fill("Vi har ringt kommunen.")
        page.get_by_role("button", name="Besluta").click()
        expect(page.get_by_text("Vi har ringt kommunen.").first).to_be_visible()
        reader.goto(f"{house.address}/sv/vem-kontaktar-jag?municipality=Halmstad")
        expect(reader.get_by_role("link", name=WRITTEN).first).to_be_visible()
    for told in house.read_everywhere("/v1/support-services", municipality="1380"):
        (ours,) = [one for one in told["items"] if one["id"] == "halmstads-kontakt"]
        assert {one["source"]["publisher"] for one in ours["citations"]} == {"Halmstads kommun"}
    patch = {"summary": {"sv": "Vår egen kontakt.", "en": "Our own contact."}}
    changed = {"record": OURS, "base_revision": record_of(house, OURS)["number"], "reason": "Nya ord."}
    house.send("/proposals", {**changed, "patch": {**patch, "areas": ["1480"]}}, halmstad, 403)
    second = house.send("/proposals", {**changed, "patch": patch}, halmstad)
    accept(house, house.make_key("Granskaren", KeyRole.EDITOR), second["id"])
    assert record_of(house, OURS)["actor"] == "Halmstads kommun"


CLOSED_AT = [EVE, datetime(2026, 12, 25, 2, 0, tzinfo=STOCKHOLM), datetime(2026, 12, 26, 23, 30, tzinfo=STOCKHOLM)]
AFTER = datetime(2026, 12, 27, 0, 30, tzinfo=STOCKHOLM)


def all_forms(*, is_open: bool) -> dict[str, bool]:
    return dict.fromkeys(("API", "plain text", "page", "iCalendar", "embed", "HSDS"), is_open)


def read_forms(house: House, browser: Browser, at: datetime) -> dict[str, bool]:
    """By form, whether the line's telephone is told to be open at a moment."""
    asked = {"at": at.isoformat(), "audience": "women-exposed-to-violence"}
    hotline = house.read("/v1/hotlines/kvinnofridslinjen", at=at.isoformat()).json()
    text = house.read("/v1/referrals", "text/plain", **asked).text
    page = house.read("/sv/vem-kontaktar-jag", **asked).text
    window = {"from": (at - timedelta(minutes=5)).isoformat(), "to": (at + timedelta(minutes=5)).isoformat()}
    calendar = house.read("/v1/opening-hours/kvinnofridslinjen.telefon/intervals.ics", **window).text
    return {
        "API": hotline["contact_points"][0]["opening_hours"]["state"] == "open",
        "plain text": "Öppet" in part_of(text, r"Kvinnofridslinjen.*?(?=\n\n|\Z)"),
        "page": "state-open" in part_of(page, r"Kvinnofridslinjen</bdi></a>.*?020-50 50 50.*?</div>"),
        "iCalendar": "SUMMARY" in calendar and "stängt" not in calendar,
        "embed": read_embed(house, browser, at),
        "HSDS": not any(closes(schedule, at) for schedule in schedules_of(house)),
    }


def part_of(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found, text
    return found[0]


def read_embed(house: House, browser: Browser, at: datetime) -> bool:
    """Whether the telephone is open in the web component on a municipality's page, opened at a moment."""
    with served_elsewhere() as site, house.visit(browser, java_script_enabled=True) as page:
        page.clock.set_fixed_time(at)
        page.goto(site.put(bare(lines(house.front.client))))
        entry = page.locator("stodkatalog-hotlines [part=entry]", has_text="Kvinnofridslinjen")
        point = entry.locator("[part=point]", has_text="020-50 50 50").locator("[part~=state]")
        expect(point).to_have_text(re.compile("Öppet|Stängt"))
        return "Öppet" in point.inner_text()


def schedules_of(house: House) -> Iterator[dict[str, Any]]:
    """The schedules of the telephone in HSDS."""
    listed = house.read("/hsds/v3/services", full=True, per_page=100).json()["contents"]
    (service,) = [one for one in listed if one["name"] == "Kvinnofridslinjen"]
    yield from service.get("schedules", [])
    for phone in service.get("phones", []):
        yield from phone.get("schedules", [])


def closes(schedule: dict[str, Any], at: datetime) -> bool:
    """Whether a schedule is for some days alone, the day of a moment among them, and has no time at which it opens."""
    first, last = schedule.get("valid_from"), schedule.get("valid_to")
    return bool(first and last and first <= at.date().isoformat() <= last and not schedule.get("opens_at"))


def test_a_hotline_closes_from_24_to_26_december_and_every_form_shows_it_at_these_times(
    house: House, browser: Browser
) -> None:
    operator = house.make_key("Kvinnofridslinjen", KeyRole.OPERATOR, f"records={LINE}")
    assert {at: read_forms(house, browser, at) for at in CLOSED_AT} == dict.fromkeys(CLOSED_AT, all_forms(is_open=True))
    hours = {
        "contact_point": "telefon", "starts_on": "2026-12-24", "ends_on": "2026-12-26", "expression": "off",
        "reason": {"sv": "Stängt i jul.", "en": "Closed at Christmas."},
    }  # fmt: skip
    house.send(f"/records/{CLINIC}/exceptions", hours, operator, 403)
    assert house.send(f"/records/{LINE}/exceptions", hours, operator)["state"] == "accepted"
    assert {at: read_forms(house, browser, at) for at in CLOSED_AT} == dict.fromkeys(
        CLOSED_AT, all_forms(is_open=False)
    )
    assert read_forms(house, browser, AFTER) == all_forms(is_open=True)
    with house.visit(browser) as reader:
        reader.goto(f"{house.address}/sv/resurser/kvinnofridslinjen")
        expect(reader.get_by_text("24–26 december 2026: stängt").first).to_be_visible()
    acts = [task["why"] for task in list_tasks(house, house.make_key("Granskaren", KeyRole.EDITOR), "operator_act")]
    assert len(acts) == 1
    assert "Kvinnofridslinjen" in acts[0]


def test_an_anonymous_report_becomes_a_task_and_is_answered(house: House, browser: Browser) -> None:
    with house.visit(browser) as reader:
        reader.goto(f"{house.address}/sv/resurser/evonhuset")
        reader.get_by_role("link", name="Är något fel på sidan?").click()
        reader.wait_for_timeout(3_100)  # nobody fills in a form within three seconds
        reader.get_by_label("Beskriv felet").fill("Numret går inte fram.")
        reader.get_by_label("Din e-postadress").fill("nagon@example.com")
        reader.get_by_role("button", name="Skicka").click()
        expect(reader.get_by_role("link", name="112").first).to_be_visible()
        assert reader.context.cookies() == []
    now = datetime.now(STOCKHOLM) + house.ahead
    said = {"record": CLINIC, "text": "Ingen svarar.", "opened_at": (now - timedelta(minutes=1)).isoformat()}
    house.send("/reports", said, status=202)
    editor = house.make_key("Redaktionen", KeyRole.EDITOR)
    (task,) = list_tasks(house, editor, "report")
    assert task["why"].startswith("2 reported")
    with house.sign_in(browser, "Redaktionen") as page:
        page.goto(f"{house.address}/redaktion/arenden/{task['id']}")
        for text in ("Numret går inte fram.", "Ingen svarar."):
            expect(page.get_by_text(text)).to_be_visible()
        answer = page.get_by_role("link", name="nagon@example.com")
        assert (answer.get_attribute("href") or "").startswith("mailto:nagon@example.com?subject=")
        page.get_by_label("Uppgiften stämde redan").check()
        page.get_by_role("button", name="Avsluta").click()
    assert list_tasks(house, editor, "report") == []
    house.send("/reports", said | {"text": "Fortfarande fel."}, status=202)
    (again,) = list_tasks(house, editor, "report")
    house.send(f"/tasks/{again['id']}/decision", {"reason": "Vi har ringt, och numret stämmer."}, editor, 200)
    assert list_tasks(house, editor, "report") == []


def list_tasks(house: House, key: Header, kind: str) -> list[Any]:
    """The open tasks of a kind."""
    tasks = house.front.client.get("/v1/tasks", params={"limit": 100}, headers=key).json()["items"]
    return [task for task in tasks if task["kind"] == kind]
