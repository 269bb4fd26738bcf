"""The guide followed literally on pages of other sites: the list is shown, and the numbers once the service is gone.

WordPress and server-side includes have tests of their own beside this one.
"""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page

from app.main import create_app
from tests.embed.elsewhere import Elsewhere
from tests.embed.pasting import NUMBERS, bare, filled, lines, seen_numbers
from tests.serving import Served, serve

Paste = Callable[[httpx.Client], tuple[str, dict[str, str]]]
RESET = (
    "*, *::before, *::after { margin: 0; padding: 0; border: 0; font: inherit; color: inherit; background: none } "
    "html { color-scheme: dark } body { background: #111; color: #ddd } ul { list-style: none } a { all: unset } "
    "[hidden], :not(:defined) { display: block }"
)


def paste_bare(client: httpx.Client) -> tuple[str, dict[str, str]]:
    return bare(lines(client, municipality="Halmstad")), {}


def paste_under_a_strict_policy(client: httpx.Client) -> tuple[str, dict[str, str]]:
    added = lines(client, "policy").replace("\n", " ")
    return bare(lines(client)), {"Content-Security-Policy": f"default-src 'none'; img-src data:; {added}"}


def paste_into_the_dark(client: httpx.Client) -> tuple[str, dict[str, str]]:
    style = lines(client, "style", theme="dark", accent="#8fd3dc")
    return bare(lines(client, theme="dark"), f"<style>{RESET} {style}</style>"), {}


@pytest.mark.parametrize("paste", [paste_bare, paste_under_a_strict_policy, paste_into_the_dark])
def test_the_guides_lines_show_the_list_and_the_numbers_once_the_service_is_gone(
    paste: Paste, site: Served, elsewhere: Elsewhere, page: Page, browser: Browser
) -> None:
    with serve(create_app(site.application.state.settings)) as own:
        address = elsewhere.put(*paste(own.client))
        page.goto(address)
        filled(page)
        assert page.get_by_role("heading", name="Kvinnofridslinjen").is_visible()
        assert page.get_by_text("Öppet dygnet runt").first.is_visible()
        assert seen_numbers(page) == list(NUMBERS)
        ground = page.locator("[part=embed]").evaluate("one => getComputedStyle(one).backgroundColor")
        assert ground == ("rgb(16, 25, 27)" if paste is paste_into_the_dark else "rgb(255, 255, 255)")
    with browser.new_context() as another:
        stranger = another.new_page()
        stranger.goto(address)
        assert seen_numbers(stranger) == list(NUMBERS)
        assert stranger.locator("[part=entry]").count() == 0
