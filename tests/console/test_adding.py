"""New records and contact points in the console."""

import re
from html import unescape

import httpx

from app.console.adding import add_point
from app.console.visitors import Form
from tests.console.conftest import Newsroom, Person

CITE = {"kalla.0": "sida", "belagg.0": "Jouren svarar"}
POINT = {"channel:varde": "phone", "label:varde.sv": "Jourtelefon", "label:varde.en": "Duty phone"}


def send(person: Person, path: str, **fields: str) -> httpx.Response:
    """Look at what a form makes, and press the button there."""
    review = person.submit(path, **fields)
    assert review.status_code == 200, review.text
    assert "Så här blir ändringen" in review.text
    form = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', review.text.partition(f'{path}"')[2])
    return person.post(path, data={name: unescape(value) for name, value in form} | {"steg": "skicka"})


def test_a_record_is_added_with_its_source_and_a_number_after_it(newsroom: Newsroom, editor: Person) -> None:
    record = {
        "name:varde.sv": "Jouren i Halmstad", "name:varde.en": "Halmstad on call",
        "summary:varde.sv": "Stöd på natten.", "summary:varde.en": "Support at night.",
        "status:varde": "current", "areas:varde": "1380", "organizations:varde": "myndigheten provider",
        "skal": "Den har öppnat.",
    }  # fmt: skip
    uncited = editor.submit("/nypost/support-services", **record)
    assert (uncited.status_code, "Uppgiften saknar källa" in uncited.text) == (422, True)
    assert 'value="Jouren i Halmstad"' in uncited.text
    added = send(editor, "/nypost/support-services", **record, **CITE)
    assert added.headers["location"] == "/redaktion/poster/support-services/jouren-i-halmstad?klart=publicerad"
    (proposal, *_) = re.findall(r'href="/redaktion(/forslag/[^"]+)"', editor.get("/logg").text)
    assert "Stöd på natten." in editor.get(proposal).text, "a decided proposal keeps what the new record says"
    path = "/poster/support-services/jouren-i-halmstad/ny-kontaktvag"
    base = re.findall(r'name="base" value="(\d+)"', editor.get(path).text)[0]
    number = POINT | {"value:varde": "035-13 70 00", "skal": "Numret står på sidan.", "base": base}
    assert send(editor, path, **number, **CITE).status_code == 303
    document = newsroom.get("/v1/records/support-services/jouren-i-halmstad")["document"]
    (point,) = document["contact_points"]
    assert (point["id"], point["value"], point["label"]["en"]) == ("telefon", "+4635137000", "Duty phone")
    assert document["organizations"] == [{"id": "myndigheten", "role": "provider"}]
    (citation,) = document["citations"]
    assert {"name", "areas", "contact_points.telefon.value"} <= set(citation["fields"])


def test_a_new_number_of_a_hotline_is_a_proposal(newsroom: Newsroom, editor: Person) -> None:
    path = "/poster/hotlines/linjen/ny-kontaktvag"
    base = re.findall(r'name="base" value="(\d+)"', editor.get(path).text)[0]
    number = POINT | {"value:varde": "020-39 00 05", "skal": "Numret står på sidan.", "base": base}
    assert send(editor, path, **number, **CITE).headers["location"].startswith("/redaktion/forslag/")
    assert len(newsroom.get("/v1/records/hotlines/linjen")["document"]["contact_points"]) == 1


def test_a_record_is_removed_with_a_reason_and_one_that_others_name_is_not(newsroom: Newsroom, editor: Person) -> None:
    path = "/poster/coordinators/koordinator-ost/ta-bort"
    form = editor.get(path)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
    unreasoned = editor.post(path, data=hidden)
    assert (unreasoned.status_code, "Skriv minst" in unreasoned.text) == (422, True)
    removed = editor.post(path, data=hidden | {"skal": "Uppdraget har upphört."})
    assert removed.headers["location"] == "/redaktion/poster?samling=coordinators&klart=borttagen"
    assert "Posten är borttagen." in editor.get("/poster?samling=coordinators&klart=borttagen").text
    assert editor.get("/poster/coordinators/koordinator-ost").status_code == 404
    assert newsroom.get("/v1/coordinators/koordinator-ost")["status"] == 404
    named = editor.get("/poster/sources/sida/ta-bort")
    assert (named.status_code, "Det går inte att spara" in named.text) == (422, True)


def test_every_kind_has_a_form_for_a_new_record_and_other_collections_have_none(editor: Person) -> None:
    for collection in (
        "hotlines", "coordinators", "support-services", "courses", "programs", "publications", "events",
        "organizations",
    ):  # fmt: skip
        assert editor.get(f"/nypost/{collection}").status_code == 200, collection
    for collection in ("sources", "escalation", "municipalities", "linjer"):
        assert editor.get(f"/nypost/{collection}").status_code == 404, collection


def test_a_contact_point_has_an_id_however_many_there_are() -> None:
    taken = ["telefon", *(f"telefon-{number}" for number in range(2, 60))]
    document = {"contact_points": [{"id": name} for name in taken]}
    _, point = add_point("hotline", document, Form([*POINT.items(), ("value:varde", "020-39 00 05")]), [])
    assert point == "telefon-60"


def test_a_form_with_more_fields_than_are_read_says_so(editor: Person) -> None:
    path = "/nypost/support-services"
    refused = editor.submit(path, **{f"kalla.{row}": "sida" for row in range(401)})
    assert (refused.status_code, "fler än 400 fält" in refused.text) == (422, True)


def test_a_form_that_is_sent_takes_one_connection_at_a_time(newsroom: Newsroom, editor: Person) -> None:
    path = "/poster/support-services/mottagningen/ny-kontaktvag"
    page = editor.get(path).text
    base, csrf = (re.findall(rf'name="{name}" value="(\w+)"', page)[0] for name in ("base", "csrf"))
    wrong = POINT | {"value:varde": "fel", "skal": "Numret står på sidan.", "base": base, "csrf": csrf}
    assert most_connections(newsroom, editor, path, wrong | CITE) == 1


def most_connections(newsroom: Newsroom, person: Person, path: str, form: dict[str, str]) -> int:
    """How many connections the answer to a form that is refused holds. The least of three: others may be answered."""
    most = []
    for _ in range(3):
        with newsroom.count_connections() as held:
            assert person.post(path, data=form).status_code == 422
        most.append(max(held))
    return min(most)
