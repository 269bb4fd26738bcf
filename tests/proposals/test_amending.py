"""What is amended is the amender's: name, words and source."""

from tests.proposals.conftest import COORDINATOR, LINE, Desk
from tests.proposals.test_proposals import SUMMARY, new_number
from tests.test_every_route import assert_problem

WORDS = {"sv": "Samordnar väl.", "en": "Coordinates well."}


def test_what_is_amended_is_published_as_the_amenders_and_the_proposal_is_kept(desk: Desk) -> None:
    made = desk.propose(desk.contributor(), **SUMMARY).json()
    uncited = desk.decide(desk.editor, made["id"], "amend", patch={"summary": WORDS})
    assert "no citation for: summary" in assert_problem(uncited, 422)["errors"][0]["detail"]
    own = {"source": "sida", "evidence": "020-390 000", "fields": ["summary"]}
    patch = {"summary": WORDS, "citations": [*made["document"]["citations"], own]}
    amended = desk.decide(desk.editor, made["id"], "amend", patch=patch)
    assert amended.status_code == 200, amended.text
    assert amended.json()["document"] == made["document"]
    history = desk.client.get(f"/v1/records/{COORDINATOR}").json()
    assert history["actor"] == "Redaktionen"
    assert "what Myndigheten proposed" in history["reason"]
    cited = desk.store.document("coordinator", "koordinator-vast")["citations"]
    assert {one["source"] for one in cited if "summary" in one["fields"]} == {"sida"}


def test_what_the_record_already_has_from_the_proposers_statement_of_the_day_stays_theirs(desk: Desk) -> None:
    key, name = desk.contributor(), {"sv": "Väst", "en": "West"}
    first = desk.propose(key, patch={"name": name}).json()
    assert desk.decide(desk.editor, first["id"], "accept").status_code == 200
    stands = desk.store.document("coordinator", "koordinator-vast")
    second = desk.propose(key, patch={"name": {"sv": "Öst", "en": "East"}, "summary": WORDS}).json()
    of_name = [one for one in stands["citations"] if "name" in one["fields"]]
    others = [one for one in second["document"]["citations"] if "name" not in one["fields"]]
    amended = {**second["document"], "name": name, "citations": [*others, *of_name]}
    taken = desk.decide(desk.editor, second["id"], "amend", document=amended)
    assert taken.status_code == 200, taken.text
    cited = desk.store.document("coordinator", "koordinator-vast")["citations"]
    for field in ("name", "summary"):
        assert {one["source"].rpartition("-20")[0] for one in cited if field in one["fields"]} == {
            "statement-myndigheten"
        }


def test_an_amendment_is_made_against_a_revision_of_its_own_record(desk: Desk) -> None:
    made = desk.propose(desk.editor, **SUMMARY).json()
    other = desk.revision(LINE)
    refused = desk.decide(desk.second, made["id"], "amend", document=made["document"], base_revision=other)
    assert assert_problem(refused, 422)["errors"][0]["parameter"] == "base_revision"


def test_a_change_of_words_takes_one_also_after_the_number_has_changed(desk: Desk) -> None:
    old = desk.revision(LINE)
    made = desk.propose(desk.editor, LINE, **new_number(desk)).json()
    assert desk.decide(desk.second, made["id"], "accept").status_code == 200
    words = {"patch": {"summary": {"sv": "En bra linje.", "en": "A good line."}}, "base_revision": old}
    sent = desk.propose(desk.editor, LINE, **words, publish=True)
    assert sent.status_code == 201, sent.text
