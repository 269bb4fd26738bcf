"""What an editor does every day is done by keyboard alone, and what has the focus is seen to have it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app.resources.reviewing import day_of
from tests.console.conftest import RECORD, Newsroom
from tests.console.test_in_a_browser import on_sqlite
from tests.console.test_proposals import line, propose
from tests.console.test_records import HOURS, NUMBER
from tests.console.test_tasks import report

MOST_KEYS = 150
"""Presses of Tab within which everything on a page is reached."""
HAS_FOCUS = "wanted => document.activeElement.matches(wanted)"
IS_SEEN = "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"
pytestmark = on_sqlite


class Keyboard:
    """A tab of a browser that is used by its keys alone."""

    def __init__(self, page: Page, console: str) -> None:
        self.page, self.console = page, console

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(f"{self.console}{path}")

    def reach(self, wanted: str) -> None:
        """Press Tab until what a selector names has the focus."""
        for _ in range(MOST_KEYS):
            if self.page.evaluate(HAS_FOCUS, wanted):
                assert self.page.evaluate(IS_SEEN), f"{wanted} has the focus, and nobody sees it"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by Tab")

    def press(self, wanted: str, key: str = "Enter") -> None:
        """Press a key on what a selector names."""
        self.reach(wanted)
        self.page.keyboard.press(key)

    def write(self, **texts: str) -> None:
        """Fill in inputs by their names, in this order; `__` stands for a dot."""
        for name, text in texts.items():
            self.reach(f"[name='{name.replace('__', '.')}']")
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def expect(self, heading: str) -> None:
        """Wait for a page."""
        expect(self.page.locator("h1")).to_have_text(heading)

    def publish(self) -> None:
        """Send the form whose input has the focus, look at the difference, and publish."""
        self.page.keyboard.press("Enter")
        self.expect("Så här blir ändringen")
        self.press("button[value=skicka]")
        expect(self.page.get_by_text("Ändringen är publicerad.")).to_be_visible()


@pytest.fixture(scope="module")
def keyboard(browser: Browser, newsroom: Newsroom) -> Iterator[Keyboard]:
    """Somebody who has signed in by a link, by keyboard."""
    with browser.new_context(locale="sv-SE") as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        keyboard = Keyboard(page, f"{newsroom.address}/redaktion")
        keyboard.open(f"/logga-in?kod={newsroom.link()}")
        keyboard.press("main button")
        keyboard.expect("Mina ärenden")
        yield keyboard


def test_the_first_key_leads_past_the_menu(keyboard: Keyboard) -> None:
    keyboard.open("/poster")
    keyboard.page.keyboard.press("Tab")
    assert keyboard.page.evaluate(HAS_FOCUS, ".skip")
    keyboard.page.keyboard.press("Enter")
    keyboard.page.keyboard.press("Tab")
    assert keyboard.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_number_is_changed(keyboard: Keyboard, newsroom: Newsroom) -> None:
    keyboard.open(f"/poster/{RECORD}")
    keyboard.press(f"a[href$='andra?falt={NUMBER}']")
    keyboard.expect("Ändra Telefon: nummer eller adress")
    keyboard.write(varde="031-367 62 00", belagg__0="031-367 62 00", skal="Numret är bytt.")
    keyboard.publish()
    (point,) = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    assert point["value"] == "+46313676200"


def test_the_week_is_filled_in(keyboard: Keyboard, newsroom: Newsroom) -> None:
    keyboard.open(f"/poster/{RECORD}/andra?falt={HOURS}")
    keyboard.write(dag__Fr="8-12", dag__Sa="10-14", ord="även lördagar", belagg__0="även lördagar", skal="Nya tider.")
    keyboard.publish()
    (point,) = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    assert point["opening_hours"] == "Mo-Th 08:00-17:00; Fr 08:00-12:00; Sa 10:00-14:00"


def test_a_day_with_other_hours_is_entered(keyboard: Keyboard, newsroom: Newsroom) -> None:
    day = day_of(datetime.now(UTC)) + timedelta(days=20)
    keyboard.open(f"/poster/{RECORD}/avvikelser")
    keyboard.press("[name=kontaktvag]", "Space")
    keyboard.press("[name=kontaktvag]", "Space")
    keyboard.reach("[name='forsta.0']")
    keyboard.page.keyboard.type(day.strftime("%m%d%Y"))  # the order of the parts is that of the browser
    keyboard.write(tider__0="stängt", skal__0__sv="Flytt.", skal__0__en="Moving.", kalla__0="En sida")
    keyboard.write(belagg__0="stängt för flytt", skal="Sidan säger det.")
    keyboard.publish()
    (point,) = newsroom.get(f"/v1/records/{RECORD}")["document"]["contact_points"]
    assert [(one["starts_on"], one["expression"]) for one in point["exceptions"]] == [(day.isoformat(), "off")]


def test_a_proposal_is_decided(keyboard: Keyboard, newsroom: Newsroom) -> None:
    path = propose(newsroom, "020-39 00 66")
    keyboard.open("/forslag")
    keyboard.press(f"main a[href$='{path}']")
    keyboard.expect("Förslag: Linjen")
    keyboard.press("[name=beslut]", "Space")
    keyboard.write(skal="Jag har ringt.")
    keyboard.page.keyboard.press("Enter")
    expect(keyboard.page.get_by_text("Jag har ringt.")).to_be_visible()
    assert line(newsroom) == "+4620390066"


def test_a_report_is_answered(keyboard: Keyboard, newsroom: Newsroom) -> None:
    path = report(newsroom, "Är det här rätt?", "summary")
    keyboard.open("/")
    keyboard.press(f"main a[href$='{path}']")
    keyboard.expect("Mottagningen")
    keyboard.press("[name=slut]", "ArrowDown")
    expect(keyboard.page.get_by_label("Uppgiften stämde redan")).to_be_checked()
    keyboard.write(anteckning="Ringde och frågade.")
    keyboard.page.keyboard.press("Enter")
    expect(keyboard.page.get_by_text("Rapporten är avslutad.")).to_be_visible()
    keyboard.open("/rapporter")
    expect(keyboard.page.get_by_text("Uppgiften är kontrollerad och stämmer. Ringde och frågade.")).to_be_visible()
