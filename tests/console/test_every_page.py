"""Everybody can use every page and step of the console: axe finds nothing, at 320 pixels, in light and in dark.

`STEPS` names each route. A route without a step, or with one that leads elsewhere, fails.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.console.rendering import HTML
from app.verifying.models import TaskKind
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_checks import confirm_by_phone
from tests.console.test_in_a_browser import on_sqlite, signing_in
from tests.console.test_proposals import propose as propose_number
from tests.console.test_record_page import PROPOSED, propose
from tests.console.test_records import NUMBER
from tests.console.test_sessions import ROUTES
from tests.console.test_stale_proposals import change_summary
from tests.console.test_tasks import raise_task, report
from tests.embed.conftest import AXE_CONTRAST, AXE_RUN

NARROW: Any = {"width": 320, "height": 640}
NOBODY, SIGNED_OUT, FOREIGN = str(uuid4()), "", "x"
"""An id of nothing; the values of a form that is sent without a session, and with a session before this one."""
POINT = "contact_points.telefon."
CITED = {"kalla.0": "En sida", "belagg.0": "Hjälp", "skal": "Så står det."}
WORDS = {"falt": "summary", "varde.sv": "Hjälp.", "varde.en": "Help."} | CITED
DAYS = {
    "kontaktvag": "telefon", "forsta.0": "2026-12-24", "tider.0": "stängt", "skal.0.sv": "Jul.",
    "skal.0.en": "Christmas.",
} | CITED  # fmt: skip
CLINIC = {
    "name:varde.sv": "Ny", "name:varde.en": "New", "summary:varde.sv": "Ny.", "summary:varde.en": "New.",
    "status:varde": "current", "areas:varde": "1380",
} | CITED  # fmt: skip
WEB = {
    "channel:varde": "web", "label:varde.sv": "Webb", "label:varde.en": "Web", "value:varde": "https://a.example",
} | CITED  # fmt: skip
LOOK = {"steg": "visa"}
REVIEW, PREVIEW, GONE = "Så här blir ändringen", "Förhandsgranskning", "Sidan finns inte"


@dataclass(frozen=True)
class Step:
    """A page, or what a form leads to. `heading`: of the page. `sent`: the fields of the form; None: it is opened."""

    path: str
    heading: str
    sent: Mapping[str, str] | None = None


def edits(*paths: str) -> Iterator[Step]:
    """The forms of fields of each sort."""
    for path, heading in zip(paths[::2], paths[1::2], strict=True):
        yield Step(f"/poster/{RECORD}/andra?falt={path}", f"Ändra {heading}")


AT = "/redaktion/poster/{collection}/{id}"
OURS = f"/poster/{RECORD}"
STEPS: Mapping[tuple[str, str], list[Step]] = {
    ("GET", "/redaktion/logga-in"): [
        Step("/logga-in", "Logga in"), Step("/logga-in?kod={code}", "Logga in"), Step("/logga-in?kod=x", "Logga in"),
    ],
    ("POST", "/redaktion/logga-in"): [Step("/logga-in", "Logga in", {"kod": "x"})],
    ("GET", "/redaktion/logga-in/konto"): [Step("/logga-in/konto", GONE)],
    ("GET", "/redaktion/logga-in/svar"): [Step("/logga-in/svar", GONE)],
    ("GET", "/redaktion/"): [Step("/", "Mina ärenden")],
    ("GET", "/redaktion/rapporter"): [Step("/rapporter", "Avslutade rapporter")],
    ("GET", "/redaktion/arenden/{id}"): [Step("{task}", "Mottagningen"), Step("{evidence}", "Mottagningen")],
    ("POST", "/redaktion/arenden/{id}/stammer"): [Step("{task}/stammer", "Mottagningen", {})],
    ("POST", "/redaktion/arenden/{id}/avsluta"): [
        Step("{task}/avsluta", "Mottagningen", {}), Step("{task}/avsluta", "Mottagningen", {"slut": "right"}),
        Step("{task}", "Mottagningen"), Step("/rapporter", "Avslutade rapporter"),
    ],
    ("GET", "/redaktion/poster"): [Step("/poster", "Poster"), Step("/poster?samling=hotlines&q=x", "Poster")],
    ("GET", AT): [Step(OURS, "Mottagningen"), Step("/poster/sources/sida", "En sida")],
    ("POST", f"{AT}/bekrafta"): [Step(f"{OURS}/bekrafta", "Mottagningen", {})],
    ("GET", f"{AT}/andra"): [
        *edits(
            f"{POINT}value", "Telefon: nummer eller adress", f"{POINT}opening_hours", "Telefon: öppettider",
            f"{POINT}exceptions", "Telefon: avvikande öppettider", "summary", "Sammanfattning",
        ),
    ],
    ("POST", f"{AT}/andra"): [
        Step(f"{OURS}/andra", "Ändra Sammanfattning", {"falt": "summary"}),
        Step(f"{OURS}/andra", REVIEW, WORDS), Step(f"{OURS}/andra", PREVIEW, WORDS | LOOK),
        Step(f"{OURS}/andra", "Du är utloggad", WORDS | {"csrf": SIGNED_OUT}),
        Step(f"{OURS}/andra", "Ändra Sammanfattning", WORDS | {"csrf": FOREIGN}),
        Step("/poster/hotlines/ingen/andra", GONE, WORDS),
    ],
    ("GET", f"{AT}/avvikelser"): [Step(f"{OURS}/avvikelser", "Avvikande öppettider")],
    ("POST", f"{AT}/avvikelser"): [
        Step(f"{OURS}/avvikelser", "Avvikande öppettider", {}), Step(f"{OURS}/avvikelser", REVIEW, DAYS),
        Step(f"{OURS}/avvikelser", PREVIEW, DAYS | LOOK),
    ],
    ("GET", f"{AT}/ta-bort"): [Step(f"{OURS}/ta-bort", "Ta bort Mottagningen")],
    ("POST", f"{AT}/ta-bort"): [Step(f"{OURS}/ta-bort", "Ta bort Mottagningen", {})],
    ("GET", f"{AT}/historik"): [Step(f"{OURS}/historik", "Historik")],
    ("GET", f"{AT}/historik/{{number}}"): [Step(f"{OURS}/historik/{{first}}", "Gå tillbaka till en tidigare utgåva")],
    ("POST", f"{AT}/historik/{{number}}"): [
        Step(f"{OURS}/historik/{{first}}", "Gå tillbaka till en tidigare utgåva", {})
    ],
    ("GET", f"{AT}/historik/{{number}}/ta-tillbaka"): [
        Step(f"{OURS}/historik/{{last}}/ta-tillbaka", "Ta tillbaka en ändring"),
        Step(f"{OURS}/historik/{{overtaken}}/ta-tillbaka", "Ta tillbaka en ändring"),
        Step(f"{OURS}/historik/{{first}}/ta-tillbaka", "Det går inte att spara"),
    ],
    ("POST", f"{AT}/historik/{{number}}/ta-tillbaka"): [
        Step(f"{OURS}/historik/{{last}}/ta-tillbaka", "Ta tillbaka en ändring", {}),
    ],
    ("GET", f"{AT}/kontroller"): [Step(f"{OURS}/kontroller", "Kontroller")],
    ("POST", f"{AT}/kontroller/{{check}}"): [
        Step(f"{OURS}/kontroller/{{check}}", "Kontroller", {}),
        Step(f"{OURS}/kontroller/{{check}}", "Kontroller", {"skal": "Fel nummer."}),
    ],
    ("GET", "/redaktion/forslag"): [
        Step("/forslag", "Förslag som väntar"), Step("/forslag?klara=ja", "Avgjorda förslag")
    ],
    ("GET", "/redaktion/forslag/{id}"): [Step("{number}", "Förslag: Linjen"), Step("{stale}", "Förslag: Mottagningen")],
    ("POST", "/redaktion/forslag/{id}"): [Step("{stale}", "Förslag: Mottagningen", {})],
    ("POST", "/redaktion/forslag/{id}/visa"): [Step("{number}/visa", PREVIEW, {})],
    ("GET", "/redaktion/forslag/{id}/justera"): [Step("{stale}/justera?falt=summary", "Justera Sammanfattning")],
    ("POST", "/redaktion/forslag/{id}/justera"): [
        Step("{stale}/justera", "Justera Sammanfattning", {"falt": "summary"})
    ],
    ("GET", "/redaktion/kallor/ny"): [Step("/kallor/ny", "Lägg till en källa")],
    ("POST", "/redaktion/kallor/ny"): [Step("/kallor/ny", "Lägg till en källa", {})],
    ("GET", "/redaktion/nypost/{collection}"): [
        Step("/nypost/hotlines", "Ny post: Stödlinjer"), Step("/nypost/support-services", "Ny post: Stödverksamheter")
    ],
    ("POST", "/redaktion/nypost/{collection}"): [
        Step("/nypost/support-services", "Ny post: Stödverksamheter", {}),
        Step("/nypost/support-services", REVIEW, CLINIC),
    ],
    ("GET", f"{AT}/ny-kontaktvag"): [Step(f"{OURS}/ny-kontaktvag", "Ny kontaktväg")],
    ("POST", f"{AT}/ny-kontaktvag"): [
        Step(f"{OURS}/ny-kontaktvag", "Ny kontaktväg", {}), Step(f"{OURS}/ny-kontaktvag", REVIEW, WEB)
    ],
    ("GET", "/redaktion/logg"): [Step("/logg", "Logg")],
    ("GET", "/redaktion/nycklar"): [Step("/nycklar", "Nycklar")],
    ("POST", "/redaktion/nycklar"): [
        Step("/nycklar", "Nycklar", {}),
        Step("/nycklar", "Nyckeln till Ny", {"namn": "Ny", "roll": "editor", "dagar": "9"}),
    ],
    ("POST", "/redaktion/nycklar/{id}/aterkalla"): [
        Step("/nycklar/{key}/aterkalla", "Nycklar", {}), Step("/nycklar/{key}/aterkalla", "Nycklar", {})
    ],
    ("GET", "/redaktion/webhookar"): [Step("/webhookar", "Webhookar")],
    ("POST", "/redaktion/webhookar"): [
        Step("/webhookar", "Webhookar", {"adress": "x"}),
        Step("/webhookar", "Webhooken är skapad", {"adress": "https://example.se/hook"}),
        Step("/webhookar", "Webhookar"),
    ],
    ("POST", "/redaktion/webhookar/{id}/forsok"): [Step(f"/webhookar/{NOBODY}/forsok", GONE, {})],
    ("POST", "/redaktion/webhookar/{id}/ta-bort"): [Step(f"/webhookar/{NOBODY}/ta-bort", GONE, {})],
    ("POST", "/redaktion/logga-ut"): [
        Step("/logga-ut", "Formuläret gäller inte längre", {"csrf": FOREIGN}), Step("/logga-ut", "Logga in", {}),
    ],
}  # fmt: skip
"""By route, the pages and steps that it answers with. That of an account which has signed in leads on by itself."""
SEND = """([action, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}"""


def test_every_route_of_the_console_has_its_steps() -> None:
    pages = {(route.method, route.path) for route in ROUTES if HTML in [str(one) for one in route.contract.formats]}
    assert set(STEPS) == pages


@pytest.fixture
def places(newsroom: Newsroom, editor: Person) -> dict[str, str]:
    """What the paths of steps name: tasks, proposals, a key, a revision and a link."""
    first = newsroom.get(f"/v1/records/{RECORD}")["number"]
    stale = propose(newsroom, {"summary": PROPOSED}, "Vi har öppet hela dygnet.")
    change_summary(editor, "Stöd på kontorstid.")
    overtaken = newsroom.get(f"/v1/records/{RECORD}")["number"]
    change_summary(editor, "Stöd på vardagar.")
    last = newsroom.get(f"/v1/records/{RECORD}")["number"]
    fragments = f'[{{"evidence": "031-367 60 00", "cited_for": ["{RECORD} {NUMBER}"]}}]'
    _, key = add_key(newsroom.engine, KeyRequest("Utgående", KeyRole.CONTRIBUTOR), datetime.now(UTC))
    return {
        "code": newsroom.link(), "first": str(first), "overtaken": str(overtaken), "last": str(last), "key": key.id,
        "check": str(confirm_by_phone(newsroom)),
        "number": propose_number(newsroom, "020-39 00 09"),
        "stale": stale, "task": report(newsroom, "Numret går inte fram.", answer_to="anna@example.se"),
        "evidence": raise_task(newsroom, TaskKind.MISSING_CONTACT, f'{{"source": "x", "fragments": {fragments}}}'),
    }  # fmt: skip


@on_sqlite
def test_every_page_and_step_is_accessible_and_fits_a_narrow_screen(
    browser: Browser, newsroom: Newsroom, places: dict[str, str], axe: str
) -> None:
    faults = dict[str, list[str]]()
    with signing_in(browser, newsroom, KeyRole.ADMIN, viewport=NARROW) as page:
        csrf = page.locator("input[name=csrf]").first.input_value()
        page.add_init_script(axe)
        for (method, route), steps in STEPS.items():
            for number, step in enumerate(steps):
                base = newsroom.get(f"/v1/records/{RECORD}")["number"]
                go(page, newsroom, step, places, {"csrf": csrf, "base": str(base)})
                heading = page.locator("h1").inner_text()
                wrong = [] if heading == step.heading else [f"{heading!r} is not {step.heading!r}"]
                if found := wrong + list_faults(page):
                    faults[f"{method} {route} {number}"] = found
    assert faults == {}


def go(page: Page, newsroom: Newsroom, step: Step, places: dict[str, str], hidden: dict[str, str]) -> None:
    """Open a page, or send a form from the page that is open."""
    address = f"{newsroom.address}/redaktion{step.path.format(**places)}"
    if step.sent is None:
        page.goto(address)
        return
    cookies = page.context.cookies()
    if step.sent.get("csrf") == SIGNED_OUT:
        page.context.clear_cookies()
    with page.expect_navigation():
        page.evaluate(SEND, [address, {**hidden, **step.sent}])
    if step.sent.get("csrf") == SIGNED_OUT:
        page.context.add_cookies(cookies)  # type: ignore[arg-type]


def list_faults(page: Page) -> list[str]:
    """What is wrong with a page that axe is part of, all that can be unfolded unfolded."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    faults: list[str] = page.evaluate(AXE_RUN)
    page.emulate_media(color_scheme="dark")
    faults += page.evaluate(AXE_CONTRAST)
    page.emulate_media(color_scheme="light")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("wider than the screen")
    return faults
