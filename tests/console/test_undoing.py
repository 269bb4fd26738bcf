"""One older change is taken back alone; what was changed later stays."""

from typing import Any

from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import path_of
from tests.console.test_stale_proposals import change, change_summary, fields_of

HISTORY = f"/poster/{RECORD}/historik"


def standing(newsroom: Newsroom) -> Any:
    return newsroom.get(f"/v1/records/{RECORD}")


def change_name(editor: Person, words: str) -> None:
    change(editor, "name", **{"varde.sv": words, "varde.en": words})


def test_an_older_change_is_taken_back_from_the_history_and_later_ones_stay(newsroom: Newsroom, editor: Person) -> None:
    before = standing(newsroom)["document"]["summary"]
    change_summary(editor, "Stöd på kontorstid.")
    older = f"{HISTORY}/{standing(newsroom)['number']}/ta-tillbaka"
    change_name(editor, "Mottagning Väst")
    assert older in editor.get(HISTORY).text
    page = editor.get(older)
    assert (page.status_code, "Mottagning Väst" in page.text.partition("<form")[0].partition("<h2")[2]) == (200, False)
    assert "<bdi>En sida</bdi>: <q" in page.text
    sent = fields_of(page.text) | {"skal": "Det var fel sammanfattning."}
    made = editor.post(older, data=sent)
    assert (made.status_code, path_of(made)) == (303, f"/poster/{RECORD}")
    now = standing(newsroom)
    assert (now["document"]["summary"], now["document"]["name"]["sv"]) == (before, "Mottagning Väst")
    assert now["reason"] == "Det var fel sammanfattning."
    again = editor.get(older)
    assert (again.status_code, "Inget av ändringen finns kvar" in again.text) == (422, True)


def test_what_was_changed_again_since_is_told_with_its_values_and_nothing_is_written(
    newsroom: Newsroom, editor: Person
) -> None:
    change_summary(editor, "Stöd på kvällar.")
    older = f"{HISTORY}/{standing(newsroom)['number']}/ta-tillbaka"
    page = editor.get(older).text
    change_summary(editor, "Stöd på helger.")
    number = standing(newsroom)["number"]
    for refused in (editor.get(older), editor.post(older, data=fields_of(page) | {"skal": "Det var fel."})):
        assert refused.status_code == 409
        assert "Ändringen går inte att ta tillbaka för sig." in refused.text
        for value in ("Stöd på kvällar.", "Stöd på helger."):
            assert value in refused.text, value
    assert standing(newsroom)["number"] == number


def test_the_first_revision_has_nothing_before_it(newsroom: Newsroom, editor: Person) -> None:
    first = newsroom.get(f"/v1/records/{RECORD}/revisions", limit=100)["items"][-1]["number"]
    assert f"{HISTORY}/{first}/ta-tillbaka" not in editor.get(HISTORY).text
    refused = editor.get(f"{HISTORY}/{first}/ta-tillbaka")
    assert (refused.status_code, "Det finns inget tidigare att gå tillbaka till." in refused.text) == (422, True)
