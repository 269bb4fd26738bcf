"""What a form answers: all faults at once with the way to each, what waits already, and what was done."""

import re
from html import unescape

from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_deviations import PATH, ROWS, fields_of_form
from tests.console.test_proposals import propose
from tests.console.test_records import EDIT, NUMBER, edit, publish
from tests.console.test_tasks import report, revision_of

LINE = "hotlines/linjen"
PUBLIC = "/sv/resurser/mottagningen"


def list_links(page: str) -> dict[str, str]:
    """The faults of a page, by the id of the input that each leads to."""
    summary = page.partition('role="alert"')[2].partition("</ul>")[0]
    return {name: unescape(text) for name, text in re.findall(r'<a href="#([^"]+)"><bdi>(.*?)</bdi>', summary)}


def test_all_faults_of_a_form_are_told_at_once_and_lead_to_their_inputs(editor: Person) -> None:
    refused = edit(editor, RECORD, NUMBER, **{"varde": "hej", "kalla.0": "ingen-sida", "skal": "x"})
    assert refused.status_code == 422
    links = list_links(refused.text)
    assert set(links) == {"varde", "kalla.0", "skal"}, refused.text
    assert "inte ett giltigt telefonnummer" in links["varde"]
    assert links["kalla.0"] == "Källa 1: ingen källa heter så. Välj i listan."
    for name in links:
        assert f'id="{name}"' in refused.text
    assert '<div class="mark" role="alert" tabindex="-1" autofocus>' in refused.text


def test_a_source_is_found_whatever_the_case_of_its_title(editor: Person) -> None:
    review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd i dag.", "varde.en": "Today.", "kalla.0": "en SIDA"})
    assert review.status_code == 200, review.text


def test_refused_rows_of_other_hours_stay_as_many_and_tell_all_that_is_missing(editor: Person) -> None:
    rows = ROWS | {"tider.0": "på morgonen", "skal.0.en": "", "skal.1.sv": ""}
    page = editor.get(PATH).text
    for _ in range(3):
        refused = editor.post(PATH, data={**fields_of_form(page), "kontaktvag": ["telefon"], **rows})
        assert refused.status_code == 422
        assert refused.text.count("<legend>Avvikande öppettider") == 3
        assert set(list_links(refused.text)) == {"tider.0", "skal.0.en", "skal.1.sv"}
        page = refused.text


def test_other_hours_are_shown_on_the_days_that_were_entered_in_both_languages(editor: Person) -> None:
    sent = {**fields_of_form(editor.get(PATH).text), "kontaktvag": ["telefon"], **ROWS}
    review = editor.post(
        PATH, data=sent | {"forsta.0": "2028-12-24", "sista.0": "2028-12-26", "forsta.1": "2028-12-31"}
    )
    assert review.status_code == 200, review.text
    days = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", review.text)
    assert "23 december 2028" in days[0][0]
    assert ("24 december 2028" in days[1][0], days[1][1]) == (True, "stängt")
    assert "på engelska: Christmas." in review.text
    assert "mer än två månader" not in review.text
    long = editor.post(PATH, data=sent | {"forsta.0": "2028-12-24", "sista.0": "2029-12-26", "forsta.1": ""})
    assert "Avvikelsen gäller i mer än två månader." in long.text


def test_the_same_number_written_otherwise_needs_nothing(editor: Person) -> None:
    number = edit(editor, RECORD, NUMBER).text
    assert "Det står redan så i katalogen." in number
    again = edit(editor, RECORD, NUMBER, varde="+46 (31) 367 60 00")
    assert "Det är samma nummer, skrivet på ett annat sätt. Inget behöver göras." in again.text
    assert "Det här behöver rättas" not in again.text


def test_a_proposal_that_waits_is_told_before_a_second_one_is_sent(newsroom: Newsroom, editor: Person) -> None:
    path = propose(newsroom, "020-39 00 12")
    review = edit(editor, LINE, NUMBER, **{"varde": "020-39 00 13", "belagg.0": "020-39 00 13"})
    before_button = review.text.partition('value="skicka"')[0]
    assert ("Ett förslag väntar." in before_button, path in before_button) == (True, True)
    assert editor.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303


def test_record_message_and_proposal_lead_to_the_public_page(newsroom: Newsroom, editor: Person) -> None:
    assert f'href="{PUBLIC}">Se den öppna sidan' in editor.get(f"/poster/{RECORD}").text
    assert f'href="{PUBLIC}">den öppna sidan' in editor.get(f"/poster/{RECORD}", params={"klart": "publicerad"}).text
    path = propose(newsroom, "020-39 00 14")
    assert 'href="/sv/resurser/linjen">Den öppna sidan' in editor.get(path).text
    assert editor.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303
    assert "öppna sidan" not in editor.get("/poster/sources/sida").text


def test_a_report_that_is_closed_says_so_and_whom_to_answer(newsroom: Newsroom, editor: Person) -> None:
    for action in ("stammer", "avsluta"):
        path = report(newsroom, "Namnet är fel.", "name", "lisa@example.se")
        sent = {"record": RECORD, "revision": revision_of(newsroom), "omfattning": "content", "hur": "phone"}
        answer = editor.submit(f"{path}/{action}", **sent, slut="not_ours")
        page = editor.get(answer.headers["location"].removeprefix("/redaktion")).text
        assert "Rapporten är avslutad." in page
        assert (
            'href="mailto:lisa@example.se?subject=' in page.partition("Rapporten är avslutad.")[2].partition("</p>")[0]
        )


def test_the_page_of_a_report_shows_the_proposal_that_waits(newsroom: Newsroom, editor: Person) -> None:
    task = report(newsroom, "Sammanfattningen är fel.", "summary")
    assert "Ett förslag väntar" not in editor.get(task).text
    with newsroom.sign_in("Vikarien") as other:
        review = edit(other, RECORD, "summary", **{"varde.sv": "Stöd åt fler.", "varde.en": "More support."})
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', review.text))
        waits = other.post(EDIT, data=sent | {"steg": "skicka", "publicera": "nej"})
        path = waits.headers["location"].removeprefix("/redaktion").partition("?")[0]
    page = editor.get(task).text
    assert ("Ett förslag väntar" in page, "Stöd åt fler." in page, path in page) == (True, True, True)
    assert editor.submit(path, beslut="reject", skal="Inte rätt.").status_code == 303


def test_who_signs_out_is_told(newsroom: Newsroom) -> None:
    with newsroom.sign_in("Vikarien") as other:
        answer = other.submit("/logga-ut")
        assert "Du är utloggad." in other.get(answer.headers["location"].removeprefix("/redaktion")).text


def test_words_longer_than_a_field_takes_are_refused_and_kept(editor: Person) -> None:
    form = editor.get(EDIT, params={"falt": "summary"}).text
    assert "maxlength" not in form.partition("<form")[2]
    long = "ord " * 20
    refused = edit(editor, RECORD, "summary", **{"varde.sv": "Nytt.", "varde.en": "New.", "belagg.0": long.strip()})
    assert ("högst 60 tecken. Texten har 79." in refused.text, long.strip() in refused.text) == (True, True)


def test_long_texts_say_how_long_they_may_be_and_faults_how_long_they_are(editor: Person) -> None:
    form = editor.get(EDIT, params={"falt": "summary"}).text
    assert form.count("Högst 5000 tecken.") == 2
    assert ("högst 500 tecken" in form, "högst 200 tecken" in form) == (True, True)
    refused = edit(editor, RECORD, "summary", **{"varde.sv": "Nytt.", "varde.en": "New.", "skal": 501 * "x"})
    assert "Varför: Skriv högst 500 tecken. Texten har 501." in refused.text
    refused = edit(editor, RECORD, NUMBER, varde=301 * "x")
    assert "Skriv högst 300 tecken. Texten har 301." in refused.text


def test_values_are_told_in_swedish_and_changed_words_are_marked(editor: Person) -> None:
    page = editor.get(f"/poster/{RECORD}").text
    for words in ("<bdi>aktuell</bdi>", "<bdi>telefon</bdi>", "Halmstad"):
        assert words in page, words
    assert "<bdi>phone</bdi>" not in page
    first = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd åt alla unga.", "varde.en": "Support for the young."})
    assert publish(editor, RECORD, first).status_code == 303
    review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd åt alla äldre."})
    assert "Stöd åt alla <mark>unga.</mark>" in review.text
    assert "Stöd åt alla <mark>äldre.</mark>" in review.text
    assert "<mark>Support" not in review.text
