"""A change is looked at as page and as embed before it is published, and nobody else sees anything of it."""

import re
from html import unescape

import httpx
from sqlmodel import Session, func, select

from app.access.models import AuditEntry
from app.console.previews import PREVIEWS_PER_MINUTE
from app.records.models import Proposal
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_adding import CITE, POINT
from tests.console.test_proposals import propose
from tests.console.test_records import NUMBER, edit, fields_of
from tests.serving import PLAIN


def list_previews(page: str) -> dict[str, str]:
    """By title, the document in each frame."""
    frames = re.findall(r'<iframe class="preview" sandbox title="([^"]+)" srcdoc="([^"]*)"></iframe>', page)
    return {title: unescape(document) for title, document in frames}


def look_at(person: Person, record: str, review: httpx.Response) -> httpx.Response:
    """Press the button for the preview on the page with the difference."""
    assert 'value="visa" formtarget="_blank"' in review.text
    return person.post(f"/poster/{record}/andra", data=fields_of(review.text) | {"steg": "visa"})


def count_rows(newsroom: Newsroom) -> list[int]:
    with Session(newsroom.engine) as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Proposal, AuditEntry)]


def test_a_hotlines_new_number_stands_on_its_pages_and_in_its_embed_before_anybody_accepts_it(
    newsroom: Newsroom, editor: Person
) -> None:
    before, rows = newsroom.get("/v1/records/hotlines/linjen"), count_rows(newsroom)
    review = edit(editor, "hotlines/linjen", NUMBER, **{"varde": "020-39 00 33", "belagg.0": "020-39 00 33"})
    answer = look_at(editor, "hotlines/linjen", review)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    previews = list_previews(answer.text)
    assert list(previews) == ["Sidan på svenska", "Inbäddad på andras webbplatser", "Sidan på engelska"]
    for title, document in previews.items():
        assert ("tel:+4620390033" in document, "tel:+4620390000" in document) == (True, False), title
    assert 'href="tel:112"' in previews["Sidan på engelska"]
    assert newsroom.get("/v1/records/hotlines/linjen") == before
    assert count_rows(newsroom) == rows
    public = httpx.get(f"{newsroom.address}/sv/resurser/linjen", verify=PLAIN).text
    assert "020-39 00 33" not in public


def test_what_a_preview_shows_is_what_the_page_becomes(newsroom: Newsroom, editor: Person) -> None:
    review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd <för> alla.", "varde.en": "Support for all."})
    preview = list_previews(look_at(editor, RECORD, review).text)["Sidan på svenska"]
    assert editor.post(f"/poster/{RECORD}/andra", data=fields_of(review.text) | {"steg": "skicka"}).status_code == 303
    page = httpx.get(f"{newsroom.address}/sv/resurser/mottagningen", verify=PLAIN).text
    main = re.compile(r"<main.*?</main>", re.DOTALL)
    assert main.findall(preview) == main.findall(page)
    assert "Stöd &lt;för&gt; alla." in preview


def test_a_new_contact_point_is_looked_at_as_well_and_a_source_has_no_page(editor: Person) -> None:
    path = f"/poster/{RECORD}/ny-kontaktvag"
    base = re.findall(r'name="base" value="(\d+)"', editor.get(path).text)[0]
    number = POINT | CITE | {"value:varde": "035-13 70 44", "skal": "Numret står på sidan.", "base": base}
    answer = editor.submit(path, **number, steg="visa")
    assert "035-13 70 44" in list_previews(answer.text)["Sidan på svenska"]
    assert "formtarget" not in edit(editor, "sources/sida", "title", varde="En annan sida").text


def test_a_preview_of_what_cannot_be_published_is_the_form_with_what_is_wrong(editor: Person) -> None:
    refused = edit(editor, RECORD, NUMBER, varde="12", steg="visa")
    assert (refused.status_code, "Det är inte ett giltigt telefonnummer." in refused.text) == (422, True)
    assert fields_of(refused.text)["varde"] == "12"


def test_a_proposal_is_looked_at_on_its_own_page_before_it_is_decided(newsroom: Newsroom) -> None:
    path, before = propose(newsroom, "020-39 00 44"), newsroom.get("/v1/records/hotlines/linjen")
    with newsroom.sign_in("Granskaren") as other:
        assert f'action="/redaktion{path}/visa"' in other.get(path).text
        rows = count_rows(newsroom)
        answer = other.submit(f"{path}/visa")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
        previews = list_previews(answer.text)
        assert list(previews) == ["Sidan på svenska", "Inbäddad på andras webbplatser", "Sidan på engelska"]
        assert all("tel:+4620390044" in document for document in previews.values())
        assert (newsroom.get("/v1/records/hotlines/linjen"), count_rows(newsroom)) == (before, rows)
        assert other.submit(path, beslut="reject", skal="Fel nummer.").status_code == 303
        assert f"{path}/visa" not in other.get(path).text
        assert other.submit(f"{path}/visa").status_code == 409


def test_an_account_looks_at_a_few_previews_a_minute_and_loses_nothing_that_was_typed(newsroom: Newsroom) -> None:
    path = propose(newsroom, "020-39 00 55")
    with newsroom.sign_in("Brådskan") as hurried, newsroom.sign_in("Lugnet") as other:
        review = edit(hurried, RECORD, "summary", **{"varde.sv": "Stöd snart.", "varde.en": "Support soon."})
        looked = [look_at(hurried, RECORD, review) for _ in range(PREVIEWS_PER_MINUTE)]
        assert [answer.status_code for answer in looked] == PREVIEWS_PER_MINUTE * [200]
        while looked[-1].status_code != 429:  # a slow machine may have earned another
            looked.append(look_at(hurried, RECORD, review))
        assert f"{PREVIEWS_PER_MINUTE} gånger i minuten" in looked[-1].text
        assert fields_of(looked[-1].text)["varde.sv"] == "Stöd snart."
        proposal = hurried.submit(f"{path}/visa")
        assert (proposal.status_code, "gånger i minuten" in proposal.text) == (429, True)
        assert int(proposal.headers["retry-after"]) >= 1
        assert other.submit(f"{path}/visa").status_code == 200, "nobody else pays for it"
