"""A check that was a mistake is taken back: it stays on record, and the dates are those of before."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from sqlmodel import Session, col, select

from app.access.models import AuditEntry, KeyRole
from app.records.confirming import Confirmation, confirm
from app.records.rebuilding import rebuild
from app.resources.reviewing import day_of
from app.verifying.models import Method, Scope, Verification
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_stale_proposals import change
from tests.serving import PLAIN

CHECKS = f"/poster/{RECORD}/kontroller"
OTHER = "Någon annan"


def confirm_by_phone(newsroom: Newsroom, who: str = OTHER, days_ago: int = 0) -> UUID:
    """The id of a new check of the clinic's number."""
    now = datetime.now(UTC)
    called = Confirmation(Scope.CONTACT, Method.PHONE, who, day_of(now) - timedelta(days=days_ago))
    confirm(newsroom.engine, "support_service", RECORD.partition("/")[2], called, now)
    with Session(newsroom.engine) as session:
        newest = select(Verification.id).where(Verification.role == who).order_by(col(Verification.made_at).desc())
        return session.exec(newest.limit(1)).one()


def read_dates(newsroom: Newsroom) -> tuple[str, str, bool]:
    """What the API tells of the checks, and whether the page tells the same."""
    record = newsroom.get("/v1/support-services/mottagningen")
    page = httpx.get(f"{newsroom.address}/sv/resurser/mottagningen", verify=PLAIN).text
    return record["freshness"], record["verified_at"], record["freshness"] in page


def test_a_check_that_is_taken_back_leaves_the_dates_of_before_and_stays_on_record(
    newsroom: Newsroom, editor: Person
) -> None:
    confirm_by_phone(newsroom, days_ago=3)
    before = read_dates(newsroom)
    assert (before[0].startswith("Provringt"), before[2]) == (True, True)
    revision = str(newsroom.get(f"/v1/records/{RECORD}")["number"])
    called = {"record": RECORD, "revision": revision, "omfattning": "contact", "hur": "phone"}
    noted = editor.submit(f"/poster/{RECORD}/bekrafta", **called)
    assert f'href="/redaktion{CHECKS}"' in editor.get(noted.headers["location"].removeprefix("/redaktion")).text
    assert read_dates(newsroom)[1] != before[1]
    (path,) = re.findall(rf'action="/redaktion({CHECKS}/[^"]+)"', editor.get(CHECKS).text)
    refused = editor.submit(path, skal="")
    assert (refused.status_code, "Varför: Skriv minst 3 tecken." in refused.text) == (422, True)
    assert editor.submit(path, skal="Jag ringde fel nummer.").status_code == 303
    assert read_dates(newsroom) == before
    page = editor.get(CHECKS).text
    assert "Jag ringde fel nummer." in page
    assert path not in page
    assert editor.submit(path, skal="En gång till.").status_code == 409
    assert rebuild(newsroom.engine, datetime.now(UTC)) == []
    with Session(newsroom.engine) as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == "check withdrawn")).all()
    assert [(act.actor, act.subject) for act in acts] == [("Redaktionen", RECORD)]
    assert "tog tillbaka en kontroll av Mottagningen" in editor.get("/logg").text


def test_the_check_of_another_is_taken_back_by_an_admin_only(newsroom: Newsroom, editor: Person) -> None:
    path = f"{CHECKS}/{confirm_by_phone(newsroom)}"
    assert path not in editor.get(CHECKS).text
    assert editor.submit(path, skal="Det var fel.").status_code == 403
    elsewhere = path.replace(RECORD, "hotlines/linjen")
    with newsroom.sign_in("Chefen", KeyRole.ADMIN) as admin:
        assert path in admin.get(CHECKS).text
        assert admin.submit(elsewhere, skal="Det var fel.").status_code == 404
        assert admin.submit(path, skal="Det var fel.").status_code == 303


def test_a_check_of_what_has_changed_since_says_that_it_counts_no_longer(newsroom: Newsroom, editor: Person) -> None:
    def count() -> int:
        return editor.get("/poster/hotlines/linjen/kontroller").text.count("Räknas inte längre")

    now = datetime.now(UTC)
    confirm(newsroom.engine, "hotline", "linjen", Confirmation(Scope.CONTENT, Method.PHONE, OTHER, day_of(now)), now)
    assert count() == 0
    change(editor, "summary", "hotlines/linjen", **{"varde.sv": "Råd.", "varde.en": "Advice."})
    assert count() == 1
