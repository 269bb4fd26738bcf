"""Other hours on some days, for all contact points of a record at once."""

import re
from datetime import date

from app.console.hours import describe_exception, list_days
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_adding import CITE, POINT, send
from tests.console.test_records import HOURS, edit, publish

PATH = f"/poster/{RECORD}/avvikelser"
ROWS = {
    "forsta.0": "2026-12-24", "sista.0": "2026-12-26", "tider.0": "stängt", "skal.0.sv": "Jul.",
    "skal.0.en": "Christmas.", "forsta.1": "2026-12-31", "tider.1": "10–14", "skal.1.sv": "Nyårsafton.",
    "skal.1.en": "New Year's Eve.", "kalla.0": "sida", "belagg.0": "stängt i jul", "skal": "Sidan säger det.",
}  # fmt: skip


def add_point_with_hours(newsroom: Newsroom, editor: Person) -> None:
    """A second number with hours, so that there are two to close."""
    path = f"/poster/{RECORD}/ny-kontaktvag"
    base = re.findall(r'name="base" value="(\d+)"', editor.get(path).text)[0]
    number = POINT | {"value:varde": "035-13 70 11", "skal": "Numret står på sidan.", "base": base}
    assert send(editor, path, **number, **CITE).status_code == 303
    field = HOURS.replace("telefon", "telefon-2")
    week = {"dag.Mo": "10–12", "ord": "måndag 10–12", "grund": "stated", "kalla.0": "sida", "belagg.0": "måndag"}
    assert publish(editor, RECORD, edit(editor, RECORD, field, **week)).status_code == 303


def test_all_contact_points_close_at_christmas_with_one_form(newsroom: Newsroom, editor: Person) -> None:
    add_point_with_hours(newsroom, editor)
    assert f'href="/redaktion{PATH}"' in editor.get(f"/poster/{RECORD}").text
    form = editor.get(PATH).text
    points = re.findall(r'name="kontaktvag" value="([^"]+)" checked', form)
    assert points == ["telefon", "telefon-2"]
    base = re.findall(r'name="base" value="(\d+)"', form)[0]
    sent = {"csrf": editor.csrf(), "base": base, "kontaktvag": points, **ROWS}
    review = editor.post(PATH, data=sent)
    assert review.status_code == 200, review.text
    assert review.text.count("så blir det dag för dag") == 2
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', review.text.partition(f'{PATH}"')[2])
    assert [value for name, value in kept if name == "kontaktvag"] == points
    final = {name: value for name, value in kept if name != "kontaktvag"} | {"kontaktvag": points, "steg": "skicka"}
    assert editor.post(PATH, data=final).headers["location"].endswith("?klart=publicerad")
    document = newsroom.get(f"/v1/records/{RECORD}")["document"]
    for point in document["contact_points"]:
        days = [(one["starts_on"], one["ends_on"], one["expression"]) for one in point["exceptions"]]
        assert days == [("2026-12-24", "2026-12-26", "off"), ("2026-12-31", "2026-12-31", "10:00-14:00")]
    cited = [field for one in document["citations"] if one["evidence"] == "stängt i jul" for field in one["fields"]]
    assert set(cited) == {f"contact_points.{point}.exceptions" for point in points}
    assert "24–26 december 2026: stängt (Jul.)" in editor.get(PATH).text, "what is stated already is told"


def test_what_is_wrong_is_said_and_what_was_typed_and_chosen_stays(newsroom: Newsroom, editor: Person) -> None:
    form = fields_of_form(editor.get(PATH).text)
    for values, reason in (
        ({"kontaktvag": []}, "Välj minst en kontaktväg."),
        ({"kontaktvag": ["fax"]}, "Välj minst en kontaktväg."),
        ({"forsta.0": "", "forsta.1": ""}, "Fyll i första dagen på minst en rad."),
        ({"tider.0": "på morgonen"}, "går inte att läsa"),
        ({"forsta.0": "2027-12-24", "sista.0": "2027-12-26", "forsta.1": "2027-12-25"}, "2027-12-25 ingår i två rader"),
    ):
        answer = editor.post(PATH, data={**form, "kontaktvag": ["telefon"], **ROWS, **values})
        assert (answer.status_code, reason in answer.text) == (422, True), (values, answer.text)
        assert 'value="Christmas."' in answer.text
        chosen = re.findall(r'name="kontaktvag" value="([^"]+)" checked', answer.text)
        assert chosen == [one for one in values.get("kontaktvag", ["telefon"]) if one == "telefon"]


def fields_of_form(page: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("csrf", "base")}


def test_a_date_that_cannot_be_read_is_shown_as_it_is_and_takes_no_page_down() -> None:
    broken = {"starts_on": "2026-13-24", "ends_on": "jul", "expression": "off", "reason": {"sv": "Jul."}}
    assert describe_exception(broken) == "2026-13-24–jul: stängt (Jul.)"
    point = {"opening_hours": "Mo-Fr 09:00-17:00", "exceptions": [broken]}
    assert list_days(point, date(2026, 12, 1)) == []


def test_a_record_without_hours_has_no_such_form(editor: Person) -> None:
    assert editor.get("/poster/organizations/myndigheten/avvikelser").status_code == 404
    assert "avvikelser" not in editor.get("/poster/organizations/myndigheten").text


def test_other_hours_added_by_two_at_once_are_both_kept(newsroom: Newsroom, editor: Person) -> None:
    stale = fields_of_form(editor.get(PATH).text)
    first = ROWS | {"forsta.0": "2027-02-01", "sista.0": "2027-02-02", "forsta.1": ""}
    review = editor.post(PATH, data={**stale, "kontaktvag": ["telefon"], **first})
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', review.text)) | {"steg": "skicka"}
    assert editor.post(PATH, data=sent).status_code == 303
    second = ROWS | {"forsta.0": "2027-03-01", "sista.0": "2027-03-02", "forsta.1": ""}
    late = editor.post(PATH, data={**stale, "kontaktvag": ["telefon"], **second})
    if late.status_code == 200:
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', late.text)) | {"steg": "skicka"}
        late = editor.post(PATH, data=sent)
    assert (late.status_code, 'value="2027-03-01"' in late.text) == (409, True)
    again = editor.post(PATH, data={**fields_of_form(late.text), "kontaktvag": ["telefon"], **second})
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', again.text)) | {"steg": "skicka"}
    assert editor.post(PATH, data=sent).status_code == 303
    points = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    starts = [one["starts_on"] for one in points[0]["exceptions"]]
    assert {"2027-02-01", "2027-03-01"} <= set(starts)
