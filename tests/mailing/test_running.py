"""Editors learn once a day what waits, those who run a record are reminded, and a button confirms it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.access.keys import KeyRequest, add_key
from app.access.models import AuditEntry, KeyRole
from app.changes.models import Edition
from app.cli import main
from app.mailing.digest import NAMES
from app.mailing.links import confirm_linked, find_linked
from app.mailing.models import ConfirmationLink
from app.mailing.running import send_due_mails
from app.mailing.sending import ABANDONED, Letter, MailFailed, send_once
from app.main import create_app
from app.records.confirming import Confirmation, confirm
from app.records.documents import Document
from app.reports.keeping import Complaint, keep_report
from app.settings import Settings, WrongSetting
from app.verifying.models import Method, Scope, TaskKind, Verification
from tests.mailing.conftest import BASE, MailServer, make_settings
from tests.records.conftest import FIRST, Store
from tests.serving import serve

HOSTILE = "<script>alert(1)</script>\nBcc: alla@example.com"


def test_editors_get_one_mail_a_day_and_none_where_nothing_waits(
    store: Store, settings: Settings, mail_server: MailServer
) -> None:
    assert str(send_due_mails(store.engine, settings, FIRST)) == "Sent: 0 to the editors, 0 reminders"
    keep_report(store.engine, Complaint("hotlines/linjen", None, HOSTILE, "nagon@example.com"), FIRST)
    add_key(store.engine, KeyRequest("Länken", KeyRole.OPERATOR, "records=hotlines/linjen", days=20), FIRST)
    for hour in (0, 1, 2):
        send_due_mails(store.engine, settings, FIRST + timedelta(hours=hour))
    (mail,) = mail_server.mails
    assert mail["to"] == "redaktion@katalogen.example, tva@katalogen.example"
    assert mail["subject"] == "Stödkatalogen: 2 saker att titta på"
    text = mail.get_content()
    assert "hotlines/linjen: någon har rapporterat ett fel (sedan den 1 november 2026)" in text
    assert "Nyckeln ”Länken” slutar gälla den 21 november 2026" in text
    assert f"{BASE}/redaktion" in text
    assert "script" not in text
    assert "example.com" not in mail.as_string()
    send_due_mails(store.engine, settings, FIRST + timedelta(days=1))
    assert len(mail_server.mails) == 2


def test_a_mail_that_the_server_refuses_is_sent_by_the_next_run(
    store: Store, settings: Settings, mail_server: MailServer
) -> None:
    keep_report(store.engine, Complaint("hotlines/linjen", None, "Fel nummer.", None), FIRST)
    mail_server.answer = "451 try again later"
    assert "try again later" in str(send_due_mails(store.engine, settings, FIRST))
    mail_server.answer = None
    assert send_due_mails(store.engine, settings, FIRST + ABANDONED).digests == 1
    nowhere = make_settings(store, smtp_url="smtp://127.0.0.1:9", editors="redaktion@katalogen.example")
    assert send_due_mails(store.engine, nowhere, FIRST + timedelta(days=1)).failures


def test_a_password_is_sent_with_tls_only(store: Store, mail_server: MailServer) -> None:
    keep_report(store.engine, Complaint("hotlines/linjen", None, "Fel nummer.", None), FIRST)
    url = f"smtp://nagon:hemligt@127.0.0.1:{mail_server.port}"
    outcome = send_due_mails(store.engine, make_settings(store, smtp_url=url, editors="a@b.example"), FIRST)
    assert "no TLS" in str(outcome)
    assert "hemligt" not in str(outcome)
    assert mail_server.mails == []


def test_mails_say_which_settings_they_lack(store: Store) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    with pytest.raises(WrongSetting, match="SMTP_URL, STODKATALOG_CONTACT_EMAIL, STODKATALOG_BASE_URL"):
        send_due_mails(store.engine, Settings(database_url=url), FIRST)


def test_those_who_run_a_record_are_reminded_three_times_at_its_own_mailbox(
    cadenced: Store, settings: Settings, mail_server: MailServer
) -> None:
    day = FIRST.date()
    confirm(cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", day), FIRST)
    due = FIRST + timedelta(days=90)
    for days in (-40, -31, -30, -29, -1, 0, 1, 29, 30, 31, 59, 61, 200):
        send_due_mails(cadenced.engine, settings, due + timedelta(days=days))
    reminders = [mail for mail in mail_server.mails if mail["to"] == "linjen@myndighet.example"]
    assert len(reminders) == 3
    first, _, last = (mail.get_content() for mail in reminders)
    assert reminders[0]["subject"] == "Stämmer uppgifterna om Linjen? / Are the details about The line right?"
    assert reminders[0]["from"] == "Stödkatalogen <svar@katalogen.example>"
    assert "De ska kontrolleras senast den 30 januari 2027." in first
    assert "They should have been checked by 30 January 2027." in last
    assert "Telefon: 020-39 00 00 (vardagar 9–16)" in first
    assert re.search(rf"^{BASE}/sv/bekrafta/\S{{43}}\r?$", first, re.MULTILINE)
    assert re.search(rf"^{BASE}/en/confirm/\S{{43}}\r?$", first, re.MULTILINE)


def test_the_link_of_a_reminder_confirms_once_and_only_by_its_button(
    cadenced: Store, settings: Settings, mail_server: MailServer
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=80)
    called = Confirmation(Scope.CONTACT, Method.PHONE, "editor", long_ago.date())
    confirm(cadenced.engine, "hotline", "linjen", called, long_ago)
    send_due_mails(cadenced.engine, settings, datetime.now(UTC))
    (mail,) = (mail for mail in mail_server.mails if mail["to"] == "linjen@myndighet.example")
    (path,) = re.findall(rf"{BASE}(/sv/bekrafta/\S+)", mail.get_content())
    with serve(create_app(settings)) as running:
        client = running.client
        page = client.get(path)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "private, no-store"
        assert "020-39 00 00" in page.text
        assert len(checks(cadenced)) == 1
        (action,) = re.findall(r'<form method="post" action="(\?revision=\d+)"', page.text)
        changed = client.post(f"{path}?revision=1")
        assert changed.status_code == 410
        assert "har uppgifterna ändrats" in changed.text
        before = newest_edition(cadenced)
        done = client.post(path + action)
        assert done.status_code == 200, done.text
        assert newest_edition(cadenced) == before + 1
        assert "ni har kontrollerat uppgifterna i dag" in done.text
        assert {check.scope for check in checks(cadenced) if check.method is Method.OPERATOR} == set(Scope)
        assert client.get("/v1/hotlines/linjen").json()["review"] == "current"
        for answer in (client.get(path), client.post(path + action), client.get("/sv/bekrafta/" + "x" * 43)):
            assert answer.status_code == 410
        assert len(checks(cadenced)) == 1 + len(Scope)
        with Session(cadenced.engine) as session:
            acts = session.exec(select(AuditEntry).where(AuditEntry.action == "record confirmed")).all()
            assert [(act.actor, act.subject) for act in acts] == [("Linjen", "hotlines/linjen")]
        assert client.post(path).status_code == 422


def test_a_link_holds_no_more_when_the_record_has_another_mailbox(
    cadenced: Store, settings: Settings, mail_server: MailServer
) -> None:
    day = FIRST.date()
    confirm(cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", day), FIRST)
    now = FIRST + timedelta(days=70)
    send_due_mails(cadenced.engine, settings, now)
    (token,) = re.findall(rf"{BASE}/sv/bekrafta/(\S+)", mail_server.mails[-1].get_content())

    def move(document: Document) -> None:
        document["contact_points"][-1]["value"] = "ny@myndighet.example"

    cadenced.change("hotline", "linjen", move)
    with Session(cadenced.engine) as session:
        assert find_linked(session, token, now) is None
    newest = cadenced.current("hotline", "linjen")
    assert newest is not None
    assert confirm_linked(cadenced.engine, token, newest.revision, now) is None
    assert len(checks(cadenced)) == 1


def test_a_letter_that_cannot_be_written_takes_no_other_with_it(
    store: Store, settings: Settings, mail_server: MailServer
) -> None:
    for to, subject in (("x@[1.2.3.4", "Hej"), ("root,x@b.example", "Hej"), ("a@b.example", "Hej\nBcc: c@d.example")):
        with pytest.raises(MailFailed):
            send_once(store.engine, settings, Letter("test", [to], subject, "Text"), FIRST)
    assert send_once(store.engine, settings, Letter("test", ["a@b.example"], "Hej", "Text"), FIRST)
    assert [mail["to"] for mail in mail_server.mails] == ["a@b.example"]


def test_every_kind_of_task_has_its_words_in_the_mail() -> None:
    assert NAMES.keys() == set(TaskKind)


def test_an_editor_whose_address_is_refused_is_told_of_and_the_others_get_the_mail_once(
    store: Store, settings: Settings, mail_server: MailServer
) -> None:
    keep_report(store.engine, Complaint("hotlines/linjen", None, "Fel nummer.", None), FIRST)
    mail_server.refused = {"tva@katalogen.example"}
    outcome = send_due_mails(store.engine, settings, FIRST)
    assert outcome.digests == 1
    assert "tva@katalogen.example" in str(outcome)
    assert send_due_mails(store.engine, settings, FIRST + timedelta(hours=1)).digests == 0
    assert len(mail_server.mails) == 1


def test_a_reminder_that_reached_nobody_leaves_no_link(
    cadenced: Store, settings: Settings, mail_server: MailServer
) -> None:
    day = FIRST.date()
    confirm(cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", day), FIRST)
    mail_server.answer = "451 try again later"
    assert len(send_due_mails(cadenced.engine, settings, FIRST + timedelta(days=70)).failures) == 1
    with Session(cadenced.engine) as session:
        assert session.exec(select(ConfirmationLink)).all() == []


def checks(store: Store) -> list[Verification]:
    with Session(store.engine) as session:
        return list(session.exec(select(Verification)).all())


def newest_edition(store: Store) -> int:
    with Session(store.engine) as session:
        return max(session.exec(select(Edition.number)))


def test_what_stands_in_a_link_is_kept_nowhere(cadenced: Store, settings: Settings, mail_server: MailServer) -> None:
    day = FIRST.date()
    confirm(cadenced.engine, "hotline", "linjen", Confirmation(Scope.CONTACT, Method.PHONE, "editor", day), FIRST)
    send_due_mails(cadenced.engine, settings, FIRST + timedelta(days=70))
    (token,) = re.findall(rf"{BASE}/sv/bekrafta/(\S+)", mail_server.mails[-1].get_content())
    with Session(cadenced.engine) as session:
        (link,) = session.exec(select(ConfirmationLink)).all()
        assert token not in link.model_dump_json()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_command_tells_what_it_sent(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    names = {"DATABASE_URL": url, "SMTP_URL": mail_server.url, "BASE_URL": BASE, "CONTACT_EMAIL": "a@katalogen.example"}
    for name, value in names.items():
        monkeypatch.setenv(f"STODKATALOG_{name}", value)
    main(["remind"])
    assert capsys.readouterr().out == "Sent: 0 to the editors, 0 reminders\n"
