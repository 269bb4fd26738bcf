"""Keys, the audit trail and new sources in the console."""

import ast
import re
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest
from sqlmodel import Session

from app.access.auditing import add_audit_entry
from app.access.models import KeyRole
from app.console.admin_routes import MOST
from app.console.audit_views import ACTION_NAMES
from app.records.models import ProposalState
from app.settings import ROOT
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import edit, publish
from tests.console.test_tasks import report, revision_of
from tests.serving import PLAIN


def test_an_admin_makes_a_key_that_is_shown_once_and_revokes_it(newsroom: Newsroom) -> None:
    with newsroom.sign_in("Chefen", KeyRole.ADMIN) as admin:
        refused = admin.submit("/nycklar", namn="Halmstad", roll="contributor", omfattning="kommun=1380", dagar="30")
        assert (refused.status_code, 'value="kommun=1380"' in refused.text) == (422, True)
        asked = {"namn": "Halmstads kommun", "roll": "contributor", "omfattning": "municipality=1380", "dagar": "30"}
        (token,) = re.findall(r"<code>(stodkatalog_live_[0-9a-f_]+)</code>", admin.submit("/nycklar", **asked).text)
        listed = admin.get("/nycklar").text
        assert "Halmstads kommun" in listed
        assert token not in listed

        def ask() -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return httpx.get(f"{newsroom.address}/v1/keys/current", headers=headers, verify=PLAIN).status_code

        assert ask() == 200
        key_id = token.split("_")[2]
        assert admin.submit(f"/nycklar/{key_id}/aterkalla").status_code == 303
        assert ask() == 401
        assert admin.submit(f"/nycklar/{key_id}/aterkalla").status_code == 422
        log = admin.get("/logg").text
        key = f"nyckeln Halmstads kommun (uppgiftslämnare{{}}; id {key_id})"
        assert list_sentences(log)[:2] == [
            f"Chefen återkallade {key.format('')}.",
            f"Chefen skapade {key.format(', municipality=1380')}.",
        ]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"namn": ""}, "Ange en roll eller en organisation"),
        ({"namn": "Linj\u0435n"}, "latinska bokstäver"),
        ({"namn": "REDAKTIONEN"}, "heter redan Redaktionen, och namnen läses likadant"),
        ({"roll": ""}, "Välj en roll."),
        ({"roll": "admin", "omfattning": "municipality=1380"}, "lämna fältet tomt"),
        ({"dagar": "400"}, "En nyckel gäller i 1 till 366 dagar."),
        ({"omfattning": "kommun=1380"}, "Behörigheten skrivs municipality="),
        ({"omfattning": "municipality=13"}, "Ingen kommun har koden 13."),
        ({"omfattning": "records=linjer/linjen"}, "ingen sådan samling"),
        ({"omfattning": "organization=ingen"}, "ingen sådan post: ingen"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_in_swedish(
    newsroom: Newsroom, editor: Person, asked: dict[str, str], reason: str
) -> None:
    with newsroom.sign_in("Chefen", KeyRole.ADMIN) as admin:
        refused = admin.submit("/nycklar", **{"namn": "Kommunen", "roll": "editor", "dagar": "30"} | asked)
        assert (refused.status_code, reason in refused.text) == (422, True), refused.text


def test_an_editor_sees_no_keys_and_makes_none(newsroom: Newsroom, editor: Person) -> None:
    assert "/nycklar" not in editor.get("/").text
    assert editor.get("/nycklar").status_code == 403
    made = editor.submit("/nycklar", namn="Mer makt", roll="admin", dagar="30")
    assert (made.status_code, "Det får du inte göra" in made.text) == (403, True)


def test_a_source_is_added_by_who_read_it_and_can_be_cited(newsroom: Newsroom, editor: Person) -> None:
    asked = {"title": "Kontakta oss", "publisher": "Halmstads kommun", "url": "https://halmstad.example/kontakt"}
    unread = editor.submit("/kallor/ny", **asked, retrieved="i går")
    assert (unread.status_code, "Skriv ett datum" in unread.text) == (422, True)
    added = editor.submit("/kallor/ny", **asked, retrieved="2026-11-28")
    path = "/redaktion/poster/sources/halmstads-kommun-kontakta-oss?klart=kalla"
    assert added.headers["location"] == path
    source = newsroom.get("/v1/records/sources/halmstads-kommun-kontakta-oss")["document"]
    assert (source["title"], source["retrieved"]) == ("Kontakta oss", "2026-11-28")
    assert editor.submit("/kallor/ny", **asked, retrieved="2026-11-28").status_code == 409
    form = editor.get("/poster/hotlines/linjen/andra", params={"falt": "summary"}).text
    assert '<option value="Kontakta oss"></option>' in form


def list_sentences(log: str) -> list[str]:
    """What the page of the audit trail says, without dates and links."""
    lines = re.findall(r"<li><p><strong><bdi>(.*?)</bdi></strong> <bdi>(.*?)</bdi>\. <span", log)
    return [f"{unescape(actor)} {unescape(words)}." for actor, words in lines]


def test_the_audit_trail_says_in_sentences_who_did_what_to_what(newsroom: Newsroom, editor: Person) -> None:
    task = report(newsroom, "Språken är fel.", "contact_points.telefon.languages")
    assert editor.submit(f"{task}/avsluta", slut="not_ours").status_code == 303
    confirmed = {"revision": revision_of(newsroom), "omfattning": "hours", "hur": "phone"}
    assert editor.submit(f"/poster/{RECORD}/bekrafta", **confirmed).status_code == 303
    review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd i kväll.", "varde.en": "Support tonight."})
    assert publish(editor, RECORD, review).status_code == 303
    assert editor.submit("/webhookar", adress="https://b.example/hook").status_code == 200
    log = editor.get("/logg").text
    assert list_sentences(log)[:4] == [
        "Redaktionen lade till webhooken b.example.",
        "Redaktionen publicerade en ändring av Mottagningen.",
        "Redaktionen kontrollerade Mottagningen.",
        "Redaktionen avslutade ett ärende om Mottagningen.",
    ]
    assert f'href="/redaktion{task}"' in log
    assert f'href="/redaktion/poster/{RECORD}"' in log
    assert "{" not in re.sub(r"<style.*?</style>", "", log)


def test_the_audit_trail_is_read_page_by_page(newsroom: Newsroom, editor: Person) -> None:
    with Session(newsroom.engine) as session:
        for number in range(2 * MOST):
            add_audit_entry(session, datetime.now(UTC), "signed in", "key 0", actor=f"Nummer {number}", key="0")
        session.commit()
    first = editor.get("/logg").text
    (older,) = re.findall(r'href="/redaktion(/logg\?fore=\d+)">Äldre', first)
    second = editor.get(older).text
    lines = list_sentences(first) + list_sentences(second)
    assert [line for line in lines if line.startswith("Nummer")] == [
        f"Nummer {number} loggade in." for number in reversed(range(2 * MOST))
    ]
    assert "Till det senaste" in second
    assert "Till det senaste" not in first


def test_every_act_in_the_audit_trail_has_its_words() -> None:
    calls = [
        call
        for file in (ROOT / "app").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("add_audit_entry", "_write_down") and len(call.args) > 2
    ]
    acts = {call.args[2].value for call in calls if isinstance(call.args[2], ast.Constant)}
    decided = set(ProposalState) - {ProposalState.OPEN, ProposalState.STALE}
    assert acts | {f"proposal {state}" for state in decided} == set(ACTION_NAMES)
