"""Forms say what they mean, and refuse what would mean something else."""

from html import unescape

import pytest

from app.resources.models import ContactPoint
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import EDIT, HOURS, edit, fields_of, publish

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
