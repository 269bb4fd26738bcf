"""The page of a record: what matters most comes first, and what others propose stands beside it."""

import re
from datetime import UTC, datetime

import httpx

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import EDIT
from tests.serving import PLAIN

HOURS = "contact_points.telefon.opening_hours"
PROPOSED = {"sv": "Stöd dygnet runt.", "en": "Support at all hours."}


def test_the_contact_points_come_first_and_within_them_the_number_and_the_hours(editor: Person) -> None:
    page = editor.get(f"/poster/{RECORD}").text
    titles = re.findall(r'<h2 id="group-\d+"><bdi>([^<]+)</bdi>', page)
    assert titles[:2] == ["Telefon", "Namn och beskrivning"]
    assert titles[-1] == "Källans datum"
    fields = re.findall(r"<h3><bdi>([^<]+)</bdi>", page.partition("Namn och beskrivning")[0])
    assert fields[:2] == ["Nummer eller adress", "Öppettider"]
    assert f"falt={HOURS.replace('opening_hours', 'exceptions')}" in page.partition("Namn och beskrivning")[0]


def test_a_field_of_any_record_stands_on_its_page_once(newsroom: Newsroom, editor: Person) -> None:
    for collection in ("hotlines", "coordinators", "organizations", "sources", "audiences", "escalation"):
        listed = editor.get("/poster", params={"samling": collection}).text
        (path, *_) = re.findall(rf'"/redaktion(/poster/{collection}/[^"]+)"', listed)
        record = newsroom.get(f"/v1/records{path.removeprefix('/poster')}")["document"]
        fields = re.findall(r'/andra\?falt=([a-z_]+)">Ändra', editor.get(path).text)
        assert sorted(fields) == sorted(set(record) - {"id", "citations", "contact_points"}), path


def propose(newsroom: Newsroom, patch: dict[str, object], reason: str) -> str:
    """A proposal of the clinic itself; its path."""
    token, _ = add_key(newsroom.engine, KeyRequest("Mottagningen", KeyRole.CONTRIBUTOR), datetime.now(UTC))
    number = newsroom.get(f"/v1/records/{RECORD}")["number"]
    body = {"record": RECORD, "base_revision": number, "patch": patch, "reason": reason}
    with httpx.Client(base_url=newsroom.address, verify=PLAIN, headers={"Authorization": f"Bearer {token}"}) as api:
        sent = api.post("/v1/proposals", json=body)
    assert sent.status_code == 201, sent.text
    return f"/forslag/{sent.json()['id']}"


def test_a_proposal_that_waits_stands_on_the_record_and_beside_its_field(newsroom: Newsroom, editor: Person) -> None:
    assert "väntar på beslut" not in editor.get(f"/poster/{RECORD}").text
    path = propose(newsroom, {"summary": PROPOSED}, "Vi har öppet hela dygnet.")
    page = editor.get(f"/poster/{RECORD}").text
    summary = page.partition('id="waiting"')[2].partition("</section>")[0]
    for words in ("Ett förslag väntar på beslut", "Mottagningen", "Vi har öppet hela dygnet.", "Sammanfattning", path):
        assert words in summary, words
    beside = page.partition("<h3><bdi>Sammanfattning")[2].partition("<h3>")[0]
    for words in ("Ett förslag väntar.", "Stöd dygnet runt.", path):
        assert words in beside, words
    assert page.count("Stöd dygnet runt.") == 1
    form = editor.get(EDIT, params={"falt": "summary"}).text
    assert ("Stöd dygnet runt." in form, path in form) == (True, True)
    assert "Ett förslag väntar" not in editor.get(EDIT, params={"falt": HOURS}).text
    with newsroom.sign_in("Vikarien") as other:
        assert other.submit(path, beslut="reject", skal="Sidan säger kontorstid.").status_code == 303
    assert path not in editor.get(f"/poster/{RECORD}").text
