"""Before publishing, an editor is told what became certain, what the words do not say, and what was said of before."""

from html import unescape

from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import HOURS, NUMBER, edit, publish

CERTAIN = "Det som var osäkert blir säkert"
WEEK = dict.fromkeys((f"dag.{day}" for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")), "")


def test_hours_that_become_certain_or_differ_from_the_words_are_told_and_can_be_published(
    newsroom: Newsroom, editor: Person
) -> None:
    words = {"ord": "vardagar 9–16", "belagg.0": "Telefon: vardagar 9-16"}
    as_the_words = edit(editor, RECORD, HOURS, **WEEK, **words, regler="Mo-Fr 09:00-16:00 unknown")
    assert "Kontrollera:" not in as_the_words.text
    assert publish(editor, RECORD, as_the_words).status_code == 303
    review = edit(editor, RECORD, HOURS, **{**WEEK, "dag.Mo": "9–15", "regler": ""})
    told = unescape(review.text)
    assert f"{CERTAIN}: måndag, tisdag, onsdag, torsdag, fredag." in told
    assert "Källans ord säger ”vardagar 9–16”. Tiden 9–16 finns inte i öppettiderna." in told
    assert "men efter ändringen är det stängt tisdag, onsdag, torsdag, fredag." in told
    assert publish(editor, RECORD, review).status_code == 303, "a warning keeps nobody from publishing"
    sure = dict.fromkeys((f"dag.{day}" for day in ("Mo", "Tu", "We", "Th", "Fr")), "9–16")
    assert "Kontrollera:" not in edit(editor, RECORD, HOURS, **sure).text
    vague = unescape(edit(editor, RECORD, HOURS, **sure, ord="kontorstid").text)
    assert "Källans ord säger ”kontorstid”, som inte ger säkra tider." in vague
    for others in ("Stängt 24–26 december", "tfn 08-12 34 56", "13–25 år"):
        assert "Kontrollera:" not in edit(editor, RECORD, HOURS, **sure, **{"belagg.0": others}).text, others


def test_what_was_said_of_the_old_number_is_pointed_out_where_it_stays(newsroom: Newsroom, editor: Person) -> None:
    free = {"varde": "ja", "kalla.0": "sida", "belagg.0": "gratis"}
    assert publish(editor, RECORD, edit(editor, RECORD, "contact_points.telefon.free_of_charge", **free)).is_redirect
    review = edit(editor, RECORD, NUMBER, **{"varde": "031-367 69 00", "belagg.0": "031-367 69 00"})
    hint = "”Telefon: kostar ingenting: ja” står kvar, men källan sa det om 031-367 60 00."
    assert hint in unescape(review.text)
