"""Ways of contact that the seed has none of today: a visiting address, a chat with hours, text messages, exceptions."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from app.main import create_app
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests.conftest import SEEDED
from tests.seeding.small import edit, write_folder
from tests.serving import serve
from tests.standards.hsds.official import FOLDER, faults, schemas
from tests.standards.hsds.walking import Record, got, whole

POINTS = """
[[hotline.contact_points]]
id = "chatt"
channel = "chat"
label = {sv = "Chatt", en = "Chat"}
value = "https://chatt.example/"
opening_hours = "Mo,We 18:00-20:00"
hours_basis = "stated"
hours_stated = "måndag och onsdag 18–20"
languages = ["sv", "en"]
anonymous = true
[[hotline.contact_points.exceptions]]
starts_on = 2076-12-20
ends_on = 2076-12-31
expression = "off"
reason = {sv = "Stängt över jul.", en = "Closed over Christmas."}

[[hotline.contact_points]]
id = "besok"
channel = "visit"
label = {sv = "Mottagning", en = "Clinic"}
value = "Storgatan 1, Halmstad"
languages = ["sv"]
free_of_charge = true
interpreters = true

[[hotline.contact_points]]
id = "sms"
channel = "sms"
label = {sv = "Sms", en = "Text message"}
value = "+46701234567"

[[hotline.citations]]
source = "sida"
evidence = "020-390 000"
fields = [
    "contact_points.chatt.channel", "contact_points.chatt.value", "contact_points.chatt.opening_hours",
    "contact_points.chatt.languages", "contact_points.chatt.anonymous", "contact_points.chatt.exceptions",
    "contact_points.besok.channel", "contact_points.besok.value", "contact_points.besok.languages",
    "contact_points.besok.free_of_charge", "contact_points.besok.interpreters",
    "contact_points.sms.channel", "contact_points.sms.value",
]
"""
OLD = """
[[support_service]]
id = "gammal"
status = "ended"
name = {sv = "Gamla mottagningen", en = "The old clinic"}
summary = {sv = "Fanns förr.", en = "It is no more."}
[[support_service.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["name", "summary"]
"""


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> Iterator[httpx.Client]:
    """A directory of the one hotline, reached in every way."""
    folder = write_folder(tmp_path / "seed")
    edit(folder, "hotlines.toml", "\n[[hotline.citations]]", f"{POINTS}\n[[hotline.citations]]")
    (folder / "support_services.toml").write_text(OLD, "utf-8")
    write_seed(engine, read_seed(folder), SEEDED)
    url = engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=url))) as running:
        yield running.client


def test_each_way_of_contact_has_its_place_in_hsds(client: httpx.Client) -> None:
    (line, *_) = whole(client, "services")
    assert [(phone["number"], phone["type"]) for phone in line["phones"]] == [
        ("+4620390000", "voice"),
        ("+46701234567", "text"),
    ]
    assert line["url"] == "https://chatt.example/"
    assert [one["code"] for one in line["languages"]] == ["en", "sv"]
    assert line["interpretation_services"]
    assert [(one["option"], one["amount"]) for one in line["cost_options"]] == [("Mottagning", 0)]
    chat, visit = line["service_at_locations"]
    assert chat["location"]["location_type"] == "virtual"
    assert (visit["location"]["location_type"], visit["location"]["description"]) == (
        "physical",
        "Storgatan 1, Halmstad",
    )
    assert got(client, f"service_at_locations/{chat['id']}")["schedules"] == chat["schedules"]


def test_hours_are_told_of_the_way_of_contact_they_are_for(client: httpx.Client) -> None:
    (line, *_) = whole(client, "services")
    phone, chat, closed = line["schedules"]
    assert (phone["phone_id"], phone["byday"]) == (line["phones"][0]["id"], "MO,TU,WE,TH,FR")
    assert (phone["opens_at"], phone["closes_at"]) == ("09:00", "16:00")
    assert phone["notes"], "it is closed on public holidays, which the weekly hours cannot tell"
    assert (chat["service_at_location_id"], chat["byday"], chat["opens_at"]) == (
        line["service_at_locations"][0]["id"],
        "MO,WE",
        "18:00",
    )
    assert "notes" not in chat
    assert (closed["valid_from"], closed["valid_to"], closed["exceptional"]) == ("2076-12-20", "2076-12-31", True)
    assert closed["description"] == "Stängt över jul."
    assert "opens_at" not in closed


def test_what_has_ended_is_reached_by_its_id_only_and_warns(client: httpx.Client) -> None:
    from app.identity import identify

    key = str(identify("resource", "gammal"))
    assert key not in [one["id"] for one in got(client, "services", minimal="true")["contents"]]
    found = got(client, f"services/{key}")
    assert (found["status"], found["record_status"]) == ("defunct", "ended")
    assert found["alert"] == "Avslutad: finns inte längre."


@pytest.mark.skipif(FOLDER is None, reason="HSDS_SCHEMAS names no folder with the official schemas of HSDS")
def test_all_of_it_is_what_hsds_says(client: httpx.Client) -> None:
    records: list[Record] = whole(client, "services")
    for record in records:
        assert faults(schemas(), "service.json", record) == []
    for record in whole(client, "service_at_locations"):
        assert faults(schemas(), "service_at_location_full.json", record) == []
