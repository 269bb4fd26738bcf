"""Signing in with an account of the organization, at a real provider of OpenID Connect."""

import hashlib
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session, col, select

from app.access.keys import revoke_key
from app.access.models import AccessKey, AuditEntry, KeyRole
from app.console import sign_in_places
from app.console.models import ConsoleAccount
from app.http import turns
from app.main import create_app
from app.resources.reviewing import day_of
from app.settings import ROOT, Settings
from tests import npm
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_every_page import NARROW, list_faults
from tests.serving import PLAIN, Served, serve

START, ANSWER = "/logga-in/konto", "/redaktion/logga-in/svar"
COOKIE = "stodkatalog-inloggning"


@dataclass(frozen=True)
class House:
    """The console of an organization with accounts, and the store behind it."""

    newsroom: Newsroom
    address: str
    issuer: str

    def visit(self) -> Person:
        """A browser."""
        return Person(base_url=f"{self.address}/redaktion", timeout=10, verify=PLAIN)


@pytest.fixture(scope="module")
def house(newsroom: Newsroom) -> Iterator[House]:
    """The console beside a provider; both end with the tests of this file."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [str(npm.node()), str(npm.FOLDER / "provider.mjs"), f"{address}{ANSWER}"]
    with subprocess.Popen(
        command, env=npm.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as provider:
        assert provider.stdout is not None
        issuer = provider.stdout.readline().strip()
        settings = Settings(
            database_url=newsroom.engine.url.render_as_string(hide_password=False),
            oidc_client_id="stodkatalog",
            oidc_client_secret="a&secret",
            oidc_issuer=issuer,
        )
        try:
            with serve(create_app(settings), port=port):
                yield House(newsroom, address, issuer)
        finally:
            provider.kill()


def sign_in_there(address: str, account: str) -> str:
    """What a person does at the provider: a name, a password, and yes; the address to which that leads back."""
    with httpx.Client(timeout=10, verify=PLAIN) as browser:
        answer = browser.get(address)
        while True:
            while answer.is_redirect:
                onward = str(answer.next_request.url) if answer.next_request else ""
                if ANSWER in onward:
                    return onward
                answer = browser.get(onward)
            assert answer.status_code == 200, answer.text
            (action,) = re.findall(r'<form[^>]* action="([^"]+)"', answer.text)
            (prompt,) = re.findall(r'name="prompt" value="(\w+)"', answer.text)
            answer = browser.post(action, data={"prompt": prompt, "login": account, "password": "x"})


def begin(person: Person, account: str, **changed: str) -> str:
    """Begin to sign in: where the provider leads back to. `changed`: what somebody changes on the way there."""
    start = person.get(START)
    assert start.status_code == 303, start.text
    address = httpx.URL(start.headers["location"])
    return sign_in_there(str(address.copy_merge_params(changed)), account)


def is_signed_in(person: Person) -> bool:
    return person.get("/").status_code == 200


def name_signed_in(house: House, account: str) -> str:
    """The name of the key for which an account is signed in."""
    with house.visit() as person:
        page = person.get(begin(person, account))
        assert page.status_code == 200, page.text
        (name,) = re.findall(r"Inloggad som <bdi>([^<]+)", person.get("/").text)
        return str(name)


def list_holding(house: House, name: str) -> Sequence[AccessKey]:
    """The keys of this name that are not revoked, the newest first."""
    with Session(house.newsroom.engine) as session:
        own = select(AccessKey).where(AccessKey.name == name, col(AccessKey.revoked_at).is_(None))
        return session.exec(own.order_by(col(AccessKey.made_at).desc())).all()


on_sqlite = pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)
"""For what is refused, or fails, before the store has a part in it."""


def test_an_account_signs_in_with_its_role_and_without_its_name(house: House) -> None:
    with house.visit() as person:
        assert "Logga in med ditt konto" in person.get("/logga-in").text
        start = person.get(START)
        asked = parse_qs(urlsplit(start.headers["location"]).query)
        assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
        assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 43
        cookie = start.headers["set-cookie"].partition("; ")[2]
        assert sorted(cookie.split("; ")) == [
            "HttpOnly", "Max-Age=600", "Path=/redaktion/logga-in", "SameSite=lax",
        ]  # fmt: skip
        answer = person.get(sign_in_there(start.headers["location"], "editor:all-anna"))
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
        assert 'content="0; url=/redaktion/"' in answer.text
        assert COOKIE not in person.cookies
        page = person.get("/").text
        (name,) = re.findall(r"Inloggad som <bdi>(Redaktionen [0-9a-f]{8})</bdi> \(redaktör\)", page)
        assert "anna" not in page
    with house.visit() as again:
        again.get(begin(again, "editor:all-anna"))
        assert name in again.get("/").text, "the same account is the same party"
    with Session(house.newsroom.engine) as session:
        acts = [(one.actor, one.action) for one in session.exec(select(AuditEntry)) if name in (one.details or "")]
        assert acts == [("provider of accounts", "key added")]
        assert len(session.exec(select(AccessKey).where(AccessKey.name == name)).all()) == 1


def test_two_accounts_are_two_parties_each_with_its_role(house: House) -> None:
    with house.visit() as first, house.visit() as second:
        for person, account in ((first, "admin-bo"), (second, "editor:all-berit")):
            person.get(begin(person, account))
        names = [re.findall(r"Inloggad som <bdi>([^<]+)", person.get("/").text)[0] for person in (first, second)]
        assert names[0] != names[1]
        assert [person.get("/nycklar").status_code for person in (first, second)] == [200, 403]


def test_an_account_whose_role_changes_has_one_key_at_a_time_and_stays_within_its_scope(house: House) -> None:
    name = name_signed_in(house, f"editor:records={RECORD}-fia")
    for account, role, scope in (
        ("editor-fia", KeyRole.EDITOR, "records"),
        ("admin-fia", KeyRole.ADMIN, None),
        ("admin-fia", KeyRole.ADMIN, None),
        ("editor-fia", KeyRole.EDITOR, "records"),
    ):
        assert name_signed_in(house, account) == name
        (key,) = list_holding(house, name)
        assert (key.role, key.scope_kind) == (role, scope), account


def test_a_new_editor_to_whom_no_claim_gives_a_scope_waits_for_an_admin_to_do_so(house: House) -> None:
    with house.visit() as person, house.visit() as admin:
        answer = person.get(begin(person, "editor-ivar"))
        assert (answer.status_code, "Ditt konto väntar på behörighet." in answer.text) == (403, True)
        (name,) = re.findall(r"Kontot heter <strong>(Redaktionen [0-9a-f]{8})</strong>", answer.text)
        assert not is_signed_in(person)
        assert name in person.get(begin(person, "editor-ivar")).text, "it stays the same"
        assert list_holding(house, name) == []
        admin.get(begin(admin, "admin-bo"))
        link = rf'href="/redaktion(/nycklar[^"]*)#new">Ge behörighet<span class="unseen"> till {name}<'
        (form,) = re.findall(link, admin.get("/nycklar").text)
        filled = admin.get(form).text
        assert f'name="namn" maxlength="80" required value="{name}"' in filled
        assert 'value="editor" required checked' in filled
        sent = {"namn": name, "roll": "editor", "omfattning": "municipality=1380", "dagar": "90"}
        given = admin.submit("/nycklar", **sent)
        listed = admin.get(given.headers["location"].removeprefix("/redaktion")).text
        assert f"<bdi>{name}</bdi> är insläppt" in listed
        assert not re.search(link, listed)
        assert "stodkatalog_live_" not in given.text + listed, "nobody sees a secret that nobody needs"
        assert f"tog emot kontot {name}" in admin.get("/logg").text
    assert name_signed_in(house, "editor-ivar") == name
    (key,) = list_holding(house, name)
    assert (key.role, key.scope_kind) == (KeyRole.EDITOR, "municipality")


def test_the_scope_that_a_claim_gives_holds_from_the_next_sign_in_on(house: House) -> None:
    name = name_signed_in(house, "editor:municipality=1380-jan")
    for roles, scope in (
        ("editor:municipality=1380", "municipality"),
        ("editor", "municipality"),
        (f"editor+editor:records={RECORD}", "records"),
        ("editor:all", None),
        ("editor", None),
    ):
        before = list_holding(house, name)
        assert name_signed_in(house, f"{roles}-jan") == name
        (key,) = list_holding(house, name)
        assert (key.role, key.scope_kind) == (KeyRole.EDITOR, scope), roles
        assert (key.id == before[0].id) == (scope == before[0].scope_kind), "a key is made for what has changed only"


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ("editor:municipality=9999", "något som inte finns i katalogen"),
        ("editor:everything", "något som inte finns i katalogen"),
        ("editor:municipality=1380+editor:all", "väntar på behörighet"),
        ("editors:all", "har ingen roll"),
        ("admin:all", "har ingen roll"),
    ],
)
@on_sqlite
def test_a_claim_that_is_not_understood_lets_nobody_in(house: House, roles: str, reason: str) -> None:
    with house.visit() as person:
        answer = person.get(begin(person, f"{roles}-karin{len(roles)}"))
        assert (answer.status_code, reason in answer.text) == (403, True), answer.text
        assert not is_signed_in(person)


def test_signing_in_with_an_account_ends_the_session_that_the_browser_had_and_notes_the_day(house: House) -> None:
    with house.visit() as person, house.visit() as earlier:
        person.post("/logga-in", data={"kod": house.newsroom.link("Förra")})
        held = person.cookies["stodkatalog"]
        assert person.get(begin(person, "editor:all-lena")).status_code == 200
        assert person.cookies["stodkatalog"] != held
        earlier.cookies.set("stodkatalog", held, path="/redaktion")
        assert not is_signed_in(earlier)
        (name,) = re.findall(r"Inloggad som <bdi>([^<]+)", person.get("/").text)
    (key,) = list_holding(house, name)
    assert key.last_used_on == day_of(datetime.now(UTC))


def test_two_sign_ins_at_once_of_an_account_whose_role_has_changed_make_one_key(house: House) -> None:
    name = name_signed_in(house, "editor:all-gun")
    with house.visit() as first, house.visit() as second:
        answers = [(person, begin(person, "admin-gun")) for person in (first, second)]
        with ThreadPoolExecutor(2) as threads:
            pages = list(threads.map(lambda each: each[0].get(each[1]), answers))
        assert [page.status_code for page in pages] == [200, 200]
        assert is_signed_in(first)
        assert is_signed_in(second)
    assert [key.role for key in list_holding(house, name)] == [KeyRole.ADMIN]


def test_nothing_that_is_published_of_an_account_can_be_worked_out_from_its_subject(house: House) -> None:
    name = name_signed_in(house, "editor:all-hedda")
    for text in (f"{house.issuer}\nhedda", "hedda", f"{house.issuer}hedda"):
        assert hashlib.sha256(text.encode()).hexdigest()[:8] not in name
    with Session(house.newsroom.engine) as session:
        account = session.exec(select(ConsoleAccount).where(ConsoleAccount.name == name)).one()
        session.delete(account)
        session.commit()
    assert name_signed_in(house, "editor:all-hedda") != name, "a pseudonym is made at random, and kept with the digest"


@on_sqlite
@pytest.mark.parametrize("account", ["reader-carl", "operator-carl"])
def test_an_account_without_a_role_of_the_console_stays_outside(house: House, account: str) -> None:
    with house.visit() as person:
        answer = person.get(begin(person, account))
        assert (answer.status_code, "Ditt konto har ingen roll" in answer.text) == (403, True)
        assert not is_signed_in(person)


@on_sqlite
def test_an_answer_that_is_not_to_this_browsers_question_signs_nobody_in(house: House) -> None:
    with house.visit() as person, house.visit() as other:
        answer = begin(person, "editor:all-anna")
        state, issuer = (parse_qs(urlsplit(answer).query)[name][0] for name in ("state", "iss"))
        elsewhere = answer.replace(quote(issuer, safe=""), quote("https://elsewhere.example", safe=""))
        assert elsewhere != answer
        for wrong in (
            answer.replace(state, "0" * 64),
            answer.replace("state=", "x="),
            answer.replace("code=", "x="),
            elsewhere,
        ):
            refused = person.get(wrong)
            assert (refused.status_code, "gick inte att slutföra" in refused.text) == (403, True)
            person.get(START)
        assert other.get(answer).status_code == 403, "no cookie of that sign-in"
        other.get(START)
        assert other.get(answer).status_code == 403, "the cookie of another sign-in"
        assert not is_signed_in(person)
        assert not is_signed_in(other)


@on_sqlite
def test_a_code_of_another_sign_in_or_used_before_or_with_another_nonce_is_refused(house: House) -> None:
    with house.visit() as person:
        stolen = begin(person, "editor:all-anna")
        own = begin(person, "editor:all-dora")
        code, own_code = (parse_qs(urlsplit(one).query)["code"][0] for one in (stolen, own))
        assert person.get(own.replace(own_code, code)).status_code == 403, "its verifier is another"
        nonce = begin(person, "editor:all-anna", nonce="0" * 64)
        assert person.get(nonce).status_code == 403
        assert not is_signed_in(person)
        start = person.get(START)
        secret = person.cookies[COOKIE]
        answer = sign_in_there(start.headers["location"], "editor:all-anna")
        assert person.get(answer).status_code == 200
    with house.visit() as thief:
        thief.cookies.set(COOKIE, secret, path="/redaktion/logga-in")
        assert thief.get(answer).status_code == 403, "a code works once"
        assert not is_signed_in(thief)


def test_who_is_revoked_is_out_at_once_and_not_let_in_again_by_the_provider(house: House) -> None:
    with house.visit() as person:
        person.get(begin(person, "editor:all-eva"))
        assert is_signed_in(person)
        (name,) = re.findall(r"Inloggad som <bdi>([^<]+)", person.get("/").text)
        with Session(house.newsroom.engine) as session:
            key = session.exec(select(AccessKey.id).where(AccessKey.name == name)).one()
        revoke_key(house.newsroom.engine, key, datetime.now(UTC))
        assert not is_signed_in(person)
        answer = person.get(begin(person, "editor:all-eva"))
        assert (answer.status_code, "Din behörighet är återkallad" in answer.text) == (403, True)
        assert not is_signed_in(person)


@on_sqlite
def test_where_no_provider_is_named_or_it_does_not_answer_links_still_sign_in(newsroom: Newsroom) -> None:
    with newsroom.visit() as person:
        assert person.get(START).status_code == 404
        assert person.get("/logga-in/svar").status_code == 404
        assert "Logga in med ditt konto" not in person.get("/logga-in").text
    url = newsroom.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, oidc_client_id="x", oidc_issuer="http://127.0.0.1:9")
    with serve(create_app(settings)) as alone:
        answer = alone.client.get(f"/redaktion{START}")
        assert (answer.status_code, "tillfälligt ur funktion" in answer.text) == (503, True)
        assert alone.client.post("/redaktion/logga-in", data={"kod": newsroom.link()}).status_code == 303


def serve_with_provider(newsroom: Newsroom, provider: socket.socket) -> AbstractContextManager[Served]:
    """The console, where the provider is what a test makes of a socket."""
    url = newsroom.engine.url.render_as_string(hide_password=False)
    issuer = f"http://127.0.0.1:{provider.getsockname()[1]}"
    return serve(create_app(Settings(database_url=url, oidc_client_id="x", oidc_issuer=issuer)))


@on_sqlite
def test_a_provider_that_hangs_holds_up_a_few_sign_ins_and_no_reading(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_places, "AT_ONCE", turns.AT_ONCE)  # as many as would take all places of reading
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(turns.AT_ONCE) as threads:
        silent.settimeout(10)
        with serve_with_provider(newsroom, silent) as alone:
            address = f"{alone.address}/redaktion{START}"
            waiting = [threads.submit(httpx.get, address, verify=PLAIN, timeout=20) for _ in range(turns.AT_ONCE)]
            asked = [silent.accept()[0] for _ in waiting]
            busy = alone.client.get(address)
            assert (busy.status_code, "försök igen" in busy.text) == (503, True)
            assert alone.client.get("/v1/organizations").status_code == 200
            assert not any(each.done() for each in waiting)
            for connection in asked:
                connection.close()
            assert {each.result().status_code for each in waiting} == {503}
            again = alone.client.get(address)
            assert (again.status_code, "tillfälligt ur funktion" in again.text) == (503, True)
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()  # a provider that has just failed is not asked again


@on_sqlite
def test_a_provider_that_answers_bit_by_bit_has_one_deadline(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.console import provider  # as in the service: with what only this way of signing in needs

    monkeypatch.setattr(provider, "PATIENCE", 0.5)
    over = threading.Event()

    def answer_slowly(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
            while not over.wait(0.1):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as slow, ThreadPoolExecutor(1) as threads:
        threads.submit(answer_slowly, slow)
        try:
            with serve_with_provider(newsroom, slow) as alone:
                assert alone.client.get(f"/redaktion{START}").status_code == 503
        finally:
            over.set()


@on_sqlite
def test_only_who_goes_there_makes_us_ask_the_provider(house: House) -> None:
    with house.visit() as person:
        for mode in ("no-cors", "cors"):
            image = person.get(START, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode})
            assert (image.status_code, "set-cookie" in image.headers) == (403, False)
        link = person.get(START, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
        assert link.status_code == 303


def test_serving_does_not_load_what_only_signing_in_with_an_account_needs() -> None:
    code = "import sys, app.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"authlib", "joserfc", "cryptography", "httpx"} & set(loaded.split())


@on_sqlite
def test_who_signs_in_in_a_browser_is_at_the_start_page_and_every_page_on_the_way_is_accessible(
    house: House, browser: Browser, axe: str
) -> None:
    with browser.new_context(locale="sv-SE", viewport=NARROW) as context:
        context.add_init_script(axe)
        page = context.new_page()
        page.set_default_timeout(10_000)
        for account, heading in (("editor-maja", "Logga in"), ("editor:all-nils", "Mina ärenden")):
            context.clear_cookies()
            page.goto(f"{house.address}/redaktion/")
            assert list_faults(page) == []
            page.get_by_role("link", name="Logga in med ditt konto").click()
            page.locator("[name=login]").fill(account)
            page.locator("[name=password]").fill("x")
            page.get_by_role("button", name="Sign-in").click()
            page.get_by_role("button", name="Continue").click()
            expect(page.locator("h1")).to_have_text(heading)
            assert list_faults(page) == []
        page.get_by_role("button", name="Logga ut").click()
        expect(page.locator("h1")).to_have_text("Logga in")
