"""Nothing that an editor typed is lost: not when the session ends, nor when others are faster, nor with the record."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from app.access.models import AuditEntry, KeyRole
from app.console.sessions import end_session
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_checks import confirm_by_phone
from tests.console.test_records import EDIT, edit, fields_of, number_of, path_of, publish
from tests.console.test_sessions import SENT
from tests.console.test_tasks import report, revision_of
from tests.routes import Route

TYPED = 'Det "här" skrev jag <i natt> & imorse.'
POINT = "contact_points.telefon"
FORMS = {
    "/poster/{collection}/{id}/andra": {"falt": "summary", "varde.sv": TYPED, "varde.en": "At night."},
    "/poster/{collection}/{id}/ny-kontaktvag": {"channel:varde": "phone", "label:varde.sv": TYPED},
    "/poster/{collection}/{id}/avvikelser": {"kontaktvag": "telefon", "forsta.0": "2027-05-01", "skal.0.sv": TYPED},
    "/poster/{collection}/{id}/ta-bort": {"skal": TYPED},
    "/poster/{collection}/{id}/historik/{number}": {"skal": TYPED},
    "/poster/{collection}/{id}/historik/{number}/ta-tillbaka": {"skal": TYPED},
    "/poster/{collection}/{id}/bekrafta": {"omfattning": "hours", "hur": "phone"},
    "/poster/{collection}/{id}/kontroller/{check}": {"skal": TYPED},
    "/nypost/{collection}": {"name:varde.sv": TYPED, "name:varde.en": "Night", "status:varde": "current"},
    "/kallor/ny": {"title": TYPED, "publisher": "Kommunen", "retrieved": "2026-11-28"},
    "/arenden/{id}/avsluta": {"slut": "not_ours", "anteckning": TYPED},
    "/arenden/{id}/stammer": {"record": RECORD, "omfattning": "hours", "hur": "phone"},
    "/forslag/{id}": {"beslut": "reject", "skal": TYPED},
    "/forslag/{id}/justera": {"base": "", "falt": "summary", "varde.sv": TYPED, "varde.en": "At night."},
    "/nycklar": {"namn": TYPED, "roll": "editor", "dagar": "30"},
    "/webhookar": {"adress": "https://a.example/hook", "poster": TYPED},
}
"""What is typed into the form of each route that has one; all others have a button alone."""


def from_own_page(newsroom: Newsroom) -> dict[str, str]:
    """What a browser sends with a form of ours."""
    return {"Origin": newsroom.address}


def sign_in_again(newsroom: Newsroom, person: Person) -> None:
    assert person.post("/logga-in", data={"kod": newsroom.link()}).status_code == 303


def hidden_fields(page: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields}


def test_a_form_sent_after_the_session_has_ended_comes_back_filled_in(newsroom: Newsroom) -> None:
    own = from_own_page(newsroom)
    with newsroom.sign_in() as person:
        form = fields_of(person.get(EDIT, params={"falt": "summary"}).text)
        typed = form | {"varde.sv": TYPED, "varde.en": "At night.", "belagg.0": "i natt", "skal": "Så säger de."}
        end_session(newsroom.engine, person.cookies["stodkatalog"], datetime.now(UTC))
        refused = person.post(EDIT, data=typed, headers=own)
        assert (refused.status_code, "Du är utloggad" in refused.text) == (401, True)
        assert refused.headers["cache-control"] == "private, no-store"
        carried = hidden_fields(refused.text)
        assert carried == {name: value for name, value in typed.items() if name != "csrf"}
        assert form["csrf"] not in refused.text
        assert f'action="/redaktion{EDIT}"' in refused.text
        again = person.post(EDIT, data=carried, headers=own)
        assert (again.status_code, hidden_fields(again.text)) == (401, carried), "before signing in nothing is lost"
        sign_in_again(newsroom, person)
        shown = person.post(EDIT, data=carried, headers=own)
        assert (shown.status_code, "Du har loggat in på nytt" in shown.text) == (403, True)
        values = fields_of(shown.text)
        assert {name: values[name] for name in carried} == carried
        review = person.post(EDIT, data=values, headers=own)
        assert publish(person, RECORD, review).status_code == 303
    assert newsroom.get(f"/v1/records/{RECORD}")["document"]["summary"]["sv"] == TYPED


def test_a_form_opened_before_signing_in_anew_comes_back_filled_in(newsroom: Newsroom) -> None:
    with newsroom.sign_in() as person:
        form = fields_of(person.get(EDIT, params={"falt": "summary"}).text)
        sign_in_again(newsroom, person)
        shown = person.post(EDIT, data=form | {"varde.sv": TYPED}, headers=from_own_page(newsroom))
        assert (shown.status_code, fields_of(shown.text)["varde.sv"]) == (403, TYPED)
        assert fields_of(shown.text)["csrf"] != form["csrf"]


def count_acts(newsroom: Newsroom) -> int:
    with Session(newsroom.engine) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def propose_summary(newsroom: Newsroom) -> str:
    """The id of a proposal that waits."""
    with newsroom.sign_in("Vikarien") as other:
        values = {"varde": "020-39 00 07", "belagg.0": "020-39 00 07"}
        review = edit(other, "hotlines/linjen", f"{POINT}.value", **values)
        return path_of(publish(other, "hotlines/linjen", review)).rpartition("/")[2]


def change_summary(newsroom: Newsroom) -> str:
    """The number of the revision before a new one."""
    number = revision_of(newsroom)
    with newsroom.sign_in() as person:
        values = {"varde.sv": f"Stöd {number}.", "varde.en": f"Support {number}.", "belagg.0": "stöd"}
        assert publish(person, RECORD, edit(person, RECORD, "summary", **values)).status_code == 303
    return number


def path_to(newsroom: Newsroom, route: Route) -> str:
    """An address of the route at which there is something."""
    path = route.path.removeprefix("/redaktion")
    if "{number}" in path:
        before = change_summary(newsroom)
        path = path.replace("{number}", revision_of(newsroom) if path.endswith("/ta-tillbaka") else before)
    if "{check}" in path:
        path = path.replace("{check}", str(confirm_by_phone(newsroom)))
    if path.startswith("/arenden/"):
        return path.replace("/arenden/{id}", report(newsroom, "Numret är fel."))
    if path.startswith("/forslag/"):
        return path.replace("{id}", propose_summary(newsroom))
    collection, _, slug = RECORD.partition("/")
    return path.replace("{collection}", collection).replace("{id}", slug if "poster" in path else str(uuid4()))


@pytest.mark.parametrize("route", SENT, ids=lambda route: route.path)
def test_a_form_of_an_earlier_session_is_shown_again_and_does_nothing(newsroom: Newsroom, route: Route) -> None:
    path = path_to(newsroom, route)
    typed = FORMS.get(route.path.removeprefix("/redaktion"))
    with newsroom.sign_in("Chefen", KeyRole.ADMIN) as admin:
        before = admin.csrf()
        assert admin.post("/logga-in", data={"kod": newsroom.link("Chefen", KeyRole.ADMIN)}).status_code == 303
        acts = count_acts(newsroom)
        sent = {"csrf": before, "base": revision_of(newsroom), "steg": "skicka", "namn": uuid4().hex, **(typed or {})}
        answer = admin.post(path, data=sent, headers=from_own_page(newsroom))
        assert answer.status_code == 403, answer.text
        assert count_acts(newsroom) == acts
        if typed is None:
            assert "Formuläret gäller inte längre" in answer.text
        else:
            assert "Du har loggat in på nytt" in answer.text
            assert before not in answer.text
            is_kept = [value in unescape(answer.text) for value in typed.values()]
            assert all(is_kept), answer.text


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_another_sites_form_is_neither_kept_nor_filled_in(newsroom: Newsroom, headers: dict[str, str]) -> None:
    forged = {"falt": "summary", "base": revision_of(newsroom), "varde.sv": TYPED, "steg": "tillbaka"}
    with newsroom.visit() as nobody, newsroom.sign_in() as person:
        for browser in (nobody, person):
            answer = browser.post(EDIT, data=forged, headers=headers)
            assert (answer.status_code, "i natt" in answer.text) == (403, False)


def test_who_was_overtaken_sees_both_and_may_send_it_again(newsroom: Newsroom, editor: Person) -> None:
    number = f"{POINT}.value"
    form = fields_of(editor.get(EDIT, params={"falt": number}).text)
    values = {"varde": "031-367 71 00", "belagg.0": "031-367 71 00", "skal": "Numret är bytt."}
    with newsroom.sign_in("Vikarien") as other:
        assert publish(other, RECORD, edit(other, RECORD, number, **values)).status_code == 303
    mine = {"varde": "031-367 72 00", "belagg.0": "031-367 72 00", "skal": "Jag har ringt."}
    late = publish_late(editor, form | mine)
    assert (late.status_code, "ändrats sedan du öppnade sidan" in late.text) == (409, True)
    present = late.text.partition("Så står det nu")[2].partition("<form")[0]
    assert ("031-367 71 00" in present, "031-367 72 00" in present) == (True, False)
    again = fields_of(late.text)
    assert {name: again[name] for name in mine} == mine
    review = editor.post(EDIT, data=again)
    assert "031-367 71 00" in review.text
    assert publish(editor, RECORD, review).status_code == 303
    assert number_of(newsroom) == "+46313677200"


def publish_late(person: Person, form: dict[str, str]) -> httpx.Response:
    """Send a form of the record as it was, and press the button where its difference is still shown."""
    answer = person.post(EDIT, data=form)
    return publish(person, RECORD, answer) if answer.status_code == 200 else answer


def test_what_was_typed_about_a_record_that_is_gone_is_shown_to_be_copied(newsroom: Newsroom, editor: Person) -> None:
    sent = {"csrf": editor.csrf(), "falt": "summary", "base": "1", "varde.sv": TYPED, "skal": "Så säger de."}
    gone = editor.post("/poster/support-services/borta/andra", data=sent)
    assert (gone.status_code, "Sidan finns inte" in gone.text) == (404, True)
    kept = unescape(gone.text.partition("Det du skrev")[2])
    assert all(text in kept for text in (TYPED, "Så säger de."))


def test_a_form_that_meets_a_busy_service_can_be_sent_again_as_it_was(newsroom: Newsroom) -> None:
    with newsroom.sign_in("Ivrig") as person:
        form = fields_of(person.get(EDIT, params={"falt": "summary"}).text) | {"varde.sv": TYPED}
        while person.post("/logga-ut", data={"csrf": ""}).status_code != 429:
            continue
        busy = person.post(EDIT, data=form)
    assert busy.status_code == 429
    assert "För många försök på kort tid" in busy.text
    (action,) = re.findall(rf'<form [^>]*action="/redaktion({EDIT})"', busy.text)
    assert hidden_fields(busy.text.partition(action)[2])["varde.sv"] == TYPED
