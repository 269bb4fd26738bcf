"""Signing in and out of the console: who gets in, for how long, and what no other site can do with it."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.access.keys import KeyRefused, KeyRequest, add_key, revoke_key
from app.access.models import AccessKey, AuditEntry, KeyRole
from app.console.application import SIGN_INS_PER_MINUTE
from app.console.models import ConsoleSession, LoginLink
from app.console.rendering import LEAVING_DIGEST
from app.console.sessions import SESSION_LIFE, begin_session, choose_key
from app.database import begin_writing
from app.main import create_app
from app.records.publishing import writing
from app.settings import ROOT, Settings
from tests.console.conftest import Newsroom, Person
from tests.routes import Route, routes_of
from tests.serving import PLAIN

ROUTES = [
    route
    for route in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
    if route.path.startswith("/redaktion/")
]
OPEN = {"/redaktion/redaktion.css"} | {f"/redaktion/logga-in{path}" for path in ("", "/konto", "/svar")}
KEPT = [route for route in ROUTES if route.path not in OPEN]
SENT = [route for route in KEPT if route.method == "POST"]


NOBODY = "00000000-0000-4000-8000-000000000000"


def ask(person: httpx.Client, route: Route, **more: Any) -> httpx.Response:
    path = route.path.removeprefix("/redaktion").replace("{collection}", "support-services")
    for name, value in (("{id}", NOBODY), ("{check}", NOBODY), ("{number}", "1")):
        path = path.replace(name, value)
    return person.request(route.method, path, **({"data": {"x": ""}} if route.method == "POST" else {}) | more)


def test_a_link_signs_in_once_and_looking_it_up_does_not_use_it_up(newsroom: Newsroom) -> None:
    code = newsroom.link()
    with newsroom.visit() as first, newsroom.visit() as second:
        for _ in range(2):
            looked_up = first.get("/logga-in", params={"kod": code})
            assert looked_up.status_code == 200
            assert "set-cookie" not in looked_up.headers
            assert "Logga in som <bdi>Redaktionen</bdi> (redaktör)." in looked_up.text
        assert first.post("/logga-in", data={"kod": code}).headers["location"] == "/redaktion/"
        assert "Mina ärenden" in first.get("/").text
        refused = second.post("/logga-in", data={"kod": code})
        assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
        assert "Länken gäller inte" in refused.text
        used = second.get("/logga-in", params={"kod": code})
        assert (used.status_code, "Redaktionen</bdi>" in used.text) == (403, False)
        assert second.get("/").headers["location"] == "/redaktion/logga-in"


def test_a_link_holds_for_ten_minutes_and_a_session_for_eight_hours(newsroom: Newsroom) -> None:
    now = datetime.now(UTC)
    with newsroom.visit() as late:
        old = newsroom.link(at=now - timedelta(minutes=10))
        assert late.post("/logga-in", data={"kod": old}).status_code == 403
        before = now - SESSION_LIFE
        token = begin_session(newsroom.engine, newsroom.link(at=before), "", before)
        late.cookies.set("stodkatalog", str(token), path="/redaktion")
        assert late.get("/").status_code == 303


def test_the_cookie_is_for_the_console_only_and_out_of_reach_of_scripts_and_other_sites(newsroom: Newsroom) -> None:
    with newsroom.visit() as person:
        cookie = person.post("/logga-in", data={"kod": newsroom.link()}).headers["set-cookie"]
    value, *attributes = cookie.split("; ")
    assert value.startswith("stodkatalog=")
    assert sorted(attributes) == ["HttpOnly", "Max-Age=28800", "Path=/redaktion", "SameSite=strict"]


def test_where_the_world_sees_https_the_cookie_is_sent_by_tls_only(newsroom: Newsroom) -> None:
    from tests.serving import serve

    url = newsroom.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, base_url="HTTPS://Katalog.Example:443/stod")
    with serve(create_app(settings)) as behind:
        answer = behind.client.post("/redaktion/logga-in", data={"kod": newsroom.link()})
        assert answer.headers["location"] == "/stod/redaktion/"
        value, *attributes = answer.headers["set-cookie"].split("; ")
        assert value.startswith("__Secure-stodkatalog=")
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/stod/redaktion"} <= set(attributes)
        own, other = "https://katalog.example", "https://katalog.example.elsewhere.example"
        for origin, status in ((own, 403), (other, 403)):
            sent = behind.client.post("/redaktion/logga-in", data={"kod": "x"}, headers={"Origin": origin})
            assert (sent.status_code, "Länken gäller inte" in sent.text) == (status, origin == own)


def test_made_up_links_wait_for_no_writer_and_a_network_may_send_a_few(newsroom: Newsroom) -> None:
    application = create_app(Settings(database_url=newsroom.engine.url.render_as_string(hide_password=False)))
    with TestClient(application, client=("192.0.2.7", 5000)) as network, writing(newsroom.engine):
        sent = [network.post("/redaktion/logga-in", data={"kod": str(nth)}) for nth in range(SIGN_INS_PER_MINUTE + 1)]
    assert [one.status_code for one in sent] == [*SIGN_INS_PER_MINUTE * [403], 429]
    assert "För många försök på kort tid" in sent[-1].text
    assert sent[-1].headers["retry-after"]


def test_signing_in_begins_a_new_session_whatever_the_browser_held_before(newsroom: Newsroom) -> None:
    chosen = "0" * 64
    with newsroom.visit() as person:
        person.cookies.set("stodkatalog", chosen, path="/redaktion")
        answer = person.post("/logga-in", data={"kod": newsroom.link()})
        first = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
        assert first != chosen
    with newsroom.visit() as again:
        again.cookies.set("stodkatalog", first, path="/redaktion")
        answer = again.post("/logga-in", data={"kod": newsroom.link()})
        assert answer.headers["set-cookie"].partition(";")[0] != f"stodkatalog={first}"
    with newsroom.visit() as earlier:
        earlier.cookies.set("stodkatalog", first, path="/redaktion")
        assert earlier.get("/").status_code == 303, "the earlier session has ended"


def test_signing_out_ends_the_session_in_the_store_as_well(newsroom: Newsroom) -> None:
    with newsroom.sign_in() as person:
        token = person.cookies["stodkatalog"]
        answer = person.submit("/logga-ut")
        assert answer.headers["location"] == "/redaktion/logga-in?klart=utloggad"
        assert "Max-Age=0" in answer.headers["set-cookie"]
    with newsroom.visit() as other:
        other.cookies.set("stodkatalog", token, path="/redaktion")
        assert other.get("/").status_code == 303


def test_a_session_ends_with_its_key(newsroom: Newsroom) -> None:
    with newsroom.sign_in("Vikarien") as person:
        csrf = person.csrf()
        with Session(newsroom.engine) as session:
            key = session.exec(select(AccessKey).where(AccessKey.name == "Vikarien")).one()
        revoke_key(newsroom.engine, key.id, datetime.now(UTC))
        assert person.get("/").status_code == 303
        refused = person.post("/logga-ut", data={"csrf": csrf})
        assert (refused.status_code, "Du är utloggad" in refused.text) == (401, True)


def test_a_link_ends_with_its_key(newsroom: Newsroom) -> None:
    code = newsroom.link("Avgången")
    with Session(newsroom.engine) as session:
        key = session.exec(select(AccessKey).where(AccessKey.name == "Avgången")).one()
    revoke_key(newsroom.engine, key.id, datetime.now(UTC))
    with newsroom.visit() as person:
        assert person.get("/logga-in", params={"kod": code}).status_code == 403
        refused = person.post("/logga-in", data={"kod": code})
        assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)


def test_a_session_opens_nothing_of_the_api(newsroom: Newsroom) -> None:
    with newsroom.sign_in("Chefen", KeyRole.ADMIN) as admin:
        cookie = {"Cookie": f"stodkatalog={admin.cookies['stodkatalog']}"}
    with httpx.Client(base_url=newsroom.address, headers=cookie, verify=PLAIN) as client:
        assert client.get("/v1/tasks").status_code == 401
        assert client.post("/v1/webhooks", json={"url": "https://a.example/"}).status_code == 401


@pytest.mark.parametrize("route", KEPT, ids=lambda route: f"{route.method} {route.path}")
def test_nobody_sees_or_sends_anything_without_a_session(newsroom: Newsroom, route: Route) -> None:
    with newsroom.visit() as person:
        person.headers["Authorization"] = "Bearer stodkatalog_live_0123abcd_" + 64 * "0"
        answer = ask(person, route)
    assert answer.status_code == (303 if route.method == "GET" else 401), answer.text
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("route", SENT, ids=lambda route: route.path)
def test_a_form_that_is_not_of_this_session_is_refused(newsroom: Newsroom, route: Route) -> None:
    with newsroom.sign_in("Annan", KeyRole.ADMIN) as other, newsroom.sign_in("Chefen", KeyRole.ADMIN) as admin:
        foreign, own, elsewhere = other.csrf(), admin.csrf(), {"Origin": "https://elsewhere.example"}
        for form, headers in (
            ({"x": ""}, {}), ({"csrf": foreign}, {}), ({"csrf": own}, elsewhere), ({"csrf": own}, {"Origin": "null"}),
            ({"csrf": own}, {"Sec-Fetch-Site": "cross-site"}),
        ):  # fmt: skip
            answer = ask(admin, route, data=form, headers=headers)
            assert (answer.status_code, "Formuläret gäller inte" in answer.text) == (403, True)


def test_every_page_is_kept_by_nobody_and_framed_by_nobody(newsroom: Newsroom, editor: Person) -> None:
    for path in ("/", "/logga-in", "/redaktion.css", "/finns-inte"):
        answer = editor.get(path)
        assert answer.headers["cache-control"] == "private, no-store", path
        assert "etag" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers or answer.status_code == 404
        policy = answer.headers["content-security-policy"]
        assert re.findall("script-src [^;]*", policy) == [f"script-src 'sha256-{LEAVING_DIGEST}'"]
        assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy.split("; "))
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
    with newsroom.visit() as person:
        assert person.get(f"{newsroom.address}/redaktion").headers["location"] == "/redaktion/"


def test_the_store_holds_neither_links_nor_sessions_but_who_signed_in(newsroom: Newsroom) -> None:
    code = newsroom.link("Granskaren")
    with newsroom.visit() as person, Session(newsroom.engine) as session:
        person.post("/logga-in", data={"kod": code})
        rows = [*session.exec(select(LoginLink)), *session.exec(select(ConsoleSession))]
        kept = "".join(row.model_dump_json() for row in rows)
        assert code not in kept
        assert person.cookies["stodkatalog"] not in kept
        acts = [one.action for one in session.exec(select(AuditEntry)) if one.actor == "Granskaren"]
        assert acts == ["signed in"]


def test_who_guesses_at_links_makes_no_writer_wait(newsroom: Newsroom) -> None:
    with newsroom.visit() as person, begin_writing(newsroom.engine, "publish"):
        assert person.post("/logga-in", data={"kod": "0" * 64}).status_code == 403


def print_link(newsroom: Newsroom, *asked: str) -> subprocess.CompletedProcess[str]:
    """What the command `login-link` prints."""
    return subprocess.run(
        [sys.executable, "-m", "app", "login-link", *asked],
        env={"STODKATALOG_DATABASE_URL": newsroom.engine.url.render_as_string(hide_password=False)},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip


def test_a_link_is_made_for_one_key_of_an_editor_or_an_admin(newsroom: Newsroom) -> None:
    now = datetime.now(UTC)
    for name, role in (("Linjen", KeyRole.OPERATOR), ("Två", KeyRole.EDITOR), ("Två", KeyRole.ADMIN)):
        add_key(newsroom.engine, KeyRequest(name, role), now)
    for named, reason in (
        ("Linjen", "for the roles editor and admin"),
        ("Ingen", "No key that holds"),
        ("Två", "by its id"),
    ):
        with pytest.raises(KeyRefused, match=reason):
            choose_key(newsroom.engine, named, None, None, now)
    made = print_link(newsroom, "--name", "Chefen", "--role", "admin")
    assert "http://127.0.0.1:8000 is a guess: set STODKATALOG_BASE_URL, or give --base-url" in made.stderr
    elsewhere = print_link(newsroom, "Chefen", "--base-url", "http://127.0.0.1:8101")
    assert elsewhere.stdout.startswith("http://127.0.0.1:8101/redaktion/logga-in?kod=")
    assert "guess" not in elsewhere.stderr
    path, _, code = made.stdout.strip().partition("?kod=")
    assert path == "http://127.0.0.1:8000/redaktion/logga-in"
    with newsroom.visit() as person:
        assert person.post("/logga-in", data={"kod": code}).status_code == 303
        assert "Chefen" in person.get("/").text
