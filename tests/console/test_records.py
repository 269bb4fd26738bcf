"""An editor changes records: with sources, looked at first, published, and taken back."""

import re
from html import unescape

import httpx
import pytest

from tests.console.conftest import RECORD, Newsroom, Person

EDIT = f"/poster/{RECORD}/andra"
NUMBER = "contact_points.telefon.value"
HOURS = "contact_points.telefon.opening_hours"


def fields_of(page: str) -> dict[str, str]:
    """What the form of a page holds, as a browser would send it."""
    (form,) = re.findall(
        r'<form class="form" method="post" action="/redaktion/poster/[^"]*/andra"[^>]*>.*?</form>', page, re.DOTALL
    )
    inputs = re.findall(r'<input [^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form)
    chosen = re.findall(r'<select id="([^"]+)".*?</select>', form, re.DOTALL)
    selected = {
        name: (re.findall(rf'<select id="{name}".*?value="([^"]*)" selected', form, re.DOTALL) or [""])[0]
        for name in chosen
    }
    texts = re.findall(r'<textarea id="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in [*inputs, *selected.items(), *texts]}


def edit(person: Person, record: str, field: str, **values: str) -> httpx.Response:
    """Fill the form of a field in, and send it to be looked at."""
    form = fields_of(person.get(f"/poster/{record}/andra", params={"falt": field}).text)
    return person.post(f"/poster/{record}/andra", data=form | {"skal": "Sidan säger det."} | values)


def publish(person: Person, record: str, review: httpx.Response) -> httpx.Response:
    """Press the button of the page with the difference."""
    assert review.status_code == 200, review.text
    return person.post(f"/poster/{record}/andra", data=fields_of(review.text) | {"steg": "skicka"})


def path_of(answer: httpx.Response) -> str:
    """Where an answer leads to, within the console."""
    return answer.headers["location"].removeprefix("/redaktion").partition("?")[0]


def number_of(newsroom: Newsroom) -> str:
    document = newsroom.get(f"/v1/records/{RECORD}")["document"]
    return str(document["contact_points"][0]["value"])


def test_a_number_is_changed_with_its_source_as_people_write_it_and_taken_back(
    newsroom: Newsroom, editor: Person
) -> None:
    page = editor.get(f"/poster/{RECORD}").text
    assert "031-367 60 00" in page
    review = edit(editor, RECORD, NUMBER, **{"varde": "031-3676100", "belagg.0": "031-367 61 00"})
    assert "031-367 60 00" in review.text
    assert "031-367 61 00" in review.text
    assert number_of(newsroom) == "+46313676000", "nothing is published yet"
    answer = publish(editor, RECORD, review)
    assert answer.headers["location"] == f"/redaktion/poster/{RECORD}?klart=publicerad"
    record = newsroom.get(f"/v1/records/{RECORD}")
    assert record["document"]["contact_points"][0]["value"] == "+46313676100"
    cited = {field: one["evidence"] for one in record["document"]["citations"] for field in one["fields"]}
    assert (cited[NUMBER], cited["name"]) == ("031-367 61 00", "031-367 60 00")
    revision = newsroom.get(f"/v1/records/{RECORD}/revisions")["items"][0]
    assert (revision["actor"], revision["origin"], revision["reason"]) == ("Redaktionen", "console", "Sidan säger det.")
    again = publish(editor, RECORD, review)
    assert again.headers["location"] == answer.headers["location"], "sent twice, done once"
    assert newsroom.get(f"/v1/records/{RECORD}")["number"] == record["number"]


@pytest.mark.parametrize("asked", ["mottagn", "031-367", "031 36 76", "+46 31 367", "0046313676", "(031) 367"])
def test_a_record_is_found_by_its_name_and_by_its_number_however_it_is_written(editor: Person, asked: str) -> None:
    page = editor.get("/poster", params={"samling": "support-services", "q": asked}).text
    assert re.findall(r'href="/redaktion/poster/support-services/([a-z]+)"', page) == ["mottagningen"]


def test_a_name_that_is_spelled_nearly_so_is_suggested(editor: Person) -> None:
    page = editor.get("/poster", params={"samling": "support-services", "q": "motagnigen"}).text
    assert "Stödverksamheter (0)" in page
    assert f'Menade du <a href="/redaktion/poster/{RECORD}"><bdi>Mottagningen</bdi></a>?' in page


@pytest.mark.parametrize("asked", ["Linjen", "020-39", "031-999", "+-"])
def test_what_no_record_of_the_collection_holds_finds_none(editor: Person, asked: str) -> None:
    page = editor.get("/poster", params={"samling": "support-services", "q": asked}).text
    assert "Stödverksamheter (0)" in page


def test_a_value_without_source_is_refused_and_what_was_written_stays_in_the_form(editor: Person) -> None:
    answer = edit(editor, RECORD, NUMBER, **{"varde": "031-367 62 00", "kalla.0": "", "belagg.0": "", "stalle.0": ""})
    assert answer.status_code == 422
    assert "Uppgiften saknar källa: Telefon: nummer eller adress" in answer.text
    assert 'value="031-367 62 00"' in answer.text
    assert 'value="Sidan säger det."' in answer.text


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"varde": "12"}, "Det är inte ett giltigt telefonnummer."),
        ({"skal": "x"}, "Skriv minst 3 tecken."),
        ({"kalla.0": "ingen-sida"}, "ingen-sida"),
        ({}, "Det står redan så i katalogen. Inget behöver göras."),
    ],
)  # fmt: skip
def test_what_cannot_be_published_is_said_in_swedish_with_its_field(
    editor: Person, values: dict[str, str], reason: str
) -> None:
    answer = edit(editor, RECORD, NUMBER, **values)
    assert answer.status_code == 422
    assert reason in unescape(answer.text)


def test_hours_are_a_week_and_shown_day_by_day_before_they_are_published(newsroom: Newsroom, editor: Person) -> None:
    form = fields_of(editor.get(EDIT, params={"falt": HOURS}).text)
    assert [form[f"dag.{day}"] for day in ("Mo", "Fr", "Sa")] == ["08:00–17:00", "08:00–17:00", ""]
    week = {"dag.Fr": "8-12, 13–16.30", "dag.PH": "stängt", "ord": "enligt sidan"}
    assert "Ange också öppettiderna på aftnarna" in edit(editor, RECORD, HOURS, **week).text
    review = edit(editor, RECORD, HOURS, **week, **{"dag.EVE": "stängt"})
    assert review.status_code == 200, review.text
    assert len(re.findall(r"<dt>(?:Måndag|Tisdag|Onsdag|Torsdag|Fredag|Lördag|Söndag) ", review.text)) == 14
    assert "08.00–12.00, 13.00–16.30" in review.text
    assert publish(editor, RECORD, review).status_code == 303
    (point,) = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    assert point["opening_hours"] == (
        "Mo-Th 08:00-17:00; Fr 08:00-12:00,13:00-16:30; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
    )
    form = fields_of(editor.get(EDIT, params={"falt": HOURS}).text)
    assert [form[f"dag.{day}"] for day in ("PH", "EVE")] == ["stängt", "stängt"]
    assert form["regler"] == ""
    unreadable = edit(editor, RECORD, HOURS, **{"dag.Mo": "på förmiddagen"})
    assert (unreadable.status_code, "går inte att läsa" in unreadable.text) == (422, True)


def test_other_hours_on_some_days_are_entered_as_rows(newsroom: Newsroom, editor: Person) -> None:
    row = {
        "forsta.0": "2026-12-24",
        "sista.0": "2026-12-26",
        "tider.0": "stängt",
        "skal.0.sv": "Jul.",
        "skal.0.en": "Christmas.",
    }
    cite = {"kalla.0": "sida", "belagg.0": "stängt i jul"}
    review = edit(editor, RECORD, "contact_points.telefon.exceptions", **row, **cite)
    assert publish(editor, RECORD, review).status_code == 303
    (point,) = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    assert point["exceptions"] == [
        {
            "starts_on": "2026-12-24", "ends_on": "2026-12-26", "expression": "off",
            "reason": {"sv": "Jul.", "en": "Christmas."},
        }
    ]  # fmt: skip


def test_a_number_of_a_hotline_becomes_a_proposal_for_somebody_else(newsroom: Newsroom, editor: Person) -> None:
    review = edit(editor, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 01"})
    assert "Två personer ska granska den här ändringen" in review.text
    answer = publish(editor, "hotlines/linjen", review)
    assert re.fullmatch(r"/redaktion/forslag/[0-9a-f-]{36}\?klart=skickat", answer.headers["location"])
    assert newsroom.get("/v1/records/hotlines/linjen")["document"]["contact_points"][0]["value"] == "+4620390000"


def test_who_was_overtaken_is_told_and_overwrites_nothing(newsroom: Newsroom, editor: Person) -> None:
    form = fields_of(editor.get(EDIT, params={"falt": "summary"}).text)
    review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd för alla.", "varde.en": "Support for all."})
    assert publish(editor, RECORD, review).status_code == 303
    late = editor.post(EDIT, data=form | {"varde.sv": "Stöd för unga.", "skal": "Sidan säger det."})
    if late.status_code == 200:  # looked at, it says what stands
        late = publish(editor, RECORD, late)
    assert (late.status_code, "ändrats sedan du öppnade sidan" in late.text) == (409, True)
    assert newsroom.get(f"/v1/records/{RECORD}")["document"]["summary"]["sv"] == "Stöd för alla."


def test_hostile_text_comes_out_as_text(newsroom: Newsroom, editor: Person) -> None:
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    review = edit(editor, RECORD, "summary", **{"varde.sv": hostile, "varde.en": "x", "skal": hostile})
    assert publish(editor, RECORD, review).status_code == 303
    for path in (f"/poster/{RECORD}", f"{EDIT}?falt=summary", f"/poster/{RECORD}/historik"):
        page = editor.get(path).text
        assert "<script>alert" not in page, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page, path


def test_every_record_and_each_of_its_fields_has_a_form(newsroom: Newsroom) -> None:
    with newsroom.sign_in("Provaren") as person:
        for collection in ("hotlines", "coordinators", "organizations", "sources", "audiences", "escalation"):
            page = person.get("/poster", params={"samling": collection}).text
            (path, *_) = re.findall(rf'href="/redaktion(/poster/{collection}/[^"]+)"', page)
            record = person.get(path)
            forms = set(re.findall(r'href="/redaktion(/poster/[^"]+/andra\?falt=[^"]+)"', record.text))
            assert forms, path
            for form in forms:
                assert person.get(form).status_code == 200, form


@pytest.mark.parametrize(
    "path",
    [
        "contact_points", "contact_points..name", "contact_points..value", "x.telefon.value", ".telefon.value",
        "contact_points.telefon", "contact_points.telefon.name", "contact_points.telefon.hours_basis",
        "contact_points.telefon.value.sv", "contact_points.fax.value", "name.sv", "citations", "id", "",
    ],
)  # fmt: skip
def test_what_is_no_field_of_the_record_has_no_form(editor: Person, path: str) -> None:
    assert editor.get(EDIT, params={"falt": path}).status_code == 404
    assert editor.submit(EDIT, falt=path, base="1", varde="x").status_code == 404


def test_a_form_has_the_name_that_it_was_given(newsroom: Newsroom, editor: Person) -> None:
    review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd nu.", "varde.en": "Support now."})
    sent = fields_of(review.text) | {"steg": "skicka"}
    for name in ("", "x", 32 * "G", 33 * "0", "\u0660" * 32):
        refused = editor.post(EDIT, data=sent | {"namn": name})
        assert (refused.status_code, "Öppna sidan på nytt" in refused.text) == (422, True)
    assert editor.post(EDIT, data=sent).status_code == 303
    (number,) = [str(newsroom.get(f"/v1/records/{RECORD}/revisions")["items"][1]["number"])]
    back = editor.submit(f"/poster/{RECORD}/historik/{number}", base=number, skal="Tillbaka.", namn="x")
    assert (back.status_code, "Öppna sidan på nytt" in back.text) == (422, True)
