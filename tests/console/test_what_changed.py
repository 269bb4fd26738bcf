"""What was changed stays readable: before and after, in the history, in proposals that are decided, and in the log."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from app.times import STOCKHOLM
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_admin import list_sentences
from tests.console.test_proposals import propose
from tests.console.test_records import edit, fields_of, path_of, publish
from tests.console.test_tasks import report

LINE = "hotlines/linjen"


def read_pairs(page: str) -> list[tuple[str, str]]:
    """The values before and after each change of a page."""
    pairs = re.findall(r'<p class="before"><bdi>(.*?)</bdi></p>\s*<p class="label">[^<]+</p>\s*'
                       r'<p class="after"><bdi>(.*?)</bdi></p>', page, re.DOTALL)  # fmt: skip
    return [(_strip(before), _strip(after)) for before, after in pairs]


def _strip(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def change_summary(editor: Person, words: str) -> None:
    review = edit(editor, RECORD, "summary", **{"varde.sv": words, "varde.en": "Support."})
    assert publish(editor, RECORD, review).status_code == 303


def test_the_history_tells_each_value_before_and_after(editor: Person) -> None:
    change_summary(editor, "Stöd åt alla.")
    change_summary(editor, "Stöd åt många.")
    _, newest, older, *_ = editor.get(f"/poster/{RECORD}/historik").text.split('<li class="card">')
    assert read_pairs(newest) == [("Stöd åt alla.\n(engelska) Support.", "Stöd åt många.\n(engelska) Support.")]
    assert read_pairs(older)[0][1].startswith("Stöd åt alla.")


def test_a_change_of_sources_alone_names_the_field(editor: Person) -> None:
    review = edit(editor, RECORD, "summary", **{"belagg.0": "enligt sidan"})
    assert publish(editor, RECORD, review).status_code == 303
    newest = editor.get(f"/poster/{RECORD}/historik").text.split('<li class="card">')[1]
    assert "Andra källor till: <bdi>Sammanfattning</bdi>." in newest
    assert read_pairs(newest) == []


def test_areas_and_topics_of_a_change_are_told_by_name(newsroom: Newsroom, editor: Person) -> None:
    review = edit(editor, RECORD, "areas", varde="13")
    assert read_pairs(review.text) == [("Halmstad", "Hallands län")]
    assert publish(editor, RECORD, review).status_code == 303
    newest = editor.get(f"/poster/{RECORD}/historik").text.split('<li class="card">')[1]
    assert read_pairs(newest) == [("Halmstad", "Hallands län")]
    number = newsroom.get(f"/v1/records/{RECORD}")["number"]
    back = editor.get(f"/poster/{RECORD}/historik/{number}/ta-tillbaka").text
    assert read_pairs(back) == [("Hallands län", "Halmstad")]
    with newsroom.sign_in("Vikarien") as other:
        waits = other.post(f"/poster/{RECORD}/andra", data=fields_of(edit(other, RECORD, "areas", varde="1380").text)
                           | {"steg": "skicka", "publicera": "nej"})  # fmt: skip
        assert read_pairs(other.get(path_of(waits)).text) == [("Hallands län", "Halmstad")]
    assert '<p class="after"><bdi>Halmstad</bdi></p>' in editor.get(f"/poster/{RECORD}").text


def test_a_proposal_keeps_its_values_when_it_is_accepted_rejected_or_withdrawn(
    newsroom: Newsroom, editor: Person
) -> None:
    standing, path = "020-39 00 00", ""
    for number, decision in (("020-39 00 04", "withdraw"), ("020-39 00 05", "reject"), ("020-39 00 06", "accept")):
        path = propose(newsroom, number)
        with newsroom.sign_in("Vikarien") as other:
            who = other if decision == "withdraw" else editor
            assert who.submit(path, beslut=decision, skal="Så bestämde vi.").status_code == 303
        assert read_pairs(editor.get(path).text) == [(standing, number)], decision
    later = propose(newsroom, "020-39 00 07")
    assert editor.submit(later, beslut="accept", skal="Bytt igen.").status_code == 303
    assert read_pairs(editor.get(path).text) == [(standing, "020-39 00 06")], "as it was when it was accepted"


def test_a_proposal_that_is_sent_says_so_and_is_apart_from_those_to_decide(newsroom: Newsroom, editor: Person) -> None:
    path = propose(newsroom, "020-39 00 08")
    with newsroom.sign_in("Vikarien") as other:
        page = other.get(path, params={"klart": "skickat"}).text
        assert "Förslaget är skickat." in page
        assert "någon annan i redaktionen" in page
        for offer in ('value="accept"', 'value="reject"', "/justera?falt"):
            assert offer not in page, offer
        assert 'value="withdraw"' in page
        assert path in other.get("/forslag").text.partition("Dina egna</h2>")[2]
        assert path in other.get("/").text.partition("Dina egna förslag som väntar")[2]
    page = editor.get(path).text
    assert "Linjen</bdi></h1>" in page
    for offer in ('value="accept"', 'value="reject"', "/justera?falt"):
        assert offer in page, offer
    assert path in editor.get("/forslag").text
    assert "Dina egna" not in editor.get("/forslag").text
    assert editor.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303


def test_the_log_names_whose_proposal_was_decided_and_tells_what_was_published_at_once_in_one_line(
    newsroom: Newsroom, editor: Person
) -> None:
    change_summary(editor, "Stöd i natt.")
    path = propose(newsroom, "020-39 00 09")
    assert editor.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303
    lines = [line for line in list_sentences(editor.get("/logg").text) if "logg" not in line]
    assert lines[:3] == [
        "Redaktionen avslog ett förslag från Vikarien om Linjen.",
        "Vikarien föreslog en ändring av Linjen.",
        "Redaktionen publicerade en ändring av Mottagningen.",
    ]
    path = propose(newsroom, "020-39 00 10")
    assert editor.submit(path, beslut="accept", skal="Jag har ringt.").status_code == 303
    assert list_sentences(editor.get("/logg").text)[0] == "Redaktionen godkände ett förslag från Vikarien om Linjen."


def test_the_log_is_filtered_by_record_person_and_days(newsroom: Newsroom, editor: Person) -> None:
    task = report(newsroom, "Språken är fel.", "contact_points.telefon.languages")
    assert editor.submit(f"{task}/avsluta", slut="not_ours").status_code == 303
    path = propose(newsroom, "020-39 00 11")
    assert editor.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303

    def read(**wanted: str) -> list[str]:
        return list_sentences(
            editor.get("/logg", params={"post": "", "vem": "", "fran": "", "till": "", **wanted}).text
        )

    for post in ("Mottagningen", RECORD, "mottagn"):
        lines = read(post=post)
        assert "Redaktionen avslutade ett ärende om Mottagningen." in lines, post
        assert all("Mottagningen" in line for line in lines), post
    assert {line.split()[0] for line in read(vem="vikar")} == {"Vikarien"}
    assert read(post=LINE, vem="Vikarien")[0] == "Vikarien föreslog en ändring av Linjen."
    today = datetime.now(UTC).astimezone(STOCKHOLM).date()
    assert read(fran=str(today), till=str(today))
    assert read(till=str(today - timedelta(days=1))) == []
    assert "Inget i loggen stämmer" in editor.get("/logg", params={"post": "finns-inte%"}).text
    wrong = editor.get("/logg", params={"fran": "i går"})
    assert (wrong.status_code, "Skriv ett datum" in wrong.text, 'value="i går"' in wrong.text) == (422, True, True)
