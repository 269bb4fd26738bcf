"""A proposal that others have overtaken is no dead end: an editor sees both values and decides."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import httpx
from sqlmodel import Session, select

from app.records.documents import encode
from app.records.models import CurrentRecord, Origin, Proposal, ProposalState
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_proposals import line
from tests.console.test_proposals import propose as propose_number
from tests.console.test_record_page import PROPOSED, propose
from tests.console.test_records import NUMBER, edit, publish

LINE = "hotlines/linjen"
STAYS, OVERTAKEN = "Posten har ändrats sedan dess", "Så står det nu"
WHY = {"skal": "Verksamheten har rätt."}


def change(person: Person, field: str, record: str = RECORD, **values: str) -> None:
    """Publish another value of a field."""
    assert publish(person, record, edit(person, record, field, **values)).status_code == 303


def change_summary(person: Person, words: str) -> None:
    change(person, "summary", **{"varde.sv": words, "varde.en": words})


def document_of(newsroom: Newsroom, record: str = RECORD) -> dict[str, object]:
    document: dict[str, object] = newsroom.get(f"/v1/records/{record}")["document"]
    return document


def fields_of(page: str) -> dict[str, str]:
    """What the form to amend holds, as a browser would send it."""
    form = page.partition('class="form"')[2]
    inputs = re.findall(r'<input [^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form)
    texts = re.findall(r'<textarea id="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in [*inputs, *texts]}


def amend(person: Person, path: str, field: str, **values: str) -> httpx.Response:
    form = fields_of(person.get(f"{path}/justera", params={"falt": field}).text)
    return person.post(f"{path}/justera", data=form | WHY | values)


def test_what_was_overtaken_is_published_after_all_with_its_own_source_and_nothing_else_goes_back(
    newsroom: Newsroom, editor: Person
) -> None:
    name = {"sv": "Mottagning Väst", "en": "Clinic West"}
    path = propose(newsroom, {"summary": PROPOSED, "name": name}, "Vi har öppet hela dygnet.")
    change_summary(editor, "Stöd på kontorstid.")
    change(editor, NUMBER, **{"varde": "031-367 61 00", "belagg.0": "031-367 61 00"})
    page = editor.get(path).text
    assert STAYS in page
    assert 'value="accept"' not in page
    told = re.findall(r'<h2 id="difference-\d+"><bdi>([^<]+)', page)
    assert told == ["Namn", "Sammanfattning"], "what others have changed since is no change of this proposal"
    assert "Stöd på kontorstid." in re.sub(r"</?mark>", "", page)
    form = editor.get(f"{path}/justera", params={"falt": "summary"}).text
    assert OVERTAKEN in form
    assert "Stöd på kontorstid." in form.partition("</section>")[0]
    assert fields_of(form)["varde.sv"] == "Stöd dygnet runt."
    assert amend(editor, path, "summary").status_code == 303
    document = document_of(newsroom)
    assert (document["summary"], document["name"]) == (PROPOSED, name)
    record = newsroom.get("/v1/resources/mottagningen")
    assert record["contact_points"][0]["value"] == "+46313676100"
    sources = {one["source"]["publisher"] for one in record["citations"] if one["field"] == "summary"}
    assert sources == {"Mottagningen"}, "what the clinic itself says stays its own word"
    assert "Godkänt" in editor.get(path).text


def test_who_amends_with_other_words_needs_a_source_for_them(newsroom: Newsroom, editor: Person) -> None:
    path = propose(newsroom, {"summary": {"sv": "Stöd på helger.", "en": "Support at weekends."}}, "Bara helger.")
    change_summary(editor, "Stöd på vardagar.")
    words = {"varde.sv": "Stöd alla dagar.", "varde.en": "Support every day."}
    refused = amend(editor, path, "summary", **words)
    assert (refused.status_code, "saknar källa" in refused.text, OVERTAKEN in refused.text) == (422, True, True)
    assert amend(editor, path, "summary", **words, **{"kalla.0": "sida", "belagg.0": "alla dagar"}).status_code == 303
    assert document_of(newsroom)["summary"] == {"sv": "Stöd alla dagar.", "en": "Support every day."}


def test_who_is_overtaken_while_deciding_sees_the_newest_and_keeps_what_was_typed(
    newsroom: Newsroom, editor: Person
) -> None:
    path = propose(newsroom, {"summary": {"sv": "Stöd åt unga.", "en": "Support for the young."}}, "Bara unga.")
    change_summary(editor, "Stöd åt äldre.")
    form = fields_of(editor.get(f"{path}/justera", params={"falt": "summary"}).text)
    change_summary(editor, "Stöd åt barn.")
    late = editor.post(f"{path}/justera", data=form | {"skal": "Jag har ringt."})
    assert (late.status_code, "Stöd åt barn." in late.text) == (409, True)
    kept = fields_of(late.text)
    assert (kept["varde.sv"], kept["skal"]) == ("Stöd åt unga.", "Jag har ringt.")
    assert editor.post(f"{path}/justera", data=kept).status_code == 303
    assert document_of(newsroom)["summary"] == {"sv": "Stöd åt unga.", "en": "Support for the young."}


def test_an_overtaken_number_is_taken_as_it_was_proposed_or_not_at_all(newsroom: Newsroom, editor: Person) -> None:
    path = propose_number(newsroom, "020-39 00 11")
    with newsroom.sign_in("Granskaren") as third:
        other = publish(third, LINE, edit(third, LINE, NUMBER, varde="020-39 00 12", **{"belagg.0": "020-39 00 12"}))
        other_path = other.headers["location"].removeprefix("/redaktion").partition("?")[0]
    assert editor.submit(other_path, beslut="accept", skal="Jag har ringt.").status_code == 303
    assert STAYS in editor.get(path).text
    third_number = {"varde": "020-39 00 13", "belagg.0": "020-39 00 13", "kalla.0": "sida"}
    assert amend(editor, path, NUMBER, **third_number).status_code == 403
    with newsroom.sign_in("Vikarien") as proposer:
        assert amend(proposer, path, NUMBER).status_code == 403, "two look at a number"
    assert line(newsroom) == "+4620390012"
    assert amend(editor, path, NUMBER).status_code == 303
    assert line(newsroom) == "+4620390011"


def test_of_several_overtaken_fields_the_page_says_what_becomes_of_the_others(
    newsroom: Newsroom, editor: Person
) -> None:
    patch: dict[str, object] = {
        "summary": {"sv": "Stöd nu.", "en": "Support now."},
        "name": {"sv": "Öst", "en": "East"},
    }
    path = propose(newsroom, patch, "Nya ord.")
    change_summary(editor, "Stöd sedan.")
    change(editor, "name", **{"varde.sv": "Norr", "varde.en": "North"})
    form = editor.get(f"{path}/justera", params={"falt": "summary"}).text
    assert "Namn</bdi>. Där gäller det som står i katalogen i dag." in form
    assert amend(editor, path, "summary").status_code == 303
    document = document_of(newsroom)
    assert (document["summary"], document["name"]) == (patch["summary"], {"sv": "Norr", "en": "North"})


def test_where_the_files_and_the_directory_disagree_an_editor_accepts_the_files(
    newsroom: Newsroom, editor: Person
) -> None:
    with Session(newsroom.engine) as session:
        record = session.exec(select(CurrentRecord).where(CurrentRecord.slug == "koordinator-vast")).one()
        document = document_of(newsroom, "coordinators/koordinator-vast")
        words = {"sv": "Samordnar mer.", "en": "Coordinates more."}
        proposal = Proposal(
            id=uuid4(), record=record.id, family=record.family, kind=record.kind, slug=record.slug,
            base=record.revision, document=encode({**document, "summary": words}), conflicts="summary",
            actor="seed files", origin=Origin.SEED, reason="summary changed in the file and in the store",
            state=ProposalState.OPEN, made_at=datetime.now(UTC),
        )  # fmt: skip
        session.add(proposal)
        session.commit()
        path = f"/forslag/{proposal.id}"
    page = editor.get(path).text
    assert "Filerna och katalogen säger olika" in page
    assert STAYS not in page
    assert editor.submit(path, beslut="accept", skal="Filerna har rätt.").status_code == 303
    assert document_of(newsroom, "coordinators/koordinator-vast")["summary"] == words


def test_a_proposal_about_a_record_that_is_gone_can_only_be_rejected(newsroom: Newsroom, editor: Person) -> None:
    path = "/poster/coordinators/koordinator-ost/ta-bort"
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', editor.get(path).text))
    address = "coordinators/koordinator-ost"
    body = {"csrf": editor.csrf(), **form, "skal": "Uppdraget har upphört."}
    proposed = edit(editor, address, "summary", **{"varde.sv": "Samordnar.", "varde.en": "Coordinates a lot."})
    assert proposed.status_code == 200, proposed.text
    sent = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', proposed.text.partition("/andra")[2])
    )
    waiting = editor.post(f"/poster/{address}/andra", data=sent | {"steg": "skicka", "publicera": "nej"})
    proposal = waiting.headers["location"].removeprefix("/redaktion").partition("?")[0]
    assert editor.post(path, data=body).status_code == 303
    page = editor.get(proposal).text
    assert "Posten finns inte längre." in page
    assert 'value="accept"' not in page
    assert "/justera" not in page
    assert editor.submit(proposal, beslut="reject", skal="Posten är borta.").status_code == 303
