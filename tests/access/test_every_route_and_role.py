"""Who may do what: every route, with every role, within and outside of a scope, and with what belongs to others.

Each route that is not open to all is declared here, with the least role and what a request to it touches. The keys and
sessions are of test keys: what they ask for is checked whole and not stored, so that all share one served store.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import Session

from app.access.deciding import LEAST_ROLE, ROLES
from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.console.models import ConsoleSession
from app.main import create_app
from app.resources.reviewing import day_of
from app.settings import ROOT, Settings
from tests.console.conftest import RECORD, Newsroom, newsroom
from tests.console.test_checks import confirm_by_phone
from tests.console.test_tasks import report
from tests.routes import Route, routes_of
from tests.serving import PLAIN

__all__ = ["newsroom"]

ROUTES = {
    (route.method, route.path): route for route in routes_of(create_app(Settings(database_url="sqlite:///never")))
}
ADMIN, EDITOR, OPERATOR, CONTRIBUTOR = KeyRole.ADMIN, KeyRole.EDITOR, KeyRole.OPERATOR, KeyRole.CONTRIBUTOR
INSIDE, OUTSIDE = f"records={RECORD}", "records=hotlines/linjen"
WHO = [(role, scope) for role in ROLES for scope in (None, INSIDE, OUTSIDE) if scope is None or role is not ADMIN]
"""Roles with their scopes; an admin has none."""
OTHER, TEXTS = "Någon annan", (("Stöd nu.", True), ("Mer stöd.", False))
"""Who has made what is touched, and what they wrote."""


class Touched(Enum):
    """What a request is about."""

    NOTHING = auto()
    """What everybody may see who has the role."""
    RECORD = auto()
    """Is changed or confirmed: 403 outside of the scope."""
    DIRECTORY = auto()
    """Something new, which is within no scope of records."""
    UNSEEN = auto()
    """A proposal or task about the record: 404 outside of the scope, and for those who see only their own."""
    CHECK = auto()
    """A check of another: 403 for all but admins."""
    OWNED = auto()
    """A webhook of another: 404 for all but admins."""


@dataclass(frozen=True)
class Access:
    """The least role that a route is for, what a request to it touches, and what such a request sends."""

    least: KeyRole
    touched: Touched
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


def sending(body: dict[str, Any], touched: Touched = Touched.RECORD, least: KeyRole = EDITOR) -> Access:
    return Access(least, touched, body)


SHOWN, UNSEEN = Access(EDITOR, Touched.NOTHING), Access(EDITOR, Touched.UNSEEN)
CITED = {"kalla.0": "sida", "belagg.0": "Hjälp", "skal": "Så står det."}
CHANGED = {"falt": "summary", "varde.sv": "Hjälp.", "varde.en": "Help."} | CITED
NEW = {f"{name}:varde{key}": value for name, key, value in (
    ("name", ".sv", "Ny"), ("name", ".en", "New"), ("summary", ".sv", "Ny."), ("summary", ".en", "New."),
    ("status", "", "current"), ("areas", "", "1380"),
)} | CITED  # fmt: skip
POINT = {"channel:varde": "web", "label:varde.sv": "Webb", "label:varde.en": "Web", "value:varde": "https://a.example"}
CHECKED = {"record": RECORD, "omfattning": "contact", "hur": "phone"}
HOURS = {
    "contact_point": "telefon", "starts_on": str(day_of(datetime.now(UTC))), "expression": "off",
    "ends_on": str(day_of(datetime.now(UTC)) + timedelta(1)), "reason": {"sv": "Stängt.", "en": "Closed."},
}  # fmt: skip
DEVIATION = {
    "kontaktvag": "telefon", "forsta.0": HOURS["starts_on"], "tider.0": "stängt", "skal.0.sv": "Stängt.",
    "skal.0.en": "Closed.",
}  # fmt: skip
PATCH = {"record": RECORD, "patch": {"summary": {"sv": "Hjälp.", "en": "Help."}}, "reason": "Så är det."}
SOURCE = {"title": "En ny sida", "publisher": "Kommunen", "retrieved": "2026-11-28"}
REJECTED = {"decision": "reject", "reason": "Nej."}
HOOK = {"url": "https://example.se/hook"}
ONE = "/redaktion/poster/{collection}/{id}"
DECLARED: dict[tuple[str, str], Access] = {
    ("GET", "/v1/keys/current"): Access(CONTRIBUTOR, Touched.NOTHING),
    ("POST", "/v1/records/{collection}/{id}/exceptions"): sending(HOURS, least=OPERATOR),
    ("POST", "/v1/records/{collection}/{id}/confirmations"): sending({"scope": "contact"}, least=OPERATOR),
    ("GET", "/v1/proposals"): Access(CONTRIBUTOR, Touched.NOTHING),
    ("POST", "/v1/proposals"): sending(PATCH, least=CONTRIBUTOR),
    ("GET", "/v1/proposals/{id}"): Access(CONTRIBUTOR, Touched.UNSEEN),
    ("POST", "/v1/proposals/{id}/decision"): sending(REJECTED, Touched.UNSEEN, CONTRIBUTOR),
    ("GET", "/v1/tasks"): SHOWN,
    ("GET", "/v1/tasks/{id}"): UNSEEN,
    ("POST", "/v1/tasks/{id}/decision"): sending({"reason": "Det stämmer."}, Touched.UNSEEN),
    ("POST", "/v1/webhooks"): sending(HOOK, Touched.NOTHING, CONTRIBUTOR),
    ("GET", "/v1/webhooks"): Access(CONTRIBUTOR, Touched.NOTHING),
    ("DELETE", "/v1/webhooks/{id}"): Access(CONTRIBUTOR, Touched.OWNED),
    ("POST", "/v1/webhooks/{id}/test"): sending({}, Touched.OWNED, CONTRIBUTOR),
    ("POST", "/redaktion/logga-ut"): sending({}, Touched.NOTHING),
    ("GET", "/redaktion/"): SHOWN,
    ("GET", "/redaktion/rapporter"): SHOWN,
    ("GET", "/redaktion/arenden/{id}"): UNSEEN,
    ("POST", "/redaktion/arenden/{id}/stammer"): sending(CHECKED, Touched.UNSEEN),
    ("POST", "/redaktion/arenden/{id}/avsluta"): sending({"slut": "right"}, Touched.UNSEEN),
    ("GET", "/redaktion/poster"): SHOWN,
    ("GET", ONE): SHOWN,
    ("POST", f"{ONE}/bekrafta"): sending(CHECKED),
    ("GET", f"{ONE}/andra"): Access(EDITOR, Touched.NOTHING, query={"falt": "summary"}),
    ("POST", f"{ONE}/andra"): sending(CHANGED | {"steg": "skicka", "publicera": "ja"}),
    ("GET", f"{ONE}/avvikelser"): SHOWN,
    ("POST", f"{ONE}/avvikelser"): sending(DEVIATION | CITED | {"steg": "skicka", "publicera": "ja"}),
    ("GET", f"{ONE}/ta-bort"): Access(EDITOR, Touched.RECORD),
    ("POST", f"{ONE}/ta-bort"): sending({"skal": "Den är nedlagd.", "publicera": "ja"}),
    ("GET", f"{ONE}/historik"): SHOWN,
    ("GET", f"{ONE}/historik/{{number}}"): Access(EDITOR, Touched.RECORD),
    ("POST", f"{ONE}/historik/{{number}}"): sending({"skal": "Det var rätt.", "publicera": "ja"}),
    ("GET", f"{ONE}/historik/{{number}}/ta-tillbaka"): Access(EDITOR, Touched.RECORD),
    ("POST", f"{ONE}/historik/{{number}}/ta-tillbaka"): sending({"skal": "Det var rätt.", "publicera": "ja"}),
    ("GET", f"{ONE}/kontroller"): SHOWN,
    ("POST", f"{ONE}/kontroller/{{check}}"): sending({"skal": "Fel nummer."}, Touched.CHECK),
    ("GET", "/redaktion/forslag"): SHOWN,
    ("GET", "/redaktion/forslag/{id}"): UNSEEN,
    ("POST", "/redaktion/forslag/{id}"): sending({"beslut": "reject", "skal": "Nej, inte så."}, Touched.UNSEEN),
    ("POST", "/redaktion/forslag/{id}/visa"): sending({}, Touched.UNSEEN),
    ("GET", "/redaktion/forslag/{id}/justera"): Access(EDITOR, Touched.UNSEEN, query={"falt": "summary"}),
    ("POST", "/redaktion/forslag/{id}/justera"): sending(CHANGED, Touched.UNSEEN),
    ("GET", "/redaktion/kallor/ny"): SHOWN,
    ("POST", "/redaktion/kallor/ny"): sending(SOURCE, Touched.DIRECTORY),
    ("GET", "/redaktion/nypost/{collection}"): SHOWN,
    ("POST", "/redaktion/nypost/{collection}"): sending(NEW | {"steg": "skicka", "publicera": "ja"}, Touched.DIRECTORY),
    ("GET", f"{ONE}/ny-kontaktvag"): SHOWN,
    ("POST", f"{ONE}/ny-kontaktvag"): sending(POINT | CITED | {"steg": "skicka", "publicera": "ja"}),
    ("GET", "/redaktion/webhookar"): SHOWN,
    ("POST", "/redaktion/webhookar"): sending({"adress": HOOK["url"]}, Touched.NOTHING),
    ("POST", "/redaktion/webhookar/{id}/forsok"): sending({}, Touched.OWNED),
    ("POST", "/redaktion/webhookar/{id}/ta-bort"): sending({}, Touched.OWNED),
    ("GET", "/redaktion/logg"): SHOWN,
    ("GET", "/redaktion/nycklar"): Access(ADMIN, Touched.NOTHING),
    ("POST", "/redaktion/nycklar"): sending({"namn": "Ny", "roll": "editor", "dagar": "9"}, Touched.NOTHING, ADMIN),
    ("POST", "/redaktion/nycklar/{id}/aterkalla"): sending({}, Touched.NOTHING, ADMIN),
}
"""Every route that is not open to all."""
OPEN_WRITES = {
    "/v1/reports", "/sv/fel", "/en/report", "/sv/vem-kontaktar-jag", "/sv/latt/vem-kontaktar-jag",
    "/en/whom-to-contact",
    "/sv/bekrafta/{id}", "/en/confirm/{id}", "/redaktion/logga-in",
}  # fmt: skip
"""What anybody may send; the address of a confirmation is itself what proves who sends it, as a link to sign in is."""
OPEN_READS = re.compile(
    r"/|/(docs(/.*)?|problems|healthz|help.*|datasets/dcat|sitemap\.xml|robots\.txt|llms\.txt|opensearch\.xml|oembed|v1(/.*\.[a-z]+)?"
    r"|(static|sv|en|pages|embed|\.well-known)(/.*)?|redaktion(/logga-in.*|/redaktion\.css)?|hsds/v3(/.*)?)"
)
"""Pages, embeds, HSDS, files and what describes the service. What else is open, the OpenAPI document says."""


@dataclass(frozen=True)
class Scene:
    """The served store, what stands in it, and a key for each role and scope."""

    newsroom: Newsroom
    client: httpx.Client
    tokens: dict[tuple[KeyRole, str | None], str]
    revision: int
    proposal: str
    task: str
    webhook: str
    key: str
    check: str

    def address(self, route: Route) -> str:
        """The route's path about what stands in the store."""
        kinds = {"proposals": self.proposal, "forslag": self.proposal, "tasks": self.task, "arenden": self.task,
                 "webhooks": self.webhook, "webhookar": self.webhook, "nycklar": self.key}  # fmt: skip
        named = next((one for name, one in kinds.items() if f"/{name}/{{id}}" in route.path), "mottagningen")
        path = route.path.replace("{collection}", "support-services").replace("{id}", named)
        is_undone = path.endswith("/ta-tillbaka")  # what made the record cannot be
        number = self.newsroom.get(f"/v1/records/{RECORD}")["number"] if is_undone else self.revision
        return path.replace("{number}", str(number)).replace("{check}", self.check)

    def ask(self, route: Route, who: tuple[KeyRole, str | None] | None) -> httpx.Response:
        """What a role with its scope gets, or who has neither key nor session."""
        access = DECLARED[route.method, route.path]
        body = dict(access.body)
        if (route.path == "/v1/proposals" and body) or f"{ONE}/" in route.path or "arenden" in route.path:
            base = self.newsroom.get(f"/v1/records/{RECORD}")["number"]
            body |= {"base_revision": base} if route.path.startswith("/v1") else {"base": base, "revision": base}
        if route.path.endswith("/confirmations"):
            body["method"] = "operator" if who and who[0] is OPERATOR else "phone"
        headers, sent = dict[str, str](), dict[str, Any]()
        if route.path.startswith("/v1"):
            sent = {"json": body} if body else {}
            headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        else:
            cookie = self._begin_session(who) if who else ""
            csrf = hmac.digest(cookie.encode(), b"csrf", "sha256").hex()
            sent = {"data": {"csrf": csrf, **body}} if route.method == "POST" else {}
            headers = {"Cookie": f"stodkatalog={cookie}"} if who else {}
        return self.client.request(route.method, self.address(route), params=access.query, headers=headers, **sent)

    def _begin_session(self, who: tuple[KeyRole, str | None]) -> str:
        """What the cookie of a session for a key holds, whichever role that has."""
        now, cookie = datetime.now(UTC), uuid4().hex
        digest, key = hashlib.sha256(cookie.encode()).hexdigest(), self.tokens[who].split("_")[2]
        with Session(self.newsroom.engine) as session:
            session.add(ConsoleSession(digest=digest, key=key, made_at=now, expires_at=now + timedelta(hours=1)))
            session.commit()
        return cookie


@pytest.fixture(scope="module")
def scene(newsroom: Newsroom) -> Iterator[Scene]:
    """A record that was changed once, with a proposal, a report, a webhook and a key of somebody else."""
    now = datetime.now(UTC)
    tokens = {
        who: add_key(newsroom.engine, KeyRequest(f"Prov {who[0]} {nth}", *who, is_test=True), now)[0]
        for nth, who in enumerate(WHO)
    }
    token, key = add_key(newsroom.engine, KeyRequest(OTHER, EDITOR), now)
    first = newsroom.get(f"/v1/records/{RECORD}")["number"]
    with httpx.Client(base_url=newsroom.address, timeout=10, verify=PLAIN) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        published, proposed = (propose(client, text, publish=publish) for text, publish in TEXTS)
        assert published["state"] == "accepted"
        webhook = client.post("/v1/webhooks", json={"url": "https://example.se/other"}).json()["id"]
        del client.headers["Authorization"]
        task = report(newsroom, "Fel nummer.").rpartition("/")[2]
        check = str(confirm_by_phone(newsroom))
        yield Scene(newsroom, client, tokens, first, proposed["id"], task, webhook, key.id, check)


def propose(client: httpx.Client, text: str, *, publish: bool) -> Any:
    base = client.get(f"/v1/records/{RECORD}").json()["number"]
    patch = {"summary": {"sv": text, "en": "Support."}}
    sent = {"record": RECORD, "base_revision": base, "patch": patch, "reason": "Så är det.", "publish": publish}
    made = client.post("/v1/proposals", json=sent)
    assert made.status_code == 201, made.text
    return made.json()


def test_every_route_is_open_to_all_or_declared_with_who_may_use_it() -> None:
    assert set(DECLARED) == {name for name, route in ROUTES.items() if route.action is not None}
    writes = {path for method, path in ROUTES if method != "GET" and (method, path) not in DECLARED}
    assert writes == OPEN_WRITES
    documented = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))["paths"]
    open_paths = {f"/v1{path}" for path, item in documented.items() if "security" not in item.get("get", {"security"})}
    reads = {path for method, path in ROUTES if method == "GET" and (method, path) not in DECLARED}
    assert {path for path in reads if not OPEN_READS.fullmatch(path)} == open_paths


@pytest.mark.parametrize("name", DECLARED, ids=" ".join)
def test_each_role_may_do_just_what_is_declared_within_its_scope_and_with_what_it_may_see(
    scene: Scene, name: tuple[str, str]
) -> None:
    route, access = ROUTES[name], DECLARED[name]
    assert route.action is not None
    assert max(ROLES.index(LEAST_ROLE[route.action]), ROLES.index(least_of(route))) == ROLES.index(access.least)
    assert route.contract.caching is None
    assert not route.contract.cross_origin
    answers = {who: scene.ask(route, who) for who in (None, *WHO)}
    for who, answer in answers.items():
        assert answer.headers["cache-control"] == "private, no-store"
        assert "access-control-allow-origin" not in answer.headers
        wanted = statuses_for(route, access, who)
        assert answer.status_code in wanted, (who, answer.status_code, wanted, answer.text)
    if name[0] == "GET" and access.least is not CONTRIBUTOR and name[1].startswith("/v1"):
        assert f"the role {access.least}" in answers[CONTRIBUTOR, None].json()["detail"]


def least_of(route: Route) -> KeyRole:
    """The least role that gets through the door of a route at all."""
    return EDITOR if route.path.startswith("/redaktion") else CONTRIBUTOR


def statuses_for(route: Route, access: Access, who: tuple[KeyRole, str | None] | None) -> tuple[int, ...]:
    """What a request that is in order may be answered."""
    is_console = route.path.startswith("/redaktion")
    if who is None:
        return (303,) if is_console and route.method == "GET" else (401,)
    role, scope = who
    unseen = {
        Touched.OWNED: role is not ADMIN,
        Touched.UNSEEN: scope == OUTSIDE or not is_at_least(role, EDITOR),
    }
    refused = {
        Touched.RECORD: scope == OUTSIDE, Touched.DIRECTORY: scope is not None, Touched.CHECK: role is not ADMIN,
    }  # fmt: skip
    if not is_at_least(role, access.least) or refused.get(access.touched):
        return (403,)
    if unseen.get(access.touched):
        return (404,)
    return (200, 303) if is_console else (200, 201, 204)


def is_at_least(role: KeyRole, least: KeyRole) -> bool:
    return ROLES.index(role) >= ROLES.index(least)


def test_lists_hold_what_is_within_the_scope_and_nothing_of_others(scene: Scene) -> None:
    for path, mark, may in (
        ("/v1/proposals", scene.proposal, lambda role, scope: is_at_least(role, EDITOR) and scope != OUTSIDE),
        ("/redaktion/forslag", scene.proposal, lambda _, scope: scope != OUTSIDE),
        ("/v1/tasks", scene.task, lambda _, scope: scope != OUTSIDE),
        ("/redaktion/", scene.task, lambda _, scope: scope != OUTSIDE),
        ("/redaktion/", scene.proposal, lambda _, scope: scope != OUTSIDE),
        ("/v1/webhooks", scene.webhook, lambda role, _: role is ADMIN),
    ):
        for who in WHO:
            answer = scene.ask(ROUTES["GET", path], who)
            if answer.status_code == 200:
                assert (mark in answer.text) is may(*who), (path, who)


@pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)  # the store does not tell who asks for what is open
def test_what_is_open_answers_whoever_has_a_key_or_a_session_as_it_answers_all(scene: Scene) -> None:
    for name, route in ROUTES.items():
        if name in DECLARED or route.method != "GET":
            continue
        address = scene.address(route)
        for_all = scene.client.get(address)
        for who in ((CONTRIBUTOR, OUTSIDE), (ADMIN, None)):  # who may least, and who may most
            headers = {"Authorization": f"Bearer {scene.tokens[who]}", "Cookie": f"stodkatalog={uuid4().hex}"}
            answer = scene.client.get(address, headers=headers)
            assert answer.status_code == for_all.status_code, (name, who)
            assert answer.headers["cache-control"] == "private, no-store"
