"""Forms say what they mean, and refuse what would mean something else."""

import re
from html import unescape

import pytest

from app.resources.models import ContactPoint
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import EDIT, HOURS, NUMBER, edit, fields_of, path_of, publish

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr")


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("anonymous", "man får vara anonym"),
        ("free_of_charge", "kostar ingenting"),
        ("on_phone_bill", "syns på telefonräkningen"),
        ("interpreters", "tolk finns att få"),
    ],
)
def test_a_field_with_yes_or_no_reads_as_what_yes_affirms(editor: Person, name: str, statement: str) -> None:
    assert ContactPoint.model_fields[name].annotation == bool | None
    field = f"contact_points.telefon.{name}"
    form = editor.get(EDIT, params={"falt": field}).text
    assert f">{statement.capitalize()}</label>" in form
    review = edit(editor, RECORD, field, **{"varde": "nej", "kalla.0": "sida", "belagg.0": "enligt sidan"})
    assert review.status_code == 200, review.text
    assert f"<bdi>Telefon: {statement}</bdi>" in review.text
    assert f"Lägg till <bdi>Telefon: {statement}</bdi>" in editor.get(f"/poster/{RECORD}").text


def test_a_day_that_further_rules_rule_already_is_refused(newsroom: Newsroom, editor: Person) -> None:
    assert "Alla tider står under" not in editor.get(EDIT, params={"falt": HOURS}).text
    rules = 'Mo-Fr 09:00-16:00 unknown "kontorstid"; Dec 24 off'
    review = edit(editor, RECORD, HOURS, **dict.fromkeys((f"dag.{day}" for day in WEEKDAYS), ""), regler=rules)
    assert publish(editor, RECORD, review).status_code == 303
    page = editor.get(EDIT, params={"falt": HOURS}).text
    assert "Alla tider står under ”Andra regler”" in page
    assert fields_of(page)["regler"] == rules
    twice = edit(editor, RECORD, HOURS, **{"dag.Mo": "10–16", "dag.Sa": "10–12"})
    assert twice.status_code == 422
    assert "”Andra regler” gäller redan måndag: ändra där, eller ta bort de reglerna." in unescape(twice.text)
    assert edit(editor, RECORD, HOURS, **{"dag.Sa": "10–12"}).status_code == 200
    assert edit(editor, RECORD, HOURS, **{"dag.Mo": "10–16", "regler": "Dec 24 off"}).status_code == 200
    (point,) = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    assert point["opening_hours"] == rules


def test_a_new_number_that_the_cited_words_do_not_hold_is_pointed_out(newsroom: Newsroom, editor: Person) -> None:
    warning = "Källans ord säger ”<bdi>020-39 00 00</bdi>”, ny uppgift är <bdi>020-39 00 09</bdi>."
    with newsroom.sign_in("Vikarien") as other:
        review = edit(other, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 09", "belagg.0": "020-39 00 00"})
        assert warning in review.text
        path = path_of(publish(other, "hotlines/linjen", review))
        page = editor.get(path).text
        assert warning in page
        assert '<bdi>En sida</bdi>: <q lang="sv"><bdi>020-39 00 00</bdi></q>' in page.partition("<details>")[0]
        assert other.submit(path, beslut="withdraw", skal="Fel nummer.").status_code == 303
    for words in ("+46 20 39 00 09", "020-39 00 09, gratis", "numret till linjen"):
        review = edit(editor, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 09", "belagg.0": words})
        assert review.status_code == 200
        assert "Numret stämmer inte med källan" not in review.text


def test_a_source_is_entered_by_its_title_and_what_is_wrong_names_its_row(newsroom: Newsroom, editor: Person) -> None:
    form = editor.get(EDIT, params={"falt": "summary"}).text
    assert "Börja skriva titeln, välj i listan." in form
    values = {"varde.sv": "Stöd till alla.", "varde.en": "Support for everybody.", "belagg.0": "stöd till alla"}
    wrong = edit(
        editor, RECORD, "summary", **values, **{"kalla.0": "En sida", "kalla.1": "stodlinjer", "belagg.1": "x"}
    )
    assert wrong.status_code == 422
    assert '<li><a href="#kalla.1"><bdi>Källa 2: ingen källa heter så. Välj i listan.</bdi></a></li>' in wrong.text
    assert 'value="stodlinjer"' in wrong.text
    for row, reason in (
        ({"kalla.1": "sida"}, "skriv källans egna ord."),
        ({"belagg.1": "x"}, "välj en källa i listan."),
    ):
        assert f"Källa 2: {reason}" in edit(editor, RECORD, "summary", **values, **row).text
    review = edit(editor, RECORD, "summary", **values, **{"kalla.0": "En sida"})
    assert publish(editor, RECORD, review).status_code == 303
    citations = newsroom.get(f"/v1/records/{RECORD}")["document"]["citations"]
    assert ("sida", "stöd till alla") in [(one["source"], one["evidence"]) for one in citations]


def test_a_fault_names_the_input_as_its_label_does(editor: Person) -> None:
    row = {"forsta.0": "2027-01-04", "sista.0": "2027-01-04", "tider.0": "stängt", "skal.0.sv": "Flytt."}
    cite = {"kalla.0": "sida", "belagg.0": "stängt"}
    answer = edit(editor, RECORD, "contact_points.telefon.exceptions", **row, **cite)
    assert (answer.status_code, "Avvikande öppettider 1, varför på engelska: Fyll i." in answer.text) == (422, True)
    label = edit(editor, RECORD, "contact_points.telefon.label", **{"varde.sv": "Telefon", "varde.en": ""})
    assert "Telefon: benämning på engelska: Fyll i." in label.text
    audience = edit(editor, RECORD, "audiences", **cite, varde="ingen-malgrupp")
    assert "Det finns ingen sådan post." in audience.text
    mail = editor.get(f"/poster/{RECORD}/ny-kontaktvag").text
    point = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', mail)) | cite | {
        "channel:varde": "email", "label:varde.sv": "E-post", "label:varde.en": "E-mail", "value:varde": "linjen",
        "skal": "Sidan säger det.",
    }  # fmt: skip
    refused = editor.post(f"/poster/{RECORD}/ny-kontaktvag", data=point)
    assert "Det är inte en giltig e-postadress." in refused.text
    webhook = editor.submit("/webhookar", adress="https://a.example/hook", kommun="13", poster="linjen")
    assert "Kommunkod: Skriv kommunens kod, fyra siffror." in webhook.text
    assert "Poster: Skriv samling och id med snedstreck emellan" in webhook.text


def test_the_page_of_a_new_source_says_what_to_write(editor: Person) -> None:
    page = editor.get("/kallor/ny").text
    assert "Rubriken, som den står överst på sidan eller i dokumentet." in page
    assert "tillbaka till fliken med formuläret" in page


def test_a_decision_that_is_refused_keeps_what_was_chosen_and_written(newsroom: Newsroom, editor: Person) -> None:
    with newsroom.sign_in("Vikarien") as other:
        review = edit(other, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 08", "belagg.0": "020-39 00 08"})
        path = path_of(publish(other, "hotlines/linjen", review))
    refused = editor.submit(path, beslut="reject", skal="Ja")
    assert (refused.status_code, "Varför: Skriv minst 3 tecken." in refused.text) == (422, True)
    assert 'value="reject" required checked>' in refused.text
    assert 'name="skal" required value="Ja">' in refused.text
    assert "Ditt beslut: Välj ett av alternativen." in editor.submit(path, skal="Fel nummer.").text
    assert editor.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303


def test_a_number_is_not_emptied_but_filled_in_or_its_contact_point_removed(newsroom: Newsroom, editor: Person) -> None:
    typed = {"belagg.0": "numret är borta", "stalle.0": "rad 7", "skal": "Numret är borta."}
    refused = edit(editor, RECORD, NUMBER, **{"varde": "", **typed})
    assert (refused.status_code, "Fyll i numret. Om kontaktvägen inte finns längre" in refused.text) == (422, True)
    assert all(f'value="{words}"' in refused.text for words in typed.values())
    review = edit(editor, RECORD, NUMBER, **{"varde": "", "ta_bort": "ja", **typed})
    assert review.status_code == 200, review.text
    assert "<bdi>telefon: öppettider</bdi>" in review.text.lower()
    sent = fields_of(review.text)
    assert (sent["ta_bort"], sent["publicera"]) == ("ja", "ja")
    again = editor.post(EDIT, data=sent | {"steg": "tillbaka"}).text
    assert 'name="ta_bort" checked' in again


def test_words_with_another_number_and_words_without_any_are_told_apart(editor: Person) -> None:
    other, none = "Numret stämmer inte med källan", "Källans ord innehåller inget nummer"
    for words, warning in (
        ("020-39 00 00", other), ("ring 112", other), ("Telefon: vardagar 9-16", none), ("mån 8.30-16.30", none),
        ("2026-11-28", none), ("numret till linjen", none), ("+46 20 39 00 09", ""), ("020-39 00 09, gratis", ""),
    ):  # fmt: skip
        review = edit(editor, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 09", "belagg.0": words})
        assert review.status_code == 200, review.text
        assert [one for one in (other, none) if one in review.text] == [warning] * bool(warning), words
    cites = {"belagg.0": "020-39 00 09", "kalla.1": "sida", "belagg.1": "vardagar 9-16"}
    assert none not in edit(editor, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 09", **cites}).text
